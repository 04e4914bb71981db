import { SyncError } from '../errors.ts';
import { hasRelativeDates } from '../config/fingerprint.ts';
import { RowConflict } from '../ports.ts';
import type { Engine } from './engine.ts';
import { insertPart, partKey } from './parts.ts';
import type { ReadPart } from './parts.ts';
import type { OnlySome, RunMode, RunRow, RunTrigger } from './run-row.ts';
import { isActive, isForSome, readsEverybody } from './run-row.ts';
import { findRun, insertRun, isRunId, NO_COUNTS, runIdAt } from './run-rows.ts';
import { changeState, nextGeneration, readState } from './state-row.ts';
import type { SyncState } from './state-row.ts';

export interface RunRequest {
  readonly mode: RunMode;
  readonly dryRun: boolean;
  readonly reason?: string;
  readonly trigger: RunTrigger;
  /** The dry run whose approved plan is to be applied. */
  readonly planOf?: string;
  /** The account is read, too. */
  readonly adopt?: true;
  /** Whom the run is for, when it is not for everybody; what was read of them meanwhile need not be read again. */
  readonly only?: OnlySome & { readonly read: ReadPart; readonly graphCalls: number };
}

/** Graph keeps a delta token for 7 days: renewed half a day before. */
export const TOKEN_LIFE_MS = 6.5 * 86_400_000;
const DAY_MS = 86_400_000;
/** A lease without a run row is a starter that died in between; after this long the next one takes its place. */
export const STARTING_MS = 60_000;

/** Ids sort newest first. */
export function newRunId(engine: Engine, now: number): string {
  return `${runIdAt(now)}-${engine.ids.next().slice(0, 8)}`;
}

function hasTenantChanged(engine: Engine, { tenantId, token }: SyncState): boolean {
  const known = tenantId ?? token?.tenantId;
  return known !== undefined && known !== engine.tenantId;
}

/** Why a run has to read everybody although a delta was asked for; undefined when the token will do. */
export function fullRunReason(engine: Engine, state: SyncState, now: number): string | undefined {
  const { token } = state;
  if (token === undefined) return 'no-token';
  if (hasTenantChanged(engine, state)) return 'tenant-changed';
  if (token.fingerprint !== engine.fingerprint) return 'configuration-changed';
  if (now - token.issuedAt > TOKEN_LIFE_MS) return 'token-age';
  if (state.fullRunReason !== undefined) return state.fullRunReason.code;
  const isDayOld = state.lastFullAt === undefined || now - state.lastFullAt > DAY_MS;
  return hasRelativeDates(engine.config) && isDayOld ? 'relative-dates' : undefined;
}

/** The configuration that the token stands for, when it is another one. */
function changedFrom(engine: Engine, { token }: SyncState): Pick<RunRow, 'changedFrom'> {
  const isSame = token === undefined || token.fingerprint === engine.fingerprint;
  return isSame ? {} : { changedFrom: token.fingerprint };
}

/** The row of a run that has done nothing yet. */
export function newRun(engine: Engine, request: RunRequest, runId: string, state: SyncState, now: number): RunRow {
  const { planOf, only } = request;
  const isSome = isForSome(request);
  const forced = isSome || readsEverybody(request) ? undefined : fullRunReason(engine, state, now);
  // A run for some people sweeps nobody, whatever was asked for.
  const mode = isSome ? 'delta' : forced === undefined ? request.mode : 'full';
  const reason = request.reason ?? forced;
  return {
    runId,
    generation: state.generation,
    mode,
    trigger: request.trigger,
    dryRun: request.dryRun,
    ...(reason === undefined ? {} : { reason }),
    ...(planOf === undefined ? {} : { planOf }),
    ...(request.adopt === undefined ? {} : { adopt: request.adopt }),
    ...(readsEverybody({ mode }) ? changedFrom(engine, state) : {}),
    ...(only === undefined ? {} : { only: { departments: only.departments, people: only.people } }),
    state: 'queued',
    // The people are known: each is read by id.
    phase: isSome ? 'split' : 'read',
    wave: 0,
    lanes: engine.lanes,
    config: engine.config,
    fingerprint: engine.fingerprint,
    tenantId: engine.tenantId,
    createdAt: now,
    chain: 1,
    ...(mode === 'delta' && !isSome ? { startLinks: state.token!.links } : {}),
    batchCount: 0,
    knownLists: {},
    waves: {},
    exceptional: [],
    distrust: hasTenantChanged(engine, state) ? 'tenant-changed' : undefined,
    counts: NO_COUNTS,
    calls: { graph: only?.graphCalls ?? 0, messagemedia: 0 },
    holds: [],
    closeCursor: 0,
    waitedMs: 0,
  };
}

