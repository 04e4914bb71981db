import { NeighbourError } from '../../src/core/errors.ts';
import { createFakeClock } from './fake-clock.ts';
import { NoAnswer, OtherAnswer } from './memory-calls.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import { allOf, aScope, failureOf } from './neighbour-calls.ts';
import { userId, users } from './story-people.ts';

const SELECT = ['displayName'];
const DAY_MS = 24 * 60 * 60 * 1000;

const aClock = () => createFakeClock(undefined, { sleepAdvances: true });

describe('createMemoryDirectory', () => {
  it('ages its delta links by the clock it is given', async () => {
    const clock = aClock();
    const directory = createMemoryDirectory({ clock, users: users(1) });
    const [page] = await allOf(directory.deltaPages({ select: SELECT }, aScope()));
    await clock.advance(7 * DAY_MS + 1000);

    const link = page?.deltaLink ?? '';
    const error = await failureOf(allOf(directory.deltaPages({ link, select: SELECT }, aScope())));

    expect(error.failure).toBe('resync');
  });

  it('shows people in the same order for the same seed', async () => {
    const order = async (seed: number): Promise<string[]> => {
      const directory = createMemoryDirectory({ clock: aClock(), users: users(20), seed });
      const [page] = await allOf(directory.deltaPages({ select: SELECT }, aScope()));
      return (page?.entries ?? []).map(({ id }) => id);
    };

    expect(await order(7)).toEqual(await order(7));
    expect(await order(7)).not.toEqual(await order(8));
  });

  it('tells its hooks of every call, after the scope allowed it', async () => {
    const seen: string[] = [];
    const directory = createMemoryDirectory({
      clock: aClock(),
      users: users(1),
      onCall: ({ name }) => void seen.push(`before ${name}`),
      afterCall: ({ name }) => void seen.push(`after ${name}`),
    });
    const scope = { beforeAttempt: async () => void seen.push('scope') };

    await directory.check(scope);
    await directory.readPeople([userId(1)], SELECT, scope);

    expect(seen).toEqual([
      'scope',
      'before users/delta',
      'after users/delta',
      'scope',
      'before $batch',
      'after $batch',
    ]);
  });

  it('tells its hooks of writes, whose effect stays when their answer is lost', async () => {
    const seen: unknown[] = [];
    let answers = 0;
    const directory = createMemoryDirectory({
      clock: aClock(),
      users: users(1),
      onCall: (call) => void seen.push(call),
      afterCall: () => {
        answers += 1;
        if (answers === 1) throw new NoAnswer();
      },
    });

    const result = await directory.updatePerson(userId(1), { department: 'HR' }, aScope());

    const write = { name: 'updateUser', isWrite: true };
    expect([result.written, seen]).toEqual([['department'], [write, write]]);
    expect(directory.admin.users()).toMatchObject([{ department: 'HR' }]);
  });

  it('hands on a NeighbourError of a hook, and tries again after a fault of the wire', async () => {
    const down = new NeighbourError('entra', 'access-denied', 'no token');
    const faults: Error[] = [new NoAnswer(), new OtherAnswer({ status: 429, headers: { 'Retry-After': '3' } }), down];
    const clock = aClock();
    const startedAt = clock.now();
    const directory = createMemoryDirectory({
      clock,
      onCall: () => {
        const fault = faults.shift();
        if (fault !== undefined) throw fault;
      },
    });
    const scope = aScope();

    expect(await failureOf(directory.check(scope))).toBe(down);

    expect(scope.attempts).toBe(3);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(3000);
    await directory.check(scope);
  });

  it('gets a new access token when the old one is refused', async () => {
    const directory = createMemoryDirectory({ clock: aClock() });
    const scope = aScope();
    await directory.check(scope);
    directory.admin.expireAccessTokens();

    await directory.check(scope);

    expect(scope.attempts).toBe(3);
  });

  it('shows each worker the same tenant through hooks of its own', async () => {
    const seen: string[] = [];
    const directory = createMemoryDirectory({
      clock: aClock(),
      users: users(2),
      onCall: () => void seen.push('first'),
    });
    const other = directory.through({ onCall: () => void seen.push('other') });

    await directory.check(aScope());

    expect((await other.readPeople([userId(2)], SELECT, aScope())).size).toBe(1);
    expect(seen).toEqual(['first', 'other']);
  });
});
