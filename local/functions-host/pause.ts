import { setTimeout as delay } from 'node:timers/promises';

// setTimeout holds a signed 32-bit number of milliseconds; a longer wait would fire at once.
const LONGEST_MS = 2 ** 31 - 1;

/** Waits; ends early, without an error, when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ms;
  try {
    for (let left = ms; left > 0; left = until - Date.now())
      await delay(Math.min(left, LONGEST_MS), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