/** What a run that starts no longer leaves to the timer. */
function waitingAfter({ dryRun, planOf, only }: RunRequest, { plansApproved = [] }: SyncState): Partial<SyncState> {
  if (planOf !== undefined) return { plansApproved: plansApproved.filter((runId) => runId !== planOf) };
  return dryRun || only !== undefined ? {} : { approvalWaiting: undefined };
}

/** The run that holds the lease, when it is still alive: a row that has not ended, or a starter that is about to write one. */
async function findActive(engine: Engine, state: SyncState, now: number): Promise<string | undefined> {
  const { lease } = state;
  if (lease === undefined) return undefined;
  const found = await findRun(engine, lease.runId);
  if (found === undefined) return now - lease.since < STARTING_MS ? lease.runId : undefined;
  return isActive(found.run) ? lease.runId : undefined;
}

/** What the starter of a run finds that was given up for dead: it must not begin beside the one that took its place. */
const OVERTAKEN = { code: 'superseded', message: 'Another run started before this one had begun.' } as const;

/**
 * A starter that died between lease and run row, or stood still there: its run is entered as one that has ended, so
 * that it cannot begin any more. False when it has begun after all.
 */
async function buryLease(engine: Engine, request: RunRequest, state: SyncState, now: number): Promise<boolean> {
  const { lease } = state;
  // The lease of an erasure is no run's.
  if (lease === undefined || !isRunId(lease.runId)) return true;
  // Its row may have come since we looked for it.
  const found = await findRun(engine, lease.runId);
  if (found !== undefined) return !isActive(found.run);
  const never = newRun(engine, request, lease.runId, state, lease.since);
  const ended = { state: 'cancelled', phase: 'ended', finishedAt: now, error: OVERTAKEN } as const;
  try {
    await insertRun(engine, { ...never, ...ended });
    return true;
  } catch (error) {
    if (error instanceof RowConflict) return false;
    throw error;
  }
}

/** A run whose state was committed and whose own row was not: `advance-run` finishes the row. */
export async function finishLast(engine: Engine, state: SyncState): Promise<void> {
  const last = state.lastRun === undefined ? undefined : await findRun(engine, state.lastRun.runId);
  if (last !== undefined && isActive(last.run)) await engine.queue.send('sync-runs', { v: 1, runId: last.run.runId });
}

function refuse(runId: string): never {
  throw new SyncError('run-active', `Run ${runId} is active. Wait until it has ended.`, { runId });
}

/**
 * Starts a run: takes the lease, writes the run row, calls `advance-run`. A delta becomes a full run when its token
 * cannot be used. Throws SyncError('run-active') with the id of the run that is under way.
 */
export async function startRun(engine: Engine, request: RunRequest, givenId?: string): Promise<RunRow> {
  const now = engine.clock.now();
  const runId = givenId ?? newRunId(engine, now);
  const before = await readState(engine);
  const active = await findActive(engine, before, now);
  if (active !== undefined) refuse(active);
  // Our own lease is from an earlier try to start this very run.
  const isOurs = before.lease?.runId === runId;
  if (!isOurs && !(await buryLease(engine, request, before, now))) refuse(before.lease!.runId);
  await finishLast(engine, before);
  const state = await changeState(engine, (current) => {
    if (current.lease !== undefined && current.lease.runId !== before.lease?.runId) refuse(current.lease.runId);
    return {
      ...current,
      generation: nextGeneration(current, now),
      // Not when we were called: whoever stood still until here would start with a lease that has lapsed.
      lease: { runId, since: engine.clock.now() },
      tenantId: current.tenantId ?? engine.tenantId,
      ...waitingAfter(request, current),
    };
  });
  const run = newRun(engine, request, runId, state, now);
  try {
    await insertRun(engine, run);
  } catch (error) {
    if (error instanceof RowConflict) refuse(runId);
    throw error;
  }
  if (request.only !== undefined) {
    await insertPart(engine, runId, { key: partKey.read(run.chain, 0), body: request.only.read });
  }
  await engine.queue.send('sync-runs', { v: 1, runId });
  engine.log.event('run.started', {
    runId,
    mode: run.mode,
    trigger: run.trigger,
    dryRun: run.dryRun,
    reason: run.reason === request.reason ? undefined : run.reason,
  });
  return run;
}
