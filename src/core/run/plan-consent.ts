import { createContactFor, skipPerson } from '../plan/diff-person.ts';
import type { Operation } from '../plan/operation.ts';
import type { Surroundings, Wish } from './look-around.ts';
import type { RunRow } from './run-row.ts';

/** The contact of somebody new: none, where the configuration wants none for a number that opted out. */
export function createFor(
  { config }: RunRow,
  { wanted, invalid }: Wish,
  { consents }: Surroundings,
): ReturnType<typeof createContactFor> {
  if (config.optedOut === 'skip' && consents.has(wanted.phoneKey)) {
    return skipPerson('opted-out', { phoneKey: wanted.phoneKey });
  }
  return createContactFor(wanted, invalid);
}

/** Whoever gets a number that opted out gets it unsubscribed. */
export function consentOf({ wanted }: Wish, { consents }: Surroundings): Pick<Operation, 'optedOut'> {
  return consents.has(wanted.phoneKey) ? { optedOut: true } : {};
}
