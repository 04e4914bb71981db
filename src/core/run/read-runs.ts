import { SyncError } from '../errors.ts';
import { describeOperation, messagingName } from '../plan/describe.ts';
import type { Engine } from './engine.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedOperation } from './read-outcomes.ts';
import { fetchRun, recentRuns } from './run-rows.ts';
import type { RunRecord, RunRow } from './run-row.ts';

/** Throws SyncError('run-not-found'). */
export async function readRun(engine: Engine, runId: string): Promise<RunRow> {
  return (await fetchRun(engine, runId)).run;
}

/** Runs, newest first; the cursor is the last id of the page before. */
export async function listRuns(
  engine: Engine,
  limit: number,
  cursor?: string,
): Promise<{ items: RunRow[]; nextCursor?: string }> {
  const items: RunRow[] = [];
  for await (const run of recentRuns(engine, cursor)) {
    if (items.length === limit) return { items, nextCursor: items.at(-1)!.runId };
    items.push(run);
  }
  return { items };
}

export interface RecordFilter {
  readonly outcome?: string;
  readonly operation?: string;
  readonly department?: string;
  readonly cursor?: string;
  readonly limit: number;
}

function toRecord({ operation, final }: JudgedOperation): RunRecord {
  const reason = final?.reason ?? operation.reason;
  return {
    personId: operation.personId,
    department: operation.department,
    operation: operation.kind,
    outcome: final?.outcome ?? 'planned',
    ...(reason === undefined ? {} : { reason }),
    words: describeOperation(operation, final),
    fields: operation.fields.map((change) => ({ ...change, field: messagingName(change.field) })),
    lists: { add: operation.lists.add.map(({ name }) => name), remove: operation.lists.remove.map(({ name }) => name) },
  };
}

function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function matches(record: RunRecord, filter: RecordFilter): boolean {
  if (filter.outcome !== undefined && record.outcome !== filter.outcome) return false;
  if (filter.operation !== undefined && record.operation !== filter.operation) return false;
  return filter.department === undefined || sameText(record.department, filter.department);
}

function readCursor(cursor: string | undefined): readonly [batch: number, position: number] {
  const match = /^(\d{1,6})\.(\d{1,3})$/.exec(cursor ?? '0.0');
  if (match === null) {
    throw new SyncError('request-invalid', 'cursor: expected the nextCursor of an earlier answer.', {
      field: 'cursor',
    });
  }
  return [Number(match[1]), Number(match[2])];
}

/** A row per person of the run, in batch order; the cursor is `<batch>.<position>` of the next one to look at. */
export async function listRecords(
  engine: Engine,
  runId: string,
  filter: RecordFilter,
): Promise<{ items: RunRecord[]; nextCursor?: string }> {
  const { run } = await fetchRun(engine, runId);
  const [startBatch, startAt] = readCursor(filter.cursor);
  const items: RunRecord[] = [];
  for (let index = startBatch; index < run.batchCount; index += 1) {
    const batch = await readBatch(engine, run, index);
    const operations = batch?.operations ?? [];
    for (let at = index === startBatch ? startAt : 0; at < operations.length; at += 1) {
      const record = toRecord(operations[at]!);
      if (!matches(record, filter)) continue;
      if (items.length === filter.limit) return { items, nextCursor: `${index}.${at}` };
      items.push(record);
    }
  }
  return { items };
}
