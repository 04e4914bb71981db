import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { createDirectory } from '../../../src/adapters/graph/directory.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, CLIENT, SECRET, SELECT, TENANT } from './tenant-under-test.ts';

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant({ pageSize: 2 });
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

function addPeople(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    tenant.admin.createUser({ displayName: `Person ${index}`, department: 'Sales' }),
  );
}

function graphRequests() {
  return tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
}

describe('createDirectory', () => {
  it('waits in real time when it is given no clock', async () => {
    tenant.faults.add({ match: { path: /^\/v1\.0\// }, times: 1, do: { status: 429, retryAfter: '0.2' } });
    const patient = createDirectory({
      baseUrl: tenant.origin,
      authorityHost: tenant.origin,
      tenantId: TENANT,
      clientId: CLIENT,
      auth: { method: 'client-secret', secret: () => Promise.resolve(SECRET) },
    });
    const startedAt = performance.now();

    await patient.check(scope);

    expect(performance.now() - startedAt).toBeGreaterThan(150);
  });
});

describe('readPeople', () => {
  it('reads people by id, 20 a call, and leaves unknown ones out', async () => {
    const ids = addPeople(41);

    const people = await directory.readPeople([...ids, 'nobody'], ['displayName', 'department'], scope);

    expect([...people.keys()]).toEqual(ids);
    expect(people.get(ids[7] ?? '')).toEqual({
      id: ids[7],
      kind: 'user',
      attributes: { displayName: 'Person 7', department: 'Sales' },
    });
    expect(graphRequests().map(({ path }) => path)).toEqual(Array(3).fill('/v1.0/$batch'));
    expect(scope.attempts).toBe(3);
  });

  it('asks nothing when there is nobody to ask for', async () => {
    expect(await directory.readPeople([], SELECT, scope)).toEqual(new Map());
    expect(tenant.requests).toEqual([]);
  });

  it('repeats only the items that were refused for a time, after the longest wait', async () => {
    const [patient = '', busy = '', ...others] = addPeople(20);
    tenant.faults.add({ times: 1, match: { path: new RegExp(patient) }, do: { status: 429, retryAfter: 7 } });
    tenant.faults.add({ times: 1, match: { path: new RegExp(busy) }, do: { status: 503 } });

    const people = await directory.readPeople([patient, busy, ...others], SELECT, scope);

    expect(people.size).toBe(20);
    expect(clock.slept).toHaveLength(1);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(7000);
    const [, second] = graphRequests();
    expect((JSON.parse(second?.body ?? '{}') as { requests: unknown[] }).requests).toHaveLength(2);
  });

  it.each<[string, number, number | undefined, string]>([
    ['a wait that is too long', 429, 31, 'throttled'],
    ['an outage that goes on', 503, undefined, 'unavailable'],
    ['a lost permission', 403, undefined, 'access-denied'],
    ['a refused token', 401, undefined, 'access-denied'],
    ['a refused question', 400, undefined, 'invalid'],
  ])('fails for one item with %s', async (_what, status, retryAfter, failure) => {
    const [first = ''] = addPeople(2);
    const waiting = retryAfter === undefined ? {} : { retryAfter };
    tenant.faults.add({ match: { path: new RegExp(first) }, do: { status, ...waiting } });

    const error = await failureOf(directory.readPeople([first], SELECT, scope));

    expect(error.failure).toBe(failure);
    expect(error.detail.retryAfterMs).toBe(retryAfter === undefined ? undefined : retryAfter * 1000);
  });

  it('does not take any other 404 for somebody who is gone', async () => {
    const [first = ''] = addPeople(1);
    const body = { error: { code: 'BadRequest', message: 'Resource not found for the segment.' } };
    tenant.faults.add({ match: { path: new RegExp(first) }, do: { status: 404, body } });

    expect((await failureOf(directory.readPeople([first], SELECT, scope))).failure).toBe('unexpected-answer');
  });

  it.each<[string, object]>([
    ['no responses', {}],
    ['no answer to one of the items', { responses: [] }],
    ['an answer without a status', { responses: [{ id: '0' }] }],
    ['a person without an id', { responses: [{ id: '0', status: 200, body: { displayName: 'x' } }] }],
  ])('does not believe a batch with %s', async (_what, body) => {
    tenant.faults.add({ match: { path: /batch$/ }, do: { status: 200, body } });

    const error = await failureOf(directory.readPeople(['1'], SELECT, scope));

    expect(error.failure).toBe('unexpected-answer');
    expect(graphRequests()).toHaveLength(5);
  });
});

describe('check', () => {
  it('is one cheap call', async () => {
    addPeople(5);

    await directory.check(scope);

    expect(graphRequests()).toHaveLength(1);
    expect(scope.attempts).toBe(1);
  });

  it('names the permission that is missing', async () => {
    tenant.admin.dropRole('User.Read.All');

    const error = await failureOf(directory.check(scope));

    expect(error.failure).toBe('access-denied');
    expect(error.message).toContain('User.Read.All');
    expect(error.detail.neighbourCode).toBe('Authorization_RequestDenied');
    expect(error.detail.requestId).toEqual(expect.any(String));
  });

  it('needs no secret but the one it was given', async () => {
    const asked: boolean[] = [];
    const watched = aDirectory(tenant, {
      clientSecret: (fresh) => {
        asked.push(fresh);
        return Promise.resolve(SECRET);
      },
    });

    await watched.check(scope);
    await watched.check(scope);

    expect(asked).toEqual([false, false]);
    expect(tenant.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });
});
