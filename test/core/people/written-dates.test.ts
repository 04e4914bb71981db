import { DATE_FORMAT, formatDay, writtenDay } from '../../../src/core/people/written-dates.ts';

describe('writtenDay', () => {
  it.each([
    ['2026-01-31', '2026-01-31'],
    ['2026-01-31T23:30:00-10:00', '2026-01-31'],
    [' 2026/1/5 ', '2026-01-05'],
    ['2026.01.05', '2026-01-05'],
    ['20260105', '2026-01-05'],
    ['5 Jan 2026', '2026-01-05'],
    ['5  January \t 2026', '2026-01-05'],
    ['5-Sep-2026', '2026-09-05'],
    ['5 Sept. 2026', '2026-09-05'],
    ['1st  of May 2026', undefined],
    ['1st May, 2026', '2026-05-01'],
    ['MAY 2nd, 2026', '2026-05-02'],
    ['Dec. 24 2026', '2026-12-24'],
    ['31 Foo 2026', undefined],
    ['31 Feb 2026', undefined],
    ['20261301', undefined],
    ['01/02/2026', undefined],
    ['soon', undefined],
    ['', undefined],
    ['46053', undefined],
  ])('reads %j as %s', (text, day) => {
    expect(writtenDay(text, undefined)).toBe(day);
  });

  it.each([
    ['1/2/2026', 'dmy', '2026-02-01'],
    ['1/2/2026', 'mdy', '2026-01-02'],
    ['31.12.2026', 'dmy', '2026-12-31'],
    ['5 Jan 2026', 'mdy', '2026-01-05'],
    ['31-12-2026', 'mdy', undefined],
    ['1/2/26', 'dmy', undefined],
    ['2026-02-01', 'mdy', '2026-02-01'],
  ] as const)('reads %s in the order %s as %s', (text, order, day) => {
    expect(writtenDay(text, order)).toBe(day);
  });
});

describe('formatDay', () => {
  it.each([
    ['yyyy-MM-dd', '2026-03-01'],
    ['dd/MM/yy', '01/03/26'],
    ['d.M.yyyy', '1.3.2026'],
    ['EEE, d MMM yyyy', 'Sun, 1 Mar 2026'],
    ['EEEE d MMMM', 'Sunday 1 March'],
  ])('writes %s as %s', (format, text) => {
    expect(format).toMatch(DATE_FORMAT);
    expect(formatDay('2026-03-01', format)).toBe(text);
  });

  it.each(['', ' / ', 'YYYY', 'yyyyy', "d 'of' MMM", 'HH:mm'])('has no format %j', (format) => {
    expect(format).not.toMatch(DATE_FORMAT);
  });
});
