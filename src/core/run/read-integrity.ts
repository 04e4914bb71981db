import { canaryName, missingCanaries } from '../people/canaries.ts';
import type { DirectoryEntry } from '../people/person.ts';
import type { Distrust } from '../plan/protect.ts';
import type { MergedEntry } from './merge-entries.ts';
import { readsEverybody } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { readState } from './state-row.ts';

/** How many people a chain shows as being there. */
export function shownBy(merged: ReadonlyMap<string, MergedEntry>): number {
  return [...merged.values()].filter((entry) => entry.removed === undefined).length;
}

/** Far fewer people than the full run before: measured as removals are, because that is what it would lead to. */
function isImplausible(shown: number, before: number | undefined, { floor, share }: { floor: number; share: number }) {
  const missing = (before ?? 0) - shown;
  return missing > floor && missing > share * (before ?? 0);
}

function namesSeen(
  merged: ReadonlyMap<string, MergedEntry>,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): Set<string> {
  const shown = [...merged.values()].filter((entry) => entry.removed === undefined).map(({ patch }) => patch);
  const read = [...readings.values()].flatMap((entry) => (entry === undefined ? [] : [entry.attributes]));
  return new Set([...shown, ...read].map(canaryName));
}

/**
 * Whether what the directory answered can be believed as far as it removes people; undefined when it can. The chain
 * has ended in a delta link and nothing was denied, or the run would not have come this far.
 */
export async function judgeReading(
  work: RunWork,
  merged: ReadonlyMap<string, MergedEntry>,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): Promise<Distrust | undefined> {
  const { engine, run } = work;
  if (run().distrust !== undefined || !readsEverybody(run())) return run().distrust;
  const { canaries, floor, maxRemovalShare } = run().config.protection;
  const shown = shownBy(merged);
  if (shown === 0) return 'empty-directory';
  if (missingCanaries(canaries, namesSeen(merged, readings)) > 0) return 'canary-missing';
  const { lastShown } = await readState(engine);
  return isImplausible(shown, lastShown, { floor, share: maxRemovalShare }) ? 'count-deviation' : undefined;
}
