import type { SyncErrorCode } from '../errors.ts';
import type { Applied } from '../plan/weigh.ts';
import type { AdoptionCounts } from './adopt-report.ts';
import { paceOf } from '../events.ts';
import { noteAlerts } from './alerts.ts';
import type { Engine } from './engine.ts';
import { readLanes } from './lanes.ts';
import { forgetMembers } from './memberships.ts';
import { outlook } from './outlook.ts';
import { isForSome, readsEverybody } from './run-row.ts';
import type { CallCounts, RunCounts, RunRow, RunState } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { changeState } from './state-row.ts';
import type { SyncState } from './state-row.ts';

export interface Ending {
  readonly state: RunState;
  readonly counts: RunCounts;
  /** What counts against the limits of the next 24 hours. */
  readonly applied?: Applied | undefined;
  readonly accountId?: string | undefined;
  readonly adoption?: AdoptionCounts | undefined;
  readonly error?: { readonly code: SyncErrorCode; readonly message: string };
}

function isSuccess(state: RunState): boolean {
  return state === 'completed' || state === 'completed-with-errors' || state === 'held';
}

/** What a full run leaves for the next one to be measured against. */
function fullRunNotes(run: RunRow, { lastShown }: SyncState, now: number): Partial<SyncState> {
  const shown = run.shown ?? 0;
  const deviates = run.distrust === 'count-deviation' || run.distrust === 'empty-directory';
  return {
    lastFullAt: now,
    lastShown: shown,
    resync: undefined,
    deviation: deviates ? { shown, before: lastShown ?? 0, runId: run.runId } : undefined,
  };
}

/** What another configuration or tenant began to apply stays with people whom a delta of the former one would not look at. */
function halfDoneNotes(run: RunRow, { token }: SyncState, now: number): Partial<SyncState> {
  if (run.sealNonce === undefined) return {};
  const isTokens = run.fingerprint === token?.fingerprint && run.tenantId === token.tenantId;
  if (isTokens) return {};
  return { fullRunReason: { code: 'configuration-changed', at: now } };
}

/** The state after a run: the lease goes in every case, the token moves only with a finished real run. */
function stateAfter(work: RunWork, state: SyncState, ending: Ending, now: number): SyncState | undefined {
  const run = work.run();
  const { engine } = work;
  if (state.lease?.runId !== run.runId) return undefined;
  const freed: SyncState = { ...state, lease: undefined };
  if (run.dryRun) return freed;
  const code = ending.error === undefined ? {} : { code: ending.error.code };
  const noted = { ...freed, lastRun: { runId: run.runId, state: ending.state, finishedAt: now, ...code } };
  if (!isSuccess(ending.state)) return { ...noted, ...halfDoneNotes(run, state, now) };
  // A run for some people only has not seen what else changed since the token.
  if (isForSome(run)) {
    // Yet a plan that was approved before anything else ran is no sync that never worked.
    const seen = run.planOf === undefined ? {} : { lastSuccessAt: state.lastSuccessAt ?? now };
    return { ...noted, ...seen, ...halfDoneNotes(run, state, now) };
  }
  const token = {
    links: run.deltaLinks!,
    ...(run.memberships === undefined ? {} : { memberships: run.memberships }),
    fingerprint: run.fingerprint,
    tenantId: run.tenantId ?? engine.tenantId,
    issuedAt: run.startedAt ?? run.createdAt,
  };
  const isFull = readsEverybody(run);
  const reason = state.fullRunReason;
  // Clocks differ: what this very run found is not dealt with, whenever that was.
  const served = isFull && reason !== undefined && reason.runId !== run.runId && reason.at < run.createdAt;
  const { account } = state;
  return {
    ...noted,
    token,
    tenantId: token.tenantId,
    lastSuccessAt: now,
    ...(isFull ? fullRunNotes(run, state, now) : {}),
    ...(served ? { fullRunReason: undefined } : {}),
    ...(account !== undefined && account.id === undefined && ending.accountId !== undefined
      ? { account: { ...account, id: ending.accountId } }
      : {}),
  };
}

async function allCalls(work: RunWork): Promise<CallCounts> {
  const run: RunRow = work.run();
  const own = work.guard.calls();
  let graph = run.calls.graph + own.graph;
  let messagemedia = run.calls.messagemedia + own.messagemedia;
  for (const wave of [0, ...Object.keys(run.waves).map(Number)]) {
    for (const lane of await readLanes(work.engine, run, wave)) {
      graph += lane.calls.graph;
      messagemedia += lane.calls.messagemedia;
    }
  }
  return { graph, messagemedia };
}

/** Everybody of the round, however it ended for them. */
function peopleIn({ read: _read, inScope: _inScope, ...ends }: RunCounts): number {
  return Object.values(ends).reduce((sum, people) => sum + people, 0);
}

function tellEnd({ log, config }: Engine, run: RunRow, stands: SyncState, now: number): void {
  const { runId, state, mode, dryRun, createdAt, startedAt = now, error, calls, counts } = run;
  const people = peopleIn(counts);
  const durationMs = now - createdAt;
  log.event('run.ended', {
    runId,
    state,
    mode,
    dryRun,
    code: error?.code,
    queuedMs: Math.max(0, startedAt - createdAt),
    durationMs,
    people,
    peoplePerSecond: paceOf(people, durationMs),
    graphCalls: calls.graph,
    messagemediaCalls: calls.messagemedia,
    ...outlook(config, stands, now),
    ...counts,
  });
}

/** Ends a run: first the state row (token, lease, last run), then the run row; a repeat finds the lease gone and goes on. */
export async function endRun(work: RunWork, ending: Ending): Promise<void> {
  const { engine, run } = work;
  const now = engine.clock.now();
  await work.guard.ensure();
  if (!run().dryRun && run().memberships !== undefined) await forgetMembers(work);
  const stands = await changeState(engine, (state) => stateAfter(work, state, ending, now));
  const { counts, applied, adoption, error, state } = ending;
  const calls = await allCalls(work);
  await work.update({
    phase: 'ended',
    state,
    counts,
    ...(applied === undefined ? {} : { applied }),
    ...(adoption === undefined ? {} : { adoption }),
    calls,
    finishedAt: now,
    closeCursor: run().batchCount,
    ...(error === undefined ? {} : { error }),
  });
  tellEnd(engine, run(), stands, now);
  if (!run().dryRun) await noteAlerts(engine);
}
