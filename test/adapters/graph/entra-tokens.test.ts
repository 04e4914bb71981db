import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { allOf, anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, SECRET, SELECT } from './tenant-under-test.ts';

const GRAPH = { path: /^\/v1\.0\// };
const TOKEN = { path: /\/token$/ };
const NEXT_SECRET = 'canary-next-secret';

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant();
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
});

/** Who waits for an answer that never comes waits no longer than it has to. */
function hurryFor(fault: FaultAction): void {
  if (fault === 'hang') directory = aDirectory(tenant, { clock, timeoutMs: 1000 });
}

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

function graphRequests() {
  return tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
}

describe('a refused token', () => {
  it('is replaced once', async () => {
    await directory.check(scope);
    tenant.admin.expireAccessTokens();

    await directory.check(scope);

    expect(graphRequests().map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  it('is a refused app when the next one is refused as well', async () => {
    tenant.faults.add({ match: GRAPH, do: { status: 401 } });

    const error = await failureOf(directory.check(scope));

    expect(error.failure).toBe('access-denied');
    expect(graphRequests()).toHaveLength(2);
  });

  it('is replaced in the midst of a chain', async () => {
    const small = await aTenant({ pageSize: 1 });
    for (const name of ['Ada', 'Grace', 'Joan']) small.admin.createUser({ displayName: name });
    const reading = aDirectory(small).deltaPages({ select: SELECT }, scope);
    await reading.next();
    small.admin.expireAccessTokens();

    const rest = await allOf(reading);

    expect(rest.flatMap(({ entries }) => entries)).toHaveLength(2);
    await small.close();
  });
});

describe('Entra ID', () => {
  const rotated = (fresh: boolean) => Promise.resolve(fresh ? NEXT_SECRET : SECRET);

  it('is given the fresh secret after a rotation', async () => {
    await directory.check(scope);
    tenant.admin.rotateSecret(NEXT_SECRET);
    const later = aDirectory(tenant, { clientSecret: rotated });

    await later.check(scope);

    expect(graphRequests()).toHaveLength(2);
  });

  it('gives the token of the fresh secret when the old token stops working too', async () => {
    let current = SECRET;
    const source = (fresh: boolean) => {
      if (fresh) current = NEXT_SECRET;
      return Promise.resolve(current);
    };
    const rotating = aDirectory(tenant, { clientSecret: source });
    await rotating.check(scope);
    tenant.admin.rotateSecret(NEXT_SECRET);
    tenant.admin.expireAccessTokens();

    await rotating.check(scope);

    expect(graphRequests().map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  it.each<[string, string, () => Directory]>([
    [
      'a wrong secret',
      'AADSTS7000215',
      () => aDirectory(tenant, { clientSecret: () => Promise.resolve('canary-wrong') }),
    ],
    ['an unknown app', 'AADSTS700016', () => aDirectory(tenant, { clientId: '00000000-0000-4000-8000-000000000001' })],
    [
      'an unknown tenant',
      'AADSTS90002',
      () => aDirectory(tenant, { tenantId: '00000000-0000-4000-8000-000000000002' }),
    ],
  ])('refuses %s', async (_what, neighbourCode, build) => {
    const error = await failureOf(build().check(scope));

    expect(error.neighbour).toBe('entra');
    expect(error.failure).toBe('access-denied');
    expect(error.detail.neighbourCode).toBe(neighbourCode);
    expect(scope.attempts).toBe(0);
    expect(graphRequests()).toEqual([]);
  });

  it('refuses an expired secret', async () => {
    tenant.admin.expireSecrets();

    const error = await failureOf(directory.check(scope));

    expect(error.failure).toBe('access-denied');
    expect(error.detail.neighbourCode).toBe('AADSTS7000222');
  });

  it('refuses what cannot be a tenant', async () => {
    const error = await failureOf(aDirectory(tenant, { tenantId: 'not a tenant' }).check(scope));

    expect(error.neighbour).toBe('entra');
    expect(error.failure).toBe('access-denied');
    expect(tenant.requests).toEqual([]);
  });

  it.each<[string, FaultAction]>([
    ['429', { status: 429, retryAfter: 1 }],
    ['503', { status: 503 }],
    ['no answer', 'hang'],
  ])('is left alone for a minute after %s', async (_what, fault) => {
    hurryFor(fault);
    tenant.faults.add({ match: TOKEN, do: fault });

    const error = await failureOf(directory.check(scope));

    expect(error.neighbour).toBe('entra');
    expect(error.failure).toBe('unavailable');
    expect(error.detail.retryAfterMs).toBeGreaterThanOrEqual(60_000);
    expect(graphRequests()).toEqual([]);
  });

  it('lets the failure of the secret source through', async () => {
    const lost = new Error('no vault');

    await expect(aDirectory(tenant, { clientSecret: () => Promise.reject(lost) }).check(scope)).rejects.toBe(lost);
  });
});
