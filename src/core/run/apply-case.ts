import type { ReasonCode } from '../errors.ts';
import type { Contact } from '../people/contact.ts';
import type { Person } from '../people/person.ts';
import type { Link } from '../plan/link.ts';
import type { LateWrite } from '../plan/memory.ts';
import type { Operation } from '../plan/operation.ts';
import type { ContactHolder } from './adoption-notes.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import type { Lost } from './find-lost.ts';
import type { BatchPerson, PersonOutcome, Verdict } from './parts.ts';
import type { PersonRow } from './person-rows.ts';
import type { RunRow } from './run-row.ts';

/** One wave's work on one batch. */
export interface Application {
  readonly engine: Engine;
  readonly run: RunRow;
  readonly wave: number;
  readonly guard: ClaimGuard;
  /** The batch was begun before: what an earlier worker did has to be looked for. */
  readonly isRepeat: boolean;
  /** An earlier answer showed that PATCH keeps old channels: a number changes by making the contact anew. */
  readonly channelsMerge: boolean;
  /** Lists and custom fields that were deleted by hand, once somebody had a reason to look. */
  lost?: Promise<Lost>;
  /** What concerns everybody and ended the work for all: no call is made after it. */
  halted?: Error;
}

/** How a case ended before it was done; `wait` asks the lane to come back later. */
export type Ending =
  | { readonly outcome: PersonOutcome['outcome']; readonly reason?: ReasonCode; readonly waitsFor?: string }
  | { readonly outcome: 'wait'; readonly retryAfterMs: number };

/** What of an operation could not be done, though the rest was. */
export interface Flaw {
  readonly outcome: 'rejected' | 'failed';
  readonly reason: ReasonCode;
  /** A list is missing that may not be created: somebody may make it at any time. */
  readonly missesList?: true;
}

/** One operation while it is being applied. */
export interface Case {
  /** As planned, as far as what it was planned for still stands. */
  operation: Operation;
  readonly member: BatchPerson;
  readonly verdict: Verdict | undefined;
  /** The person's row as it stands; etag absent when there is none. */
  etag: string | undefined;
  link: Link | undefined;
  /** Row of the person whose contact is taken over. */
  formerOwner: PersonRow | undefined;
  /** The contact as it was read for merging channels and custom fields. */
  contact: Contact | undefined;
  /** A contact with our marker that an earlier worker made and did not note. */
  unnoted: Contact | undefined;
  /** Whose that contact is by our books; nobody's: it was made for the person. */
  unnotedHolder: ContactHolder | undefined;
  /** Values that the directory has by now from the contact, by field: they enter the base. */
  pulled: Readonly<Record<string, string>>;
  /** The person with what was written to the directory. */
  person: Person;
  /** The pseudonym of a number of the contact's that the directory did not take. */
  untaken: string | undefined;
  /** What of it the directory has yet to show. */
  late: Readonly<Record<string, LateWrite>>;
  /** The link to be stored; grows as calls succeed. */
  next: Link | undefined;
  /** Numbers that an earlier write of ours may have put on the contact, and that go with this one. */
  strays: readonly { readonly phone: string; readonly phoneKey: string; readonly etag: string }[];
  /** The person's own contact is gone, and another one that has the number is taken in its place. */
  isReplaced: boolean;
  /** A contact given up for another one; its claim goes with it. */
  abandoned: string | undefined;
  /** The abandoned contact is deleted, or its maker's again. */
  isRetired: boolean;
  ending: Ending | undefined;
  /** The person row was written with this round's values. */
  stored: boolean;
  /** The account that answered, to be remembered with the state. */
  accountId: string | undefined;
  /** Something of the operation cannot be done, though the rest was: how the person is reported in the end. */
  flaw: Flaw | undefined;
  /** An error of our own that only this person's data brings about. */
  defect: Error | undefined;
}

export function isOpen(one: Case): boolean {
  return one.ending === undefined;
}

export function endCase(one: Case, ending: Ending): void {
  one.ending ??= ending;
}

/**
 * The link of a leaver whose contact becomes the person's. Somebody who has a contact keeps it: then only a leaver's
 * contact that is not ours to delete is taken over.
 */
export function takenOver({ formerOwner, link }: Pick<Case, 'formerOwner' | 'link'>): Link | undefined {
  const left = formerOwner?.link;
  if (left === undefined) return undefined;
  const hasAnother = link !== undefined && link.contactId !== left.contactId;
  return hasAnother && left.created ? undefined : left;
}
