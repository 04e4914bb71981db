import { NeighbourError, SyncError, isClaimLost } from '../errors.ts';
import type { ReasonCode } from '../errors.ts';
import { paceOf } from '../events.ts';
import { sharedDepartment } from '../people/shared-attributes.ts';
import type { QueueMessage } from '../ports.ts';
import { applyBatch } from './apply-batch.ts';
import type { BatchResult } from './apply-batch.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { heedConsent } from './heed-consent.ts';
import { withFence } from './fence.ts';
import { callNext, claimLane, handOnLane, moveLane, postponeLane, releaseLane, releaseCleanly } from './lane-work.ts';
import type { LaneWork } from './lane-work.ts';
import { batchesOf, findLane, hasLaneEnded, laneMessage } from './lanes.ts';
import type { HeldLane, Lane } from './lanes.ts';
import { MAX_WAIT_MS, passes } from './patience.ts';
import type { BatchWork } from './parts.ts';
import { planBatch } from './plan-batch.ts';
import { isActive, isOfThisSetup } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { changeRun, findRun } from './run-rows.ts';

/** Throws and takeovers at one batch before it is given up. */
const MAX_ATTEMPTS = 5;

/** The run, as long as it is in the phase and wave that the message is about. */
async function findRunAtWork(engine: Engine, message: QueueMessage): Promise<RunRow | undefined> {
  const run = message.lane === undefined ? undefined : (await findRun(engine, message.runId))?.run;
  if (run === undefined || !isActive(run) || run.stopping !== undefined) return undefined;
  const { wave } = message.lane!;
  const inPhase = wave === 0 ? run.phase === 'plan' : run.phase === 'apply' && run.wave === wave;
  return inPhase ? run : undefined;
}

async function findWork(engine: Engine, message: QueueMessage): Promise<{ run: RunRow; held: HeldLane } | undefined> {
  const run = await findRunAtWork(engine, message);
  const held = run && (await findLane(engine, run.runId, message.lane!.wave, message.lane!.index));
  // Closed after the run was looked at: it has ended.
  return run === undefined || held === undefined || held.lane.closed === true ? undefined : { run, held };
}

async function doBatch(
  engine: Engine,
  run: RunRow,
  lane: Lane,
  guard: ClaimGuard,
  isRepeat: boolean,
): Promise<BatchResult> {
  const index = batchesOf(run, lane.wave)[lane.cursor]!;
  const giveUp = reasonToGiveUp(lane);
  // A batch that cannot be planned would leave people without a word: the run fails, and the next one tries again.
  if (giveUp !== undefined && (lane.wave === 0 || lane.attempts > 2 * MAX_ATTEMPTS)) throw hopeless(giveUp);
  try {
    if (lane.wave > 0) return await applyBatch(engine, run, lane.wave, index, guard, { isRepeat, giveUp });
    return { kind: 'done', work: await planBatch(engine, run, index, guard) };
  } catch (error) {
    if (!isWorthWaiting(error)) throw error;
    return { kind: 'wait', retryAfterMs: error.detail.retryAfterMs ?? 0 };
  }
}

/** Waiting leaves nothing undone that was begun; after throws and takeovers nobody knows. */
function reasonToGiveUp({ attempts, waitedMs }: Lane): ReasonCode | undefined {
  if (attempts > MAX_ATTEMPTS) return 'in-doubt';
  return waitedMs > MAX_WAIT_MS ? 'service-unavailable' : undefined;
}

function hopeless(reason: ReasonCode): SyncError {
  return reason === 'in-doubt'
    ? new SyncError('poisoned', 'A batch failed again and again. The next run starts from the same token.')
    : new SyncError('neighbour-unavailable', 'A batch could not be planned: MessageMedia gave no answer for too long.');
}

/** MessageMedia will answer again: the lane waits. */
function isWorthWaiting(error: unknown): error is NeighbourError {
  return error instanceof NeighbourError && error.neighbour === 'messagemedia' && passes(error);
}

