import { parseSchedule } from '../core/config/schedule.ts';

/** How often the timer looks for something to do when SYNC_TICK says nothing usable: every five minutes. */
export const DEFAULT_TICK = '0 */5 * * * *';

/**
 * The timer's schedule in six fields. The host refuses to index a function whose schedule is missing or invalid, so a
 * SYNC_TICK that is either must not reach it: the default stands in, and the settings report the problem.
 */
export function tickSchedule(text: string | undefined): string {
  const reading = parseSchedule(text ?? DEFAULT_TICK);
  if (!reading.ok) return DEFAULT_TICK;
  return reading.pattern.split(' ').length === 5 ? `0 ${reading.pattern}` : reading.pattern;
}
