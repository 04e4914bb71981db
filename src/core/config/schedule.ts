import { Cron } from 'croner';
import { readSchedule } from './cron-pattern.ts';
import { nearest } from './nearest.ts';

export { parseSchedule } from './cron-pattern.ts';
export { describeSchedule } from './schedule-words.ts';

/**
 * The first time after `afterMs` (milliseconds since 1970) at which the schedule fires, or undefined when there is none.
 * A time of day that daylight saving skips fires right after the gap; one that it repeats fires once.
 */
export function nextOccurrence(pattern: string, timeZone: string, afterMs: number): number | undefined {
  return upcoming(pattern, timeZone, afterMs, 1)[0];
}

/** The next `count` times after `afterMs` at which the schedule fires, in milliseconds since 1970. */
export function upcoming(pattern: string, timeZone: string, afterMs: number, count: number): readonly number[] {
  const cron = new Cron(cronerPattern(pattern), {
    timezone: timeZone,
    paused: true,
    domAndDow: true,
    fixedTimeRule: 'no-wildcard',
  });
  return cron.nextRuns(count, new Date(afterMs)).map((date) => date.getTime());
}

/** Sundays at the first time of day at which a schedule fires: when everybody is read unless the configuration says otherwise. */
export function defaultFullSchedule(text: string): string {
  const { pattern, fields } = readSchedule(text);
  const { seconds, minutes, hours } = fields;
  const time = `${minutes[0]} ${hours[0]} * * 0`;
  return hasSeconds(pattern) ? `${seconds[0]} ${time}` : time;
}

/** Says whether the platform knows an IANA time zone; offsets such as +10:00 have no daylight saving and are refused. */
export function checkTimeZone(zone: string): { readonly ok: boolean; readonly nearest?: string } {
  if (/^[A-Za-z]/.test(zone) && isKnownZone(zone)) return { ok: true };
  const suggestion = nearest(zone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return suggestion === undefined ? { ok: false } : { ok: false, nearest: suggestion };
}

function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

// Croner runs steps and wildcards on both sides of a daylight-saving change and skips the gap. A schedule that names its
// hours means times of the day, so its steps are written out: each time then fires exactly once.
function cronerPattern(text: string): string {
  const { pattern, fields } = readSchedule(text);
  const { seconds, minutes, hours } = fields;
  const parts = pattern.split(' ');
  const [hour, ...days] = parts.slice(hasSeconds(pattern) ? 2 : 1);
  if (hour?.startsWith('*')) return pattern;
  return [seconds.join(','), minutes.join(','), hours.join(','), ...days].join(' ');
}

function hasSeconds(pattern: string): boolean {
  return pattern.split(' ').length === 6;
}
