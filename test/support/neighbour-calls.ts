import { NeighbourError } from '../../src/core/errors.ts';
import type { CallScope, Clock } from '../../src/core/ports.ts';

export interface CountingScope extends CallScope {
  attempts: number;
}

/** A scope that forbids nothing and counts. */
export function aScope(): CountingScope {
  return {
    attempts: 0,
    beforeAttempt() {
      this.attempts += 1;
      return Promise.resolve();
    },
  };
}

export interface ImpatientClock extends Clock {
  readonly slept: number[];
}

/** The real time, but sleeping takes none; what was slept is kept. */
export function anImpatientClock(): ImpatientClock {
  const slept: number[] = [];
  let offset = 0;
  return {
    slept,
    now: () => Date.now() + offset,
    sleep: (ms) => {
      slept.push(ms);
      offset += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The NeighbourError that the call ends in; anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<NeighbourError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof NeighbourError) return outcome;
  throw new Error('The call did not end in a NeighbourError.', { cause: outcome });
}

/** Everything a generator yields, in order. */
export async function allOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
