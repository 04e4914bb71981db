import { createSign, generateKeyPairSync } from 'node:crypto';
import { findLockProblem, isSecret, rsaBits } from '../../../src/adapters/messagemedia/webhook-locks.ts';
import type { Delivery } from '../../../src/adapters/messagemedia/webhook-locks.ts';
import type { SignatureDigest, SigningKey } from '../../../src/core/webhooks.ts';

/** What the vendor's documents give as inputs of a signature. */
const VENDOR_INPUTS = [
  ['SHA224', 'GET /test1/moreceiver HTTP/1.1', 'Fri, 08 Dec 2017 09:30:00 GMT', 'Message 1'],
  ['SHA256', 'POST /test2/drreceiver HTTP/1.1', 'Wed, 29 Nov 2017 13:59:00 GMT', 'Message 2'],
  ['SHA512', 'PATCH /test3/receivers HTTP/1.1', 'Tue, 10 Oct 2017 21:18:00 GMT', 'Message 3'],
] as const;

/** The example of the vendor's documents: 1024 bits. */
const VENDOR_KEY =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCTIxtRyT5CuOD74r7UCT+AKzWNxvaAP9myjAqR7+vBnJKEvoPnmbKTnm6uLlxutnMbjKrnCCWnQ9vtBVnnd+ElhwLDPADfMcJoOqwi7mTcxucckeEbBsfsgYRfdacxgSZL8hVD1hLViQr3xwjEIkJcx1w3x8npvwMuTY0uW8+PjwIDAQAB';

const DATE = 'Mon, 02 Mar 2026 06:00:00 GMT';
const NOW = Date.parse(DATE);
const MINUTE_MS = 60_000;
const LINE = 'POST /api/webhooks/messagemedia HTTP/1.1';
const BODY = '{"event":"opt-out"}';

interface Pair {
  readonly key: SigningKey;
  readonly sign: (text: string) => string;
}

function aPair(digest: SignatureDigest, keyId = 'key-1', modulusLength = 2048): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    key: { keyId, digest, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') },
    sign: (text) => createSign(`RSA-${digest}`).update(text).sign(privateKey, 'base64'),
  };
}

function aDelivery(headers: Readonly<Record<string, string>>, changes: Partial<Delivery> = {}): Delivery {
  const all = new Headers(headers);
  return { requestLine: LINE, header: (name) => all.get(name) ?? undefined, body: Buffer.from(BODY), ...changes };
}

describe('isSecret', () => {
  it('takes the secret and nothing else', () => {
    expect(isSecret('the secret', 'the secret')).toBe(true);
    for (const given of [undefined, '', 'the secre', 'the secret ', 'another'])
      expect(isSecret(given, 'the secret')).toBe(false);
  });

  it('takes nothing for a secret that is empty', () => {
    expect(isSecret(undefined, '')).toBe(false);
  });
});

