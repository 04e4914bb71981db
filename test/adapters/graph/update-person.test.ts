import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { WRITING_ROLES } from '../../../local/entra-graph/roles.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { Attributes } from '../../../src/core/people/person.ts';
import type { CallScope, Directory } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aUser, userId, users } from '../../support/story-people.ts';
import { aDirectory, aTenant } from './tenant-under-test.ts';

const PHONE = '+61 491 570 006';
const WRITES = { method: 'PATCH' };

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant({ users: users(30), roles: ['User.Read.All', ...WRITING_ROLES] });
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
});

afterEach(async () => {
  await tenant.close();
  expect([tenant.failures, tenant.unexpected]).toEqual([[], []]);
});

const update = (n: number, changes: Attributes = { department: 'HR' }) =>
  directory.updatePerson(userId(n), changes, scope);
const sumOf = (times: readonly number[]) => times.reduce((sum, ms) => sum + ms, 0);
const writes = () => tenant.requests.filter(({ method }) => method === 'PATCH');
const tokenRequests = () => tenant.requests.filter(({ path }) => path.endsWith('/token')).length;
const departmentOf = (n: number) => tenant.admin.users().find(({ id }) => id === userId(n))?.['department'];

describe('updatePerson', () => {
  it('sends phones and the others each in a PATCH of their own, with what changes and nothing else', async () => {
    await update(1, { jobTitle: null, mobilePhone: PHONE, department: 'HR', businessPhones: null });

    const sent = writes().map(({ path, body }) => [path, JSON.parse(body) as unknown]);
    expect(sent).toEqual([
      [`/v1.0/users/${userId(1)}`, { mobilePhone: PHONE, businessPhones: [] }],
      [`/v1.0/users/${userId(1)}`, { jobTitle: null, department: 'HR' }],
    ]);
  });

  it.each<[string, FaultAction]>([
    ['429', { status: 429, retryAfter: 2 }],
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['a reset', 'drop'],
    ['an answer that got lost after the write', 'dropAfterCommit'],
    ['409 of a gateway without a body', { status: 504, body: 'empty' }],
  ])('is repeated after %s, which changes nothing more', async (_what, fault) => {
    tenant.faults.add({ match: WRITES, times: 1, do: fault });

    const result = await update(1);

    expect(result).toEqual({ written: ['department'], refused: [] });
    expect([scope.attempts, departmentOf(1)]).toEqual([2, 'HR']);
  });

  it.each<[string, FaultAction, string]>([
    ['429', { status: 429 }, 'throttled'],
    ['503', { status: 503 }, 'unavailable'],
    ['lost answers', 'dropAfterCommit', 'unavailable'],
    ['a 404 that is not about the person', { status: 404, body: 'html' }, 'unexpected-answer'],
    ['a redirect', { status: 302, body: 'empty' }, 'unexpected-answer'],
  ])('ends with everybody when nothing but %s comes', async (_what, fault, failure) => {
    tenant.faults.add({ match: WRITES, do: fault });

    expect((await failureOf(update(1))).failure).toBe(failure);
  });

  it('tells which property Graph did not take, and no value', async () => {
    const message = "Invalid value specified for property 'department' of resource 'User'.";
    tenant.faults.add({ match: WRITES, do: { status: 400, body: { error: { code: 'Request_BadRequest', message } } } });

    const { written, refused } = await update(1);

    expect(written).toEqual([]);
    expect(refused[0]?.error.failure).toBe('invalid');
    expect(refused[0]?.error.detail.fields).toEqual([{ name: 'department', code: 'refused' }]);
    expect(refused[0]?.error.message).not.toContain('HR');
  });

  it('takes the conflict of a mail address as the refusal of one person', async () => {
    tenant.faults.add({ match: WRITES, do: { status: 409 } });

    expect((await update(1, { mail: 'a@example.com' })).refused[0]?.error.failure).toBe('conflict');
  });

  it('asks nobody about a contact of a mailbox', async () => {
    const result = await directory.updatePerson(`mailbox-${'0'.repeat(16)}-AAMk`, { department: 'HR' }, scope);

    expect(result.refused.map(({ error }) => error.detail.fields)).toEqual([
      [{ name: 'department', code: 'not-writable' }],
    ]);
    expect(tenant.requests).toEqual([]);
  });

  it('makes no call when the claim has ended', async () => {
    const ended = new Error('the claim has ended');
    const closed: CallScope = { beforeAttempt: () => Promise.reject(ended) };

    await expect(directory.updatePerson(userId(1), { department: 'HR' }, closed)).rejects.toBe(ended);
    expect(writes()).toEqual([]);
  });
});

