import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { DirectoryOptions } from '../../../src/adapters/graph/directory.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { aScope, failureOf } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, CLIENT, TENANT } from './tenant-under-test.ts';

const IDENTITY = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
const PRINCIPAL = '77777777-aaaa-4bbb-8ccc-dddddddddddd';
const NOBODY = '00000000-0000-4000-8000-000000000001';
const AUDIENCE = 'api://AzureADTokenExchange';

const GRAPH = { path: /^\/v1\.0\// };
const IDENTITY_ENDPOINT = { path: /^\/msi\/token$/ };
const DISCOVERY = `/${TENANT}/v2.0/.well-known/openid-configuration`;
const TOKEN = `/${TENANT}/oauth2/v2.0/token`;
const CHANGES = '/v1.0/users/delta';
// The library fetches a token that lives five minutes or less anew for every call; others it keeps for the whole process.
const SHORT_LIFE_S = 200;

let tenant: EntraGraph;
let before: number;

// The library remembers the first endpoint of a process for good: one tenant for all tests here.
beforeAll(async () => {
  tenant = await aTenant({ identityClientId: IDENTITY, identityPrincipalId: PRINCIPAL });
  Object.assign(process.env, { IDENTITY_ENDPOINT: tenant.identityEndpoint, IDENTITY_HEADER: tenant.identityHeader });
});

beforeEach(() => {
  tenant.admin.setTokenLifetime(SHORT_LIFE_S);
  tenant.admin.setFederatedCredentials([trust()]);
  before = tenant.requests.length;
});

afterEach(() => {
  tenant.faults.clear();
  expect(tenant.failures).toEqual([]);
});

afterAll(() => tenant.close());

function trust(changes: Partial<{ issuer: string; subject: string; audience: string }> = {}) {
  return { issuer: `${tenant.origin}/${TENANT}/v2.0`, subject: PRINCIPAL, audience: AUDIENCE, ...changes };
}

/** What has been asked in this test. */
function paths(): readonly string[] {
  return tenant.requests.slice(before).map(({ path }) => path);
}

function graphStatuses(): readonly (number | string | undefined)[] {
  return tenant.requests
    .slice(before)
    .filter(({ path }) => path === CHANGES)
    .map(({ status }) => status);
}

function theIdentity(changes: Partial<DirectoryOptions> = {}): Directory {
  return aDirectory(tenant, { auth: { method: 'managed-identity' }, clientId: IDENTITY, ...changes });
}

function theApp(changes: Partial<DirectoryOptions> = {}): Directory {
  return aDirectory(tenant, {
    auth: { method: 'federated', identityClientId: IDENTITY },
    clientId: CLIENT,
    ...changes,
  });
}

describe('a managed identity', () => {
  it('signs in by itself: no secret, and nobody but the platform is asked', async () => {
    await theIdentity().check(aScope());

    expect(paths()).toEqual(['/msi/token', CHANGES]);
  });

  it('brings another token when Graph refuses the first', async () => {
    tenant.faults.add({ match: GRAPH, times: 1, do: { status: 401 } });

    await theIdentity().check(aScope());

    expect(graphStatuses()).toEqual([401, 200]);
    expect(paths().filter((path) => path === '/msi/token')).toHaveLength(2);
  });

  it('is refused when Graph refuses the second token as well', async () => {
    tenant.faults.add({ match: GRAPH, do: { status: 401 } });

    const error = await failureOf(theIdentity().check(aScope()));

    expect([error.neighbour, error.failure, error.detail.access]).toEqual(['graph', 'access-denied', 'token-refused']);
    expect(graphStatuses()).toHaveLength(2);
  });

  it('that the app does not have is named with its setting, and Graph is not asked', async () => {
    const error = await failureOf(theIdentity({ clientId: NOBODY }).check(aScope()));

    expect([error.neighbour, error.failure, error.detail.access]).toEqual([
      'entra',
      'access-denied',
      'identity-missing',
    ]);
    expect(error.message).toContain('ENTRA_CLIENT_ID');
    expect(paths()).toEqual(['/msi/token']);
  });

  it.each<[string, FaultAction]>([
    ['503', { status: 503 }],
    ['nothing', 'hang'],
  ])('is waited for when its endpoint answers %s', async (_what, fault) => {
    tenant.faults.add({ match: IDENTITY_ENDPOINT, do: fault });

    const error = await failureOf(theIdentity({ timeoutMs: 1500 }).check(aScope()));

    expect([error.neighbour, error.failure]).toEqual(['entra', 'unavailable']);
    expect(error.message).toContain('managed identity');
    expect(graphStatuses()).toEqual([]);
  });
});

describe('an app that trusts a managed identity', () => {
  it('signs in with the identity’s token in place of a secret', async () => {
    await theApp().check(aScope());

    expect([...new Set(paths())]).toEqual(['/msi/token', DISCOVERY, TOKEN, CHANGES]);
  });

  it('keeps its token', async () => {
    tenant.admin.setTokenLifetime(3600);
    const app = theApp();

    await app.check(aScope());
    await app.check(aScope());

    expect(paths().filter((path) => path === TOKEN)).toHaveLength(1);
  });

  it('brings another token when Graph refuses the one it has', async () => {
    tenant.admin.setTokenLifetime(3600);
    const app = theApp();
    await app.check(aScope());
    tenant.faults.add({ match: GRAPH, times: 1, do: { status: 401 } });

    await app.check(aScope());

    expect(graphStatuses()).toEqual([200, 401, 200]);
    expect(paths().filter((path) => path === TOKEN)).toHaveLength(2);
  });

  it.each([
    ['nobody at all', 'AADSTS700211', () => []],
    ['an identity of another tenant', 'AADSTS700211', () => [trust({ issuer: `${tenant.origin}/${NOBODY}/v2.0` })]],
    ['another identity', 'AADSTS700213', () => [trust({ subject: NOBODY })]],
    ['the identity in another cloud', 'AADSTS700212', () => [trust({ audience: `${AUDIENCE}China` })]],
  ])('is refused while it trusts %s, and says how to mend it', async (_whom, neighbourCode, credentials) => {
    tenant.admin.setFederatedCredentials(credentials());

    const error = await failureOf(theApp().check(aScope()));

    expect([error.neighbour, error.failure]).toEqual(['entra', 'access-denied']);
    expect(error.detail).toMatchObject({ access: 'identity-refused', neighbourCode });
    expect(error.message).toContain('npm run infra:grant');
    expect(error.message.length).toBeLessThanOrEqual(200);
    expect(graphStatuses()).toEqual([]);
  });

  it('signs in as soon as it trusts the identity', async () => {
    tenant.admin.setFederatedCredentials([]);
    const app = theApp();
    await failureOf(app.check(aScope()));
    tenant.admin.setFederatedCredentials([trust()]);

    await app.check(aScope());

    expect(graphStatuses()).toEqual([200]);
  });

  it.each([
    ['app', 'app-unknown', 'ENTRA_CLIENT_ID', { clientId: NOBODY }],
    ['tenant', 'tenant-unknown', 'ENTRA_TENANT_ID', { tenantId: NOBODY }],
  ])('is named when there is no such %s', async (_what, access, setting, changes) => {
    const error = await failureOf(theApp(changes).check(aScope()));

    expect(error.detail.access).toBe(access);
    expect(error.message).toContain(setting);
  });

  it('says so when it is the identity that is missing', async () => {
    const auth = { method: 'federated', identityClientId: NOBODY } as const;

    const error = await failureOf(theApp({ auth }).check(aScope()));

    expect([error.failure, error.detail.access]).toEqual(['access-denied', 'identity-missing']);
    expect(error.message).toContain('AZURE_CLIENT_ID');
    expect(paths()).not.toContain(TOKEN);
  });

  it('says so when it is the identity that gives no token', async () => {
    const identityClientId = NOBODY;
    tenant.faults.add({ match: IDENTITY_ENDPOINT, do: { status: 503 } });

    const error = await failureOf(theApp({ auth: { method: 'federated', identityClientId } }).check(aScope()));

    expect([error.neighbour, error.failure]).toEqual(['entra', 'unavailable']);
    expect(error.message).toContain('managed identity');
  });
});
