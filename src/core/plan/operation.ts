import type { LeaverAction, LeaverCause } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import type { AttributeWrite } from '../people/undo-mapping.ts';
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
  /** Absent: to the contact. */
  readonly to?: 'directory';
}

/** An operation before it has been said whose it is. */
export type Draft = Omit<Operation, 'hash' | 'wish' | 'personId' | 'department'>;

/** The field under which the directory is told of an opt-out; no contact has it. */
export const OPT_OUT_FIELD = 'optOut';

/** Fields of an operation that are written to the contact. */
export function contactChanges({ fields }: Pick<Operation, 'fields'>): readonly FieldChange[] {
  return fields.filter(({ to }) => to === undefined);
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
  /** Only a marker finds these contacts: a run that does not read the account has to be told of them. */
  readonly byMarker?: true;
  /** The contact belongs to somebody who left: the person takes it over. */
  readonly formerOwner?: string;
  /** The E.164 number the contact should carry, and its pseudonym; absent on removals and skips. */
  readonly phone?: string;
  readonly phoneKey?: string;
  /** The number opted out: it is on the contact as unsubscribed, or there is no contact. */
  readonly optedOut?: true;
  /** The contact was given up to free its number, or let go of it: to be brought back, with whatever number. */
  readonly givenUp?: true;
  /** We created the contact that the person has: it may be made anew to free its number. */
  readonly ownContact: boolean;
  /** The pseudonym of the number that the person has by link or claim. */
  readonly heldPhoneKey?: string;
  /** Somebody else's claim on the wanted number, as planning saw it. */
  readonly claimedBy?: { readonly personId: string; readonly active: boolean };
  readonly fields: readonly FieldChange[];
  /** Wanted values that the contact has already, by adoption or by hand: they enter the base with the changed ones. */
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
  /** Somebody changed or deleted the contact in MessageMedia: written again, whatever the base says. */
  readonly repair?: true;
  /** The contact is not there any more: it is made anew. */
  readonly gone?: true;
  /** The number that somebody put on the contact in place of ours: it goes. */
  readonly strayPhone?: string;
  /** Keys of lists that the contact was taken off by hand, and is put on again. */
  readonly rejoins?: readonly string[];
  /** What is written to the directory, and for which fields. */
  readonly writes?: readonly AttributeWrite[];
  /** Fields that a directory on-premises keeps from being written. */
  readonly elsewhere?: readonly string[];
  /** Fields that the merge writes, to whichever side: counted against a ping-pong. */
  readonly turns?: readonly string[];
  /** Until when a field is left alone that was written too often, ms since 1970. */
  readonly frozenUntil?: number;
  /** When the person is to be looked at again because the directory has not shown our write, ms since 1970. */
  readonly echoUntil?: number;
  /** What differs on the two sides and is left alone: the contact's value before, the directory's after. */
  readonly reported?: readonly FieldChange[];
  /** The contact that an earlier try made and nobody noted, as the link it becomes. */
  readonly unnoted?: Link;
  /** Over person, operation, before/after and lists; no run, no time. */
  readonly hash: string;
  /** Over person, number, values and lists of the contact that somebody without one gets, whichever contact it is. */
  readonly wish?: string;
}
