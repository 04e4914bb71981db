import { createFakeClock } from './fake-clock.ts';
import { createMemoryQueue } from './memory-queue.ts';
import { createMemoryTables } from './memory-tables.ts';

/** Throws when the named effect comes. */
const crashAt = (effect: string) => (reached: string) => {
  if (reached === effect) throw new Error(`crash ${effect}`);
};
const aRow = { kind: 'insert', row: { key: 'row', body: { names: ['Ada'] } } } as const;

describe('createMemoryTables', () => {
  it.each([
    ['before people.write', 0],
    ['after people.write', 1],
  ])('crashes %s, leaving %d rows', async (effect, rows) => {
    const tables = createMemoryTables({ onEffect: crashAt(effect) });

    await expect(tables.people.write('p', [aRow])).rejects.toThrow(effect);

    expect(tables.rows('people')).toHaveLength(rows);
  });

  it('names every effect before and after', async () => {
    const effects: string[] = [];
    const { parts } = createMemoryTables({ onEffect: (effect) => void effects.push(effect) });

    await parts.get('p', 'a');
    await parts.getMany('p', ['a']);
    for await (const _page of parts.scan('p', '')) throw new Error('There is no row.');

    expect(effects).toEqual(
      ['get', 'getMany', 'scan'].flatMap((call) => [`before parts.${call}`, `after parts.${call}`]),
    );
  });

  it('gives rows that nobody can change', async () => {
    const tables = createMemoryTables();
    await tables.people.write('p', [aRow]);

    const body = (await tables.people.get('p', 'row'))?.body as { names: string[] };

    expect(() => body.names.push('Bob')).toThrow(TypeError);
  });
});

describe('createMemoryQueue', () => {
  const message = { v: 1, runId: 'run-1' } as const;

  it('gives a message again, counted, when its holder was silent too long', async () => {
    const clock = createFakeClock();
    const queue = createMemoryQueue(clock);
    await queue.send('sync-runs', message);
    const first = queue.take('sync-runs', 60_000);

    await clock.advance(60_000);
    const second = queue.take('sync-runs');

    expect([first?.dequeueCount, second?.dequeueCount]).toEqual([1, 2]);
    if (first !== undefined) queue.done(first);
    expect(queue.waiting('sync-runs')).toHaveLength(1);
    if (second !== undefined) queue.done(second);
    expect(queue.waiting('sync-runs')).toHaveLength(0);
  });

  it('gives a released message again after its delay', async () => {
    const clock = createFakeClock();
    const queue = createMemoryQueue(clock);
    await queue.send('sync-runs', message);
    const taken = queue.take('sync-runs');
    if (taken === undefined) throw new Error('There is no message.');

    queue.release(taken, 10_000);

    expect(queue.take('sync-runs')).toBeUndefined();
    await clock.advance(10_000);
    expect(queue.take('sync-runs')?.dequeueCount).toBe(2);
  });

  it.each([
    ['before sync-runs.send', 0],
    ['after sync-runs.send', 1],
  ])('crashes %s, leaving %d messages', async (effect, messages) => {
    const queue = createMemoryQueue(createFakeClock(), { onEffect: crashAt(effect) });

    await expect(queue.send('sync-runs', message)).rejects.toThrow(effect);

    expect(queue.waiting('sync-runs')).toHaveLength(messages);
  });
});

describe('createFakeClock', () => {
  it('wakes sleepers in the order of their times, at their times', async () => {
    const clock = createFakeClock(0);
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const sleepers = [sleep('late', 300), sleep('early', 100).then(() => sleep('early again', 100))];

    await clock.advance(1_000);
    await Promise.all(sleepers);

    expect(woken).toEqual([
      ['early', 100],
      ['early again', 200],
      ['late', 300],
    ]);
    expect(clock.now()).toBe(1_000);
  });

  it('passes the time of a sleep at once when asked to', async () => {
    const clock = createFakeClock(0, { sleepAdvances: true });

    await clock.sleep(5_000);

    expect(clock.now()).toBe(5_000);
  });
});
