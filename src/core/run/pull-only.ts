import { flowOf } from '../config/sync-config.ts';
import { leaveWithout } from '../plan/diff-person.ts';
import type { Draft, Operation } from '../plan/operation.ts';
import type { Surroundings, Wish } from './look-around.ts';
import type { BatchPerson } from './parts.ts';
import { createFor } from './plan-consent.ts';
import type { RunRow } from './run-row.ts';

/** Where contacts are only read, nobody gets one. */
export function withoutContact(run: RunRow, wish: Wish, around: Surroundings): Draft {
  return flowOf(run.config) === 'pull' ? leaveWithout(wish.wanted.phoneKey) : createFor(run, wish, around);
}

/** Where contacts are only read, another contact may be the person's once theirs is gone. */
export function isToBeFoundAnew({ config }: RunRow, { link, drift }: BatchPerson): boolean {
  return link !== undefined && drift?.gone === true && flowOf(config) === 'pull';
}

/** The person as if there had never been a contact. */
export function withoutLink({ link: _gone, drift: _all, ...member }: BatchPerson): BatchPerson {
  return member;
}

/** A link that moves on to another contact, whatever the former one says. */
export function foundAnew(run: RunRow, member: BatchPerson, { kind }: Draft): Pick<Operation, 'repair'> {
  return kind === 'adopt' && isToBeFoundAnew(run, member) ? { repair: true } : {};
}