/** An error that ends the run for everybody: said on the run row, then left to `advance-run`. */
async function stopRun(engine: Engine, run: RunRow, error: NeighbourError | SyncError): Promise<void> {
  const code = error instanceof SyncError ? error.code : 'access-denied';
  await changeRun(engine, run.runId, (now) =>
    isActive(now) && now.stopping === undefined
      ? { stopping: { state: 'failed', code, message: error.message } }
      : undefined,
  );
  await engine.queue.send('sync-runs', { v: 1, runId: run.runId });
}

function stopsRun(error: unknown): error is NeighbourError | SyncError {
  if (error instanceof SyncError) {
    return ['access-denied', 'neighbour-unavailable', 'state-mismatch', 'poisoned'].includes(error.code);
  }
  return error instanceof NeighbourError && error.failure === 'access-denied';
}

/** How long one message works through its lane before it hands on: well below the function time-out. */
const LANE_SLICE_MS = 60_000;

function tellBatch(
  { log }: Engine,
  run: RunRow,
  lane: Lane,
  work: BatchWork = { people: 0 },
  durationMs: number,
): void {
  const { wave, index, cursor } = lane;
  const { people, department = '' } = work;
  log.event('batch.ended', {
    runId: run.runId,
    phase: wave === 0 ? 'plan' : 'apply',
    wave,
    lane: index,
    cursor,
    department: sharedDepartment(department, run.config),
    people,
    durationMs,
    peoplePerSecond: paceOf(people, durationMs),
  });
}

/**
 * Batch after batch of the lane, so that a lane does not wait for the queue between two of them. Between batches the
 * run is looked at again: it may have been stopped or have moved on.
 */
async function workThrough(engine: Engine, found: RunRow, work: LaneWork, message: QueueMessage): Promise<void> {
  const endsAt = engine.clock.now() + LANE_SLICE_MS;
  for (let run: RunRow | undefined = found; run !== undefined; run = await findRunAtWork(engine, message)) {
    const lane = work.lane();
    if (hasLaneEnded(run, lane) || engine.clock.now() >= endsAt) return handOnLane(engine, run, work);
    const began = engine.clock.now();
    const result = await doBatch(engine, run, lane, work.guard, work.isRepeat());
    if (result.kind === 'wait') return postponeLane(engine, run, work, result.retryAfterMs);
    await moveLane(run, work);
    tellBatch(engine, run, lane, result.work, engine.clock.now() - began);
  }
  await releaseCleanly(work);
}

/** Plans or applies the batches of a lane, from its cursor on. A message that comes twice, late or for nothing is harmless. */
export async function processBatch(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findWork(engine, message);
  if (found === undefined) return;
  const { run, held } = found;
  if (!isOfThisSetup(run, engine)) {
    return engine.queue.send('sync-runs', { v: 1, runId: run.runId });
  }
  const { lane } = held;
  // The lane has moved on. Its worker may have died before it called the next one: calling twice does no harm.
  const isStale = lane.cursor !== message.lane!.cursor && lane.claim === undefined;
  if (isStale && lane.notBefore !== undefined) return;
  if (isStale || hasLaneEnded(run, lane)) return callNext(engine, run, lane);
  const work = await claimLane(engine, run, held, message);
  if (work === undefined) return;
  try {
    await workThrough(heedConsent(withFence(engine, run), run), run, work, message);
  } catch (error) {
    if (isClaimLost(error)) return;
    await (error instanceof NeighbourError && stopsRun(error) ? releaseCleanly(work) : releaseLane(work));
    if (!stopsRun(error)) throw error;
    await stopRun(engine, run, error);
  }
}

/** A lane message that failed again and again: the lane is called afresh; its attempts say when to give the batch up. */
export async function abandonBatch(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findWork(engine, message);
  engine.log.event('batch.poisoned', {
    runId: message.runId,
    wave: message.lane?.wave,
    lane: message.lane?.index,
  });
  if (found === undefined || hasLaneEnded(found.run, found.held.lane)) return;
  const { run, held } = found;
  await engine.queue.send('sync-batches', laneMessage(run, held.lane));
}
