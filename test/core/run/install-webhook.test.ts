import type {
  SignatureDigest,
  SigningKey,
  Webhook,
  WebhookRegistry,
  WebhookWrite,
} from '../../../src/core/webhooks.ts';
import { installWebhook, verifyWebhook } from '../../../src/core/run/install-webhook.ts';
import { readSigningKeys } from '../../../src/core/run/receive-opt-out.ts';
import { readWebhookRow } from '../../../src/core/run/webhook-row.ts';
import { anEngine } from '../../support/run.ts';
import type { TestEngine } from '../../support/run.ts';

const SECRET = 'secret-of-the-webhook-0123456789ab';
const URL_OF_APP = 'https://sync.example.com';
const URL = `${URL_OF_APP}/api/webhooks/messagemedia`;
/** As the account makes them: the size is in the text. */
const keyText = (n: number, bits = 2048): string => `key ${n} of ${bits} bits`;

interface Account extends WebhookRegistry {
  readonly hooks: Webhook[];
  readonly steps: string[];
  enabled: Omit<SigningKey, 'publicKey'> | 'none' | 'not-available';
  bits: number;
}

function anAccount(enabled: Account['enabled'] = 'none'): Account {
  let made = 0;
  const account: Account = {
    hooks: [],
    steps: [],
    enabled,
    bits: 2048,
    webhooks: async () => [...account.hooks],
    async createWebhook(hook: WebhookWrite) {
      account.steps.push('create webhook');
      account.hooks.push({ id: `w-${account.hooks.length}`, ...hook });
    },
    async updateWebhook(id: string, hook: WebhookWrite) {
      account.steps.push('update webhook');
      account.hooks.splice(
        account.hooks.findIndex((one) => one.id === id),
        1,
        { id, ...hook },
      );
    },
    enabledKey: async () => account.enabled,
    async createKey(digest: SignatureDigest) {
      made += 1;
      account.steps.push('create key');
      return { keyId: `key-${made}`, digest, publicKey: keyText(made, account.bits) };
    },
    async enableKey(keyId: string) {
      account.steps.push('enable key');
      account.enabled = { keyId, digest: 'SHA256' };
    },
  };
  return account;
}

function engineOf(account: Account, secret: string = SECRET): TestEngine & { events: string[] } {
  const events: string[] = [];
  const engine = anEngine({
    log: { event: (event) => void events.push(event) },
    webhook: {
      publicBaseUrl: URL_OF_APP,
      secret: async () => secret,
      registry: account,
      keyBits: (text) => (text.startsWith('key ') ? Number(/of (\d+)/.exec(text)?.[1]) : undefined),
    },
  });
  return { ...engine, events };
}

const NEITHER = { replaceKey: false };

