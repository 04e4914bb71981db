import { NeighbourError, SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { QueueMessage } from '../ports.ts';
import { applyBatch } from './apply-batch.ts';
import type { BatchResult } from './apply-batch.ts';
import { CLAIM_MS, guardClaim, isClaimLive, waitForClaim } from './claim.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { batchesOf, findLane, hasLaneEnded, haveLanesEnded, laneMessage, replaceLane } from './lanes.ts';
import type { HeldLane, Lane } from './lanes.ts';
import { planBatch } from './plan-batch.ts';
import { isActive } from './run-row.ts';
import type { CallCounts, RunRow } from './run-row.ts';
import { changeRun, findRun } from './run-rows.ts';

/** Throws and takeovers at one batch before it is given up. */
const MAX_ATTEMPTS = 5;
/** Waits for MessageMedia do not count as attempts, up to this long in all for one batch. */
const MAX_WAIT_MS = 3_600_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** The run as far as this message's lane still has something to do in it. */
async function findWork(engine: Engine, message: QueueMessage): Promise<{ run: RunRow; held: HeldLane } | undefined> {
  const found = await findRun(engine, message.runId);
  if (found === undefined || message.lane === undefined) return undefined;
  const { run } = found;
  const { wave, index } = message.lane;
  const inPhase = wave === 0 ? run.phase === 'plan' : run.phase === 'apply' && run.wave === wave;
  if (!isActive(run) || !inPhase || run.stopping !== undefined) return undefined;
  const held = await findLane(engine, run.runId, wave, index);
  return held === undefined ? undefined : { run, held };
}

function addCalls(a: CallCounts, b: CallCounts): CallCounts {
  return { graph: a.graph + b.graph, messagemedia: a.messagemedia + b.messagemedia };
}

/** The lane is at this message's batch and nobody works on it: takes it, or says when to look again. */
async function claimLane(
  engine: Engine,
  run: RunRow,
  held: HeldLane,
  message: QueueMessage,
): Promise<{ held: HeldLane; nonce: string; wasTakenOver: boolean } | undefined> {
  const { lane } = held;
  const now = engine.clock.now();
  if (isClaimLive(lane.claim, now)) {
    // Whoever waited for this very claim already has seen it prolonged: its worker is alive and sends the next message.
    if (message.waitedFor === lane.claim!.nonce && lane.claim!.until > now) return undefined;
    await engine.queue.send('sync-batches', laneMessage(run, lane, lane.claim!.nonce), {
      delayMs: waitForClaim(lane.claim!, now),
    });
    return undefined;
  }
  if (lane.notBefore !== undefined && lane.notBefore > now + 1_000) {
    await engine.queue.send('sync-batches', laneMessage(run, lane), { delayMs: lane.notBefore - now });
    return undefined;
  }
  const nonce = engine.ids.next();
  const claim = { nonce, until: now + CLAIM_MS };
  try {
    const claimed = await replaceLane(engine, run.runId, held, {
      ...lane,
      claim,
      notBefore: undefined,
      attempts: lane.attempts + 1,
    });
    return { held: claimed, nonce, wasTakenOver: lane.claim !== undefined };
  } catch (error) {
    if (error instanceof RowConflict) return undefined;
    throw error;
  }
}

interface LaneWork {
  readonly guard: ClaimGuard;
  readonly lane: () => Lane;
  readonly update: (lane: Lane) => Promise<void>;
}

function workOnLane(engine: Engine, run: RunRow, claimed: HeldLane): LaneWork {
  let held = claimed;
  async function update(lane: Lane): Promise<void> {
    try {
      held = await replaceLane(engine, run.runId, held, lane);
    } catch (error) {
      if (error instanceof RowConflict)
        throw new SyncError('claim-lost', 'Another worker took this lane over.', {}, error);
      throw error;
    }
  }
  const { claim } = held.lane;
  return {
    guard: guardClaim(engine, claim!, (until) => update({ ...held.lane, claim: { nonce: claim!.nonce, until } })),
    lane: () => held.lane,
    update,
  };
}

async function doBatch(
  engine: Engine,
  run: RunRow,
  lane: Lane,
  guard: ClaimGuard,
  isRepeat: boolean,
): Promise<BatchResult> {
  const index = batchesOf(run, lane.wave)[lane.cursor]!;
  const giveUp = lane.attempts > MAX_ATTEMPTS || lane.waitedMs > MAX_WAIT_MS;
  if (lane.wave > 0) return applyBatch(engine, run, lane.wave, index, guard, { isRepeat, giveUp });
  // A batch that cannot be planned would leave people without a word: the run fails, and the next one tries again.
  if (giveUp)
    throw new SyncError(
      'neighbour-unavailable',
      'A batch could not be planned: MessageMedia gave no answer for too long.',
    );
  try {
    await planBatch(engine, run, index, guard);
    return { kind: 'done' };
  } catch (error) {
    const passes =
      error instanceof NeighbourError && (error.failure === 'throttled' || error.failure === 'unavailable');
    if (!passes || error.neighbour === 'storage') throw error;
    return { kind: 'wait', retryAfterMs: error.detail.retryAfterMs ?? 0 };
  }
}

/** The lane comes back later: claim freed first, then a delayed message. Waiting is not an attempt. */
async function postpone(engine: Engine, run: RunRow, work: LaneWork, retryAfterMs: number): Promise<void> {
  const lane = work.lane();
  const patience = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS + lane.waitedMs);
  const delayMs = Math.max(retryAfterMs, patience);
  const next: Lane = {
    ...lane,
    claim: undefined,
    notBefore: engine.clock.now() + delayMs,
    attempts: lane.attempts - 1,
    waitedMs: lane.waitedMs + delayMs,
    calls: addCalls(lane.calls, work.guard.calls()),
  };
  await work.update(next);
  engine.log.event('warn', 'lane-waits', { runId: run.runId, wave: lane.wave, lane: lane.index, delayMs });
  await engine.queue.send('sync-batches', laneMessage(run, next), { delayMs });
}

