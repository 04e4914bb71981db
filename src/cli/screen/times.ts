const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `Thu 26 Nov 2026, 06:00 UTC`, in the time zone of this computer where none is named; what is no time is shown as it is. */
export function timeText(time: string | number, { timeZone }: { readonly timeZone: string | undefined }): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  const { weekday, day, month, year, hour, minute, timeZoneName } = parts;
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute} ${timeZoneName}`;
}

/** `3 minutes ago`, `2 days ago`; clocks that differ a little make it `just now`. */
export function agoText(time: string | number, now: number): string {
  const age = now - new Date(time).getTime();
  if (age < MINUTE_MS) return 'just now';
  if (age < HOUR_MS) return `${units(age / MINUTE_MS, 'minute')} ago`;
  return age < 2 * DAY_MS ? `${units(age / HOUR_MS, 'hour')} ago` : `${units(age / DAY_MS, 'day')} ago`;
}

/** `850 ms`, `4.2 s`, `3 min 20 s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / MINUTE_MS)} min ${Math.floor((ms % MINUTE_MS) / 1000)} s`;
}

function units(value: number, unit: string): string {
  const whole = Math.floor(value);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
