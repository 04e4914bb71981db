import { NOTHING_APPLIED, tally, weigh } from '../plan/weigh.ts';
import type { Applied } from '../plan/weigh.ts';
import type { JudgedBatch, JudgedOperation } from './read-outcomes.ts';
import { recentRuns } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

const DAY_MS = 86_400_000;

function addCounts(a: Applied['perList'] = {}, b: Applied['perList'] = {}): Record<string, number> {
  const sum = new Map(Object.entries(a));
  for (const [key, count] of Object.entries(b)) sum.set(key, (sum.get(key) ?? 0) + count);
  return Object.fromEntries(sum);
}

export function addApplied(a: Applied, b: Applied): Applied {
  return {
    removals: a.removals + b.removals,
    updates: a.updates + b.updates,
    perList: addCounts(a.perList, b.perList),
    ...(a.clears === undefined && b.clears === undefined ? {} : { clears: addCounts(a.clears, b.clears) }),
  };
}

/**
 * What of a batch counts against the limits: what was done without approval. Who failed is counted when the next try
 * succeeds: an outage must not use up what may be removed in a day.
 */
export function appliedBy(batch: JudgedBatch): Applied {
  const done = batch.operations.filter(
    ({ final, stored, verdict }) =>
      verdict?.approved !== true && (final?.outcome === 'done' || (final?.outcome === 'rejected' && stored)),
  );
  return tallyOf(done);
}

/** What operations weigh, whatever became of them. */
export function tallyOf(operations: readonly JudgedOperation[]): Applied {
  return tally(operations.map(({ operation }) => weigh(operation)).filter((one) => one !== undefined));
}

/** What other runs applied without approval in the last 24 hours. */
export async function recentlyApplied(work: RunWork): Promise<Applied> {
  const since = work.run().createdAt - DAY_MS;
  let all = NOTHING_APPLIED;
  for await (const run of recentRuns(work.engine)) {
    if (run.createdAt < since) break;
    if (run.runId === work.run().runId || run.applied === undefined) continue;
    all = addApplied(all, run.applied);
  }
  return all;
}
