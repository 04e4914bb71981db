import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { QueueMessage } from '../ports.ts';
import { CLAIM_MS, guardClaim, isClaimLive, waitForClaim } from './claim.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { hasLaneEnded, haveLanesEnded, laneMessage, replaceLane } from './lanes.ts';
import type { HeldLane, Lane } from './lanes.ts';
import { nextWait } from './patience.ts';
import type { CallCounts, RunRow } from './run-row.ts';

/** One worker's hold on a lane while it works through its batches. */
export interface LaneWork {
  readonly guard: ClaimGuard;
  /** The batch at the cursor was begun before: by a worker that failed, waited or was replaced. */
  readonly isRepeat: () => boolean;
  readonly lane: () => Lane;
  readonly update: (patch: Partial<Lane>) => Promise<void>;
}

/** The lane is at this message's batch and nobody works on it: takes it, or says when to look again. */
export async function claimLane(
  engine: Engine,
  run: RunRow,
  found: HeldLane,
  message: QueueMessage,
): Promise<LaneWork | undefined> {
  const { lane } = found;
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
  const claim = { nonce: engine.ids.next(), until: now + CLAIM_MS };
  try {
    const next = { ...lane, claim, notBefore: undefined, attempts: lane.attempts + 1 };
    const held = await replaceLane(engine, run.runId, found, next);
    return holdLane(engine, run, held, claim, lane.claim !== undefined);
  } catch (error) {
    if (error instanceof RowConflict) return undefined;
    throw error;
  }
}

function holdLane(
  engine: Engine,
  run: RunRow,
  claimed: HeldLane,
  claim: NonNullable<Lane['claim']>,
  wasTakenOver: boolean,
): LaneWork {
  let held = claimed;
  const before = held.lane.calls;
  const startedAt = held.lane.cursor;
  const guard = guardClaim(engine, claim, (until) => update({ claim: { nonce: claim.nonce, until } }));
  async function update(patch: Partial<Lane>): Promise<void> {
    try {
      held = await replaceLane(engine, run.runId, held, {
        ...held.lane,
        calls: addCalls(before, guard.calls()),
        ...patch,
      });
    } catch (error) {
      if (error instanceof RowConflict)
        throw new SyncError('claim-lost', 'Another worker took this lane over.', {}, error);
      throw error;
    }
  }
  return {
    guard,
    isRepeat: () =>
      (wasTakenOver && held.lane.cursor === startedAt) || held.lane.attempts > 1 || held.lane.waitedMs > 0,
    lane: () => held.lane,
    update,
  };
}

function addCalls(a: CallCounts, b: CallCounts): CallCounts {
  return { graph: a.graph + b.graph, messagemedia: a.messagemedia + b.messagemedia };
}

/** The lane comes back later: claim freed first, then a delayed message. Waiting is not an attempt. */
export async function postponeLane(engine: Engine, run: RunRow, work: LaneWork, retryAfterMs: number): Promise<void> {
  const { waitedMs, attempts, wave, index } = work.lane();
  const delayMs = nextWait(waitedMs, retryAfterMs);
  await work.update({
    claim: undefined,
    notBefore: engine.clock.now() + delayMs,
    attempts: attempts - 1,
    waitedMs: waitedMs + delayMs,
  });
  engine.log.event('lane.postponed', {
    runId: run.runId,
    wave,
    lane: index,
    neighbour: 'messagemedia',
    delayMs,
    waitedMs: waitedMs + delayMs,
  });
  await engine.queue.send('sync-batches', laneMessage(run, work.lane()), { delayMs });
}

/** Moves the cursor to the lane's next batch and keeps the claim: the next batch has been tried once, by us. */
export async function moveLane(run: RunRow, work: LaneWork): Promise<void> {
  await work.update({ cursor: work.lane().cursor + run.lanes, attempts: 1, waitedMs: 0 });
}

/** Frees a lane whose worker stops here, and only then calls whoever is next. */
export async function handOnLane(engine: Engine, run: RunRow, work: LaneWork): Promise<void> {
  await work.update({ claim: undefined, attempts: 0 });
  await callNext(engine, run, work.lane());
}

/** Calls the lane's next worker; at the end of the last lane, `advance-run`. Calling twice does no harm. */
export async function callNext(engine: Engine, run: RunRow, lane: Lane): Promise<void> {
  if (!hasLaneEnded(run, lane)) return engine.queue.send('sync-batches', laneMessage(run, lane));
  if (await haveLanesEnded(engine, run, lane.wave)) await engine.queue.send('sync-runs', { v: 1, runId: run.runId });
}

/** Frees a lane whose batch was not begun, or was refused to everybody: what was done is stored, the try leaves no doubt. */
export async function releaseCleanly(work: LaneWork): Promise<void> {
  await work.update({ claim: undefined, attempts: work.lane().attempts - 1 });
}

/** Frees the lane after a failure, so that the redelivered message need not wait for the claim to end. */
export async function releaseLane(work: LaneWork): Promise<void> {
  await work.update({ claim: undefined }).catch(() => undefined);
}
