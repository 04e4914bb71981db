import { describeSchedule } from '../../../src/core/config/schedule-words.ts';

describe('describeSchedule', () => {
  it.each([
    ['0 6 * * *', 'every day at 06:00'],
    ['30 0 6 * * *', 'every day at 06:00:30'],
    ['0 6,12,18 * * *', 'every day at 06:00, 12:00 and 18:00'],
    ['0 */6 * * *', 'every day at 00:00, 06:00, 12:00 and 18:00'],
    ['0 6 * * 0', 'on Sundays at 06:00'],
    ['0 6 * * MON,THU', 'on Mondays and Thursdays at 06:00'],
    ['0 6 * * 1-5', 'Monday to Friday at 06:00'],
    ['0 6 * * 1,3,5', 'on Mondays, Wednesdays and Fridays at 06:00'],
    ['0 6 1 * *', 'on day 1 of the month at 06:00'],
    ['0 6 1,15-17 * *', 'on days 1 and 15 to 17 of the month at 06:00'],
    ['0 6 1 1,7 *', 'on day 1 of January and July at 06:00'],
    ['0 6 * 6-8 *', 'every day in June to August at 06:00'],
    ['0 6 * 12 1', 'on Mondays in December at 06:00'],
    ['* * * * *', 'every day, every minute of every hour'],
    ['*/15 * * * *', 'every day, every 15 minutes of every hour'],
    ['0 * * * *', 'every day, minute 0 of every hour'],
    ['5,35 * * * *', 'every day, minutes 5 and 35 of every hour'],
    ['*/15 8-18 * * 1-5', 'Monday to Friday, every 15 minutes from 08:00 to 18:59'],
    ['*/10 8,12-14 * * *', 'every day, every 10 minutes of the hours 8 and 12 to 14'],
    ['*/7 * * * *', 'every day, minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour'],
    ['*/30 * * * * *', 'every day, every 30 seconds of every minute of every hour'],
    ['15 */20 * * * *', 'every day, second 15 of every 20 minutes of every hour'],
  ])('says %j as "%s"', (pattern, words) => {
    expect(describeSchedule(pattern, 'Australia/Sydney')).toBe(`${words} (Australia/Sydney)`);
  });
});
