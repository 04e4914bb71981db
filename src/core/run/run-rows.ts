import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { StoredRow } from '../ports.ts';
import type { Engine } from './engine.ts';
import { COUNT_NAMES } from './run-row.ts';
import type { RunCounts, RunRow } from './run-row.ts';

export interface HeldRun {
  readonly run: RunRow;
  readonly etag: string;
}

const MAX_TRIES = 12;

export const NO_COUNTS: RunCounts = Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as RunCounts;

function toRow(run: RunRow): { key: string; facets: Record<string, string | number | boolean>; body: unknown } {
  const { runId, state, phase, createdAt } = run;
  return { key: runId, facets: { state, phase, createdAt }, body: run };
}

function fromRow(row: StoredRow): HeldRun {
  return { run: row.body as RunRow, etag: row.etag };
}

export async function findRun(engine: Engine, runId: string): Promise<HeldRun | undefined> {
  const row = await engine.tables.runs.get(engine.config.name, runId);
  return row === undefined ? undefined : fromRow(row);
}

/** Throws SyncError('run-not-found'). */
export async function fetchRun(engine: Engine, runId: string): Promise<HeldRun> {
  const held = await findRun(engine, runId);
  if (held === undefined) throw new SyncError('run-not-found', `There is no run ${runId}.`);
  return held;
}

export async function insertRun(engine: Engine, run: RunRow): Promise<void> {
  await engine.tables.runs.write(engine.config.name, [{ kind: 'insert', row: toRow(run) }]);
}

/** Writes the run over the version it was read at. Throws RowConflict when somebody else was faster. */
export async function replaceRun(engine: Engine, held: HeldRun, patch: Partial<RunRow>): Promise<HeldRun> {
  const run = { ...held.run, ...patch };
  const [etag] = await engine.tables.runs.write(engine.config.name, [
    { kind: 'replace', row: toRow(run), etag: held.etag },
  ]);
  return { run, etag: etag! };
}

/** Changes a run by compare-and-set, whoever else writes; `change` answers undefined to leave it as it is. */
export async function changeRun(
  engine: Engine,
  runId: string,
  change: (run: RunRow) => Partial<RunRow> | undefined,
): Promise<RunRow> {
  for (let attempt = 1; ; attempt += 1) {
    const held = await fetchRun(engine, runId);
    const patch = change(held.run);
    if (patch === undefined) return held.run;
    try {
      return (await replaceRun(engine, held, patch)).run;
    } catch (error) {
      if (!(error instanceof RowConflict) || attempt >= MAX_TRIES) throw error;
      await engine.clock.sleep(20 * attempt);
    }
  }
}

/** Row number in a fixed width, so that keys sort as numbers do. */
export function ordinal(index: number): string {
  return String(index).padStart(6, '0');
}

/** Every run id begins with this, and sorts newest first behind it. */
export const RUN_PREFIX = 'r';

/** Larger than any time in milliseconds until the year 2286: run ids count down, so that the newest sorts first. */
const ID_TOP = 9_999_999_999_999;

/** How the ids of runs begin that were created at `at` (ms since 1970); those of earlier runs sort behind it. */
export function runIdAt(at: number): string {
  return `${RUN_PREFIX}${String(ID_TOP - at).padStart(13, '0')}`;
}

/** Whether an id is a run's, and not that of something else that keeps runs from starting. */
export function isRunId(id: string): boolean {
  return /^r\d{13}-/.test(id);
}

/** Runs, newest first. */
export async function* recentRuns(engine: Engine, after?: string): AsyncGenerator<RunRow> {
  const options = after === undefined ? { pageSize: 100 } : { pageSize: 100, after };
  for await (const rows of engine.tables.runs.scan(engine.config.name, RUN_PREFIX, options)) {
    for (const row of rows) yield fromRow(row).run;
  }
}
