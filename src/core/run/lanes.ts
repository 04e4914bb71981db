import { RowConflict } from '../ports.ts';
import type { QueueMessage } from '../ports.ts';
import type { Claim } from './claim.ts';
import type { Engine } from './engine.ts';
import type { CallCounts, RunRow } from './run-row.ts';

/** A lane owns every L-th entry of a wave's batch list. `cursor` is a position in that list, not a batch number. */
export interface Lane {
  readonly wave: number;
  readonly index: number;
  readonly cursor: number;
  readonly claim?: Claim | undefined;
  readonly notBefore?: number | undefined;
  /** Throws and takeovers at this cursor; waits do not count. */
  readonly attempts: number;
  readonly waitedMs: number;
  readonly calls: CallCounts;
  /** The run ended before its time: whoever still believes to have the lane finds out when renewing the claim. */
  readonly closed?: true;
}
export interface HeldLane {
  readonly lane: Lane;
  readonly etag: string;
}

/** The batches of a wave, in order. Wave 0 is planning: all of them. */
export function batchesOf(run: RunRow, wave: number): readonly number[] {
  return wave === 0 ? Array.from({ length: run.batchCount }, (_, index) => index) : (run.waves[String(wave)] ?? []);
}

export function laneCount(run: RunRow, wave: number): number {
  return Math.min(run.lanes, batchesOf(run, wave).length);
}

export function hasLaneEnded(run: RunRow, lane: Lane): boolean {
  return lane.cursor >= batchesOf(run, lane.wave).length;
}

function laneKey(wave: number, index: number): string {
  return `lane-${wave}-${index}`;
}

function laneRow(lane: Lane): { key: string; facets: Record<string, number>; body: Lane } {
  return { key: laneKey(lane.wave, lane.index), facets: { cursor: lane.cursor }, body: lane };
}

export function laneMessage(run: RunRow, lane: Lane, waitedFor?: string): QueueMessage {
  const { wave, index, cursor } = lane;
  return { v: 1, runId: run.runId, lane: { wave, index, cursor }, ...(waitedFor === undefined ? {} : { waitedFor }) };
}

export async function findLane(
  engine: Engine,
  runId: string,
  wave: number,
  index: number,
): Promise<HeldLane | undefined> {
  const row = await engine.tables.parts.get(runId, laneKey(wave, index));
  return row === undefined ? undefined : { lane: row.body as Lane, etag: row.etag };
}

/** Throws RowConflict when another worker changed the lane since it was read. */
export async function replaceLane(engine: Engine, runId: string, held: HeldLane, lane: Lane): Promise<HeldLane> {
  const [etag] = await engine.tables.parts.write(runId, [{ kind: 'replace', row: laneRow(lane), etag: held.etag }]);
  return { lane, etag: etag! };
}

/** Makes the wave's lanes, as far as they are not there yet, and sends every unfinished one its message. */
export async function openLanes(engine: Engine, run: RunRow, wave: number): Promise<void> {
  for (let index = 0; index < laneCount(run, wave); index += 1) {
    const fresh: Lane = { wave, index, cursor: index, attempts: 0, waitedMs: 0, calls: { graph: 0, messagemedia: 0 } };
    let lane = fresh;
    try {
      await engine.tables.parts.write(run.runId, [{ kind: 'insert', row: laneRow(fresh) }]);
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
      lane = (await findLane(engine, run.runId, wave, index))?.lane ?? fresh;
    }
    if (!hasLaneEnded(run, lane)) await engine.queue.send('sync-batches', laneMessage(run, lane));
  }
}

export async function scanLanes(engine: Engine, run: RunRow, wave: number): Promise<readonly HeldLane[]> {
  const lanes: HeldLane[] = [];
  for await (const page of engine.tables.parts.scan(run.runId, `lane-${wave}-`)) {
    lanes.push(...page.map((row) => ({ lane: row.body as Lane, etag: row.etag })));
  }
  return lanes;
}

export async function readLanes(engine: Engine, run: RunRow, wave: number): Promise<readonly Lane[]> {
  return (await scanLanes(engine, run, wave)).map(({ lane }) => lane);
}

/**
 * Takes the unfinished ones of these lanes away from whoever has them, so that a worker that stood still does no more for
 * a run that has ended. False when one of them changed since it was read: its worker is alive.
 */
export async function closeLanes(engine: Engine, run: RunRow, lanes: readonly HeldLane[]): Promise<boolean> {
  for (const held of lanes) {
    const { lane } = held;
    if (lane.closed === true || hasLaneEnded(run, lane)) continue;
    try {
      await replaceLane(engine, run.runId, held, { ...lane, closed: true });
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
      return false;
    }
  }
  return true;
}

/** True when every lane of the wave reached its end; a lane that was never made has not. */
export async function haveLanesEnded(engine: Engine, run: RunRow, wave: number): Promise<boolean> {
  const lanes = await readLanes(engine, run, wave);
  return lanes.length >= laneCount(run, wave) && lanes.every((lane) => hasLaneEnded(run, lane));
}
