import { MONTHS } from '../people/dates.ts';
import { readSchedule, type ScheduleFields } from './cron-pattern.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

// More single times than these are harder to read than the rule behind them.
const MAX_TIMES = 4;

/** A schedule in words, for example `every day at 06:00 (Australia/Sydney)`. */
export function describeSchedule(pattern: string, timeZone: string): string {
  const { fields } = readSchedule(pattern);
  const times = timesOf(fields);
  const days = daysOf(fields);
  return `${days}${times.startsWith('at') ? ' ' : ', '}${times} (${timeZone})`;
}

function daysOf({ daysOfMonth, daysOfWeek, months }: ScheduleFields): string {
  const inMonths = months.length === 12 ? '' : ` in ${inWords(months, (month) => MONTHS[month - 1] as string)}`;
  if (daysOfWeek.length < 7) return `${weekdays(daysOfWeek)}${inMonths}`;
  if (daysOfMonth.length === 31) return `every day${inMonths}`;
  const days = `on ${daysOfMonth.length === 1 ? 'day' : 'days'} ${inWords(daysOfMonth, String)}`;
  return `${days} of ${inMonths === '' ? 'the month' : inMonths.slice(' in '.length)}`;
}

function weekdays(days: readonly number[]): string {
  const name = (day: number): string => DAYS[day] as string;
  return days.length > 2 && isRun(days) ? inWords(days, name) : `on ${inWords(days, (day) => `${name(day)}s`)}`;
}

function timesOf({ seconds, minutes, hours }: ScheduleFields): string {
  if (seconds.length === 1 && hours.length * minutes.length <= MAX_TIMES)
    return `at ${listed(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute, seconds[0] as number))))}`;
  const parts = [secondsOf(seconds), minutesOf(minutes), hoursOf(hours)];
  return parts.filter((part) => part !== '').join(' ');
}

function secondsOf(seconds: readonly number[]): string {
  if (seconds.length === 1 && seconds[0] === 0) return '';
  return `${rateOf(seconds, 'second')} of`;
}

function minutesOf(minutes: readonly number[]): string {
  return rateOf(minutes, 'minute');
}

function hoursOf(hours: readonly number[]): string {
  if (hours.length === 24) return 'of every hour';
  if (isRun(hours)) return `from ${clock(hours[0] as number, 0, 0)} to ${clock(hours.at(-1) as number, 59, 0)}`;
  return `of the hours ${inWords(hours, String)}`;
}

function rateOf(values: readonly number[], unit: string): string {
  const step = 60 / values.length;
  const even = Number.isInteger(step) && values.every((value, index) => value === index * step);
  if (even && values.length > 1) return step === 1 ? `every ${unit}` : `every ${step} ${unit}s`;
  return `${unit}${values.length === 1 ? '' : 's'} ${inWords(values, String)}`;
}

/** Three or more in a row become "first to last". */
function inWords(values: readonly number[], name: (value: number) => string): string {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return listed(
    runs.flatMap((run) =>
      run.length > 2 ? [`${name(run[0] as number)} to ${name(run.at(-1) as number)}`] : run.map(name),
    ),
  );
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? (words[0] as string) : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function isRun(values: readonly number[]): boolean {
  return values.every((value, index) => value === (values[0] as number) + index);
}

function clock(hour: number, minute: number, second: number): string {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
