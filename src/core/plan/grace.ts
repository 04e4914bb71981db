import type { SyncConfig } from '../config/sync-config.ts';
import type { Pending } from './link.ts';
import type { Operation } from './operation.ts';

const DAY_MS = 86_400_000;
/** Replicas of the directory catch up within minutes; an hour later its silence about a person means something. */
const SECOND_LOOK_MS = 3_600_000;

/**
 * Until when a leaver is left as they are (ms since 1970); undefined when the removal may go on. The configured days
 * count from the first run that saw this cause. Whom the directory merely does not answer for is not gone yet: that
 * takes a second run that read everything it asked for and finds them missing again.
 */
export function graceUntil(
  operation: Operation,
  pending: Pending | undefined,
  leavers: SyncConfig['leavers'],
  now: number,
): number | undefined {
  const { kind, cause, absent, leftBefore } = operation;
  if (kind !== 'remove' || cause === undefined || leftBefore === true) return undefined;
  const graced = pending?.reason === 'grace' && pending.cause === cause ? pending : undefined;
  const days = (graced?.since ?? now) + leavers[cause].afterDays * DAY_MS;
  const isUnconfirmed = absent === true && pending?.absent !== true;
  const until = Math.max(days, isUnconfirmed ? now + SECOND_LOOK_MS : 0);
  return until > now ? until : undefined;
}
