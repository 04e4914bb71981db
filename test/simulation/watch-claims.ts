import type { RowChange, TableName } from '../../src/core/ports.ts';
import type { Lane } from '../../src/core/run/lanes.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import type { Effect } from './fault-names.ts';
import { keyOf } from './rows.ts';
import { laneOf, runOf, stateOf } from './books.ts';
import { violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';

/** I4: no call without a live claim, nothing old over anything new, nothing rewritten that others may have read. */
export interface WatchClaims {
  callStarts(worker: Worker, effect: Effect): void;
  rowsWritten(worker: Worker, table: TableName, partition: string, changes: readonly RowChange[]): void;
}

/** Rows that another worker may have read already: inserted once. */
const INSERTED_ONCE = /^(page|read|batch|plan|verdict|outcome)-/;

export function watchClaims(sim: Sim): WatchClaims {
  /** The newest generation that wrote a row. */
  const writers = new Map<string, number>();

  function claimOf(worker: Worker): Lane['claim'] | RunRow['claim'] {
    const { runId, lane } = worker;
    if (lane === undefined) return runOf(sim, runId)?.claim;
    return laneOf(sim, runId!, lane.wave, lane.index)?.claim;
  }

  return {
    callStarts(worker, effect) {
      const claim = claimOf(worker);
      const now = sim.scheduler.now() + worker.instance.skewMs;
      if (claim === undefined || !worker.ids.has(claim.nonce)) {
        return violate(sim, 'I4', `${worker.name} begins a ${effect} although the claim is not its own`);
      }
      if (now >= claim.until) violate(sim, 'I4', `${worker.name} begins a ${effect} after its claim has ended`);
      const lease = stateOf(sim)?.lease;
      if (lease?.runId !== worker.runId) {
        violate(sim, 'I4', `${worker.name} begins a ${effect} for a run that has the lease no more`);
      }
    },
    rowsWritten(worker, table, partition, changes) {
      if (table === 'parts') {
        const rewritten = changes.find((change) => change.kind !== 'insert' && INSERTED_ONCE.test(keyOf(change)));
        if (rewritten !== undefined && rewritten.kind !== 'delete') {
          violate(sim, 'I4', `${worker.name} writes over ${keyOf(rewritten)}, which others may have read`);
        }
      }
      if (table !== 'people') return;
      const run = runOf(sim, worker.runId);
      const generation = run?.generation ?? Number.POSITIVE_INFINITY;
      for (const change of changes) {
        const key = `${partition} ${keyOf(change)}`;
        const newest = writers.get(key) ?? 0;
        if (generation < newest) {
          violate(sim, 'I4', `${worker.name} of an older run writes over ${keyOf(change)} of a newer one`);
        }
        if (Number.isFinite(generation)) writers.set(key, Math.max(newest, generation));
      }
    },
  };
}
