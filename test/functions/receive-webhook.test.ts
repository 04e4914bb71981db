import { HttpRequest } from '@azure/functions';
import type { HttpResponseInit } from '@azure/functions';
import { createSign, generateKeyPairSync } from 'node:crypto';
import type { SigningKey } from '../../src/core/webhooks.ts';
import { readConsents } from '../../src/core/run/consent-ledger.ts';
import { readSigningKeys, receiveOptOut } from '../../src/core/run/receive-opt-out.ts';
import { writeWebhookRow } from '../../src/core/run/webhook-row.ts';
import { createReceiveWebhook } from '../../src/functions/receive-webhook.ts';
import { anEngine } from '../support/run.ts';
import type { TestEngine } from '../support/run.ts';
import { mobile } from '../support/story-people.ts';
import { aContext, fakeServices } from './fake-services.ts';

const SECRET = 'secret-of-the-webhook-0123456789ab';
const URL_OF_APP = 'https://sync.example.com';
const PATH = '/api/webhooks/messagemedia';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY: SigningKey = {
  keyId: 'key-1',
  digest: 'SHA512',
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
};

function anEvent(n: number, changes: object = {}): string {
  return JSON.stringify({ event: 'opt-out', source_number: mobile(n), notification_id: `n-${n}`, ...changes });
}

