import type { AlertName } from '../events.ts';
import { RowConflict } from '../ports.ts';
import { readSituation } from './alert-conditions.ts';
import type { AlertFields, Situation } from './alert-conditions.ts';
import type { Engine } from './engine.ts';

const ALERTS_KEY = 'alerts';
/** A worker that died between writing and telling is taken for dead by then: the next one tells. */
const TELL_AGAIN_MS = 300_000;
/** Monitoring looks back two days at most: what still stands is told again before it is forgotten there. */
const REMIND_MS = 24 * 3_600_000;
const MAX_TRIES = 8;

interface Standing {
  readonly since: number;
  /** When a worker set out to tell people; absent once they were told. */
  readonly tellingSince?: number;
  /** When people were last told; absent in rows of earlier versions, which told at the beginning. */
  readonly toldAt?: number;
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

type Telling = readonly [name: AlertName, change: 'began' | 'continued' | 'ended', standing: Standing];

interface Step {
  readonly row: AlertsRow;
  readonly toTell: readonly Telling[];
}

/** What has to be told of an alert that stands; undefined when people know. */
function dueTelling(standing: Standing, now: number): 'began' | 'continued' | undefined {
  const { since, tellingSince, toldAt } = standing;
  if (tellingSince !== undefined && !isUntold(standing, now)) return undefined;
  if (toldAt === undefined && tellingSince !== undefined) return 'began';
  return tellingSince !== undefined || now - (toldAt ?? since) >= REMIND_MS ? 'continued' : undefined;
}

function isUntold({ tellingSince }: Standing, now: number): boolean {
  return tellingSince !== undefined && now - tellingSince >= TELL_AGAIN_MS;
}

/** Where the alerts go from here; undefined when nothing changes and everybody has been told. */
function nextStep(row: AlertsRow, conditions: Situation['conditions'], now: number): Step | undefined {
  const active: Partial<Record<AlertName, Standing>> = { ...row.active };
  const ending: Partial<Record<AlertName, Standing>> = { ...row.ending };
  const toTell: Telling[] = [];
  for (const name of conditions.keys()) {
    const standing = active[name];
    const change = standing === undefined ? 'began' : dueTelling(standing, now);
    if (change === undefined) continue;
    active[name] = { since: now, ...standing, tellingSince: now };
    toTell.push([name, change, active[name]]);
  }
  for (const [name, standing] of Object.entries(row.active) as [AlertName, Standing][]) {
    if (conditions.has(name)) continue;
    delete active[name];
    ending[name] = { since: standing.since, tellingSince: now };
    toTell.push([name, 'ended', ending[name]]);
  }
  for (const [name, standing] of Object.entries(row.ending ?? {}) as [AlertName, Standing][]) {
    if (isUntold(standing, now)) toTell.push([name, 'ended', standing]);
  }
  return toTell.length === 0 ? undefined : { row: { ...row, active, ending }, toTell };
}

/** The row once people have been told of what this worker set out to tell. */
function afterTelling(row: AlertsRow, toTell: readonly Telling[], now: number): AlertsRow {
  const active: Partial<Record<AlertName, Standing>> = { ...row.active };
  const ending: Partial<Record<AlertName, Standing>> = { ...row.ending };
  for (const [name, change, { since }] of toTell) {
    if (change === 'ended') delete ending[name];
    else if (active[name] !== undefined) active[name] = { since, toldAt: now };
  }
  return { ...row, active, ending };
}

/**
 * Tells people once when something begins to need them, once a day while it does, and once when it is over. What is told
 * is written down before and after: a worker that dies in between makes it be told twice rather than never. Answers how
 * things stand.
 */
export async function noteAlerts(engine: Engine): Promise<Situation> {
  for (let attempt = 1; ; attempt += 1) {
    const { row, etag } = await readAlerts(engine);
    const now = engine.clock.now();
    const situation = await readSituation(engine, row.watchedSince, now);
    const step = nextStep(row, situation.conditions, now);
    if (step === undefined && etag !== undefined) return situation;
    const isWritten = await writeAlerts(engine, step?.row ?? row, etag);
    if (isWritten && step !== undefined) await tellAlerts(engine, step.toTell, situation, now);
    if (isWritten || attempt >= MAX_TRIES) return situation;
  }
}

async function tellAlerts(
  engine: Engine,
  toTell: readonly Telling[],
  { conditions }: Situation,
  now: number,
): Promise<void> {
  for (const [alert, change, { since }] of toTell) {
    const fields: AlertFields = conditions.get(alert) ?? {};
    engine.log.event(`alert.${change}`, { alert, ageMs: now - since, ...fields });
  }
  await confirmTold(engine, toTell, now);
}

async function confirmTold(engine: Engine, toTell: readonly Telling[], now: number): Promise<void> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { row, etag } = await readAlerts(engine);
    if (await writeAlerts(engine, afterTelling(row, toTell, now), etag)) return;
  }
}

/** What needs people just now, the longest-standing first. */
export async function readActiveAlerts(engine: Engine): Promise<readonly Alert[]> {
  const { row } = await readAlerts(engine);
  return (Object.entries(row.active) as [AlertName, Standing][])
    .map(([name, { since }]) => ({ name, since }))
    .toSorted((a, b) => a.since - b.since);
}
