import { startMessageMedia } from '../../../local/messagemedia/server.ts';
import type { MessageMedia, MessageMediaOptions } from '../../../local/messagemedia/server.ts';
import { createContactBook } from '../../../src/adapters/messagemedia/contact-book.ts';
import type { WebhookRegistry, WebhookWrite } from '../../../src/core/webhooks.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import { trustedTls } from '../../support/trusted-tls.ts';

const CREDENTIALS = { apiKey: 'key', apiSecret: 'secret' };
const HOOK: WebhookWrite = {
  url: 'https://sync.example.com/api/webhooks/messagemedia',
  events: ['OPT_OUT_SMS'],
  template: '{"source_number":"$sourceAddress"}',
  headers: { Account: 'entra-sync', 'X-Entra-Sync-Secret': 'a secret' },
};

describe('WebhookRegistry over MessageMedia', () => {
  let simulator: MessageMedia;
  let registry: WebhookRegistry & { close(): Promise<void> };

  async function start(options: Partial<MessageMediaOptions> = {}): Promise<void> {
    simulator = await startMessageMedia({ tls: await trustedTls(), ...CREDENTIALS, ...options });
    registry = createContactBook({
      baseUrl: simulator.origin,
      credentials: () => Promise.resolve({ key: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret }),
      maxConcurrency: 4,
      clock: anImpatientClock(),
    });
  }

  afterEach(async () => {
    simulator.account.assertNoViolations();
    await registry.close();
    await simulator.close();
  });

  it('creates a webhook with its retries, and shows it', async () => {
    await start();

    await registry.createWebhook(HOOK, aScope());

    expect(await registry.webhooks(aScope())).toEqual([{ id: expect.any(String), ...HOOK }]);
    const sent = simulator.requests.find(({ method }) => method === 'POST')!;
    expect(JSON.parse(sent.body)).toMatchObject({ method: 'POST', encoding: 'JSON', retries: 5, retry_delay: 60 });
  });

  it('brings a webhook up to date', async () => {
    await start();
    await registry.createWebhook(HOOK, aScope());
    const [first] = await registry.webhooks(aScope());

    await registry.updateWebhook(first!.id, { ...HOOK, template: '{}' }, aScope());

    expect(await registry.webhooks(aScope())).toEqual([{ ...first, template: '{}' }]);
  });

  it('reads every page', async () => {
    await start();
    for (let n = 0; n < 101; n += 1) await registry.createWebhook({ ...HOOK, url: `${HOOK.url}/${n}` }, aScope());

    expect(await registry.webhooks(aScope())).toHaveLength(101);
  });

  it('leaves out what is no webhook of our kind', async () => {
    await start();
    const body = {
      pageData: [
        { id: 'w-1', url: HOOK.url, method: 'GET', encoding: 'JSON' },
        'nothing',
        { method: 'POST', encoding: 'JSON' },
      ],
    };
    simulator.faults.add({ do: { status: 200, body } });

    expect(await registry.webhooks(aScope())).toEqual([]);
    simulator.faults.clear();
    simulator.faults.add({
      do: { status: 200, body: { pageData: [{ id: 'w-1', url: HOOK.url, method: 'POST', encoding: 'JSON' }] } },
    });
    expect(await registry.webhooks(aScope())).toEqual([
      { id: 'w-1', url: HOOK.url, events: [], template: '', headers: {} },
    ]);
  });

  it('refuses an answer that is no page', async () => {
    await start();
    simulator.faults.add({ do: { status: 200, body: [] } });

    expect(await failureOf(registry.webhooks(aScope()))).toMatchObject({ failure: 'unexpected-answer' });
    simulator.faults.clear();
    simulator.faults.add({ do: { status: 200, body: { pageData: {} } } });
    expect(await failureOf(registry.webhooks(aScope()))).toMatchObject({ failure: 'unexpected-answer' });
  });

  it('makes a key, enables it, and never again tells its public half', async () => {
    await start({ signing: 2048 });
    expect(await registry.enabledKey(aScope())).toBe('none');

    const key = await registry.createKey('SHA256', aScope());
    await registry.enableKey(key.keyId, aScope());

    expect(key).toEqual({ keyId: expect.any(String), digest: 'SHA256', publicKey: expect.stringMatching(/^MII/) });
    expect(await registry.enabledKey(aScope())).toEqual({ keyId: key.keyId, digest: 'SHA256' });
  });

  it.each([[{ key_id: 'k', digest: 'MD5' }], [{ digest: 'SHA256' }], [[]]])(
    'does not understand the key %j',
    async (body) => {
      await start();
      simulator.faults.add({ do: { status: 200, body } });

      expect(await failureOf(registry.enabledKey(aScope()))).toMatchObject({ failure: 'unexpected-answer' });
    },
  );

  it('does not take a new key without its public half', async () => {
    await start();
    simulator.faults.add({ do: { status: 201, body: { key_id: 'k', digest: 'SHA256' } } });

    expect(await failureOf(registry.createKey('SHA256', aScope()))).toMatchObject({ failure: 'answer-lost' });
  });

  it('tells an account without signing from one whose key is refused', async () => {
    await start();
    expect(await registry.enabledKey(aScope())).toBe('not-available');

    simulator.account.rotateCredentials({ ...CREDENTIALS, apiSecret: 'another' });

    expect(await failureOf(registry.enabledKey(aScope()))).toMatchObject({ failure: 'access-denied' });
  });
});
