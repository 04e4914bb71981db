import { inspect } from 'node:util';
import { startEntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { startKeyVault } from '../../../local/key-vault/key-vault.ts';
import type { KeyVault } from '../../../local/key-vault/key-vault.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { AccessProblem } from '../../../src/core/errors.ts';
import { createVaultSecrets } from '../../../src/adapters/keyvault/vault-secrets.ts';
import type { VaultSecretsOptions } from '../../../src/adapters/keyvault/vault-secrets.ts';
import { failureOf } from '../../support/neighbour-calls.ts';
import { trustedTls } from '../../support/trusted-tls.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const IDENTITY = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
// An event of the log is cut off after so many characters.
const KEY = 'messagemedia-api-key';
const LONGEST_MESSAGE = 200;

let entra: EntraGraph;
let vault: KeyVault;
let nowMs: number;
let logged: unknown[][];

beforeAll(async () => {
  const tls = await trustedTls();
  entra = await startEntraGraph({
    tls,
    tenantId: TENANT,
    clientId: '66666666-7777-4888-8999-000000000000',
    clientSecret: 'unused',
    identityClientId: IDENTITY,
  });
  Object.assign(process.env, {
    IDENTITY_ENDPOINT: entra.identityEndpoint,
    IDENTITY_HEADER: entra.identityHeader,
    // Skips the sign-ins of a developer's tools, which start processes.
    AZURE_TOKEN_CREDENTIALS: 'prod',
  });
});

afterAll(() => entra.close());

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 5);
  logged = [];
  vault = await startKeyVault({
    tls: await trustedTls(),
    authority: entra.origin,
    tenantId: TENANT,
    acceptsToken: entra.acceptsToken,
    secrets: { 'entra-client-secret': 'canary-one', 'pseudonym-key': 'canary-two' },
  });
});

afterEach(async () => {
  await vault.close();
  expect(vault.failures).toEqual([]);
});

function someSecrets(options: Partial<VaultSecretsOptions> = {}) {
  return createVaultSecrets({
    vaultUri: vault.origin,
    verifyChallenge: false,
    managedIdentityClientId: IDENTITY,
    authorityHost: entra.origin,
    timeoutMs: 10_000,
    log: { event: (...event) => void logged.push(event) },
    clock: { now: () => nowMs },
    ...options,
  });
}

/** Makes the vault answer everything like this. */
function refuse(status: number, code: string): () => void {
  const body = { error: { code: 'Forbidden', message: 'canary', innererror: { code } } };
  return () => void vault.faults.add({ do: { status, body } });
}

// The first request of a client goes out without a token, to be told where to get one.
function readings() {
  return vault.requests.filter(({ status }) => status !== 401);
}

