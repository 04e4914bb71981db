import type { Random } from '../../local/simulator/random.ts';

/** Virtual time, and the order in which everything that is under way goes on. */
export interface Scheduler {
  readonly now: () => number;
  /** Steps taken so far. */
  readonly steps: () => number;
  /** Parks the caller until the seed lets it go on, `delayMs` from now at the earliest. */
  turn(delayMs?: number): Promise<void>;
  /** How many parked steps could be taken now. */
  ready(): number;
  /** When the next parked step could be taken that cannot be yet; undefined when there is none. */
  nextAt(): number | undefined;
  /** Takes one of the steps that are ready. */
  take(index: number): void;
  passTo(at: number): void;
}

interface Parked {
  readonly at: number;
  readonly goOn: () => void;
}

/** Every step takes a little time, so that the clock moves between any two effects. */
const STEP_MS = 25;

export function createScheduler(startsAt: number, random: Random): Scheduler {
  let now = startsAt;
  let steps = 0;
  let parked: Parked[] = [];
  const ready = (): Parked[] => parked.filter(({ at }) => at <= now);
  return {
    now: () => now,
    steps: () => steps,
    turn: (delayMs = 0) => new Promise((goOn) => parked.push({ at: now + delayMs, goOn })),
    ready: () => ready().length,
    nextAt: () => {
      const later = parked.filter(({ at }) => at > now).map(({ at }) => at);
      return later.length === 0 ? undefined : Math.min(...later);
    },
    take(index) {
      const chosen = ready()[index]!;
      parked = parked.filter((one) => one !== chosen);
      steps += 1;
      now += Math.floor(random() * STEP_MS);
      chosen.goOn();
    },
    passTo(at) {
      now = Math.max(now, at);
    },
  };
}

/** Resolves when nobody can go on by themselves: the engine awaits nothing but promises and steps that are parked. */
export function allParked(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
