import { calendarDayOf, MONTHS } from './dates.ts';

/** In which order a date that is all numbers has day and month: nobody can tell from `01/02/2026` itself. */
export type DateOrder = 'dmy' | 'mdy';

interface WrittenForm {
  readonly pattern: RegExp;
  /** Which groups of the pattern hold year, month and day. */
  readonly parts: readonly [year: number, month: number, day: number];
  /** A form that is only read when it is known in which order its numbers stand. */
  readonly order?: DateOrder;
}

const YEAR_LAST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

const FORMS: readonly WrittenForm[] = [
  { pattern: /^(\d{4})(\d{2})(\d{2})$/, parts: [1, 2, 3] },
  { pattern: /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/, parts: [1, 2, 3] },
  { pattern: /^(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i, parts: [3, 2, 1] },
  { pattern: /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i, parts: [3, 1, 2] },
  { pattern: YEAR_LAST, parts: [3, 2, 1], order: 'dmy' },
  { pattern: YEAR_LAST, parts: [3, 1, 2], order: 'mdy' },
];

/**
 * The `yyyy-mm-dd` of a date as people write it: ISO (with a time, too: the day as it is written), year first, with
 * the English name of a month, or all numbers when `order` says how they stand. `undefined` for anything else.
 */
export function writtenDay(text: string, order: DateOrder | undefined): string | undefined {
  const written = text.trim().replace(/\s+/g, ' ');
  const iso = isoOf(written, order);
  return calendarDayOf(written) ?? (iso === undefined ? undefined : calendarDayOf(iso));
}

// A calendar day goes by its own name here, whatever zone the machine is in.
const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const FIELD = /yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE/g;

/** What a format may have besides the fields of a date. */
export const DATE_FORMAT = /^(?=.*[yMdE])(?:yyyy|yy|M{1,4}|dd?|E{3,4}|[ ./,-])+$/;

/** Writes a `yyyy-mm-dd` by a format of `DATE_FORMAT`, with English names. */
export function formatDay(day: string, format: string): string {
  const [year, month, date] = day.split('-') as [string, string, string];
  const monthName = MONTHS[Number(month) - 1] as string;
  const dayName = DAY_NAMES[new Date(`${day}T00:00Z`).getUTCDay()] as string;
  const fields: Readonly<Record<string, string>> = {
    yyyy: year,
    yy: year.slice(2),
    MMMM: monthName,
    MMM: monthName.slice(0, 3),
    MM: month,
    M: String(Number(month)),
    dd: date,
    d: String(Number(date)),
    EEEE: dayName,
    EEE: dayName.slice(0, 3),
  };
  return format.replace(FIELD, (field) => fields[field] as string);
}

/** The text as ISO has it, which may still be no day that a calendar has; `undefined` when it is of no form. */
function isoOf(text: string, order: DateOrder | undefined): string | undefined {
  const form = FORMS.find((one) => (one.order === undefined || one.order === order) && one.pattern.test(text));
  if (form === undefined) return undefined;
  const groups = text.match(form.pattern) as readonly string[];
  return form.parts.map((group) => monthNumber(groups[group] as string).padStart(2, '0')).join('-');
}

/** The number of a month given by at least three letters of its name; a number as it is. */
function monthNumber(part: string): string {
  if (/\d/.test(part)) return part;
  return String(1 + MONTHS.findIndex((month) => month.toLowerCase().startsWith(part.toLowerCase())));
}
