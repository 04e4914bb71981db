import { calendarDayOf, parseMoment } from '../../../src/core/people/dates.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const DAY = 86_400_000;

describe('parseMoment', () => {
  it.each([
    ['now', NOW],
    ['now+14d', NOW + 14 * DAY],
    [' now-2d ', NOW - 2 * DAY],
    ['2026-03-10', Date.UTC(2026, 2, 10)],
    ['2026-03-10T08:30', Date.UTC(2026, 2, 10, 8, 30)],
    ['2026-03-10T08:30:15.1234567Z', Date.UTC(2026, 2, 10, 8, 30, 15, 123)],
    ['2026-03-10t08:30:00z', Date.UTC(2026, 2, 10, 8, 30)],
    ['2026-03-10T08:30:00+10:00', Date.UTC(2026, 2, 9, 22, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('reads %s', (text, expected) => {
    expect(parseMoment(text, NOW)).toBe(expected);
  });

  it.each([
    '',
    'tomorrow',
    'now+1h',
    'NOW()',
    '10/03/2026',
    '2026-13-01',
    '2026-02-30',
    '2025-02-29',
    '2026-03-10T25:00',
    '2026-03-10T08:30+99:99',
  ])('does not take "%s" for a moment', (text) => {
    expect(parseMoment(text, NOW)).toBeUndefined();
  });
});

describe('calendarDayOf', () => {
  it.each([
    ['1990-05-01', '1990-05-01'],
    [' 1990-05-01 ', '1990-05-01'],
    ['1990-05-01T23:00:00-11:00', '1990-05-01'],
    ['1990-05-01T00:00:00Z', '1990-05-01'],
  ])('takes the day of %s as it is written', (text, expected) => {
    expect(calendarDayOf(text)).toBe(expected);
  });

  it.each(['', '01.05.1990', '1990-5-1', '1990-02-30', '1990'])('finds no day in "%s"', (text) => {
    expect(calendarDayOf(text)).toBeUndefined();
  });
});
