import type { Engine } from './engine.ts';
import { partIndex, partKey } from './parts.ts';
import { readBatch } from './read-outcomes.ts';
import { toRecord } from './read-runs.ts';
import type { RunRecord, RunRow } from './run-row.ts';
import { isActive } from './run-row.ts';
import { recentRuns } from './run-rows.ts';

/** What a run did to a person, or why it did not. */
export interface PastChange extends Pick<RunRecord, 'operation' | 'outcome' | 'reason' | 'words'> {
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const CHANGES = 5;
/** Runs that are looked into, newest first: whoever asks why somebody is where they are waits for the answer. */
const RUNS = 50;
/** Runs that are gone through for those; with the schedule of every five minutes that is almost two days. */
const ROWS = 500;

/** The last things that runs did to a person, or tried or held, newest first; dry runs left out. */
export async function lastChanges(engine: Engine, personId: string): Promise<readonly PastChange[]> {
  const changes: PastChange[] = [];
  let looked = 0;
  let rows = 0;
  for await (const run of recentRuns(engine)) {
    rows += 1;
    if (rows > ROWS) break;
    if (run.dryRun || isActive(run) || !didSomething(run)) continue;
    const change = await changeIn(engine, run, personId);
    if (change !== undefined) changes.push(change);
    looked += 1;
    if (changes.length === CHANGES || looked === RUNS) break;
  }
  return changes;
}

function didSomething({ counts }: RunRow): boolean {
  const { read: _read, inScope: _inScope, unchanged: _unchanged, skipped: _skipped, ...others } = counts;
  return Object.values(others).some((count) => count > 0);
}

async function changeIn(engine: Engine, run: RunRow, personId: string): Promise<PastChange | undefined> {
  for (const index of await batchesWith(engine, run, personId)) {
    const batch = await readBatch(engine, run, index);
    const judged = batch?.operations.find(({ operation }) => operation.personId === personId);
    if (judged === undefined) continue;
    const { operation, outcome, reason, words } = toRecord(judged);
    if (outcome === 'unchanged' || outcome === 'skipped') return undefined;
    const at = run.finishedAt ?? run.createdAt;
    return { runId: run.runId, at, operation, outcome, words, ...(reason === undefined ? {} : { reason }) };
  }
  return undefined;
}

/** Batches whose people, in the order of their ids, the person may be among. */
async function batchesWith(engine: Engine, run: RunRow, personId: string): Promise<readonly number[]> {
  if (run.batchNonce === undefined) return [];
  const found: number[] = [];
  const prefix = partKey.batches(run.batchNonce);
  for await (const rows of engine.tables.parts.scan(run.runId, prefix, { facetsOnly: true })) {
    for (const row of rows) {
      const { first = '', last = '\uffff' } = row.facets;
      if (String(first) <= personId && personId <= String(last)) found.push(partIndex(row));
    }
  }
  return found;
}
