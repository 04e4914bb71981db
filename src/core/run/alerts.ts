import { RowConflict } from '../ports.ts';
import { alertConditions } from './alert-conditions.ts';
import type { AlertName, Condition } from './alert-conditions.ts';
import type { Engine } from './engine.ts';

const ALERTS_KEY = 'alerts';
/** A worker that died between writing and telling is taken for dead by then: the next one tells. */
const TELL_AGAIN_MS = 300_000;
const MAX_TRIES = 8;

interface Standing {
  readonly since: number;
  /** When a worker set out to tell people; absent once they were told. */
  readonly tellingSince?: number;
}

interface AlertsRow {
  /** Since when this sync is looked after. */
  readonly watchedSince: number;
  readonly active: Readonly<Partial<Record<AlertName, Standing>>>;
  /** Alerts whose end has still to be told, and when they began. */
  readonly ending?: Readonly<Partial<Record<AlertName, Standing>>>;
}

/** Something that needs people, and since when (ms since 1970). */
export interface Alert {
  readonly name: AlertName;
  readonly since: number;
}

async function readAlerts(engine: Engine): Promise<{ row: AlertsRow; etag: string | undefined }> {
  const found = await engine.tables.state.get(engine.config.name, ALERTS_KEY);
  if (found === undefined) return { row: { watchedSince: engine.clock.now(), active: {} }, etag: undefined };
  return { row: found.body as AlertsRow, etag: found.etag };
}

async function writeAlerts(engine: Engine, row: AlertsRow, etag: string | undefined): Promise<boolean> {
  const changed = { key: ALERTS_KEY, body: row };
  try {
    await engine.tables.state.write(engine.config.name, [
      etag === undefined ? { kind: 'insert', row: changed } : { kind: 'replace', row: changed, etag },
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    return false;
  }
}

type Telling = readonly [name: AlertName, change: 'begins' | 'ends', standing: Standing];

interface Step {
  readonly row: AlertsRow;
  readonly toTell: readonly Telling[];
}

function isUntold({ tellingSince }: Standing, now: number): boolean {
  return tellingSince !== undefined && now - tellingSince >= TELL_AGAIN_MS;
}

/** Where the alerts go from here; undefined when nothing changes and everybody has been told. */
function nextStep(row: AlertsRow, conditions: ReadonlyMap<AlertName, Condition>, now: number): Step | undefined {
  const active: Partial<Record<AlertName, Standing>> = { ...row.active };
  const ending: Partial<Record<AlertName, Standing>> = { ...row.ending };
  const toTell: Telling[] = [];
  for (const name of conditions.keys()) {
    const standing = active[name];
    if (standing !== undefined && !isUntold(standing, now)) continue;
    active[name] = { since: standing?.since ?? now, tellingSince: now };
    toTell.push([name, 'begins', active[name]]);
  }
  for (const [name, standing] of Object.entries(row.active) as [AlertName, Standing][]) {
    if (conditions.has(name)) continue;
    delete active[name];
    ending[name] = { since: standing.since, tellingSince: now };
    toTell.push([name, 'ends', ending[name]]);
  }
  for (const [name, standing] of Object.entries(row.ending ?? {}) as [AlertName, Standing][]) {
    if (isUntold(standing, now)) toTell.push([name, 'ends', standing]);
  }
  return toTell.length === 0 ? undefined : { row: { ...row, active, ending }, toTell };
}

function told({ since }: Standing): Standing {
  return { since };
}

/** The row once people have been told of what this worker set out to tell. */
function afterTelling(row: AlertsRow, toTell: readonly Telling[]): AlertsRow {
  const active: Partial<Record<AlertName, Standing>> = { ...row.active };
  const ending: Partial<Record<AlertName, Standing>> = { ...row.ending };
  for (const [name, change] of toTell) {
    if (change === 'ends') delete ending[name];
    else if (active[name] !== undefined) active[name] = told(active[name]);
  }
  return { ...row, active, ending };
}

/**
 * Tells people once when something begins to need them, and once when it is over. What is told is written down before
 * and after: a worker that dies in between makes it be told twice rather than never.
 */
export async function noteAlerts(engine: Engine): Promise<void> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { row, etag } = await readAlerts(engine);
    const now = engine.clock.now();
    const conditions = await alertConditions(engine, row.watchedSince, now);
    const step = nextStep(row, conditions, now);
    if (step === undefined && etag !== undefined) return;
    if (!(await writeAlerts(engine, step?.row ?? row, etag))) continue;
    if (step === undefined) return;
    for (const [name, change, { since }] of step.toTell) {
      const { level = 'info', fields = {} } = change === 'ends' ? {} : conditions.get(name)!;
      engine.log.event(level, name, { change, ageMs: now - since, ...fields });
    }
    await confirmTold(engine, step.toTell);
    return;
  }
}

async function confirmTold(engine: Engine, toTell: readonly Telling[]): Promise<void> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { row, etag } = await readAlerts(engine);
    if (await writeAlerts(engine, afterTelling(row, toTell), etag)) return;
  }
}

/** What needs people just now, the longest-standing first. */
export async function readActiveAlerts(engine: Engine): Promise<readonly Alert[]> {
  const { row } = await readAlerts(engine);
  return (Object.entries(row.active) as [AlertName, Standing][])
    .map(([name, { since }]) => ({ name, since }))
    .toSorted((a, b) => a.since - b.since);
}
