import { Cron } from 'croner';
import { FIELD_KINDS, readField } from './cron-field.ts';
import { nearest } from './nearest.ts';

export interface ScheduleFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  readonly daysOfWeek: readonly number[];
}

export type ScheduleReading =
  | { readonly ok: true; readonly pattern: string; readonly fields: ScheduleFields }
  | { readonly ok: false; readonly problem: string };

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a 5-field cron or 6-field NCRONTAB schedule and answers it in one spelling. Refuses, with the reason,
 * what never fires and what the two dialects (NCrontab 3.3.2, crontab) read differently.
 */
export function parseSchedule(text: string): ScheduleReading {
  const parts = text.trim().toUpperCase().split(/\s+/);
  if (parts[0]?.startsWith('@')) return refused('NCRONTAB has no names like @hourly; write 0 * * * *');
  if (parts.length !== 5 && parts.length !== 6)
    return refused('expected 5 fields (minute hour day month weekday) or 6 (second minute hour day month weekday)');
  const six = parts.length === 5 ? ['0', ...parts] : parts;
  const values: (readonly number[])[] = [];
  for (const [index, kind] of FIELD_KINDS.entries()) {
    const reading = readField(six[index] as string, kind);
    if (!reading.ok) return reading;
    values.push(reading.values);
  }
  const [seconds, minutes, hours, daysOfMonth, months, daysOfWeek] = values as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  if (six[3] !== '*' && six[5] !== '*')
    return refused(
      'day of month and day of week are both given: crontab fires on either, NCRONTAB only on both; leave one as *',
    );
  if (!months.some((month) => (daysOfMonth[0] as number) <= (LONGEST_MONTH[month - 1] as number)))
    return refused('this day does not exist in these months, so it would never fire');
  return { ok: true, pattern: parts.join(' '), fields: { seconds, minutes, hours, daysOfMonth, months, daysOfWeek } };
}

/** The fields of a schedule that parseSchedule accepts. Throws a RangeError for any other text. */
export function fieldsOf(text: string): ScheduleFields {
  return accepted(text).fields;
}

/** The one spelling of a schedule that parseSchedule accepts. Throws a RangeError for any other text. */
export function patternOf(text: string): string {
  return accepted(text).pattern;
}

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

/** Sundays at the first time of day at which `pattern` fires: when everybody is read unless the configuration says otherwise. */
export function defaultFullSchedule(pattern: string): string {
  const { seconds, minutes, hours } = fieldsOf(pattern);
  const time = `${minutes[0]} ${hours[0]} * * 0`;
  return hasSeconds(patternOf(pattern)) ? `${seconds[0]} ${time}` : time;
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
  const { pattern, fields } = accepted(text);
  const { seconds, minutes, hours } = fields;
  const parts = pattern.split(' ');
  const [hour, ...days] = parts.slice(hasSeconds(pattern) ? 2 : 1);
  if (hour?.startsWith('*')) return pattern;
  return [seconds.join(','), minutes.join(','), hours.join(','), ...days].join(' ');
}

function accepted(text: string): Extract<ScheduleReading, { readonly ok: true }> {
  const reading = parseSchedule(text);
  if (!reading.ok) throw new RangeError(`Not a schedule: ${reading.problem}`);
  return reading;
}

function hasSeconds(pattern: string): boolean {
  return pattern.split(' ').length === 6;
}

function refused(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
