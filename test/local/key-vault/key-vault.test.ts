import { randomUUID } from 'node:crypto';
import { DefaultAzureCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { startEntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { startKeyVault } from '../../../local/key-vault/key-vault.ts';
import type { KeyVault } from '../../../local/key-vault/key-vault.ts';
import { createTlsIdentity, trustInProcess } from '../../../local/simulator/tls.ts';
import type { TlsIdentity } from '../../../local/simulator/tls.ts';

const TENANT_ID = '11111111-2222-4333-8444-555555555555';
const CLIENT_ID = '66666666-2222-4333-8444-555555555555';

describe('startKeyVault', () => {
  const environment = { ...process.env };
  let tls: TlsIdentity;
  let entra: EntraGraph;
  let vault: KeyVault;

  beforeAll(async () => {
    tls = await createTlsIdentity();
    trustInProcess(tls);
    // One for all: the identity library remembers the first managed-identity endpoint of a process for good.
    entra = await startEntraGraph({ tls, tenantId: TENANT_ID, clientId: CLIENT_ID, clientSecret: 'secret' });
  });
  beforeEach(async () => {
    entra.requests.length = 0;
    vault = await startKeyVault({
      tls,
      authority: entra.origin,
      tenantId: TENANT_ID,
      acceptsToken: entra.acceptsToken,
      secrets: { 'messagemedia-api-key': 'first' },
    });
  });
  afterEach(async () => {
    process.env = { ...environment };
    await vault.close();
  });
  afterAll(() => entra.close());

  const managedIdentity = (): Record<string, string> => ({
    IDENTITY_ENDPOINT: entra.identityEndpoint,
    IDENTITY_HEADER: entra.identityHeader,
    // The identity library keeps managed-identity tokens for the whole process, by client id.
    AZURE_CLIENT_ID: randomUUID(),
  });
  const clientSecret = (): Record<string, string> => ({
    AZURE_TENANT_ID: TENANT_ID,
    AZURE_CLIENT_ID: CLIENT_ID,
    AZURE_CLIENT_SECRET: 'secret',
    AZURE_AUTHORITY_HOST: entra.origin,
  });
  const clientWith = (settings: Record<string, string>): SecretClient => {
    Object.assign(process.env, settings);
    const credential = new DefaultAzureCredential({ disableInstanceDiscovery: true });
    return new SecretClient(vault.origin, credential, {
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
    });
  };

  it.each([
    ['a managed identity', managedIdentity, ['/msi/token']],
    [
      'a client secret in the environment',
      clientSecret,
      [`/${TENANT_ID}/v2.0/.well-known/openid-configuration`, `/${TENANT_ID}/oauth2/v2.0/token`],
    ],
  ])('gives the real client a secret by %s, after one challenge', async (_case, settings, tokenCalls) => {
    const client = clientWith(settings());

    const secret = await client.getSecret('messagemedia-api-key');
    await client.getSecret('messagemedia-api-key');

    expect(secret.value).toBe('first');
    expect(secret.properties).toMatchObject({ enabled: true, name: 'messagemedia-api-key', vaultUrl: vault.origin });
    expect(vault.requests.map((request) => request.status)).toEqual([401, 200, 200]);
    expect(entra.requests.map((request) => request.path)).toEqual(tokenCalls);
  });

  it('answers the newest version, or the one that is asked for', async () => {
    const client = clientWith(managedIdentity());
    const { version = '' } = (await client.getSecret('messagemedia-api-key')).properties;
    vault.admin.setSecret('messagemedia-api-key', 'second');

    const newest = await client.getSecret('messagemedia-api-key');
    const earlier = await client.getSecret('messagemedia-api-key', { version });

    expect([newest.value, earlier.value]).toEqual(['second', 'first']);
  });

  it('tells when a secret expires, and hands it out afterwards', async () => {
    const client = clientWith(managedIdentity());
    const yesterday = new Date('2026-01-04T06:00:00Z');
    vault.admin.setSecret('messagemedia-api-key', 'old', yesterday.getTime());

    const secret = await client.getSecret('messagemedia-api-key');

    expect([secret.value, secret.properties.expiresOn]).toEqual(['old', yesterday]);
  });

  it.each<[string, () => void, object]>([
    [
      'is not there',
      () => vault.admin.deleteSecret('messagemedia-api-key'),
      { statusCode: 404, code: 'SecretNotFound' },
    ],
    ['is disabled', () => vault.admin.disableSecret('messagemedia-api-key'), { statusCode: 403, code: 'Forbidden' }],
    ['may not be read', () => vault.admin.denyAccess(true), { statusCode: 403, code: 'Forbidden' }],
  ])('refuses a secret that %s', async (_case, arrange, expected) => {
    arrange();

    await expect(clientWith(managedIdentity()).getSecret('messagemedia-api-key')).rejects.toMatchObject(expected);
  });

  it('challenges without a token, with an invented one and with one for another resource', async () => {
    const form = { client_id: CLIENT_ID, client_secret: 'secret', grant_type: 'client_credentials' };
    const scope = 'https://graph.microsoft.com/.default';
    const answer = await fetch(`${entra.origin}/${TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, scope }),
    });
    const { access_token: forGraph } = (await answer.json()) as { access_token: string };

    for (const authorization of ['', 'Bearer invented', `Bearer ${forGraph}`]) {
      const response = await fetch(`${vault.origin}/secrets/x?api-version=7.6`, { headers: { authorization } });

      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        `Bearer authorization="${entra.origin}/${TENANT_ID}", resource="https://vault.azure.net"`,
      );
    }
  });

  it('refuses a call without a version of the API, and records routes it does not have', async () => {
    Object.assign(process.env, managedIdentity());
    const { token } = await new DefaultAzureCredential().getToken('https://vault.azure.net/.default');
    const headers = { authorization: `Bearer ${token}` };

    const unversioned = await fetch(`${vault.origin}/secrets/messagemedia-api-key`, { headers });
    const unknown = await fetch(`${vault.origin}/keys/x?api-version=7.6`, { headers });

    expect([unversioned.status, unknown.status]).toEqual([400, 404]);
    expect(vault.unexpected).toEqual(['GET /keys/x']);
  });
});
