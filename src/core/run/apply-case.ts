import { openNumbersOf } from '../consent/contact-channels.ts';
import { flowOf } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import type { Contact, ContactWrite } from '../people/contact.ts';
import { MARKER_TAG } from '../people/matching.ts';
import type { Person } from '../people/person.ts';
import { phoneInstead } from '../plan/drift.ts';
import type { Link } from '../plan/link.ts';
import type { LateWrite } from '../plan/memory.ts';
import { contactChanges } from '../plan/operation.ts';
import type { ListRef, Operation } from '../plan/operation.ts';
import type { ContactHolder } from './adoption-notes.ts';
import type { ClaimGuard } from './claim.ts';
import { customOf, fieldId, nativeOf, preparedOf } from './contact-fields.ts';
import type { Engine } from './engine.ts';
import { existingLists } from './existing-lists.ts';
import { mergeChannels, withWhatsApp, writableChannels } from './merge-channels.ts';
import type { ChannelChange, WriteChannel } from './merge-channels.ts';
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
  lost?: Promise<ReadonlySet<string>>;
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

/** The values the contact should have after the operation: what the link says, with the operation's changes over it. */
export function valuesAfter({
  operation,
  link,
  pulled,
}: Pick<Case, 'operation' | 'link' | 'pulled'>): Record<string, string> {
  const values: Record<string, string> = { ...link?.fields, ...operation.unchanged };
  for (const { field, after } of contactChanges(operation)) if (field !== 'phone') values[field] = after;
  return { ...values, ...pulled };
}

/** Lists that the person should be on whatever contact it is: on the one that was planned with they may be already. */
export function wantedLists({ lists, memberOf = [] }: Pick<Operation, 'lists' | 'memberOf'>): readonly ListRef[] {
  return [...lists.add, ...memberOf.map(({ key, name }) => ({ key, name }))];
}

