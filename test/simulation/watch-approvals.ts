import type { Operation } from '../../src/core/plan/operation.ts';
import type { RowChange, TableName } from '../../src/core/ports.ts';
import type { PlanPart, VerdictPart } from '../../src/core/run/parts.ts';
import { runOf } from './books.ts';
import { violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';

/** I10: what was approved goes ahead only where it is planned again exactly as it was shown. */
export interface WatchApprovals {
  /** Somebody approves what this run shows as held. */
  approved(runId: string): void;
  /** Whether somebody ever approved an operation on the person. */
  wasApproved(personId: string): boolean;
  rowsWritten(worker: Worker, table: TableName, partition: string, changes: readonly RowChange[]): void;
}

/** The operation as an operator sees it: compared whole, not by its hash. */
function contentOf({ kind, action, contactId, phone, fields, lists }: Operation): string {
  const byName = fields.toSorted((a, b) => (a.field < b.field ? -1 : 1));
  const keys = [lists.add, lists.remove].map((refs) => refs.map(({ key }) => key).toSorted());
  return JSON.stringify([kind, action, contactId, phone, byName, keys]);
}

export function watchApprovals(sim: Sim): WatchApprovals {
  const shown = new Map<string, Set<string>>();

  const operationsOf = (runId: string): readonly Operation[] => {
    const nonce = runOf(sim, runId)?.batchNonce ?? '';
    return [...sim.rows.bodies<PlanPart>('parts', runId, `plan-${nonce}-`).values()].flatMap(
      ({ operations }) => operations,
    );
  };
  const verdictsOf = (runId: string): VerdictPart => {
    const nonce = runOf(sim, runId)?.sealNonce ?? '';
    return Object.assign(
      {},
      ...sim.rows.bodies<VerdictPart>('parts', runId, `verdict-${nonce}-`).values(),
    ) as VerdictPart;
  };

  return {
    approved(runId) {
      const verdicts = verdictsOf(runId);
      const isDry = runOf(sim, runId)?.dryRun === true;
      for (const operation of operationsOf(runId)) {
        const outcome = verdicts[operation.personId]?.outcome;
        // A dry run's plan is approved whole: what it would do, and what it would hold.
        if (outcome !== 'held' && !(isDry && outcome === undefined)) continue;
        const contents = shown.get(operation.personId) ?? new Set();
        shown.set(operation.personId, contents.add(contentOf(operation)));
      }
    },
    wasApproved: (personId) => shown.has(personId),
    rowsWritten(worker, table, runId, changes) {
      if (table !== 'parts') return;
      for (const change of changes) {
        if (change.kind === 'delete' || !change.row.key.startsWith('verdict-')) continue;
        const verdicts = change.row.body as VerdictPart;
        for (const operation of operationsOf(runId)) {
          if (verdicts[operation.personId]?.approved !== true) continue;
          if (shown.get(operation.personId)?.has(contentOf(operation)) === true) continue;
          violate(
            sim,
            'I10',
            `${worker.name} lets person ${operation.personId} go ahead as approved, otherwise than shown`,
          );
        }
      }
    },
  };
}
