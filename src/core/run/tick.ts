import { nextOccurrence } from '../config/schedule.ts';
import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import { noteAlerts } from './alerts.ts';
import { isClaimLive } from './claim.ts';
import { purgeEvents } from './consent-ledger.ts';
import { isPlanStillGood } from './decide-run.ts';
import type { Engine } from './engine.ts';
import { hasErrands } from './keep-consent.ts';
import { hasLaneEnded, laneCount, laneMessage, openLanes, readLanes } from './lanes.ts';
import { outlook } from './outlook.ts';
import { purgeRuns } from './purge-runs.ts';
import type { RunMode, RunRow } from './run-row.ts';
import { isActive } from './run-row.ts';
import { findRun } from './run-rows.ts';
import { finishLast, startRun, STARTING_MS, TOKEN_LIFE_MS } from './start-run.ts';
import { purgeIdempotencyKeys } from './start-run-once.ts';
import { changeState, readState } from './state-row.ts';
import type { SyncState } from './state-row.ts';

/** A lane or a run that nobody has touched for this long is called again: its message may have been lost with its worker. */
const STUCK_MS = 120_000;
/** A renewal that failed is not tried again with every tick. */
const RENEW_AGAIN_MS = 6 * 3_600_000;
const SLOT_KEY = 'slot';

/** Until when the schedules have been served. Only scheduled runs move it: a run by hand never swallows the day's. */
interface Slot {
  readonly regular: number;
  readonly full: number;
  /** Absent: since the regular one. */
  readonly reconcile?: number;
}

async function readSlot(engine: Engine): Promise<{ slot: Slot; etag?: string } | undefined> {
  const row = await engine.tables.state.get(engine.config.name, SLOT_KEY);
  return row === undefined ? undefined : { slot: row.body as Slot, etag: row.etag };
}

/** Another instance's tick that was faster has served the same slot. */
async function writeSlot(engine: Engine, slot: Slot, etag?: string): Promise<void> {
  const row = { key: SLOT_KEY, body: slot };
  try {
    await engine.tables.state.write(engine.config.name, [
      etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag },
    ]);
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
  }
}

function isDue(engine: Engine, pattern: string | undefined, servedUntil: number, now: number): boolean {
  if (pattern === undefined) return false;
  const next = nextOccurrence(pattern, engine.config.timeZone, servedUntil);
  return next !== undefined && next <= now;
}

/** What is due; the run that looks at more serves the others' slots as well. */
function modeDue(engine: Engine, slot: Slot, now: number): RunMode | undefined {
  const { schedule, fullSchedule, reconcileSchedule } = engine.config;
  if (isDue(engine, reconcileSchedule, slot.reconcile ?? slot.regular, now)) return 'reconcile';
  if (isDue(engine, fullSchedule, slot.full, now)) return 'full';
  return isDue(engine, schedule, slot.regular, now) ? 'delta' : undefined;
}

function slotAfter(slot: Slot, mode: RunMode, now: number): Slot {
  return {
    regular: now,
    full: mode === 'delta' ? slot.full : now,
    reconcile: mode === 'reconcile' ? now : (slot.reconcile ?? slot.regular),
  };
}

/** Starts the run that the schedules ask for; an overdue slot gives one run, however often it was missed. */
async function serveSchedule(engine: Engine, now: number): Promise<boolean> {
  const found = await readSlot(engine);
  if (found === undefined) {
    await writeSlot(engine, { regular: now, full: now, reconcile: now });
    return false;
  }
  const { slot, etag } = found;
  const mode = modeDue(engine, slot, now);
  if (mode === undefined || !(await tryStart(engine, mode, 'schedule'))) return false;
  await writeSlot(engine, slotAfter(slot, mode, now), etag);
  return true;
}

async function tryStart(
  engine: Engine,
  mode: RunMode,
  trigger: 'schedule' | 'pending' | 'approval',
  planOf?: string,
): Promise<boolean> {
  try {
    await startRun(engine, { mode, dryRun: false, trigger, ...(planOf === undefined ? {} : { planOf }) });
    return true;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'run-active') return false;
    throw error;
  }
}

/** Somebody whose next try is due. Rows are scanned by facets only: there are few, and none in a quiet time. */
async function hasDuePeople(engine: Engine, now: number): Promise<boolean> {
  for await (const rows of engine.tables.people.scan(engine.config.name, 'pending:', { facetsOnly: true })) {
    if (rows.some(({ facets }) => Number(facets['due']) > 0 && Number(facets['due']) <= now)) return true;
  }
  return false;
}

