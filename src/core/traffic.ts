import type { Fate } from './breaker.ts';
import { signOf } from './breaker.ts';
import type { Neighbour } from './errors.ts';
import type { EventFields } from './events.ts';
import { NeighbourError } from './errors.ts';

export type RequestEnd = 'answered' | 'throttled' | 'failed';

/** Told of every request that went to a neighbour once it ended, retries included: the one place of each that sends. */
export interface TrafficMeter {
  note(neighbour: Neighbour, request: { readonly durationMs: number; readonly end: RequestEnd }): void;
}

export interface Traffic extends TrafficMeter {
  /** What went to each neighbour since the last draining; nothing of those who were not asked. */
  drain(): readonly Omit<EventFields<'neighbour.called'>, 'runId'>[];
}

export const NO_METER: TrafficMeter = { note: () => undefined };

/** Whoever waits longer than this for one answer has a neighbour that is slow. */
const SLOW_MS = 1_000;

interface Sum {
  calls: number;
  throttled: number;
  failed: number;
  slow: number;
  totalMs: number;
  maxMs: number;
}

/** Sums, and no percentiles: sums of many workers can be added up. Nothing is kept of a single request. */
export function createTraffic(): Traffic {
  let sums = new Map<Neighbour, Sum>();
  return {
    note(neighbour, { durationMs, end }) {
      const ms = Math.max(0, Math.round(durationMs));
      const sum = sums.get(neighbour) ?? { calls: 0, throttled: 0, failed: 0, slow: 0, totalMs: 0, maxMs: 0 };
      sums.set(neighbour, sum);
      sum.calls += 1;
      sum.totalMs += ms;
      sum.maxMs = Math.max(sum.maxMs, ms);
      if (ms > SLOW_MS) sum.slow += 1;
      if (end !== 'answered') sum[end] += 1;
    },
    drain() {
      const drained = [...sums].map(([neighbour, sum]) => ({ neighbour, ...sum }));
      sums = new Map();
      return drained;
    },
  };
}

/** How a request ended whose fate is known; undefined when it was not sent. A refusal of one thing is an answer. */
export function endOf(fate: Fate): RequestEnd | undefined {
  if (fate === 'not-sent') return undefined;
  if (!(fate instanceof NeighbourError) || signOf(fate) === 'up') return 'answered';
  return fate.failure === 'throttled' ? 'throttled' : 'failed';
}
