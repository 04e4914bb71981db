import type { NeighbourError } from '../errors.ts';

/** How long, in all, a run or a batch waits for a neighbour that will answer again, before it is given up. */
export const MAX_WAIT_MS = 3_600_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** Whether a neighbour refused in a way that passes: it will answer again. */
export function passes({ failure }: NeighbourError): boolean {
  return ['throttled', 'unavailable', 'unexpected-answer', 'answer-lost'].includes(failure);
}

/** The next wait: what the neighbour asked for, or longer each time up to a minute. */
export function nextWait(waitedMs: number, retryAfterMs = 0): number {
  return Math.max(retryAfterMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS + waitedMs));
}
