import { agoText, durationText, timeText } from '../../../src/cli/screen/times.ts';

const NOON = Date.parse('2026-10-14T12:00:00.000Z');

describe('timeText', () => {
  it('names day, time and zone', () => {
    expect(timeText('2026-10-14T06:00:00.000Z', { timeZone: 'UTC' })).toBe('Wed 14 Oct 2026, 06:00 UTC');
    expect(timeText(NOON, { timeZone: 'Australia/Perth' })).toMatch(/^Wed 14 Oct 2026, 20:00 /);
  });

  it('shows what is no time as it is', () => {
    expect(timeText('soon', { timeZone: 'UTC' })).toBe('soon');
  });
});

describe('agoText', () => {
  it.each([
    ['2026-10-14T12:00:30.000Z', 'just now'],
    ['2026-10-14T11:59:30.000Z', 'just now'],
    ['2026-10-14T11:59:00.000Z', '1 minute ago'],
    ['2026-10-14T11:01:00.000Z', '59 minutes ago'],
    ['2026-10-13T12:00:00.000Z', '24 hours ago'],
    ['2026-10-10T12:00:00.000Z', '4 days ago'],
  ])('%s was %s', (time, text) => {
    expect(agoText(time, NOON)).toBe(text);
  });
});

describe('durationText', () => {
  it.each([
    [850, '850 ms'],
    [4200, '4.2 s'],
    [200_000, '3 min 20 s'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
