import { inspect } from 'node:util';
import { startEntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { startKeyVault } from '../../../local/key-vault/key-vault.ts';
import type { KeyVault } from '../../../local/key-vault/key-vault.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import { createVaultSecrets } from '../../../src/adapters/keyvault/vault-secrets.ts';
import type { VaultSecretsOptions } from '../../../src/adapters/keyvault/vault-secrets.ts';
import { failureOf } from '../../support/neighbour-calls.ts';
import { trustedTls } from '../../support/trusted-tls.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const IDENTITY = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
const HOUR_MS = 60 * 60 * 1000;

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

  it('names the role that is missing', async () => {
    vault.admin.denyAccess(true);

    const error = await failureOf(someSecrets().get('pseudonym-key'));

    expect(error.failure).toBe('access-denied');
    expect(error.message).toContain('Key Vault Secrets User');
    expect(error.detail.neighbourCode).toBe('ForbiddenByRbac');
    expect(error.detail.requestId).toEqual(expect.any(String));
  });

  it.each<[string, () => void]>([
    ['missing', () => vault.admin.deleteSecret('pseudonym-key')],
    ['disabled', () => vault.admin.disableSecret('pseudonym-key')],
    ['empty', () => void vault.admin.setSecret('pseudonym-key', '')],
  ])('names the secret that is %s', async (_what, spoil) => {
    spoil();

    const error = await failureOf(someSecrets().get('pseudonym-key'));

    expect(error.failure).toBe('not-found');
    expect(error.message).toContain('pseudonym-key');
  });

  it('is unavailable when no identity can sign in', async () => {
    const stranger = someSecrets({ managedIdentityClientId: '99999999-aaaa-4bbb-8ccc-eeeeeeeeeeee' });

    const error = await failureOf(stranger.get('pseudonym-key'));

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
    expect(error.detail.neighbourCode).toBe('AADSTS700016');
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

    const event = ['warn', 'secret-refresh-failed', { secret: 'pseudonym-key', failure: 'access-denied' }];
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
