import { SyncError } from '../errors.ts';
import type { Pending } from '../plan/link.ts';
import { RowConflict } from '../ports.ts';
import type { Engine } from './engine.ts';
import { pendingRow, personKey } from './person-rows.ts';
import { readBatch } from './read-outcomes.ts';
import { changeRun, fetchRun } from './run-rows.ts';
import type { RunRow } from './run-row.ts';
import { startRun } from './start-run.ts';
import type { RunRequest } from './start-run.ts';
import { changeState } from './state-row.ts';

type Decision = 'approved' | 'rejected';

async function findDecidable(engine: Engine, runId: string, planHash: string): Promise<RunRow> {
  const { run } = await fetchRun(engine, runId);
  if (run.planHash === undefined || run.planHash !== planHash) {
    throw new SyncError('plan-changed', 'The run has another plan than the one named: look at its records again.', {
      planHash: run.planHash,
    });
  }
  if (run.state !== 'held' && !run.dryRun) {
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
  const { decision } = run;
  if (marked === 0 && decision !== undefined) {
    // The same once more, because its answer was lost: it stands as it was told.
    if (decision.kind === kind) return marked;
    throw new SyncError('plan-changed', `What the run held was ${decision.kind} already, and is settled.`, {
      planHash: run.planHash,
    });
  }
  await changeRun(engine, run.runId, () => ({ decision: { kind, at: engine.clock.now() } }));
  engine.log.event('hold.decided', { runId: run.runId, decision: kind, people: marked });
  return marked;
}

/** How long a dry run's plan can be approved: by then too much has changed for it to be worth looking at. */
const PLAN_LIFE_MS = 24 * 3_600_000;

function checkPlan(engine: Engine, run: RunRow): void {
  const { finishedAt, fingerprint, decision } = run;
  const refuse = (why: string): never => {
    throw new SyncError('plan-changed', `${why} Start a new dry run and decide on that.`, { planHash: run.planHash });
  };
  if (finishedAt === undefined) refuse('The dry run has not finished.');
  if (engine.clock.now() - finishedAt! > PLAN_LIFE_MS) refuse('The plan is older than 24 hours.');
  if (fingerprint !== engine.fingerprint) refuse('The configuration has changed since this plan was made.');
  if (decision !== undefined) refuse('This plan was decided on already.');
}

/** Whether a plan that waits for its run may still be applied. */
export function isPlanStillGood(engine: Engine, run: RunRow): boolean {
  const age = engine.clock.now() - (run.finishedAt ?? 0);
  return age <= PLAN_LIFE_MS && run.fingerprint === engine.fingerprint;
}

/** Approves a dry run's whole plan: a run reads its people by id and applies what it plans identically. */
async function approvePlan(engine: Engine, run: RunRow): Promise<void> {
  checkPlan(engine, run);
  const { runId } = run;
  await changeState(engine, (state) => ({ ...state, plansApproved: [...(state.plansApproved ?? []), runId] }));
  await changeRun(engine, runId, () => ({ decision: { kind: 'approved', at: engine.clock.now() } }));
  engine.log.event('plan.approved', { runId });
  await startUnlessActive(engine, { mode: 'delta', dryRun: false, trigger: 'approval', planOf: runId });
}

/** While another run is active, the timer starts this one afterwards. */
async function startUnlessActive(engine: Engine, request: RunRequest): Promise<void> {
  try {
    await startRun(engine, request);
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'run-active') throw error;
  }
}

/**
 * Approves exactly what the run showed as held and starts the run that applies it; while another run is active the
 * timer starts it afterwards. Throws SyncError('run-not-found' | 'plan-changed').
 */
export async function approveRun(engine: Engine, runId: string, planHash: string): Promise<void> {
  const run = await findDecidable(engine, runId, planHash);
  if (run.dryRun) return approvePlan(engine, run);
  const marked = await markHeld(engine, run, 'approved');
  if (marked === 0) return;
  await changeState(engine, (state) => ({ ...state, approvalWaiting: true }));
  await startUnlessActive(engine, { mode: 'delta', dryRun: false, trigger: 'approval' });
}

/** Rejects what the run holds: its people stay as they are until something about them changes. */
export async function rejectRun(engine: Engine, runId: string, planHash: string): Promise<void> {
  const run = await findDecidable(engine, runId, planHash);
  if (run.dryRun) {
    throw new SyncError(
      'plan-changed',
      'A dry run holds nothing: whoever does not want its plan need not reject it.',
      {},
    );
  }
  await markHeld(engine, run, 'rejected');
}
