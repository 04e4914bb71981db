import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/ports.ts';

/** The storage service's clock, as far as its answers told it; this machine's clock until the first answer. */
export interface StorageClock extends Clock {
  /** Call before a request goes out and hand the `Date` header of its answer to what comes back. */
  watch(): (dateHeader: string | undefined) => void;
}

// A Date header has whole seconds and an answer takes its time: smaller differences say nothing about the clocks.
const JITTER_MS = 2_000;
const HALF_A_SECOND_MS = 500;

/** A clock whose offset changes only when storage's time differs by more than two seconds from what it believed. */
export function createStorageClock(localNow: () => number = Date.now): StorageClock {
  let offsetMs = 0;

  const learn = (dateHeader: string | undefined, sentAt: number): void => {
    const receivedAt = localNow();
    const storageTime = Date.parse(dateHeader ?? '');
    if (Number.isNaN(storageTime) || receivedAt - sentAt > JITTER_MS) return;
    const measuredMs = storageTime + HALF_A_SECOND_MS - (sentAt + receivedAt) / 2;
    if (Math.abs(measuredMs - offsetMs) > JITTER_MS) offsetMs = Math.round(measuredMs);
  };

  return {
    now: () => localNow() + offsetMs,
    sleep: (ms) => delay(ms),
    watch: () => {
      const sentAt = localNow();
      return (dateHeader) => learn(dateHeader, sentAt);
    },
  };
}
