import type { Clock } from '../../core/ports.ts';

/** The right to send one request; remembers which level it was given under. */
export interface Slot {
  readonly generation: number;
}

export type SlotOutcome = 'success' | 'overload' | 'other';

export interface Limiter {
  /** How many requests may be on the wire at once just now. */
  readonly level: number;
  /** Resolves when a place is free and the pace allows a request. Every slot must be released. */
  acquire(): Promise<Slot>;
  /** Gives the place back. `pauseMs` (a Retry-After) holds all further requests for that long. */
  release(slot: Slot, outcome: SlotOutcome, pauseMs?: number): void;
}

/**
 * Finds the concurrency that MessageMedia bears, which is not documented: one more place for a whole round
 * of successes, half the places after an overload, between 1 and `ceiling`; and optionally a rate limit.
 */
export function createLimiter(options: {
  readonly ceiling: number;
  readonly maxRequestsPerSecond?: number | undefined;
  readonly clock: Clock;
}): Limiter {
  const { clock, maxRequestsPerSecond } = options;
  const ceiling = Math.max(1, Math.floor(options.ceiling));
  const gapMs = maxRequestsPerSecond === undefined ? 0 : 1000 / maxRequestsPerSecond;
  const waiting: (() => void)[] = [];
  let level = ceiling;
  let generation = 0;
  let busy = 0;
  let nextStartAt = 0;

  const admit = () => {
    while (busy < Math.floor(level) && waiting.length > 0) {
      busy += 1;
      waiting.shift()?.();
    }
  };

  const keepPace = async () => {
    const now = clock.now();
    const startAt = Math.max(now, nextStartAt);
    nextStartAt = startAt + gapMs;
    if (startAt > now) await clock.sleep(Math.ceil(startAt - now));
  };

  return {
    get level() {
      return Math.floor(level);
    },
    async acquire() {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      await keepPace();
      return { generation };
    },
    release(slot, outcome, pauseMs = 0) {
      busy -= 1;
      if (outcome === 'success') level = Math.min(ceiling, level + 1 / level);
      // All requests of one burst are refused together; that is one overload, not sixteen.
      if (outcome === 'overload' && slot.generation === generation) {
        level = Math.max(1, level / 2);
        generation += 1;
      }
      if (pauseMs > 0) nextStartAt = Math.max(nextStartAt, clock.now() + pauseMs);
      admit();
    },
  };
}
