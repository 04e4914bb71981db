/** The months by name, from January on. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const RELATIVE = /^now(?:([+-]\d{1,5})d)?$/;
const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;
const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 of an ISO date or date-time (UTC where it names no offset), or of `now`, `now+14d`, `now-2d`.
 * `undefined` for anything else, days that no calendar has included.
 */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const trimmed = text.trim();
  const relative = RELATIVE.exec(trimmed);
  if (relative) return nowMs + Number(relative[1] ?? 0) * DAY_MS;
  const iso = ISO.exec(trimmed);
  if (iso === null || !isCalendarDay(iso[1]!)) return undefined;
  const [, day, time = '00:00', offset = 'Z'] = iso;
  // Stryker disable next-line MethodExpression: V8 reads a small z, too, but need not
  const moment = Date.parse(`${day}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(moment) ? undefined : moment;
}

/** The `yyyy-mm-dd` of an ISO date or date-time as it is written, whatever its offset; `undefined` when it is neither. */
export function calendarDayOf(text: string): string | undefined {
  const iso = ISO.exec(text.trim());
  return iso !== null && isCalendarDay(iso[1]!) ? iso[1] : undefined;
}

// Date.parse alone takes 30 February for 2 March.
function isCalendarDay(day: string): boolean {
  const moment = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(day);
}
