import { flowOf } from '../config/sync-config.ts';
import { createContactFor, leaveWithout } from '../plan/diff-person.ts';
import type { Operation } from '../plan/operation.ts';
import type { Wish } from './look-around.ts';
import type { BatchPerson } from './parts.ts';
import type { RunRow } from './run-row.ts';

type Draft = Omit<Operation, 'hash' | 'personId' | 'department'>;

/** Where contacts are only read, nobody gets one. */
export function withoutContact({ config }: RunRow, { wanted, invalid }: Wish): Draft {
  return flowOf(config) === 'pull' ? leaveWithout(wanted.phoneKey) : createContactFor(wanted, invalid);
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