describe('findLockProblem', () => {
  const pair = aPair('SHA256');
  const signed = (text: string, more: Readonly<Record<string, string>> = {}) => ({
    date: DATE,
    'x-messagemedia-signature': pair.sign(text),
    'x-messagemedia-key-id': 'key-1',
    ...more,
  });
  const good = signed(`${LINE}${DATE}${BODY}`);

  it.each(VENDOR_INPUTS)('takes what the vendor signs with %s: %s', (digest, requestLine, date, body) => {
    const { key, sign } = aPair(digest);
    const headers = { date, 'x-messagemedia-signature': sign(`${requestLine}${date}${body}`) };
    const delivery = aDelivery(headers, { requestLine, body: Buffer.from(body) });

    expect(findLockProblem(delivery, [key], Date.parse(date))).toBeUndefined();
    expect(findLockProblem({ ...delivery, body: Buffer.from(`${body}!`) }, [key], Date.parse(date))).toBe('signature');
  });

  it('takes a delivery that is signed with one of the keys, whether or not it names it', () => {
    const { 'x-messagemedia-key-id': _id, ...unnamed } = good;
    const other = aPair('SHA512', 'key-2').key;

    expect(findLockProblem(aDelivery(good), [other, pair.key], NOW)).toBeUndefined();
    expect(findLockProblem(aDelivery(unnamed), [other, pair.key], NOW)).toBeUndefined();
  });

  it.each([
    ['another path', { requestLine: 'POST /api/health HTTP/1.1' }],
    ['another method', { requestLine: LINE.replace('POST', 'GET') }],
    ['another body', { body: Buffer.from('{"event":"opt-in!"}') }],
    [
      'a body with one bit turned',
      { body: Buffer.from(BODY).map((byte, at) => (at === 3 ? byte ^ 1 : byte)) as Buffer },
    ],
  ])('refuses a signature made for %s', (_what, changes) => {
    expect(findLockProblem(aDelivery(good, changes), [pair.key], NOW)).toBe('signature');
  });

  it('refuses a byte that was shifted between date and body, although the signed bytes are the same', () => {
    const shifted = [
      [`${DATE}{`, BODY.slice(1)],
      [DATE.slice(0, -1), `T${BODY}`],
      [`${DATE} `, BODY],
      ['', `${DATE}${BODY}`],
    ] as const;
    for (const [date, body] of shifted) {
      const delivery = aDelivery(
        {},
        { header: (name) => ({ ...good, date })[name as keyof typeof good], body: Buffer.from(body) },
      );
      expect(findLockProblem(delivery, [pair.key], NOW)).toBe('date');
    }
  });

  it.each([
    ['without a signature', { 'x-messagemedia-signature': '' }, 'unsigned'],
    ['with a signature that is no base64', { 'x-messagemedia-signature': 'no base64!' }, 'unsigned'],
    [
      'with the signature of another',
      { 'x-messagemedia-signature': aPair('SHA256').sign(`${LINE}${DATE}${BODY}`) },
      'signature',
    ],
    ['with an unknown key', { 'x-messagemedia-key-id': 'key-9' }, 'unknown-key'],
    ['with two dates', { date: `${DATE}, ${DATE}` }, 'date'],
    ['with a date in another form', { date: '2026-03-02T06:00:00Z' }, 'date'],
  ])('refuses a delivery %s', (_what, more, problem) => {
    expect(findLockProblem(aDelivery({ ...good, ...more }), [pair.key], NOW)).toBe(problem);
  });

  it('refuses a signed delivery without a date', () => {
    const { date: _date, ...undated } = good;

    expect(findLockProblem(aDelivery(undated), [pair.key], NOW)).toBe('date');
  });

  it('takes the digest from the stored key, whatever the header says', () => {
    const weaker = aDelivery({ ...good, 'x-messagemedia-digest-type': 'SHA224' });
    const other = { ...pair.key, digest: 'SHA224' as const };

    expect(findLockProblem(weaker, [pair.key], NOW)).toBeUndefined();
    expect(findLockProblem(weaker, [other], NOW)).toBe('signature');
  });

  it('refuses everything when the stored key is none', () => {
    expect(findLockProblem(aDelivery(good), [{ ...pair.key, publicKey: 'AAAA' }], NOW)).toBe('signature');
  });

  it.each([
    [14, undefined],
    [-14, undefined],
    [16, 'late'],
    [-16, 'late'],
  ])('believes a delivery that is %i minutes old: %s', (minutes, problem) => {
    expect(findLockProblem(aDelivery(good), [pair.key], NOW + minutes * MINUTE_MS)).toBe(problem);
    expect(findLockProblem(aDelivery({ date: DATE }), [], NOW + minutes * MINUTE_MS)).toBe(problem);
  });

  it('asks for no signature where the account has none, and for a good date where there is one', () => {
    expect(findLockProblem(aDelivery({}), [], NOW)).toBeUndefined();
    expect(findLockProblem(aDelivery({ date: 'yesterday' }), [], NOW)).toBe('date');
  });
});

describe('rsaBits', () => {
  it('tells the size of a key, and that something is none', () => {
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

    expect(rsaBits(VENDOR_KEY)).toBe(1024);
    expect(rsaBits(aPair('SHA256').key.publicKey)).toBe(2048);
    expect(rsaBits('AAAA')).toBeUndefined();
    expect(rsaBits(curve.export({ type: 'spki', format: 'der' }).toString('base64'))).toBeUndefined();
  });
});
