import fc from 'fast-check';
import { readSchedule } from '../../../src/core/config/cron-pattern.ts';
import {
  checkTimeZone,
  defaultFullSchedule,
  describeSchedule,
  nextOccurrence,
  parseSchedule,
  upcoming,
} from '../../../src/core/config/schedule.ts';

const at = (iso: string): number => Date.parse(iso);
const isoOf = (times: readonly number[]): readonly string[] => times.map((time) => new Date(time).toISOString());

/** The local date and time of each occurrence. */
function localTimes(pattern: string, zone: string, after: string, count: number): readonly string[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return upcoming(pattern, zone, at(after), count).map((time) => format.format(time));
}

describe('parseSchedule', () => {
  it.each([
    ['0 6 * * *', '0 6 * * *'],
    ['  0   6 * *  mon-fri ', '0 6 * * MON-FRI'],
    ['30 0 6 1 jan,jul *', '30 0 6 1 JAN,JUL *'],
    ['*/15 8-18/2 * * 1-5', '*/15 8-18/2 * * 1-5'],
    ['0 0 29 2 *', '0 0 29 2 *'],
    ['0 0 31 1,2 *', '0 0 31 1,2 *'],
    ['0 6 * * 0,6', '0 6 * * 0,6'],
    ['0 6 * * WED', '0 6 * * WED'],
    ['0 6 * JUL *', '0 6 * JUL *'],
  ])('accepts %j as %j', (text, pattern) => {
    expect(parseSchedule(text)).toMatchObject({ ok: true, pattern });
  });

  it('reads every field', () => {
    expect(readSchedule('5 */30 8-9 1,15 JAN-MAR/2 *').fields).toEqual({
      seconds: [5],
      minutes: [0, 30],
      hours: [8, 9],
      daysOfMonth: [1, 15],
      months: [1, 3],
      daysOfWeek: [0, 1, 2, 3, 4, 5, 6],
    });
  });

  it.each([
    ['', /5 fields/],
    ['0 6 * *', /5 fields/],
    ['0 0 6 * * * *', /5 fields/],
    ['@hourly', /@hourly/],
    ['0 24 * * *', /hour: 24 is not between 0 and 23/],
    ['60 6 * * *', /minute: 60 is not between/],
    ['0 6 0 * *', /day of month: 0 is not between/],
    ['0 6 * 13 *', /month: 13 is not between/],
    ['0 6 * * 7', /write 0 or SUN/],
    ['0 6 * * 5-7', /write 0 or SUN/],
    ['0 6 * * 8', /day of week: 8 is not between/],
    ['0 6 * * 5-1', /runs backwards/],
    ['0 6 * * SAT-MON', /runs backwards/],
    ['0 6 * * sunday', /write SUN/],
    ['0 6 * january *', /write JAN/],
    ['0 6 * * XYZ', /neither a number nor one of SUN/],
    ['0 SIX * * *', /"SIX" is not a number/],
    ['0 6 ? * *', /Quartz/],
    ['0 6 L * *', /Quartz/],
    ['0 6 15W * *', /Quartz/],
    ['0 6 * * 5#2', /Quartz/],
    ['0 6 * * 5L', /Quartz/],
    ['5/15 * * * *', /write 5-59\/15/],
    ['*/0 * * * *', /step 0/],
    ['*/60 * * * *', /step 60/],
    ['0 6 * * MON,*', /\* in a list/],
    ['0,,5 6 * * *', /minute: "" is not/],
    ['*-5 6 * * *', /"\*-5" is not/],
    ['1-2-3 6 * * *', /"1-2-3" is not/],
    ['1-X 6 * * *', /"X" is not a number/],
    ['-5 6 * * *', /"-5" is not/],
    ['1.5 6 * * *', /"1.5" is not/],
    ['0 6 1 * MON', /crontab fires on either, NCRONTAB only on both/],
    ['0 6 31 2 *', /never fire/],
    ['0 6 30-31 2 *', /never fire/],
    ['0 6 31 4,6,9,11 *', /never fire/],
  ])('refuses %j with the reason', (text, reason) => {
    expect(parseSchedule(text)).toEqual({ ok: false, problem: expect.stringMatching(reason) });
  });
});

describe('readSchedule', () => {
  it('throws for what is no schedule', () => {
    expect(() => readSchedule('0 6 31 2 *')).toThrow(RangeError);
  });
});

describe('nextOccurrence', () => {
  it('answers the next time after the given one, never the given one itself', () => {
    expect(nextOccurrence('0 6 * * *', 'UTC', at('2026-06-01T06:00:00Z'))).toBe(at('2026-06-02T06:00:00Z'));
    expect(nextOccurrence('0 6 * * *', 'UTC', at('2026-06-01T05:59:59.999Z'))).toBe(at('2026-06-01T06:00:00Z'));
  });

  it('knows seconds, names and leap years', () => {
    expect(nextOccurrence('15 0 6 * * SUN', 'UTC', at('2026-06-01T00:00:00Z'))).toBe(at('2026-06-07T06:00:15Z'));
    expect(nextOccurrence('0 0 29 2 *', 'UTC', at('2096-03-01T00:00:00Z'))).toBe(at('2104-02-29T00:00:00Z'));
  });

  it('reads the time of day in the time zone', () => {
    expect(nextOccurrence('0 6 * * *', 'Australia/Sydney', at('2026-06-01T00:00:00Z'))).toBe(
      at('2026-06-01T20:00:00Z'),
    );
  });

  it('answers undefined beyond the end of the calendar', () => {
    expect(nextOccurrence('0 6 * * *', 'UTC', at('+010000-01-01T00:00:00Z'))).toBeUndefined();
  });
});

