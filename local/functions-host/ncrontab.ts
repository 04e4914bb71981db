/** One parsed NCRONTAB expression: the allowed values of each field. */
export interface Ncrontab {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on; three letters are enough. */
  readonly names?: readonly string[];
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  // 7 is not Sunday here, unlike in crontab.
  { name: 'day of week', min: 0, max: 6, names: WEEKDAYS },
];

const DAY_MS = 86_400_000;
// The longest gap between two matches: 29 February on a given weekday, across a century year without a leap day.
const SEARCH_DAYS = 366 * 41;

/** Parses `{second} {minute} {hour} {day} {month} {day of week}`; with five fields the second is 0. Throws what is wrong. */
export function parseNcrontab(expression: string): Ncrontab {
  const parts = expression.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6) throw new Error(`The schedule expression '${expression}' was not recognized: 5 or 6 fields.`);
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    parseField(parts[index] ?? '', field, expression),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  return { seconds, minutes, hours, days, months, weekdays };
}

/**
 * The first occurrence after `afterMs` (milliseconds since 1970), in UTC as on the Flex Consumption plan.
 * Day and day of week must both match. Undefined when the expression never fires.
 */
export function nextOccurrence(schedule: Ncrontab, afterMs: number): number | undefined {
  const from = Math.floor(afterMs / 1000) * 1000 + 1000;
  const firstDay = Math.floor(from / DAY_MS) * DAY_MS;
  for (let day = 0; day < SEARCH_DAYS; day += 1) {
    const midnight = firstDay + day * DAY_MS;
    if (!matchesDay(schedule, new Date(midnight))) continue;
    const secondOfDay = firstSecond(schedule, Math.max(0, from - midnight) / 1000);
    if (secondOfDay !== undefined) return midnight + secondOfDay * 1000;
  }
  return undefined;
}

function matchesDay({ days, months, weekdays }: Ncrontab, date: Date): boolean {
  return days.has(date.getUTCDate()) && months.has(date.getUTCMonth() + 1) && weekdays.has(date.getUTCDay());
}

function firstSecond({ hours, minutes, seconds }: Ncrontab, from: number): number | undefined {
  for (const hour of ascending(hours)) {
    if (hour * 3600 + 3599 < from) continue;
    for (const minute of ascending(minutes)) {
      const start = hour * 3600 + minute * 60;
      if (start + 59 < from) continue;
      const second = ascending(seconds).find((candidate) => start + candidate >= from);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].toSorted((a, b) => a - b);
}

function parseField(text: string, field: Field, expression: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range, step] = part.split('/', 2) as [string, string?];
    const every = step === undefined ? 1 : Number(step);
    const [first, last] = rangeOf(range, step !== undefined, field);
    if (!isAllowed(first, field) || !isAllowed(last, field) || !Number.isInteger(every) || every < 1) {
      throw new Error(`The schedule expression '${expression}' was not recognized: '${part}' as ${field.name}.`);
    }
    for (let value = Math.min(first, last); value <= Math.max(first, last); value += every) values.add(value);
  }
  return values;
}

/** `*`, `a`, `a-b` (either way round); `a/n` runs from a to the field's end. */
function rangeOf(text: string, hasStep: boolean, field: Field): readonly [number, number] {
  if (text === '*') return [field.min, field.max];
  const [first, last] = text.split('-', 2) as [string, string?];
  const start = valueOf(first, field);
  if (last !== undefined) return [start, valueOf(last, field)];
  return [start, hasStep ? field.max : start];
}

function valueOf(text: string, field: Field): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = text.length < 3 ? -1 : (field.names ?? []).findIndex((name) => name.startsWith(text.toLowerCase()));
  return index === -1 ? Number.NaN : field.min + index;
}

function isAllowed(value: number, { min, max }: Field): boolean {
  return value >= min && value <= max;
}
