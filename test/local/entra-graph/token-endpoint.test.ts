import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { CLIENT_ID, GRAPH_SCOPE, TENANT_ID, credentialFor, graphClient, startTenant } from './tenant.ts';

describe('token endpoint', () => {
  let tenant: EntraGraph;

  beforeEach(async () => {
    tenant = await startTenant();
  });
  afterEach(() => tenant.close());

  it('gives the real client-secret credential a token that opens Graph', async () => {
    const token = await credentialFor(tenant).getToken(GRAPH_SCOPE);

    expect(token.token.split('.')).toHaveLength(3);
    expect(tenant.requests.map((request) => request.path)).toEqual([
      `/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
      `/${TENANT_ID}/oauth2/v2.0/token`,
    ]);
    expect(tenant.unexpected).toEqual([]);
  });

  it('accepts the simulator itself as the resource', async () => {
    const token = await credentialFor(tenant).getToken(`${tenant.origin}/.default`);

    expect(tenant.acceptsToken(`Bearer ${token.token}`, tenant.origin)).toBe(true);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'invalid_client', 'AADSTS7000215'],
    ['an unknown app', { clientId: TENANT_ID }, 'unauthorized_client', 'AADSTS700016'],
    ['an unknown tenant', { tenantId: CLIENT_ID }, 'invalid_request', 'AADSTS90002'],
  ])('refuses %s', async (_case, credential, error, code) => {
    const refused = credentialFor(tenant, credential).getToken(GRAPH_SCOPE);

    await expect(refused).rejects.toThrow(error);
    await expect(refused).rejects.toThrow(code);
  });

  it('refuses a scope that is no known resource', async () => {
    await expect(credentialFor(tenant).getToken('https://example.com/.default')).rejects.toThrow('AADSTS70011');
  });

  it('refuses an expired secret', async () => {
    tenant.admin.expireSecrets();

    await expect(credentialFor(tenant).getToken(GRAPH_SCOPE)).rejects.toThrow('AADSTS7000222');
  });

  it('accepts old and new secret while they overlap, and only the new one afterwards', async () => {
    tenant.admin.rotateSecret('second', { keepOld: true });

    await expect(credentialFor(tenant).getToken(GRAPH_SCOPE)).resolves.toBeDefined();
    await expect(credentialFor(tenant, { secret: 'second' }).getToken(GRAPH_SCOPE)).resolves.toBeDefined();

    tenant.admin.rotateSecret('third');

    await expect(credentialFor(tenant, { secret: 'second' }).getToken(GRAPH_SCOPE)).rejects.toThrow('AADSTS7000215');
    await expect(credentialFor(tenant, { secret: 'third' }).getToken(GRAPH_SCOPE)).resolves.toBeDefined();
  });

  it('keeps the secret out of the request log', async () => {
    await credentialFor(tenant, { secret: 'do-not-log-me' })
      .getToken(GRAPH_SCOPE)
      .catch(() => undefined);

    expect(JSON.stringify(tenant.requests)).not.toContain('do-not-log-me');
  });
});

describe('managed-identity endpoint', () => {
  const identityClientId = '77777777-2222-4333-8444-555555555555';
  let tenant: EntraGraph;

  beforeAll(async () => {
    tenant = await startTenant({ identityHeader: 'the-header', identityClientId });
  });
  afterAll(() => tenant.close());

  const ask = (header: string, query: Record<string, string>): Promise<Response> =>
    fetch(`${tenant.identityEndpoint}?${new URLSearchParams({ 'api-version': '2019-08-01', ...query }).toString()}`, {
      headers: { 'X-IDENTITY-HEADER': header },
    });
  const resource = 'https://vault.azure.net';

  it('issues a token for the resource', async () => {
    const answer = (await (await ask('the-header', { resource, client_id: identityClientId })).json()) as Record<
      string,
      string
    >;

    expect(answer).toMatchObject({ resource, token_type: 'Bearer', client_id: identityClientId });
    expect(Number(answer['expires_on']) * 1000).toBeGreaterThan(Date.now());
    expect(tenant.acceptsToken(`Bearer ${answer['access_token']}`, resource)).toBe(true);
    expect(tenant.acceptsToken(`Bearer ${answer['access_token']}`, 'https://graph.microsoft.com')).toBe(false);
  });

  it.each([
    ['another header', 'wrong', { resource }, 401],
    ['another identity', 'the-header', { resource, client_id: CLIENT_ID }, 400],
    ['an unknown resource', 'the-header', { resource: 'https://example.com' }, 400],
  ])('refuses %s', async (_case, header, query, status) => {
    const answer = await ask(header, query);

    expect(answer.status).toBe(status);
  });
});

describe('access tokens', () => {
  let tenant: EntraGraph;

  beforeEach(async () => {
    tenant = await startTenant();
  });
  afterEach(() => tenant.close());

  const readWith = (authorization?: string): Promise<Response> =>
    fetch(`${tenant.origin}/v1.0/users/delta`, authorization === undefined ? {} : { headers: { authorization } });

  it('are good for Graph until they expire', async () => {
    const { token } = await credentialFor(tenant).getToken(GRAPH_SCOPE);

    const before = await readWith(`Bearer ${token}`);
    tenant.admin.expireAccessTokens();
    const after = await readWith(`Bearer ${token}`);

    expect(before.status).toBe(200);
    expect(after.status).toBe(401);
    expect(await after.json()).toMatchObject({
      error: { code: 'InvalidAuthenticationToken', message: 'Lifetime validation failed, the token is expired.' },
    });
  });

  it('are refused when missing, invented, expired or meant for another resource', async () => {
    const credential = credentialFor(tenant);
    const { token: vault } = await credential.getToken('https://vault.azure.net/.default');
    const { token: expired } = await credential.getToken(GRAPH_SCOPE);
    tenant.admin.expireAccessTokens();
    const { token: current } = await credentialFor(tenant).getToken(GRAPH_SCOPE);

    const statuses = await Promise.all(
      [undefined, `Bearer ${current}x`, `Bearer ${expired}`, `Bearer ${vault}`, `Bearer ${current}`].map(
        async (authorization) => (await readWith(authorization)).status,
      ),
    );

    expect(statuses).toEqual([401, 401, 401, 401, 200]);
  });

  it('miss a role that was taken away, and have it again when it is given back', async () => {
    const client = graphClient(tenant);
    await client.api('/users/delta').get();

    tenant.admin.dropRole('User.Read.All');
    const refused = client.api('/users/delta').get();

    await expect(refused).rejects.toMatchObject({ statusCode: 403, code: 'Authorization_RequestDenied' });

    tenant.admin.grantRole('User.Read.All');

    await expect(client.api('/users/delta').get()).resolves.toBeDefined();
  });

  it('are fetched for every call when they live five minutes or less', async () => {
    tenant.admin.setTokenLifetime(200);
    const client = graphClient(tenant);

    await client.api('/users/delta').get();
    await client.api('/users/delta').get();

    expect(tenant.requests.filter((request) => request.path.endsWith('/token'))).toHaveLength(2);
  });
});
