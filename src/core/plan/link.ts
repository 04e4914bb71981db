import type { LeaverAction, LeaverCause } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import type { ContactWrite } from '../people/contact.ts';
import type { Memory } from './memory.ts';
import type { ListRef, Outcome } from './operation.ts';
import type { HeldBy } from './protect.ts';

/** What is kept of a contact while it is made anew: what people added by hand must survive. */
export interface Carried {
  readonly native: ContactWrite['native'];
  /** All but the number that changes hands. */
  readonly channels: NonNullable<ContactWrite['channels']>;
  readonly lists: readonly string[];
  readonly customFields: readonly { readonly id: string; readonly value: string }[];
}

export interface Membership {
  readonly id: string;
  readonly name: string;
  /** The contact was on the list before we came: nobody but people takes it off again. */
  readonly byHand?: true;
}

/** The durable tie person ↔ contact, with the values last synchronised: the base of the three-way merge. */
export interface Link {
  readonly contactId: string;
  /** True when we created the contact; an adopted one is never deleted to free a number. */
  readonly created: boolean;
  readonly phone: string;
  readonly phoneKey: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Memberships that the person should have, by list key: the list's id when it was joined, and its name. */
  readonly lists: Readonly<Record<string, Membership>>;
  readonly left?: { readonly cause: LeaverCause; readonly action: LeaverAction; readonly at: number };
  /** The contact was deleted to free its number and is to be made anew. */
  readonly carry?: Carried;
  /** The number was given away in a ring of people who pass theirs on; the new one comes later in the same run. */
  readonly released?: true;
  /** Where both sides are written: what the directory has yet to show, and how often fields were written. */
  readonly memory?: Memory;
}

/** A number that a contact may have been made with. */
export interface Tried {
  readonly phone: string;
  readonly phoneKey: string;
}

/** What could not be applied yet, and why. It belongs to the person, not to the run. */
export interface Pending {
  readonly personId: string;
  readonly department: string;
  readonly outcome: Extract<Outcome, 'held' | 'failed' | 'rejected' | 'skipped'>;
  readonly reason: ReasonCode;
  readonly operationHash: string;
  /** Of somebody without a contact: what it should be like, whichever contact it is. */
  readonly wish?: string;
  /** The run that wrote this row, and when it first had a reason to wait. */
  readonly runId: string;
  readonly since: number;
  readonly attempts: number;
  /** When a run should take the person up again by itself; absent = not by itself. */
  readonly dueAt?: number;
  /** The pseudonym of the number that somebody else holds. */
  readonly waitsFor?: string;
  /** Numbers of creations whose answers were lost: whoever plans for the person looks there first. */
  readonly tried?: readonly Tried[];
  /** The answer to a write was lost before the person was held or refused: whoever plans next still has to look. */
  readonly doubt?: true;
  /** Lists that the person may have been put on by what is in doubt, though the link does not say so. */
  readonly joins?: readonly ListRef[];
  /** The number that somebody put on the contact in place of ours, and that what is in doubt was to take away. */
  readonly stray?: string;
  readonly fingerprint: string;
  /** Of somebody who leaves: why, and whether only that the directory does not answer for them says so. */
  readonly cause?: LeaverCause;
  readonly absent?: true;
  /** Rejected for a list that is missing: looked for again whenever the person is planned. */
  readonly missesList?: true;
  /** The operation puts right what somebody changed in MessageMedia: planned again only with a look at the contact. */
  readonly repair?: true;
  /** In conflict: contacts of which one has the person's marker and not their number, so that no number finds it. */
  readonly marked?: readonly string[];
  /** The rule that holds the operation, and when people were last told. */
  readonly heldBy?: HeldBy;
  readonly announcedAt?: number;
  readonly decision?: {
    readonly kind: 'approved' | 'rejected';
    readonly operationHash: string;
    readonly runId: string;
    readonly at: number;
  };
}

/** Lists of the plan by key, with the id last known; an id that changed means the list was made anew. */
export type KnownLists = Readonly<Record<string, string>>;
