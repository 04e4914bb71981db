import { ECHO_MS, frozenUntil, isToBeLookedAt, rememberWrites, settleEchoes } from '../../../src/core/plan/memory.ts';
import type { Memory } from '../../../src/core/plan/memory.ts';

const NOW = Date.UTC(2026, 0, 5, 6, 0, 0);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SHOWN = () => 'change' as const;
const READ = () => 'reading' as const;
const UNSEEN = () => undefined;

function written(at = NOW - MINUTE_MS): Memory {
  return { writes: { jobTitle: { value: 'new', previous: ['older', 'old'], at } }, turns: {} };
}

function doubted(at = NOW - MINUTE_MS): Memory {
  return { writes: { jobTitle: { value: 'new', previous: ['older', 'old'], at, doubted: true } }, turns: {} };
}

describe('settleEchoes', () => {
  it('takes a former value for a delay, and says when it is to be believed', () => {
    const settled = settleEchoes({ jobTitle: 'old', city: 'Perth' }, written(), NOW, SHOWN);

    expect(settled).toEqual({
      attributes: { jobTitle: 'new', city: 'Perth' },
      memory: doubted(),
      lookAgainAt: NOW - MINUTE_MS + ECHO_MS,
    });
  });

  it('takes for a delay, too, what was there before a write that was not shown yet', () => {
    expect(settleEchoes({ jobTitle: 'older' }, written(), NOW, SHOWN).attributes).toEqual({ jobTitle: 'new' });
  });

  it('forgets a write that the directory shows, or that gave way to a newer one', () => {
    for (const jobTitle of ['new', 'newer']) {
      const { attributes, memory, lookAgainAt } = settleEchoes({ jobTitle }, written(), NOW, SHOWN);

      expect(attributes).toEqual({ jobTitle });
      expect(memory?.writes).toEqual({});
      expect(lookAgainAt).toBeUndefined();
    }
  });

  it('believes the directory when an hour has passed', () => {
    const { attributes, memory } = settleEchoes({ jobTitle: 'old' }, written(NOW - ECHO_MS), NOW, SHOWN);

    expect(attributes).toEqual({ jobTitle: 'old' });
    expect(memory?.writes).toEqual({});
  });

  it('keeps a doubt until the directory says something, however long that takes', () => {
    const { memory } = settleEchoes({ jobTitle: 'new' }, doubted(NOW - ECHO_MS), NOW, UNSEEN);

    expect(memory).toEqual(doubted(NOW - ECHO_MS));
    expect(isToBeLookedAt(memory, NOW)).toBe(true);
    expect(isToBeLookedAt(doubted(), NOW)).toBe(false);
    expect(isToBeLookedAt(written(NOW - ECHO_MS), NOW)).toBe(false);
    expect(isToBeLookedAt(undefined, NOW)).toBe(false);
    expect(settleEchoes({ jobTitle: 'old' }, doubted(NOW - ECHO_MS), NOW, SHOWN)).toMatchObject({
      attributes: { jobTitle: 'old' },
      memory: { writes: {} },
    });
    expect(settleEchoes({ jobTitle: 'old' }, doubted(), NOW, SHOWN).memory).toEqual(doubted());
    expect(rememberWrites(doubted(NOW - ECHO_MS), { writes: {}, fields: [] }, NOW)?.writes).toEqual(
      doubted(NOW - ECHO_MS).writes,
    );
  });

  it('confirms nothing by what is only remembered', () => {
    const settled = settleEchoes({ jobTitle: 'new' }, written(), NOW, UNSEEN);

    expect(settled).toEqual({ attributes: { jobTitle: 'new' }, memory: written() });
  });

  it('takes a reading of the new value for no promise that changes do not show the former one', () => {
    const read = settleEchoes({ jobTitle: 'new' }, written(), NOW, READ);

    expect(read).toEqual({ attributes: { jobTitle: 'new' }, memory: written() });
    expect(settleEchoes({ jobTitle: 'old' }, read.memory, NOW, SHOWN).attributes).toEqual({ jobTitle: 'new' });
    expect(settleEchoes({ jobTitle: 'old' }, written(), NOW, READ).memory).toEqual(doubted());
    expect(settleEchoes({ jobTitle: 'newer' }, written(), NOW, READ).memory?.writes).toEqual({});
    expect(settleEchoes({ jobTitle: 'new' }, written(NOW - ECHO_MS), NOW, READ).memory?.writes).toEqual({});
    expect(settleEchoes({ jobTitle: 'new' }, doubted(NOW - ECHO_MS), NOW, READ).memory?.writes).toEqual({});
  });

  it('takes what is absent for empty', () => {
    const memory: Memory = { writes: { jobTitle: { value: 'new', previous: [null], at: NOW } }, turns: {} };

    expect(settleEchoes({}, memory, NOW, SHOWN).attributes).toEqual({ jobTitle: 'new' });
  });

  it('leaves people alone of whom nothing was written', () => {
    const attributes = { jobTitle: 'old' };

    expect(settleEchoes(attributes, undefined, NOW, SHOWN)).toEqual({ attributes, memory: undefined });
    const turns = { writes: {}, turns: { alias: [NOW] } };
    expect(settleEchoes(attributes, turns, NOW, SHOWN)).toEqual({ attributes, memory: turns });
  });
});

describe('frozenUntil', () => {
  it('leaves a field alone that was written five times within a day', () => {
    const times = [5, 4, 3, 2, 1].map((hours) => NOW - hours * 60 * MINUTE_MS);
    const memory = { writes: {}, turns: { alias: times } };

    expect(frozenUntil(memory, 'alias', NOW)).toBe(times[0]! + DAY_MS);
    expect(frozenUntil({ writes: {}, turns: { alias: times.slice(1) } }, 'alias', NOW)).toBeUndefined();
    expect(frozenUntil(memory, 'alias', times[0]! + DAY_MS)).toBeUndefined();
    expect(frozenUntil(memory, 'note', NOW)).toBeUndefined();
    expect(frozenUntil(undefined, 'alias', NOW)).toBeUndefined();
  });
});

describe('rememberWrites', () => {
  it('adds what was written, and forgets what is too old to count', () => {
    const before: Memory = {
      writes: { ...written(NOW - ECHO_MS).writes, city: { value: 'Perth', previous: [null], at: NOW - 1 } },
      turns: { alias: [NOW - DAY_MS, NOW - 1], note: [NOW - DAY_MS] },
    };
    const late = { mail: { value: 'x', previous: [null], at: NOW } };

    expect(rememberWrites(before, { writes: late, fields: ['alias', 'email'] }, NOW)).toEqual({
      writes: { city: before.writes['city'], ...late },
      turns: { alias: [NOW - 1, NOW], email: [NOW] },
    });
  });

  it('remembers nothing where there is nothing', () => {
    expect(rememberWrites(undefined, { writes: {}, fields: [] }, NOW)).toBeUndefined();
  });
});