interface Sent {
  readonly body?: string | Uint8Array;
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('POST /webhooks/messagemedia', () => {
  let engine: TestEngine;
  let asked: boolean[];
  let secret: string;
  let handler: ReturnType<typeof createReceiveWebhook>;
  let lines: ReturnType<typeof aContext>['lines'];

  async function begin(keys: readonly SigningKey[] | undefined): Promise<void> {
    asked = [];
    secret = SECRET;
    engine = anEngine({
      webhook: {
        publicBaseUrl: URL_OF_APP,
        secret: async (fresh) => {
          asked.push(fresh);
          return secret;
        },
        registry: {} as never,
        keyBits: () => 2048,
      },
    });
    if (keys !== undefined) await writeWebhookRow(engine, { url: `${URL_OF_APP}${PATH}`, keys, installedAt: 0 });
    const useCases = { readSigningKeys, receiveOptOut };
    handler = createReceiveWebhook(
      fakeServices(useCases, {
        engine: async (log) => ({ ...engine, log }),
      }),
    );
  }

  async function send({
    body = anEvent(1),
    secret: given = SECRET,
    headers = {},
  }: Sent = {}): Promise<HttpResponseInit> {
    const request = new HttpRequest({
      method: 'POST',
      url: `${URL_OF_APP}${PATH}`,
      headers: { ...(given === undefined ? {} : { 'x-entra-sync-secret': given }), ...headers },
      body: typeof body === 'string' ? { string: body } : { bytes: body },
    });
    const captured = aContext('receive-webhook');
    lines = captured.lines;
    return handler(request, captured.context);
  }

  function signed(body: string, at = engine.clock.now()): Record<string, string> {
    const date = new Date(at).toUTCString();
    const signature = createSign('RSA-SHA512').update(`POST ${PATH} HTTP/1.1${date}${body}`).sign(privateKey, 'base64');
    return { date, 'x-messagemedia-signature': signature, 'x-messagemedia-key-id': 'key-1' };
  }

  async function optedOut(n: number): Promise<boolean> {
    return (await readConsents(engine, [engine.digest.pseudonym(mobile(n))])).size === 1;
  }

  const nothingSaid = { status: 401, headers: { 'cache-control': 'no-store' } };
  const events = (): unknown[] => lines.map(({ line }) => line['event']);
  const reason = (): unknown => lines.find(({ line }) => line['event'] === 'webhook.refused')?.line['reason'];

  it('stores an opt-out before it answers, and logs neither the number nor the secret', async () => {
    await begin([]);

    expect(await send()).toEqual({ status: 202, headers: { 'cache-control': 'no-store' } });

    expect(await optedOut(1)).toBe(true);
    expect(engine.tables.rows('consent').some(({ key }) => key.startsWith('errand:'))).toBe(true);
    expect(events()).toEqual(['consent.noted']);
    expect(JSON.stringify(lines)).not.toMatch(/450\d{6}|secret-of/);
  });

  it('answers a repeated event as before, and changes nothing', async () => {
    await begin([]);
    await send();
    const before = engine.tables.rows('consent');

    expect(await send()).toMatchObject({ status: 202 });

    expect(engine.tables.rows('consent')).toEqual(before);
    expect(events()).toEqual([]);
  });

  it.each([
    ['no secret', { headers: {}, secret: '' }, 'secret'],
    ['another secret', { secret: `${SECRET}x` }, 'secret'],
    ['a body that is too large', { body: anEvent(1, { padding: 'x'.repeat(65_536) }) }, 'too-large'],
    ['a date of yesterday', { headers: { date: new Date(0).toUTCString() } }, 'late'],
  ])('says nothing to whoever brings %s, and stores nothing', async (_what, sent, why) => {
    await begin([]);

    expect(await send(sent)).toEqual(nothingSaid);

    expect(reason()).toBe(why);
    expect(engine.tables.rows('consent')).toEqual([]);
  });

  it('measures a body whose length nobody declared', async () => {
    await begin([]);

    expect(
      await send({ body: anEvent(1, { padding: 'x'.repeat(65_536) }), headers: { 'content-length': '10' } }),
    ).toEqual(nothingSaid);
    expect(await send({ headers: { 'content-length': '99999999' } })).toEqual(nothingSaid);
  });

  it('takes only signed events where there is a key, however good the secret', async () => {
    await begin([KEY]);
    const body = anEvent(1);

    expect(await send({ body })).toEqual(nothingSaid);
    expect(reason()).toBe('unsigned');
    expect(await send({ body, headers: { ...signed(anEvent(2)) } })).toEqual(nothingSaid);
    expect(reason()).toBe('signature');
    expect(await send({ body, headers: signed(body, engine.clock.now() - 16 * 60_000) })).toEqual(nothingSaid);
    expect(reason()).toBe('late');
    expect(await optedOut(1)).toBe(false);
    expect(await send({ body, headers: signed(body) })).toMatchObject({ status: 202 });
    expect(await optedOut(1)).toBe(true);
  });

  it('takes no signature for the secret', async () => {
    await begin([KEY]);
    const body = anEvent(1);

    expect(await send({ body, secret: 'another', headers: signed(body) })).toEqual(nothingSaid);
    expect(reason()).toBe('secret');
  });

  it('believes nobody before the webhook is installed', async () => {
    await begin(undefined);

    expect(await send()).toEqual(nothingSaid);
    expect(reason()).toBe('not-installed');
  });

  it('looks a changed secret up again, once a minute', async () => {
    await begin([]);
    const freshOnes = (): number => asked.filter((fresh) => fresh).length;
    await send({ secret: 'wrong' });
    await send({ secret: 'wrong' });
    expect(freshOnes()).toBe(1);

    secret = 'another-secret-of-the-webhook-01234';
    await engine.clock.advance(60_000);

    expect(await send({ secret })).toMatchObject({ status: 202 });
  });

  it('takes an event that it cannot read, and tells of it', async () => {
    await begin([]);

    expect(await send({ body: '{"event":"reply"}' })).toMatchObject({ status: 202 });

    expect(events()).toEqual(['webhook.unreadable']);
    expect(engine.tables.rows('consent')).toEqual([]);
  });

  it('reads an empty body and bytes that are no text as what they are: no event', async () => {
    await begin([]);

    expect(await send({ body: '' })).toMatchObject({ status: 202 });
    expect(await send({ body: Uint8Array.from([0xff, 0xfe, 0x00]) })).toMatchObject({ status: 202 });
    expect(engine.tables.rows('consent')).toEqual([]);
  });

  it('asks for the event again when it cannot be stored', async () => {
    await begin([]);
    const consent = { ...engine.tables.consent, write: () => Promise.reject(new Error('storage is away')) };
    engine = { ...engine, tables: { ...engine.tables, consent } };

    expect(await send()).toMatchObject({ status: 503 });

    expect(events()).toEqual(['webhook.failed']);
  });
});
