import type { Clock } from '../../src/core/ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: sleepers whose time has come wake up, in the order of their times. */
  readonly advance: (ms: number) => Promise<void>;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still until told otherwise. With `sleepAdvances` a sleep passes its own time at once, for tests
 * in which only one thing happens at a time.
 */
export function createFakeClock(
  startsAt = Date.UTC(2026, 0, 5, 6, 0, 0),
  options: { readonly sleepAdvances?: boolean } = {},
): FakeClock {
  let now = startsAt;
  const sleepers = new Set<Sleeper>();

  const advance = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (let next = firstUntil(sleepers, until); next !== undefined; next = firstUntil(sleepers, until)) {
      now = Math.max(now, next.wakesAt);
      sleepers.delete(next);
      next.wake();
      await settled();
    }
    now = Math.max(now, until);
  };

  return {
    now: () => now,
    sleep: (ms) => {
      if (options.sleepAdvances === true) return advance(ms);
      return new Promise((wake) => void sleepers.add({ wakesAt: now + ms, wake }));
    },
    advance,
  };
}

function firstUntil(sleepers: ReadonlySet<Sleeper>, until: number): Sleeper | undefined {
  return [...sleepers].filter(({ wakesAt }) => wakesAt <= until).toSorted((a, b) => a.wakesAt - b.wakesAt)[0];
}

/** What a sleeper does next may be to sleep again before the same moment: let it come that far. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