/** A whole new contact: fields, marker and lists in one call; what was carried over from the contact it replaces comes along. */
export function newContact(run: RunRow, one: Case): ContactWrite {
  const { operation, link } = one;
  const values = valuesAfter(one);
  const custom = { ...preparedOf(run, customOf(values)), [MARKER_TAG]: operation.personId };
  const carried = link?.carry;
  const kept = Object.keys(link?.lists ?? {}).filter((key) => !operation.lists.remove.some((list) => list.key === key));
  const keptIds = kept.map((key) => link!.lists[key]!.id);
  const ours = Object.entries(custom)
    .filter(([, value]) => value !== '')
    .map(([mergeTag, value]) => ({ id: fieldId(run, mergeTag), value }));
  // A value that is cleared must not come back with what is carried over.
  const oursIds = new Set(Object.keys(custom).map((mergeTag) => fieldId(run, mergeTag)));
  const lists = new Set([
    ...existingLists(run, wantedLists(operation)).map((list) => list.id),
    ...keptIds,
    ...(carried?.lists ?? []),
  ]);
  return {
    native: Object.fromEntries(
      Object.entries({ ...carried?.native, ...nativeOf(values) }).filter(([, value]) => value !== ''),
    ),
    channels: [{ type: 'SMS', channelId: operation.phone! }, ...carriedChannels(one, values['whatsapp'])],
    customFields: [...ours, ...(carried?.customFields ?? []).filter((field) => !oursIds.has(field.id))],
    ...(lists.size === 0 ? {} : { lists: [...lists] }),
  };
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

/** What is to be written of an operation: on a leaver's contact everything, and nothing of the leaver's stays. */
function fieldsToWrite(one: Case): Readonly<Record<string, string>> {
  const left = takenOver(one);
  if (one.isReplaced) return valuesAfter(one);
  if (left === undefined) {
    return Object.fromEntries(contactChanges(one.operation).map(({ field, after }) => [field, after]));
  }
  // MessageMedia refuses '' as a date.
  const emptied = Object.keys(left.fields).filter((field) => left.fields[field] !== '' && field !== 'dateOfBirth');
  return { ...Object.fromEntries(emptied.map((field) => [field, ''])), ...valuesAfter(one) };
}

/** Channels and custom fields go out as the whole merged set: right whether PATCH merges or replaces. */
export function changesTo(run: RunRow, one: Case): ContactWrite {
  const { operation, contact } = one;
  const changed = fieldsToWrite(one);
  const native = nativeOf(changed);
  const custom: Record<string, string> = { ...preparedOf(run, customOf(changed)) };
  const isNew = one.link === undefined || one.isReplaced || takenOver(one) !== undefined;
  if (isNew || operation.doubt) custom[MARKER_TAG] = operation.personId;
  const differs = Object.entries(custom).filter(
    ([mergeTag, value]) => (contact?.customFields.find((field) => field.mergeTag === mergeTag)?.value ?? '') !== value,
  );
  const merged = new Map((contact?.customFields ?? []).map(({ id, value }) => [id, value]));
  for (const [mergeTag, value] of differs) merged.set(fieldId(run, mergeTag), value);
  const channels =
    operation.phone === undefined || contact === undefined || isEditedMeanwhile(run, one)
      ? undefined
      : channelsAfter(one, contact);
  return {
    native,
    ...(channels === undefined ? {} : { channels }),
    ...(differs.length === 0 ? {} : { customFields: [...merged].map(([id, value]) => ({ id, value })) }),
  };
}

/** The channels to write, undefined for none. A contact that is adopted may not know yet that its number opted out. */
function channelsAfter(one: Case, contact: Contact): ContactWrite['channels'] {
  const { phone, optedOut } = one.operation;
  const merged = mergeChannels(contact, channelChange(one));
  const isStale = optedOut === true && openNumbersOf(contact).includes(phone!);
  return merged ?? (isStale ? writableChannels(contact) : undefined);
}

/**
 * Whether somebody changed the number after the contact was compared: where both sides are written, the next run asks
 * what that means, and ours is not put beside it.
 */
function isEditedMeanwhile(run: RunRow, one: Case): boolean {
  const { operation, member, link, contact } = one;
  if (flowOf(run.config) === 'push' || link === undefined || contact === undefined) return false;
  const isOurs = takenOver(one) === undefined && !one.isReplaced && !operation.doubt;
  const instead = phoneInstead(contact, link);
  if (!isOurs || instead === undefined) return false;
  const changesNumber = contactChanges(operation).some(({ field }) => field === 'phone');
  const isKnown = instead === member.drift?.phone;
  if (changesNumber) return !isKnown && !contact.channels.some(({ channelId }) => channelId === operation.phone);
  return operation.phone === link.phone;
}

/** The channels that come along to a contact made anew, with the number that the WhatsApp channel is to have. */
function carriedChannels({ operation, link }: Case, whatsApp: string | undefined): readonly WriteChannel[] {
  const carried = (link?.carry?.channels ?? []).filter(
    ({ type, channelId }) => type !== 'SMS' || channelId !== operation.phone,
  );
  return withWhatsApp(carried, link?.fields['whatsapp'], whatsApp);
}

/** How the numbers of the person's contact change. */
function channelChange(one: Case): ChannelChange {
  const left = takenOver(one);
  const { operation, link, strays } = one;
  const phone = operation.phone!;
  const former = left?.phone ?? link?.phone;
  // With others besides, an earlier worker sent a new one to a MessageMedia that keeps old channels, and died over the answer.
  const gone = strays.map((stray) => stray.phone);
  if (former !== undefined && former !== phone) gone.push(former);
  if (operation.strayPhone !== undefined) gone.push(operation.strayPhone);
  // Somebody put it in place of the leaver's: it is not the person's.
  const instead = left === undefined || one.contact === undefined ? undefined : phoneInstead(one.contact, left);
  if (instead !== undefined && instead !== phone) gone.push(instead);
  return {
    phone,
    formerPhones: new Set(gone),
    formerWhatsApp: (left ?? link)?.fields['whatsapp'],
    whatsApp: fieldsToWrite(one)['whatsapp'],
  };
}