describe('createVaultSecrets', () => {
  it('reads a secret with the managed identity', async () => {
    expect(await someSecrets().get('entra-client-secret')).toBe('canary-one');
  });

  it('keeps what it read for an hour', async () => {
    const secrets = someSecrets();
    await secrets.get('entra-client-secret');
    vault.admin.setSecret('entra-client-secret', 'canary-next');

    nowMs += HOUR_MS - 1;
    expect(await secrets.get('entra-client-secret')).toBe('canary-one');
    nowMs += 1;
    expect(await secrets.get('entra-client-secret')).toBe('canary-next');
  });

  it('reads anew when it is told that the value was refused', async () => {
    const secrets = someSecrets();
    await secrets.get('entra-client-secret');
    vault.admin.setSecret('entra-client-secret', 'canary-next');

    expect(await secrets.get('entra-client-secret', { fresh: true })).toBe('canary-next');
    expect(await secrets.get('entra-client-secret')).toBe('canary-next');
  });

  it('makes one call for all who ask at the same time', async () => {
    const secrets = someSecrets();

    await Promise.all(Array.from({ length: 5 }, () => secrets.get('pseudonym-key')));
    await Promise.all(Array.from({ length: 5 }, () => secrets.get('pseudonym-key', { fresh: true })));

    expect(readings()).toHaveLength(2);
  });

  it.each<[string, FaultAction]>([
    ['503', { status: 503 }],
    ['a reset', 'drop'],
  ])('gets over one %s', async (_what, fault) => {
    vault.faults.add({ times: 1, do: fault });

    expect(await someSecrets().get('pseudonym-key')).toBe('canary-two');
  });

  it.each<[string, FaultAction, string]>([
    ['503', { status: 503 }, 'unavailable'],
    ['resets', 'drop', 'unavailable'],
    ['no answer in time', 'hang', 'unavailable'],
    ['429', { status: 429, retryAfter: 1 }, 'throttled'],
    ['401', { status: 401 }, 'access-denied'],
    ['408', { status: 408 }, 'unavailable'],
    ['pages of a gateway', { status: 502, body: 'html' }, 'unavailable'],
    ['400', { status: 400 }, 'unexpected-answer'],
  ])('fails when %s go on', async (_what, fault, failure) => {
    vault.faults.add({ do: fault });

    const error = await failureOf(someSecrets({ timeoutMs: 4000 }).get('pseudonym-key'));

    expect(error.neighbour).toBe('keyvault');
    expect(error.failure).toBe(failure);
  });

  it('is unavailable when nobody listens', async () => {
    const error = await failureOf(someSecrets({ vaultUri: 'https://localhost:1' }).get('pseudonym-key'));

    expect(error.failure).toBe('unavailable');
  });

  it.each<[string, AccessProblem, string, string, () => void]>([
    ['no role', 'permission-missing', 'ForbiddenByRbac', 'Key Vault Secrets User', () => vault.admin.denyAccess(true)],
    ['no access policy', 'permission-missing', 'AccessDenied', 'Key Vault Secrets User', refuse(403, 'AccessDenied')],
    ['a firewall', 'policy-blocked', 'ForbiddenByFirewall', 'network rules', refuse(403, 'ForbiddenByFirewall')],
    [
      'a private link',
      'policy-blocked',
      'ForbiddenByConnection',
      'network rules',
      refuse(403, 'ForbiddenByConnection'),
    ],
    ['a token of another tenant', 'token-refused', 'Unauthorized', 'same tenant', refuse(401, 'Unauthorized')],
  ])('names the cure for %s', async (_what, access, neighbourCode, cure, spoil) => {
    spoil();

    const error = await failureOf(someSecrets().get('pseudonym-key'));

    expect(error.failure).toBe('access-denied');
    expect(error.detail).toMatchObject({ access, neighbourCode });
    expect(error.message).toContain(cure);
    expect(error.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  });

  it('keeps the id of a refused request for the support desk', async () => {
    vault.admin.denyAccess(true);

    expect((await failureOf(someSecrets().get('pseudonym-key'))).detail.requestId).toEqual(expect.any(String));
  });

  it.each<[AccessProblem, () => void]>([
    ['secret-missing', () => vault.admin.deleteSecret(KEY)],
    ['secret-disabled', () => vault.admin.disableSecret(KEY)],
    ['secret-missing', () => void vault.admin.setSecret(KEY, '')],
    ['secret-expired', refuse(403, 'SecretExpired')],
  ])('names the secret that cannot be used, and its cure: %s', async (access, spoil) => {
    vault.admin.setSecret(KEY, 'canary');
    spoil();

    const error = await failureOf(someSecrets().get(KEY));

    expect(error.failure).toBe('not-found');
    expect(error.detail.access).toBe(access);
    expect(error.message).toMatch(/(Add|Enable).* the secret messagemedia-api-key/);
    expect(error.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  });

  it.each<[string, () => void]>([
    ['npm run infra:grant', () => vault.admin.deleteSecret('pseudonym-key')],
    ['recover the one that was there', () => void vault.admin.setSecret('pseudonym-key', '')],
    ['Enable the secret pseudonym-key', () => vault.admin.disableSecret('pseudonym-key')],
    ['keep its value', refuse(403, 'SecretExpired')],
  ])('never says that another pseudonym key would do: %s', async (cure, spoil) => {
    spoil();

    const error = await failureOf(someSecrets().get('pseudonym-key'));

    expect(error.message).toContain(cure);
    expect(error.message).not.toContain('new version');
    expect(error.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  });

  it('says which identity to assign when the platform knows it not', async () => {
    const stranger = someSecrets({ managedIdentityClientId: '99999999-aaaa-4bbb-8ccc-eeeeeeeeeeee' });

    const error = await failureOf(stranger.get('pseudonym-key'));

    expect(error.failure).toBe('access-denied');
    expect(error.detail).toEqual({ access: 'identity-missing' });
    expect(error.message).toContain('AZURE_CLIENT_ID');
  });

  it('is unavailable when nothing could sign in', async () => {
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';

    const error = await failureOf(someSecrets().get('pseudonym-key'));
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'prod';

    expect(error.failure).toBe('unavailable');
    expect(error.message).toContain('identity');
  });

  it('names the refusal of an identity that Entra ID does not accept', async () => {
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';
    Object.assign(process.env, { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: IDENTITY, AZURE_CLIENT_SECRET: 'canary' });

    const error = await failureOf(someSecrets().get('pseudonym-key'));
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'prod';
    for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET']) delete process.env[name];

    expect(error.failure).toBe('access-denied');
    expect(error.detail).toEqual({ access: 'identity-refused', neighbourCode: 'AADSTS700016' });
  });

  it('sends no token to a host that is not the vault of its challenge', async () => {
    const error = await failureOf(someSecrets({ verifyChallenge: true }).get('pseudonym-key'));

    expect(error.failure).toBe('unexpected-answer');
    expect(readings()).toEqual([]);
  });

  it('goes on with what it has when a refresh fails, and says so once a minute', async () => {
    const secrets = someSecrets();
    await secrets.get('pseudonym-key');
    vault.faults.add({ do: { status: 403 } });
    nowMs += HOUR_MS;

    expect(await secrets.get('pseudonym-key')).toBe('canary-two');
    expect(await secrets.get('pseudonym-key')).toBe('canary-two');
    nowMs += 60_000;
    expect(await secrets.get('pseudonym-key')).toBe('canary-two');

    const event = ['secret.failed', { secret: 'pseudonym-key', failure: 'access-denied' }];
    expect(logged).toEqual([event, event]);
  });

  it('does not pass an old value off as fresh', async () => {
    const secrets = someSecrets();
    await secrets.get('pseudonym-key');
    vault.faults.add({ do: { status: 403 } });

    expect((await failureOf(secrets.get('pseudonym-key', { fresh: true }))).failure).toBe('access-denied');
    expect(await secrets.get('pseudonym-key')).toBe('canary-two');
  });

  it('can be asked again after a failure', async () => {
    const secrets = someSecrets();
    const fault = vault.faults.add({ do: { status: 403 } });
    await failureOf(secrets.get('pseudonym-key'));
    fault.remove();

    expect(await secrets.get('pseudonym-key')).toBe('canary-two');
  });

  it('takes up settings of the identity that were mended', async () => {
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'nonsense';
    const secrets = someSecrets();

    const error = await failureOf(secrets.get('pseudonym-key'));
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'prod';

    expect(error.failure).toBe('unavailable');
    expect(await secrets.get('pseudonym-key')).toBe('canary-two');
  });

  it('tells no secret and no token in its errors', async () => {
    vault.faults.add({ do: { status: 400, body: { error: { code: 'a canary', message: 'canary' } } } });

    const text = inspect(await failureOf(someSecrets().get('pseudonym-key')), { depth: 12, showHidden: true });

    expect(text).not.toContain('canary');
    expect(text).not.toContain('Bearer');
  });
});

describe('expiries', () => {
  it('are those that the vault knows', async () => {
    vault.admin.setSecret('entra-client-secret', 'canary', nowMs + 30 * DAY_MS);
    vault.admin.setSecret('messagemedia-api-key', 'canary');

    expect(await someSecrets().expiries?.()).toEqual([{ name: 'entra-client-secret', expiresAt: nowMs + 30 * DAY_MS }]);
  });

  it('are not asked for a client secret that nobody signs in with', async () => {
    vault.admin.setSecret('entra-client-secret', 'canary', nowMs + DAY_MS);

    const expiries = await someSecrets({ holdsClientSecret: false }).expiries?.();

    expect(expiries).toEqual([]);
    expect(vault.requests.filter(({ path }) => path.includes('entra-client-secret'))).toEqual([]);
  });

  it('follow the version in use, within the hour that it is kept', async () => {
    const secrets = someSecrets();
    vault.admin.setSecret('pseudonym-key', 'canary', nowMs + DAY_MS);
    await secrets.get('pseudonym-key');
    vault.admin.setSecret('pseudonym-key', 'canary', nowMs + 90 * DAY_MS);

    const before = await secrets.expiries?.();
    nowMs += HOUR_MS;
    const after = await secrets.expiries?.();

    expect([before, after].map((some) => some?.map(({ expiresAt }) => new Date(expiresAt).toISOString()))).toEqual([
      ['2026-01-06T00:00:00.000Z'],
      ['2026-04-05T00:00:00.000Z'],
    ]);
  });

  it('tell of a day that has passed; such a secret is still handed out', async () => {
    const secrets = someSecrets();
    vault.admin.setSecret('entra-client-secret', 'canary-old', nowMs - DAY_MS);

    expect(await secrets.get('entra-client-secret')).toBe('canary-old');
    expect(await secrets.expiries?.()).toEqual([{ name: 'entra-client-secret', expiresAt: nowMs - DAY_MS }]);
  });

  it('are told as far as the vault can be read', async () => {
    vault.admin.setSecret('entra-client-secret', 'canary', nowMs + DAY_MS);
    vault.faults.add({ match: { path: /pseudonym/ }, do: { status: 403 } });

    expect(await someSecrets().expiries?.()).toHaveLength(1);
  });
});
