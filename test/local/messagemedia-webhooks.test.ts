import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillTemplate } from '../../local/messagemedia/deliver-webhook.ts';
import { startMessageMedia } from '../../local/messagemedia/server.ts';
import type { MessageMedia, MessageMediaOptions } from '../../local/messagemedia/server.ts';
import { trustedTls } from '../support/trusted-tls.ts';
import { aNumber } from './messagemedia-calls.ts';

const HOOKS = '/v1/webhooks/messages';
const KEYS = '/v1/iam/signature_keys';
const CREDENTIALS = { apiKey: 'key', apiSecret: 'secret' };
const AUTHORIZATION = `Basic ${Buffer.from('key:secret').toString('base64')}`;

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the simulated webhooks', () => {
  let simulator: MessageMedia;
  let receiver: Server;
  let received: Received[];
  let statuses: number[];
  let url: string;

  async function start(options: Partial<MessageMediaOptions> = {}): Promise<void> {
    received = [];
    statuses = [];
    simulator = await startMessageMedia({ tls: await trustedTls(), ...CREDENTIALS, ...options });
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(statuses.shift() ?? 202).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  }

  afterEach(async () => {
    await simulator.close();
    await new Promise((resolve) => receiver.close(resolve));
  });

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: never }> {
    const response = await fetch(`${simulator.origin}${path}`, {
      method,
      headers: { authorization: AUTHORIZATION, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
  }

  const hook = (changes: object = {}): object => ({
    url,
    method: 'POST',
    encoding: 'JSON',
    headers: { Account: 'a', 'X-Own': 'own' },
    events: ['OPT_OUT_SMS'],
    template: '{"number":"$sourceAddress","id":"$!messageId","reply":"$replyId"}',
    retries: 2,
    retry_delay: 5,
    ...changes,
  });

  it('tell of an opt-out what the template asks for, with the headers that were set', async () => {
    await start();
    await call('POST', HOOKS, hook());
    await call('POST', HOOKS, hook({ url: `${url}/2`, events: ['RECEIVED_SMS'] }));

    expect(await simulator.account.replyStop(aNumber(1))).toEqual([{ url, status: 202, tries: 1 }]);

    expect(received).toMatchObject([{ url: '/hook', headers: { 'x-own': 'own' } }]);
    // What an opt-out does not have stays as it is written.
    expect(JSON.parse(received[0]!.body)).toEqual({ number: aNumber(1), id: '', reply: '$replyId' });
    expect(simulator.account.snapshot().blockedNumbers).toEqual([aNumber(1)]);
    simulator.account.assertNoViolations();
  });

  it('are tried again, with the same body, as often as they ask for', async () => {
    await start();
    await call('POST', HOOKS, hook());
    statuses = [500, 401, 503, 202];

    const delivered = await simulator.account.replyStop(aNumber(1), { retryDelayMs: 1 });

    expect(delivered).toEqual([{ url, status: 503, tries: 3 }]);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it('answer 0 where nobody listens', async () => {
    await start();
    await call('POST', HOOKS, hook({ url: 'http://127.0.0.1:9/hook', retries: 0 }));

    expect(await simulator.account.replyStop(aNumber(1))).toMatchObject([{ status: 0, tries: 1 }]);
  });

  it('are signed with the enabled key, whose public half was told once', async () => {
    await start({ signing: 2048 });
    await call('POST', HOOKS, hook());
    const created = await call('POST', KEYS, { digest: 'SHA224', cipher: 'RSA' });
    const { key_id: keyId, public_key: publicKey } = created.body as Record<string, string>;
    expect((await call('GET', `${KEYS}/enabled`)).status).toBe(404);
    await call('PATCH', `${KEYS}/enabled`, { key_id: keyId });
    expect((await call('GET', `${KEYS}/enabled`)).body).not.toHaveProperty('public_key');

    await simulator.account.replyStop(aNumber(1));

    const { headers, body } = received[0]!;
    const signed = Buffer.from(`POST /hook HTTP/1.1${headers['date']}${body}`);
    const key = createPublicKey({ key: Buffer.from(publicKey!, 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(String(headers['x-messagemedia-signature']), 'base64');
    expect(verify('RSA-SHA224', signed, key, signature)).toBe(true);
    expect(headers).toMatchObject({ 'x-messagemedia-key-id': keyId, 'x-messagemedia-digest-type': 'SHA224' });
    simulator.account.assertNoViolations();
  });

  it('have one enabled key, and none that is unknown', async () => {
    await start({ signing: 1024 });
    const ids: string[] = [];
    for (const digest of ['SHA256', 'SHA512']) {
      const { body } = await call('POST', KEYS, { digest, cipher: 'RSA' });
      ids.push((body as Record<string, string>)['key_id']!);
      await call('PATCH', `${KEYS}/enabled`, { key_id: ids.at(-1) });
    }

    const listed = (await call('GET', `${KEYS}?page=0&page_size=10`)).body as { key_id: string; enabled: boolean }[];
    expect(listed.map(({ key_id: id, enabled }) => [id, enabled])).toEqual([
      [ids[0], false],
      [ids[1], true],
    ]);
    expect((await call('PATCH', `${KEYS}/enabled`, { key_id: 'unknown' })).status).toBe(404);
    expect((await call('POST', KEYS, { digest: 'MD5', cipher: 'RSA' })).status).toBe(400);
  });

  it('have no keys where signing is not paid for', async () => {
    await start();

    expect((await call('GET', `${KEYS}/enabled`)).status).toBe(403);
    expect((await call('POST', KEYS, { digest: 'SHA256', cipher: 'RSA' })).status).toBe(403);
  });

  it('are changed and deleted by id, and one address is taken once', async () => {
    await start();
    const { id } = (await call('POST', HOOKS, hook())).body as { id: string };

    expect((await call('POST', HOOKS, hook())).status).toBe(409);
    expect((await call('POST', HOOKS, hook({ url: 'nowhere' }))).status).toBe(400);
    expect(
      (await call('POST', HOOKS, hook({ url: `${url}/3`, headers: { Account: 'a', 'content-type': 'x' } }))).status,
    ).toBe(400);
    expect((await call('PATCH', `${HOOKS}/${id}`, hook({ template: '{}' }))).body).toMatchObject({
      id,
      template: '{}',
    });
    expect((await call('PATCH', `${HOOKS}/${id}`, hook({ url: 'nowhere' }))).status).toBe(400);
    expect((await call('DELETE', `${HOOKS}/${id}`)).status).toBe(204);
    expect((await call('DELETE', `${HOOKS}/${id}`)).status).toBe(404);
    expect((await call('PATCH', `${HOOKS}/${id}`, hook())).status).toBe(404);
    expect((await call('GET', HOOKS)).body).toMatchObject({ pageData: [] });
  });

  it('are told when somebody at the keyboard replies STOP', async () => {
    await start();
    await call('POST', HOOKS, hook());

    const answer = await call('POST', '/simulator/reply-stop', { number: aNumber(2) });

    expect(answer).toEqual({ status: 200, body: { delivered: [{ url, status: 202, tries: 1 }] } });
    simulator.account.assertNoViolations();
  });
});

describe('fillTemplate', () => {
  it('fills what there is, and takes away only what may be missing', () => {
    expect(fillTemplate('$a $!a $b $!b', { a: '1' })).toBe('1 1 $b ');
  });
});
