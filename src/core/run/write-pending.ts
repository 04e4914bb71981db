import type { Pending } from '../plan/link.ts';
import type { RowChange, StoredRow } from '../ports.ts';
import { pendingRow } from './person-rows.ts';
import type { RunWork } from './run-work.ts';

/** Run ids count down: whoever wrote the row belongs to a run after this one. */
function isOfLaterRun(row: StoredRow | undefined, runId: string): boolean {
  return row !== undefined && (row.body as Pending).runId < runId;
}

/** One pending row over what stands now: a newer run's stays, and so does what somebody decided meanwhile. */
export async function writePending({ engine, run }: RunWork, change: RowChange): Promise<void> {
  const { tables, config } = engine;
  const key = change.kind === 'delete' ? change.key : change.row.key;
  const standing = await tables.people.get(config.name, key);
  if (isOfLaterRun(standing, run().runId)) return;
  if (change.kind === 'delete') {
    if (standing === undefined) return;
    return void (await tables.people.write(config.name, [{ kind: 'delete', key, etag: standing.etag }]));
  }
  const decided = (standing?.body as Pending | undefined)?.decision;
  const next = change.row.body as Pending;
  const keeps = decided !== undefined && decided.operationHash === next.operationHash;
  const row = pendingRow(keeps ? { ...next, decision: decided } : next);
  await tables.people.write(config.name, [
    standing === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag: standing.etag },
  ]);
}