/** Calls again whoever should be at work on a run and has not been for a while. */
async function callStuck(engine: Engine, run: RunRow, now: number): Promise<void> {
  const idleSince = Math.max(run.notBefore ?? 0, run.claim?.until ?? 0, run.startedAt ?? run.createdAt);
  const isLaned = run.phase === 'plan' || run.phase === 'apply';
  if (!isLaned || run.stopping !== undefined) {
    if (!isClaimLive(run.claim, now) && now - idleSince > STUCK_MS) {
      await engine.queue.send('sync-runs', { v: 1, runId: run.runId });
    }
    return;
  }
  const wave = run.phase === 'plan' ? 0 : run.wave;
  const lanes = await readLanes(engine, run, wave);
  const open = lanes.filter((lane) => !hasLaneEnded(run, lane));
  // Whoever opened the wave may have died between two lanes.
  if (lanes.length < laneCount(run, wave)) return openLanes(engine, run, wave);
  if (open.length === 0) return engine.queue.send('sync-runs', { v: 1, runId: run.runId });
  for (const lane of open) {
    const since = Math.max(lane.notBefore ?? 0, lane.claim?.until ?? 0, idleSince);
    if (isClaimLive(lane.claim, now) || now - since <= STUCK_MS) continue;
    engine.log.event('lane.called', { runId: run.runId, wave, lane: lane.index });
    await engine.queue.send('sync-batches', laneMessage(run, lane));
  }
}

/** A starter that died between lease and run row leaves a lease without a run: freed after a while. */
async function freeOrphanedLease(engine: Engine, state: SyncState, now: number): Promise<void> {
  const { lease } = state;
  if (lease === undefined || now - lease.since < STARTING_MS) return;
  await changeState(engine, (current) =>
    current.lease?.runId === lease.runId ? { ...current, lease: undefined } : undefined,
  );
}

/** A dry run's approved plan that had to wait; one that is too old or of another configuration is let go. */
async function startApprovedPlan(engine: Engine, [runId]: readonly string[]): Promise<boolean> {
  if (runId === undefined) return false;
  const found = await findRun(engine, runId);
  if (found !== undefined && isPlanStillGood(engine, found.run)) return tryStart(engine, 'delta', 'approval', runId);
  engine.log.event('plan.lapsed', { runId });
  await changeState(engine, (state) => ({
    ...state,
    plansApproved: (state.plansApproved ?? []).filter((one) => one !== runId),
  }));
  return false;
}

/** The directory forgets the token after seven days: renewed by a full run, however seldom the schedule fires. */
function isTokenAging({ token, lastRun }: SyncState, now: number): boolean {
  if (token === undefined || now - token.issuedAt <= TOKEN_LIFE_MS) return false;
  return lastRun === undefined || now - lastRun.finishedAt > RENEW_AGAIN_MS;
}

/** Before the first run nothing of ours is in the account, and an opt-out must not be what begins it. */
async function hasDueErrands(engine: Engine, { token }: SyncState, now: number): Promise<boolean> {
  return token !== undefined && (await hasErrands(engine, now));
}

async function startDue(engine: Engine, state: SyncState, now: number): Promise<boolean> {
  if (state.approvalWaiting === true && (await tryStart(engine, 'delta', 'approval'))) return true;
  if (await startApprovedPlan(engine, state.plansApproved ?? [])) return true;
  if (await serveSchedule(engine, now)) return true;
  if (isTokenAging(state, now) && (await tryStart(engine, 'full', 'schedule'))) return true;
  const isSomebodyDue = (await hasDuePeople(engine, now)) || (await hasDueErrands(engine, state, now));
  return isSomebodyDue && tryStart(engine, 'delta', 'pending');
}

async function wakeOrStart(engine: Engine, now: number): Promise<void> {
  const state = await readState(engine);
  const active = state.lease === undefined ? undefined : await findRun(engine, state.lease.runId);
  if (active !== undefined && isActive(active.run)) return callStuck(engine, active.run, now);
  await freeOrphanedLease(engine, state, now);
  await finishLast(engine, state);
  if (state.paused === undefined && (await startDue(engine, state, now))) return;
  await purgeRuns(engine, now);
  await purgeIdempotencyKeys(engine, now);
  await purgeEvents(engine, now);
}

/**
 * The timer's work, in seconds: calls what is stuck, else starts what is due: an approval, the schedule, people whose
 * next try has come; and tells people what needs them. Nothing depends on every tick.
 */
export async function tick(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  await wakeOrStart(engine, now);
  const { state, waiting } = await noteAlerts(engine);
  const { lease, paused, lastSuccessAt } = state;
  engine.log.event('tick.ended', {
    activeRunId: lease?.runId,
    paused: paused !== undefined,
    held: waiting.removals + waiting.changes,
    failing: waiting.failing,
    successAgeMs: lastSuccessAt === undefined ? undefined : Math.max(0, now - lastSuccessAt),
    ...outlook(engine.config, state, now),
  });
}
