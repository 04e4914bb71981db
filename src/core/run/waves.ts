import type { RunRow } from './run-row.ts';

/** The next wave after `wave` that has batches; undefined when all work is done. */
export function nextWave(run: RunRow, wave: number): number | undefined {
  const later = Object.keys(run.waves)
    .map(Number)
    .filter((one) => one > wave);
  return later.length === 0 ? undefined : Math.min(...later);
}
