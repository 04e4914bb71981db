import { upcoming } from '../config/schedule.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import type { SyncState } from './state-row.ts';

/** How old the delta token is (ms), and when the next run is due (ms since 1970); nothing is while the sync is paused. */
export function outlook(
  { schedule, timeZone }: SyncConfig,
  { token, paused }: Pick<SyncState, 'token' | 'paused'>,
  now: number,
): { readonly tokenAgeMs?: number; readonly nextRunAt?: number } {
  const [nextRunAt] = paused === undefined ? upcoming(schedule, timeZone, now, 1) : [];
  return {
    ...(token === undefined ? {} : { tokenAgeMs: Math.max(0, now - token.issuedAt) }),
    ...(nextRunAt === undefined ? {} : { nextRunAt }),
  };
}