/** Moves the lane to its next batch, frees it, and only then calls whoever is next. */
async function moveOn(engine: Engine, run: RunRow, work: LaneWork): Promise<void> {
  const lane = work.lane();
  const next: Lane = {
    ...lane,
    cursor: lane.cursor + run.lanes,
    claim: undefined,
    attempts: 0,
    waitedMs: 0,
    calls: addCalls(lane.calls, work.guard.calls()),
  };
  await work.update(next);
  await callNext(engine, run, next);
}

async function callNext(engine: Engine, run: RunRow, lane: Lane): Promise<void> {
  if (!hasLaneEnded(run, lane)) return engine.queue.send('sync-batches', laneMessage(run, lane));
  if (await haveLanesEnded(engine, run, lane.wave)) await engine.queue.send('sync-runs', { v: 1, runId: run.runId });
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
  if (error instanceof SyncError) return error.code === 'neighbour-unavailable' || error.code === 'state-mismatch';
  return error instanceof NeighbourError && error.failure === 'access-denied';
}

/** Frees the lane after a failure, so that the redelivered message need not wait for the claim to end. */
async function release(work: LaneWork): Promise<void> {
  const lane = work.lane();
  await work
    .update({ ...lane, claim: undefined, calls: addCalls(lane.calls, work.guard.calls()) })
    .catch(() => undefined);
}

/** Plans or applies the batch at a lane's cursor. A message that comes twice, late or for nothing is harmless. */
export async function processBatch(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findWork(engine, message);
  if (found === undefined) return;
  const { run, held } = found;
  if (run.fingerprint !== engine.fingerprint) {
    return engine.queue.send('sync-runs', { v: 1, runId: run.runId });
  }
  const { lane } = held;
  if (lane.cursor !== message.lane!.cursor) {
    // The batch is done. Its worker may have died before it called the next one: calling twice does no harm.
    const isNext =
      lane.cursor === message.lane!.cursor + run.lanes && lane.claim === undefined && lane.notBefore === undefined;
    return isNext ? callNext(engine, run, lane) : undefined;
  }
  if (hasLaneEnded(run, lane)) return callNext(engine, run, lane);
  const claimed = await claimLane(engine, run, held, message);
  if (claimed === undefined) return;
  const work = workOnLane(engine, run, claimed.held);
  const isRepeat = claimed.wasTakenOver || claimed.held.lane.attempts > 1 || claimed.held.lane.waitedMs > 0;
  try {
    const result = await doBatch(engine, run, claimed.held.lane, work.guard, isRepeat);
    if (result.kind === 'wait') return await postpone(engine, run, work, result.retryAfterMs);
    await moveOn(engine, run, work);
    engine.log.event('info', 'batch-done', {
      runId: run.runId,
      wave: lane.wave,
      lane: lane.index,
      cursor: lane.cursor,
    });
  } catch (error) {
    if (error instanceof SyncError && error.code === 'claim-lost') return;
    await release(work);
    if (!stopsRun(error)) throw error;
    await stopRun(engine, run, error);
  }
}

/** A lane message that failed again and again: the lane is called afresh; its attempts say when to give the batch up. */
export async function abandonBatch(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findWork(engine, message);
  engine.log.event('error', 'batch-poisoned', {
    runId: message.runId,
    wave: message.lane?.wave,
    lane: message.lane?.index,
  });
  if (found === undefined || hasLaneEnded(found.run, found.held.lane)) return;
  const { run, held } = found;
  await replaceLane(engine, run.runId, held, { ...held.lane, attempts: MAX_ATTEMPTS + 1 });
  await engine.queue.send('sync-batches', laneMessage(run, held.lane));
}
