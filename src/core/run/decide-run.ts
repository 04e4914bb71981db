import { SyncError } from '../errors.ts';
import type { Pending } from '../plan/link.ts';
import { RowConflict } from '../ports.ts';
import type { Engine } from './engine.ts';
import { pendingRow, personKey } from './person-rows.ts';
import { readBatch } from './read-outcomes.ts';
import { changeRun, fetchRun } from './run-rows.ts';
import type { RunRow } from './run-row.ts';
import { startRun } from './start-run.ts';
import { changeState } from './state-row.ts';

type Decision = 'approved' | 'rejected';

async function findDecidable(engine: Engine, runId: string, planHash: string): Promise<RunRow> {
  const { run } = await fetchRun(engine, runId);
  if (run.planHash === undefined || run.planHash !== planHash) {
    throw new SyncError('plan-changed', 'The run has another plan than the one named: look at its records again.', {
      planHash: run.planHash,
    });
  }
  if (run.state !== 'held') {
    throw new SyncError('plan-changed', 'The run holds nothing: there is nothing to decide.', { state: run.state });
  }
  return run;
}

/** Marks the person's row as far as it still holds exactly what the run showed. Answers whether it did. */
async function markPerson(
  engine: Engine,
  run: RunRow,
  personId: string,
  operationHash: string,
  kind: Decision,
): Promise<boolean> {
  for (;;) {
    const row = await engine.tables.people.get(engine.config.name, personKey.pending(personId));
    const pending = row?.body as Pending | undefined;
    if (row === undefined || pending?.outcome !== 'held' || pending.operationHash !== operationHash) return false;
    const decision = { kind, operationHash, runId: run.runId, at: engine.clock.now() };
    try {
      await engine.tables.people.write(engine.config.name, [
        { kind: 'replace', row: pendingRow({ ...pending, decision }), etag: row.etag },
      ]);
      return true;
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
    }
  }
}

async function markHeld(engine: Engine, run: RunRow, kind: Decision): Promise<number> {
  let marked = 0;
  for (const index of run.exceptional) {
    const batch = await readBatch(engine, run, index);
    for (const { operation, final } of batch?.operations ?? []) {
      if (final?.outcome !== 'held') continue;
      if (await markPerson(engine, run, operation.personId, operation.hash, kind)) marked += 1;
    }
  }
  await changeRun(engine, run.runId, () => ({ decision: { kind, at: engine.clock.now() } }));
  engine.log.event('info', kind === 'approved' ? 'hold-approved' : 'hold-rejected', {
    runId: run.runId,
    people: marked,
  });
  return marked;
}

/**
 * Approves exactly what the run showed as held and starts the run that applies it; while another run is active the
 * timer starts it afterwards. Throws SyncError('run-not-found' | 'plan-changed').
 */
export async function approveRun(engine: Engine, runId: string, planHash: string): Promise<void> {
  const run = await findDecidable(engine, runId, planHash);
  const marked = await markHeld(engine, run, 'approved');
  if (marked === 0) return;
  await changeState(engine, (state) => ({ ...state, approvalWaiting: true }));
  try {
    await startRun(engine, { mode: 'delta', dryRun: false, trigger: 'approval' });
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'run-active') throw error;
  }
}

/** Rejects what the run holds: its people stay as they are until something about them changes. */
export async function rejectRun(engine: Engine, runId: string, planHash: string): Promise<void> {
  const run = await findDecidable(engine, runId, planHash);
  await markHeld(engine, run, 'rejected');
}
