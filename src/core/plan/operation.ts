import type { LeaverAction, LeaverCause } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import type { Link, Membership } from './link.ts';

/** What the plan does to one person. */
export const OPERATION_KINDS = [
  'create',
  'adopt',
  'update',
  'move',
  'remove',
  'restore',
  'pull',
  'none',
  'skip',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export const OUTCOMES = ['done', 'unchanged', 'skipped', 'held', 'rejected', 'failed', 'superseded'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One field of a contact. Keys: `phone`, a native field (`firstName`), or `custom:<merge tag>`. `before` is absent when it was never known. */
export interface FieldChange {
  readonly field: string;
  readonly before?: string;
  readonly after: string;
}

/** A list by its normalised identity and the name people see. */
export interface ListRef {
  readonly key: string;
  readonly name: string;
}

/** A planned operation on one person: pure data, read by the judge, the applier, the records and the preview alike. */
export interface Operation {
  readonly personId: string;
  readonly department: string;
  readonly kind: OperationKind;
  /** Why a person is skipped, removed or rejected. */
  readonly reason?: ReasonCode;
  readonly cause?: LeaverCause;
  readonly action?: LeaverAction;
  /** The person left before, and the grace of that leaving is over. */
  readonly leftBefore?: true;
  /** Nothing but the directory's silence says that the person is gone: it takes two good runs to believe it. */
  readonly absent?: true;
  /** The configuration says that this person must never be missing. */
  readonly canary?: true;
  /** The contact that the person is linked to, or the one that matching found. */
  readonly contactId?: string;
  /** Contacts that may each be the person's, or belong to something else: none of them is touched. */
  readonly contactIds?: readonly string[];
  /** The contact belongs to somebody who left: the person takes it over. */
  readonly formerOwner?: string;
  /** The E.164 number the contact should carry, and its pseudonym; absent on removals and skips. */
  readonly phone?: string;
  readonly phoneKey?: string;
  /** The contact was given up to free its number, or let go of it: to be brought back, with whatever number. */
  readonly givenUp?: true;
  /** We created the contact that the person has: it may be made anew to free its number. */
  readonly ownContact: boolean;
  /** The pseudonym of the number that the person has by link or claim. */
  readonly heldPhoneKey?: string;
  /** Somebody else's claim on the wanted number, as planning saw it. */
  readonly claimedBy?: { readonly personId: string; readonly active: boolean };
  readonly fields: readonly FieldChange[];
  /** Wanted values that the adopted contact has already: they enter the base with the changed ones. */
  readonly unchanged?: Readonly<Record<string, string>>;
  readonly lists: { readonly add: readonly ListRef[]; readonly remove: readonly ListRef[] };
  /** Wanted lists that the adopted contact is on already: they enter the base with the others. */
  readonly memberOf?: readonly (ListRef & Membership)[];
  /** Fields whose directory value the contact cannot hold: field and limit, never the value. */
  readonly invalid: readonly { readonly field: string; readonly limit: string }[];
  /** An adoption that replaces values somebody wrote by hand counts as an update. */
  readonly overwrites: boolean;
  /** The answer to an earlier write is unknown: look first, then write the wanted values again. */
  readonly doubt: boolean;
  /** The contact that an earlier try made and nobody noted, as the link it becomes. */
  readonly unnoted?: Link;
  /** Over person, operation, before/after and lists; no run, no time. */
  readonly hash: string;
}
