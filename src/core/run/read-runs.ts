import { SyncError } from '../errors.ts';
import { describeOperation, messagingName } from '../plan/describe.ts';
import type { Engine } from './engine.ts';
import { adoptionOf, leftoverRecords } from './adopt-report.ts';
import { numberMoveWords } from './adopt-words.ts';
import { hasImpact } from './impact-round.ts';
import type { Impact } from './impact.ts';
import { findPart, partKey } from './parts.ts';
import type { BatchPart } from './parts.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedOperation } from './read-outcomes.ts';
import { fetchRun, recentRuns } from './run-rows.ts';
import type { RecordField, RunRecord, RunRow } from './run-row.ts';

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
  readonly adoption?: string;
  readonly impact?: string;
  readonly cursor?: string;
  readonly limit: number;
}

/** What a run did, or would do, to one person. */
export function toRecord(judged: JudgedOperation): RunRecord {
  const { operation, final } = judged;
  const reason = final?.reason ?? operation.reason;
  return {
    personId: operation.personId,
    department: operation.department,
    operation: operation.kind,
    outcome: final?.outcome ?? 'planned',
    ...(reason === undefined ? {} : { reason }),
    words: `${describeOperation(operation, final)}${numberMoveWords(judged)}`,
    fields: [
      ...operation.fields.map((change) => ({ ...change, field: messagingName(change.field) })),
      ...(operation.reported ?? []).map((change): RecordField => ({
        ...change,
        field: messagingName(change.field),
        leftAlone: true,
      })),
    ],
    ...(operation.contactIds === undefined ? {} : { contactIds: operation.contactIds }),
    lists: { add: operation.lists.add.map(({ name }) => name), remove: operation.lists.remove.map(({ name }) => name) },
  };
}

function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function matches(record: RunRecord, filter: RecordFilter): boolean {
  if (filter.outcome !== undefined && record.outcome !== filter.outcome) return false;
  if (filter.operation !== undefined && record.operation !== filter.operation) return false;
  if (filter.adoption !== undefined && record.adoption !== filter.adoption) return false;
  if (filter.impact !== undefined && record.impact !== filter.impact) return false;
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

/** The records of one batch; behind the last batch, those of contacts that are nobody's. Undefined after all. */
async function recordsAt(engine: Engine, run: RunRow, index: number): Promise<readonly RunRecord[] | undefined> {
  if (index >= run.batchCount) return leftoverRecords(engine, run.runId, index - run.batchCount);
  const operations = (await readBatch(engine, run, index))?.operations ?? [];
  const impacts = await impactsAt(engine, run, index);
  return operations.map((judged) => {
    const impact = impacts.get(judged.operation.personId);
    const adoption = run.adopt === true ? adoptionOf(judged) : undefined;
    return {
      ...toRecord(judged),
      ...(impact === undefined ? {} : { impact }),
      ...(adoption === undefined ? {} : { adoption }),
    };
  });
}

/** What the change of the configuration does to the people of a batch, by id. */
async function impactsAt(engine: Engine, run: RunRow, index: number): Promise<ReadonlyMap<string, Impact>> {
  if (!hasImpact(run.impact)) return new Map();
  const batch = await findPart<BatchPart>(engine, run.runId, partKey.batch(run.batchNonce!, index));
  return new Map(batch?.people.flatMap(({ person, impact }) => (impact === undefined ? [] : [[person.id, impact]])));
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
  for (let index = startBatch; ; index += 1) {
    const records = await recordsAt(engine, run, index);
    if (records === undefined) break;
    for (let at = index === startBatch ? startAt : 0; at < records.length; at += 1) {
      const record = records[at]!;
      if (!matches(record, filter)) continue;
      if (items.length === filter.limit) return { items, nextCursor: `${index}.${at}` };
      items.push(record);
    }
  }
  return { items };
}
