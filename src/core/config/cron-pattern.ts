import { FIELD_KINDS, readField } from './cron-field.ts';

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

/** What parseSchedule makes of a text that it accepts. Throws a RangeError for any other text. */
export function readSchedule(text: string): Extract<ScheduleReading, { readonly ok: true }> {
  const reading = parseSchedule(text);
  if (!reading.ok) throw new RangeError(`Not a schedule: ${reading.problem}`);
  return reading;
}

function refused(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
