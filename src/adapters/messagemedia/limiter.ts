import { createPace } from '../../core/pace.ts';
import type { Clock } from '../../core/ports.ts';

/** The right to send one request; remembers which level it was given under. */
export interface Slot {
  readonly generation: number;
  readonly gate: Gate;
}

/** One worker's requests: those on the wire, and those that wait for a place. */
interface Gate {
  busy: number;
  readonly waiting: (() => void)[];
}

export type SlotOutcome = 'success' | 'overload' | 'other';

export interface Limiter {
  /** How many requests each worker may have on the wire at once just now. */
  readonly level: number;
  /** Resolves when the worker has a place free and the pace allows a request. Every slot must be released. */
  acquire(worker: object): Promise<Slot>;
  /** Gives the place back. `pauseMs` (a Retry-After) holds all further requests for that long. */
  release(slot: Slot, outcome: SlotOutcome, pauseMs?: number): void;
}

/**
 * Finds the concurrency that MessageMedia bears, which is not documented: one more place for a whole round
 * of successes, half the places after an overload, between 1 and `ceiling` for each worker; and optionally a rate
 * limit for all of them. What one worker learns of the level holds for the others of this process.
 */
export function createLimiter(options: {
  readonly ceiling: number;
  readonly maxRequestsPerSecond?: number | undefined;
  readonly clock: Clock;
}): Limiter {
  const { clock, maxRequestsPerSecond } = options;
  const ceiling = Math.max(1, Math.floor(options.ceiling));
  const pace = createPace({ perSecond: maxRequestsPerSecond, clock });
  const gates = new WeakMap<object, Gate>();
  let level = ceiling;
  let generation = 0;

  const gateOf = (worker: object): Gate => {
    const gate = gates.get(worker) ?? { busy: 0, waiting: [] };
    gates.set(worker, gate);
    return gate;
  };
  const admit = (gate: Gate) => {
    while (gate.busy < Math.floor(level) && gate.waiting.length > 0) {
      gate.busy += 1;
      gate.waiting.shift()?.();
    }
  };

  return {
    get level() {
      return Math.floor(level);
    },
    async acquire(worker) {
      const gate = gateOf(worker);
      await new Promise<void>((resolve) => {
        gate.waiting.push(resolve);
        admit(gate);
      });
      await pace.turn();
      return { generation, gate };
    },
    release(slot, outcome, pauseMs = 0) {
      slot.gate.busy -= 1;
      if (outcome === 'success') level = Math.min(ceiling, level + 1 / level);
      // All requests of one burst are refused together; that is one overload, not sixteen.
      if (outcome === 'overload' && slot.generation === generation) {
        level = Math.max(1, level / 2);
        generation += 1;
      }
      if (pauseMs > 0) pace.hold(pauseMs);
      admit(slot.gate);
    },
  };
}
