export interface FieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first one standing for `min`. */
  readonly names?: readonly string[];
}

export type FieldReading =
  { readonly ok: true; readonly values: readonly number[] } | { readonly ok: false; readonly problem: string };

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields of a 6-field schedule, in order. */
export const FIELD_KINDS: readonly FieldKind[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTH_NAMES },
  { name: 'day of week', min: 0, max: 6, names: DAY_NAMES },
];

type Value = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: string };

/** Reads one upper-case field as crontab and NCRONTAB both do, or says why they would not. */
export function readField(text: string, kind: FieldKind): FieldReading {
  if (/[?LW#]/.test(kind.names === undefined ? text : text.replaceAll(/[A-Z]{3,}/g, '')))
    return refused(kind, `${quoted(text)} uses ?, L, W or #, which only Quartz knows`);
  const items = text.split(',');
  if (items.length > 1 && items.some((item) => item.startsWith('*')))
    return refused(kind, `${quoted(text)} has * in a list, where it says nothing`);
  const values = new Set<number>();
  for (const item of items) {
    const reading = readItem(item, kind);
    if (!reading.ok) return reading;
    for (const value of reading.values) values.add(value);
  }
  return { ok: true, values: [...values].toSorted((left, right) => left - right) };
}

function readItem(item: string, kind: FieldKind): FieldReading {
  const match = /^(\*|[0-9A-Z]+)(?:-([0-9A-Z]+))?(?:\/(\d+))?$/.exec(item);
  if (match === null || (match[1] === '*' && match[2] !== undefined))
    return refused(kind, `${quoted(item)} is not a number, name, range or step`);
  const [, start, end, step] = match as RegExpExecArray & { readonly 1: string };
  const every = step === undefined ? 1 : Number(step);
  if (every < 1 || every > kind.max - kind.min)
    return refused(kind, `the step ${every} is not between 1 and ${kind.max - kind.min}`);
  if (start === '*') return { ok: true, values: spread(kind.min, kind.max, every) };
  if (end === undefined && step !== undefined)
    return refused(kind, `crontab does not read ${quoted(item)}; write ${start}-${kind.max}/${step}`);
  return readRange(start, end ?? start, every, kind);
}

function readRange(start: string, end: string, every: number, kind: FieldKind): FieldReading {
  const first = readValue(start, kind);
  if (!first.ok) return first;
  const last = readValue(end, kind);
  if (!last.ok) return last;
  if (first.value > last.value)
    return refused(kind, `the range ${start}-${end} runs backwards, which NCRONTAB turns round and crontab refuses`);
  return { ok: true, values: spread(first.value, last.value, every) };
}

function readValue(text: string, kind: FieldKind): Value {
  const named = kind.names?.indexOf(text) ?? -1;
  if (named >= 0) return { ok: true, value: named + kind.min };
  if (!/^\d+$/.test(text)) return refused(kind, unknownName(text, kind));
  const value = Number(text);
  if (kind.name === 'day of week' && value === 7)
    return refused(kind, '7 is Sunday in crontab and nothing in NCRONTAB; write 0 or SUN');
  if (value < kind.min || value > kind.max) return refused(kind, `${text} is not between ${kind.min} and ${kind.max}`);
  return { ok: true, value };
}

function unknownName(text: string, kind: FieldKind): string {
  if (kind.names === undefined) return `${quoted(text)} is not a number`;
  const short = kind.names.find((name) => text.startsWith(name));
  return short === undefined
    ? `${quoted(text)} is neither a number nor one of ${kind.names.join(', ')}`
    : `crontab does not read the long name ${quoted(text)}; write ${short}`;
}

function spread(first: number, last: number, every: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
}

function refused(kind: FieldKind, reason: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `${kind.name}: ${reason}` };
}

function quoted(text: string): string {
  return `"${text}"`;
}
