import { createHash, createHmac } from 'node:crypto';
import { authenticate } from '../../local/messagemedia/authentication.ts';
import type { SimRequest } from '../../local/simulator/server.ts';

const PAIR = { apiKey: 'key', apiSecret: 'secret' };
const NOW = Date.UTC(2026, 0, 5, 6);
const DATE = new Date(NOW).toUTCString();
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

interface Changes extends Partial<SimRequest> {
  readonly names?: string;
  readonly algorithm?: string;
  readonly date?: string;
  readonly digest?: string;
  readonly secret?: string;
  readonly key?: string;
  /** What the signature was made of, where that is not what is sent. */
  readonly signedTarget?: string;
}

/** A request as it arrives, signed as its changes say. */
function aSigned(changes: Changes = {}): SimRequest {
  const { body = '', method = 'GET', target = '/api/v1/contacts/lists?pageSize=1' } = changes;
  const { date = DATE, digest = md5(body), secret = 'secret', key = 'key', algorithm = 'hmac-sha256' } = changes;
  const names = changes.names ?? (body === '' ? 'Date request-line' : 'Date Content-MD5 request-line');
  const values: Readonly<Record<string, string>> = {
    Date: `Date: ${date}`,
    'Content-MD5': `Content-MD5: ${digest}`,
    'request-line': `${method} ${changes.signedTarget ?? target} HTTP/1.1`,
  };
  const text = names
    .split(' ')
    .map((name) => values[name])
    .join('\n');
  const signature = createHmac('sha256', secret).update(text).digest('base64');
  const authorization = `hmac username="${key}", algorithm="${algorithm}", headers="${names}", signature="${signature}"`;
  return {
    method,
    path: target.split('?')[0] ?? '',
    query: new URLSearchParams(),
    target,
    headers: { date, ...(body === '' ? {} : { 'content-md5': digest }), authorization },
    body,
    json: () => JSON.parse(body) as unknown,
  };
}

describe('authenticate', () => {
  it.each<[string, SimRequest]>([
    ['a signed request', aSigned()],
    ['one with a body', aSigned({ method: 'POST', body: '{"name":"Zoë"}' })],
    ['one that is nearly five minutes old', aSigned({ date: new Date(NOW - 299_000).toUTCString() })],
  ])('believes %s', (_what, request) => {
    expect(authenticate(request, [{ apiKey: 'other', apiSecret: 'other' }, PAIR], NOW)).toBeUndefined();
  });

  it.each<[string, SimRequest, string]>([
    ['another secret', aSigned({ secret: 'other' }), 'does not match'],
    ['another key', aSigned({ key: 'other' }), 'does not match'],
    ['another address', aSigned({ signedTarget: '/api/v1/contacts/lists' }), 'does not match'],
    ['another algorithm', aSigned({ algorithm: 'hmac-sha1' }), 'cannot be verified'],
    ['a body that is not signed', aSigned({ body: '{}', names: 'Date request-line' }), 'cannot be verified'],
    ['another body', aSigned({ body: '{}', digest: md5('[]') }), 'cannot be verified'],
    ['a date that is not signed', aSigned({ names: 'request-line' }), 'cannot be verified'],
    ['an old date', aSigned({ date: new Date(NOW - 301_000).toUTCString() }), 'valid date'],
    ['a date in the future', aSigned({ date: new Date(NOW + 301_000).toUTCString() }), 'valid date'],
    ['a date of another form', aSigned({ date: new Date(NOW).toISOString() }), 'valid date'],
    ['no signature', { ...aSigned(), headers: { authorization: 'hmac username="key"' } }, 'cannot be verified'],
    ['nothing at all', { ...aSigned(), headers: {} }, 'Invalid authentication credentials'],
  ])('does not believe %s', (_what, request, words) => {
    expect(authenticate(request, [PAIR], NOW)).toContain(words);
  });

  it.each(['basic', 'hmac'] as const)('believes a key that is for %s in no other way', (kind) => {
    const basic = `Basic ${Buffer.from('key:secret').toString('base64')}`;
    const requests = { hmac: aSigned(), basic: { ...aSigned(), headers: { authorization: basic } } };

    const believed = Object.entries(requests)
      .filter(([, request]) => authenticate(request, [{ ...PAIR, kind }], NOW) === undefined)
      .map(([name]) => name);

    expect(believed).toEqual([kind]);
  });
});