describe('the pace of writes', () => {
  it('is ten a second, however many are wanted at once', async () => {
    const began = clock.now();
    await Promise.all(users(21).map((_user, index) => update(index + 1)));

    expect(writes()).toHaveLength(21);
    expect(clock.now() - began).toBeGreaterThanOrEqual(2_000);
    // What the machine took is not waited for once more.
    expect(sumOf(clock.slept)).toBeLessThanOrEqual(2_000);
  });

  it('can be set', async () => {
    directory = aDirectory(tenant, { clock, maxWritesPerSecond: 2 });

    const began = clock.now();
    await Promise.all([update(1), update(2), update(3)]);

    expect(clock.now() - began).toBeGreaterThanOrEqual(1_000);
  });

  it('does not slow down reading', async () => {
    await directory.readPeople(
      users(30).map(({ id }) => id),
      ['department'],
      scope,
    );

    expect(clock.slept).toEqual([]);
  });

  it('waits as long as Graph asks for', async () => {
    tenant.faults.add({ match: WRITES, times: 1, do: { status: 429, retryAfter: 7 } });
    await update(1);

    expect(scope.attempts).toBe(2);
    expect(sumOf(clock.slept)).toBeGreaterThanOrEqual(7_000);
  });

  it('holds the writes of everybody else, too', async () => {
    tenant.faults.add({ match: WRITES, times: 5, do: { status: 429, retryAfter: 7 } });
    await failureOf(update(1));

    await update(2);

    expect(clock.slept.at(-1)).toBeGreaterThan(6_000);
  });

  it.each([
    ['0.9', 200],
    ['1.2', 400],
    ['0.5', 100],
  ])('is stretched at a use of %s to a gap of %d ms', async (used, gapMs) => {
    const headers = { 'x-ms-throttle-limit-percentage': used };
    tenant.faults.add({ match: WRITES, do: { status: 204, body: 'empty', headers } });
    await update(1);
    // The gap after this one is the first that knows.
    await update(2);

    await update(3);

    expect(clock.slept.at(-1)).toBeGreaterThan(gapMs / 2);
    expect(clock.slept.at(-1)).toBeLessThanOrEqual(gapMs);
  });

  it('hands a long wait to the caller', async () => {
    tenant.faults.add({ match: WRITES, do: { status: 429, retryAfter: 300 } });

    const error = await failureOf(update(1));

    expect([error.failure, error.detail.retryAfterMs]).toEqual(['throttled', 300_000]);
    expect(Math.max(0, ...clock.slept)).toBeLessThan(1_000);
  });

  it('keeps within what the tenant takes', async () => {
    tenant.admin.options.writeLimit = { writes: 5, windowMs: 2_000 };
    const sleep = (ms: number) => {
      tenant.clock.advance(ms);
      return clock.sleep(ms);
    };
    directory = aDirectory(tenant, { clock: { now: () => clock.now(), sleep } });

    for (let n = 1; n <= 8; n += 1) expect((await update(n)).refused).toEqual([]);
  });
});

describe('a 403', () => {
  beforeEach(() => tenant.admin.setPrivileged(userId(1), true));

  it('means a privileged person while the token names the permission; a young token is not asked for again', async () => {
    const first = await update(1, { mobilePhone: PHONE });
    const second = await update(1, { mobilePhone: PHONE });

    expect([...first.refused, ...second.refused].map(({ error }) => error.failure)).toEqual([
      'privileged',
      'privileged',
    ]);
    expect(first.refused[0]?.error.detail).toEqual({
      status: 403,
      neighbourCode: 'Authorization_RequestDenied',
      requestId: expect.any(String),
    });
    expect(tokenRequests()).toBe(1);
  });

  it('is judged by a token of now: an old one is exchanged, once in five minutes', async () => {
    await directory.check(scope);
    await clock.sleep(400_000);
    await update(1, { mobilePhone: PHONE });
    await update(1, { mobilePhone: PHONE });
    expect(tokenRequests()).toBe(2);

    await clock.sleep(400_000);
    await update(1, { mobilePhone: PHONE });

    expect(tokenRequests()).toBe(3);
  });

  it('means that the permission was taken away when the token of now does not name it', async () => {
    await directory.check(scope);
    for (const role of WRITING_ROLES) tenant.admin.dropRole(role);
    await clock.sleep(400_000);

    const error = await failureOf(update(2, { mobilePhone: PHONE }));

    expect([error.failure, error.detail.access]).toEqual(['access-denied', 'permission-missing']);
    expect(error.message).toContain('User-Phone.ReadWrite.All');
  });

  it('of a policy is not the fault of the person', async () => {
    const body = { error: { code: 'Forbidden', message: 'x', innerError: { code: 'insufficient_claims' } } };
    tenant.faults.add({ match: WRITES, do: { status: 403, body } });

    const error = await failureOf(update(2));

    expect([error.failure, error.detail.access]).toEqual(['access-denied', 'policy-blocked']);
  });
});

describe('an attribute of somebody on-premises', () => {
  it('is told from what is wrong with the value', async () => {
    tenant.admin.createUser(aUser(40, { onPremisesSyncEnabled: true }));

    const { refused } = await update(40);

    expect(refused[0]?.error.failure).toBe('on-premises');
    expect(refused[0]?.error.message).toContain('belongs to the directory on-premises');
  });
});