describe('installWebhook', () => {
  it('registers the webhook with the secret, and a key that it stores before it is enabled', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    const enableKey = account.enableKey.bind(account);
    let storedBefore: unknown;
    account.enableKey = async (keyId, scope) => {
      storedBefore = (await readWebhookRow(engine))?.keys.map((key) => key.keyId);
      await enableKey(keyId, scope);
    };

    expect(await installWebhook(engine, NEITHER)).toEqual({
      url: URL,
      registered: true,
      signing: 'on',
      keyBits: 2048,
      problems: [],
    });

    expect(storedBefore).toEqual(['key-1']);
    expect(account.hooks).toMatchObject([
      { url: URL, events: ['OPT_OUT_SMS'], headers: { 'X-Entra-Sync-Secret': SECRET, Account: 'entra-sync' } },
    ]);
    expect(await readSigningKeys(engine)).toMatchObject([{ keyId: 'key-1', digest: 'SHA256' }]);
    expect(engine.events).toEqual(['webhook.installed']);
  });

  it('changes nothing but the headers and the template when it is called again', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    await installWebhook(engine, NEITHER);
    account.steps.splice(0);

    const standing = await installWebhook(engine, NEITHER);

    expect(account.steps).toEqual(['update webhook']);
    expect(standing.problems).toEqual([]);
    expect((await readWebhookRow(engine))?.keys).toHaveLength(1);
  });

  it('leaves the secret to decide alone where the account has no signing, also when it had', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    await installWebhook(engine, NEITHER);
    account.enabled = 'not-available';
    expect((await verifyWebhook(engine)).problems).toEqual(['key-disabled']);

    expect(await installWebhook(engine, NEITHER)).toMatchObject({ signing: 'not-available', problems: [] });

    expect(await readSigningKeys(engine)).toEqual([]);
  });

  it('does not replace a key that it does not know, unless it is told to', async () => {
    const account = anAccount({ keyId: 'foreign', digest: 'SHA512' });
    const engine = engineOf(account);

    await expect(installWebhook(engine, NEITHER)).rejects.toMatchObject({ code: 'request-invalid' });
    expect(account.steps).toEqual([]);
    expect(await readSigningKeys(engine)).toBeUndefined();

    expect(await installWebhook(engine, { replaceKey: true })).toMatchObject({ signing: 'on', problems: [] });
    expect(account.enabled).toMatchObject({ keyId: 'key-1' });
  });

  it('verifies with a foreign key whose public half it is given', async () => {
    const account = anAccount({ keyId: 'foreign', digest: 'SHA512' });
    const engine = engineOf(account);

    const standing = await installWebhook(engine, { replaceKey: false, publicKey: keyText(9) });

    expect(standing).toMatchObject({ signing: 'on', problems: [] });
    expect(await readSigningKeys(engine)).toEqual([{ keyId: 'foreign', digest: 'SHA512', publicKey: keyText(9) }]);
    await expect(installWebhook(engine, { replaceKey: false, publicKey: 'nonsense' })).rejects.toMatchObject({
      code: 'request-invalid',
    });
  });

  it('keeps the former key for what is on its way, and no older one', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    for (let times = 0; times < 3; times += 1) await installWebhook(engine, { replaceKey: true });

    expect((await readWebhookRow(engine))?.keys.map(({ keyId }) => keyId)).toEqual(['key-3', 'key-2']);
  });

  it('warns of a key that is too short', async () => {
    const account = anAccount();
    account.bits = 1024;
    const engine = engineOf(account);

    expect(await installWebhook(engine, NEITHER)).toMatchObject({ keyBits: 1024, problems: ['weak-key'] });

    expect(engine.events).toEqual(['webhook.installed', 'webhook.weak']);
  });

  it.each([['short'], ['a secret with blanks in it, of forty characters'], ['x'.repeat(201)]])(
    'refuses the secret %j before anything is changed',
    async (secret) => {
      const account = anAccount();

      await expect(installWebhook(engineOf(account, secret), NEITHER)).rejects.toMatchObject({
        code: 'configuration-invalid',
      });

      expect(account.steps).toEqual([]);
    },
  );

  it('says which setting is missing', async () => {
    const error = await installWebhook(anEngine(), NEITHER).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'configuration-invalid', extras: { problems: [{ name: 'PUBLIC_BASE_URL' }] } });
    expect(await readSigningKeys(anEngine())).toBeUndefined();
  });
});

describe('verifyWebhook', () => {
  it('tells that nothing was set up', async () => {
    expect(await verifyWebhook(engineOf(anAccount()))).toEqual({
      url: URL,
      registered: false,
      signing: 'off',
      problems: ['not-installed', 'not-registered'],
    });
  });

  it.each([
    ['the template', { template: '{}' }, ['outdated']],
    ['the events', { events: ['RECEIVED_SMS'] }, ['outdated']],
    ['the secret', { headers: { 'x-entra-sync-secret': 'another' } }, ['secret-differs']],
    ['headers that are not shown', { headers: {} }, []],
    ['more events', { events: ['RECEIVED_SMS', 'OPT_OUT_SMS'] }, []],
  ])('tells what somebody changed by hand: %s', async (_what, changes, problems) => {
    const account = anAccount();
    const engine = engineOf(account);
    await installWebhook(engine, NEITHER);
    account.hooks[0] = { ...account.hooks[0]!, ...changes };

    expect((await verifyWebhook(engine)).problems).toEqual(problems);
  });

  it('does not mind a template that is laid out anew', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    await installWebhook(engine, NEITHER);
    const [hook] = account.hooks;
    account.hooks[0] = { ...hook!, template: hook!.template.replaceAll(',', ',\n  ') };

    expect((await verifyWebhook(engine)).problems).toEqual([]);
  });

  it('tells of a key that somebody else enabled', async () => {
    const account = anAccount();
    const engine = engineOf(account);
    await installWebhook(engine, NEITHER);
    account.enabled = { keyId: 'foreign', digest: 'SHA256' };

    expect(await verifyWebhook(engine)).toMatchObject({ signing: 'on', problems: ['unknown-key'] });
  });
});
