import { NOTHING_APPLIED } from '../plan/weigh.ts';
import { CALL_TIMEOUT_MS, isClaimLive } from './claim.ts';
import { addBatch } from './close-run.ts';
import { deadBatches, isInDoubt, noteDoubt } from './doubt.ts';
import { endRun } from './end-run.ts';
import type { Engine } from './engine.ts';
import { closeLanes, scanLanes } from './lanes.ts';
import type { HeldLane } from './lanes.ts';
import { addApplied, appliedBy, tallyOf } from './ledger.ts';
import { readBatch } from './read-outcomes.ts';
import type { RunRow } from './run-row.ts';
import { NO_COUNTS } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

/** How long a stopping run waits for a lane that is still at work before it looks again. */
const STOP_POLL_MS = 2_000;

/** The wave whose lanes are open, if any. */
function currentWave(run: RunRow): number | undefined {
  if (run.phase === 'plan') return 0;
  return run.phase === 'apply' ? run.wave : undefined;
}

async function currentLanes(engine: Engine, run: RunRow): Promise<readonly HeldLane[]> {
  const wave = currentWave(run);
  return wave === undefined ? [] : scanLanes(engine, run, wave);
}

/** When the last live claim of the lanes is over; undefined when none is. A run must not end under its workers. */
function busyUntil(lanes: readonly HeldLane[], now: number): number | undefined {
  const ends = lanes.flatMap(({ lane }) => (isClaimLive(lane.claim, now) ? [lane.claim!.until] : []));
  return ends.length === 0 ? undefined : Math.max(...ends) + CALL_TIMEOUT_MS;
}

/** What was done before the run was stopped, counted; what nobody knows is written down as doubt. */
async function settleStopped(work: RunWork): Promise<Pick<RunRow, 'counts' | 'applied'>> {
  const { engine, run } = work;
  let { counts } = run();
  if (run().sealNonce === undefined || run().dryRun) return { counts };
  const { read, inScope } = counts;
  counts = { ...NO_COUNTS, read, inScope };
  let applied = NOTHING_APPLIED;
  const dead = await deadBatches(work);
  for (let index = 0; index < run().batchCount; index += 1) {
    const batch = await readBatch(engine, run(), index);
    if (batch === undefined) continue;
    const done = { ...batch, operations: batch.operations.filter(({ final }) => final !== undefined) };
    const unknown = batch.operations.filter((one) => one.final === undefined && isInDoubt(one, dead.get(index)));
    counts = addBatch(counts, done, false);
    applied = addApplied(addApplied(applied, appliedBy(done)), tallyOf(unknown));
    await noteDoubt(work, index, batch, dead.get(index));
  }
  return { counts, applied };
}

/** Nobody goes on with the run's lanes, whatever they believe. False when somebody is at work after all. */
export async function endLanes(engine: Engine, run: RunRow): Promise<boolean> {
  return closeLanes(engine, run, await currentLanes(engine, run));
}

/** Ends a run before its time, once nobody works on it any more; until then answers when to look again, in ms. */
export async function stopRun(work: RunWork): Promise<number | undefined> {
  const { engine, run } = work;
  const { state, code, message } = run().stopping!;
  const lanes = await currentLanes(engine, run());
  const until = busyUntil(lanes, engine.clock.now());
  if (until !== undefined) return Math.min(STOP_POLL_MS, Math.max(1_000, until - engine.clock.now()));
  // The very rows that were looked at: whoever has claimed one since is at work, and is waited for.
  if (!(await closeLanes(engine, run(), lanes))) return STOP_POLL_MS;
  await endRun(work, { state, ...(await settleStopped(work)), error: { code, message } });
  return undefined;
}