describe('upcoming', () => {
  it.each([
    ['Sydney, spring forward', 'Australia/Sydney', '30 2 * * *', '2026-10-02T00:00:00Z'],
    ['Sydney, fall back', 'Australia/Sydney', '30 2 * * *', '2026-04-03T00:00:00Z'],
    ['London, spring forward', 'Europe/London', '30 1 * * *', '2026-03-27T00:00:00Z'],
    ['London, fall back', 'Europe/London', '30 1 * * *', '2026-10-23T00:00:00Z'],
    ['London, spring forward, 02:30', 'Europe/London', '30 2 * * *', '2026-03-27T00:00:00Z'],
    ['London, fall back, 02:30', 'Europe/London', '30 2 * * *', '2026-10-23T00:00:00Z'],
  ])('fires a daily time once a day: %s', (_case, zone, pattern, after) => {
    const days = localTimes(pattern, zone, after, 6).map((time) => time.slice(0, 10));

    expect(new Set(days).size).toBe(6);
    expect(Date.parse(days[5] as string) - Date.parse(days[0] as string)).toBe(5 * 86_400_000);
  });

  it('moves a time that the clock skips to the end of the gap', () => {
    expect(localTimes('30 2 * * *', 'Australia/Sydney', '2026-10-03T00:00:00Z', 2)).toEqual([
      '2026-10-04 03:00',
      '2026-10-05 02:30',
    ]);
    expect(localTimes('30 1 * * *', 'Europe/London', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29 02:00',
      '2026-03-30 01:30',
    ]);
  });

  it('fires a time that the clock repeats at its first occurrence', () => {
    expect(isoOf(upcoming('30 2 * * *', 'Australia/Sydney', at('2026-04-04T00:00:00Z'), 2))).toEqual([
      '2026-04-04T15:30:00.000Z',
      '2026-04-05T16:30:00.000Z',
    ]);
    expect(isoOf(upcoming('30 1 * * *', 'Europe/London', at('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('does not lose the day when all steps of the only hour are skipped', () => {
    expect(localTimes('*/30 2 * * *', 'Australia/Sydney', '2026-10-03T00:00:00Z', 3)).toEqual([
      '2026-10-04 03:00',
      '2026-10-05 02:00',
      '2026-10-05 02:30',
    ]);
  });

  it('fires an hourly schedule every hour, through a change of the clocks', () => {
    expect(isoOf(upcoming('0 * * * *', 'Australia/Sydney', at('2026-04-04T13:30:00Z'), 4))).toEqual([
      '2026-04-04T14:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
      '2026-04-04T16:00:00.000Z',
      '2026-04-04T17:00:00.000Z',
    ]);
  });

  it('depends on nothing but its arguments', () => {
    const first = upcoming('0 6 * * 1-5', 'Europe/London', at('2031-01-01T00:00:00Z'), 5);

    expect(upcoming('0 6 * * 1-5', 'Europe/London', at('2031-01-01T00:00:00Z'), 5)).toEqual(first);
  });
});

describe('parseSchedule and nextOccurrence together', () => {
  const field = (min: number, max: number): fc.Arbitrary<string> => {
    const value = fc.integer({ min, max });
    return fc.oneof(
      fc.constant('*'),
      value.map(String),
      fc.tuple(value, value).map(([first, second]) => `${Math.min(first, second)}-${Math.max(first, second)}`),
      fc.integer({ min: 1, max: max - min }).map((step) => `*/${step}`),
      fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => values.join(',')),
    );
  };
  const pattern = fc
    .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' '));

  it('accept only what fires, at a time that every field allows', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        const reading = parseSchedule(text);
        if (!reading.ok) return;

        const date = new Date(nextOccurrence(reading.pattern, 'UTC', at('2026-06-15T12:34:56Z')) as number);

        const { seconds, minutes, hours, daysOfMonth, months, daysOfWeek } = reading.fields;
        expect(seconds).toContain(date.getUTCSeconds());
        expect(minutes).toContain(date.getUTCMinutes());
        expect(hours).toContain(date.getUTCHours());
        expect(daysOfMonth).toContain(date.getUTCDate());
        expect(months).toContain(date.getUTCMonth() + 1);
        expect(daysOfWeek).toContain(date.getUTCDay());
        expect(describeSchedule(reading.pattern, 'UTC')).not.toMatch(/undefined|NaN/);
        expect(parseSchedule(defaultFullSchedule(reading.pattern)).ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('defaultFullSchedule', () => {
  it.each([
    ['0 6 * * *', '0 6 * * 0'],
    ['*/15 8-18 * * 1-5', '0 8 * * 0'],
    ['30 15,45 22,7 1 * *', '30 15 7 * * 0'],
  ])('makes of %j Sundays at its first time of day: %j', (pattern, expected) => {
    expect(defaultFullSchedule(pattern)).toBe(expected);
    expect(parseSchedule(expected).ok).toBe(true);
  });
});

describe('checkTimeZone', () => {
  it.each(['UTC', 'Australia/Sydney', 'Europe/London', 'America/Argentina/Buenos_Aires'])('knows %s', (zone) => {
    expect(checkTimeZone(zone)).toEqual({ ok: true });
  });

  it.each([
    ['Australia/Sidney', 'Australia/Sydney'],
    ['Sydney', 'Australia/Sydney'],
    ['utcc', 'UTC'],
  ])('takes %s for %s', (zone, nearest) => {
    expect(checkTimeZone(zone)).toEqual({ ok: false, nearest });
  });

  it.each(['+10:00', ''])('refuses %j, which is no zone', (zone) => {
    expect(checkTimeZone(zone)).toEqual({ ok: false });
  });
});
