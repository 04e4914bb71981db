import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { RunRow } from './run-row.ts';
import { findRun } from './run-rows.ts';
import { newRunId, startRun } from './start-run.ts';
import type { RunRequest } from './start-run.ts';

const IDEMPOTENCY_PREFIX = 'idempotency:';
/** How long a key stands for the run it started. */
export const IDEMPOTENCY_MS = 86_400_000;
/** A caller that repeats itself may overtake the first call: its run row is about to be written. */
const LOOKS = 20;
const LOOK_AGAIN_MS = 100;

interface Reservation {
  /** Hash of what was asked for. */
  readonly request: string;
  readonly runId: string;
  readonly at: number;
}

function hashOf(engine: Engine, { mode, dryRun, reason, only }: RunRequest): string {
  const whom = only === undefined ? [] : [only.departments, only.people];
  return engine.digest.hash(JSON.stringify([mode, dryRun, reason ?? null, ...whom]));
}

/** Reserves the key for a run that is about to start, or answers the reservation that stands. */
async function reserve(engine: Engine, rowKey: string, request: string): Promise<Reservation> {
  const { tables, config, clock } = engine;
  for (;;) {
    const found = await tables.state.get(config.name, rowKey);
    const standing = found?.body as Reservation | undefined;
    const now = clock.now();
    if (standing !== undefined && now - standing.at < IDEMPOTENCY_MS) return standing;
    const row = { key: rowKey, facets: { at: now }, body: { request, runId: newRunId(engine, now), at: now } };
    try {
      await tables.state.write(config.name, [
        found === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag: found.etag },
      ]);
      return row.body;
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
    }
  }
}

async function awaitRun(engine: Engine, runId: string): Promise<RunRow | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    const found = await findRun(engine, runId);
    if (found !== undefined) return found.run;
    await engine.clock.sleep(LOOK_AGAIN_MS);
  }
  return undefined;
}

/**
 * Starts a run at most once for a key: the same request under the same key answers the run that it started, for 24
 * hours. Throws SyncError('idempotency-key-reused') for another request, and what `startRun` throws; a refused start
 * leaves the key free.
 */
export async function startRunOnce(engine: Engine, request: RunRequest, key: string): Promise<RunRow> {
  // The caller's key may be anything, even somebody's number.
  const rowKey = `${IDEMPOTENCY_PREFIX}${engine.digest.pseudonym(key)}`;
  const hash = hashOf(engine, request);
  const reservation = await reserve(engine, rowKey, hash);
  if (reservation.request !== hash) {
    throw new SyncError(
      'idempotency-key-reused',
      'This Idempotency-Key has started another run within 24 hours. Use a new key for another request.',
      { runId: reservation.runId },
    );
  }
  const { runId } = reservation;
  const started = await findRun(engine, runId);
  if (started !== undefined) return started.run;
  try {
    return await startRun(engine, request, runId);
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'run-active') throw error;
    if (error.extras['runId'] === runId) {
      const run = await awaitRun(engine, runId);
      if (run !== undefined) return run;
    }
    await engine.tables.state.write(engine.config.name, [{ kind: 'delete', key: rowKey }]);
    throw error;
  }
}

/** Forgets the keys whose time is over. */
export async function purgeIdempotencyKeys(engine: Engine, now: number): Promise<void> {
  const { tables, config } = engine;
  for await (const rows of tables.state.scan(config.name, IDEMPOTENCY_PREFIX, { facetsOnly: true, pageSize: 100 })) {
    const over = rows.filter(({ facets }) => now - Number(facets['at']) >= IDEMPOTENCY_MS);
    if (over.length === 0) continue;
    await tables.state.write(
      config.name,
      over.map(({ key }) => ({ kind: 'delete', key })),
    );
  }
}
