import type { Digest } from '../ports.ts';
import { selectOf } from './attributes.ts';
import { allClausesOf } from './filter-tree.ts';
import type { SyncConfig } from './sync-config.ts';

/**
 * Identifies what a configuration makes of the directory. When, how carefully and how long reports are kept is left
 * out: a change of those must not force everybody to be read again.
 */
export function fingerprintOf(config: SyncConfig, digest: Digest): string {
  const {
    schedule: _schedule,
    fullSchedule: _fullSchedule,
    reconcileSchedule: _reconcileSchedule,
    timeZone: _timeZone,
    protection: _protection,
    retention: _retention,
    ...meaning
  } = config;
  // What is selected is tracked: a token of another selection would not report what is asked for now.
  return digest.hash(stableJson({ ...meaning, select: selectOf(config) }));
}

/** Whether a filter or the condition of a rule compares with `now`: it comes true without any change in the directory. */
export function hasRelativeDates(config: SyncConfig): boolean {
  const dates = allClausesOf(config).flatMap((clause) => ('attribute' in clause ? [clause.before, clause.after] : []));
  return dates.some((date) => date?.trim().startsWith('now') === true);
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? sorted(part) : part));
}

function sorted(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
