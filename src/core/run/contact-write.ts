import { openNumbersOf } from '../consent/contact-channels.ts';
import { flowOf } from '../config/sync-config.ts';
import type { Contact, ContactWrite } from '../people/contact.ts';
import { MARKER_TAG } from '../people/matching.ts';
import { phoneInstead } from '../plan/drift.ts';
import { contactChanges } from '../plan/operation.ts';
import type { ListRef, Operation } from '../plan/operation.ts';
import { takenOver } from './apply-case.ts';
import type { Case } from './apply-case.ts';
import { customOf, fieldId, nativeOf, preparedOf } from './contact-fields.ts';
import { existingLists } from './existing-lists.ts';
import { mergeChannels, withWhatsApp, writableChannels } from './merge-channels.ts';
import type { ChannelChange, WriteChannel } from './merge-channels.ts';
import type { RunRow } from './run-row.ts';

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
  // Of a list that was made anew, the link still says the former id.
  const settled = new Set([...operation.lists.remove, ...wantedLists(operation)].map(({ key }) => key));
  const kept = Object.entries(link?.lists ?? {}).filter(([key]) => !settled.has(key));
  const keptIds = kept.map(([, { id }]) => id);
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
  const isOurs = takenOver(one) === undefined && !one.isReplaced;
  const instead = phoneInstead(contact, link);
  if (!isOurs || instead === undefined || mayBeFromUs(one, instead)) return false;
  const changesNumber = contactChanges(operation).some(({ field }) => field === 'phone');
  const isKnown = instead === member.drift?.phone;
  if (changesNumber) return !isKnown && !contact.channels.some(({ channelId }) => channelId === operation.phone);
  return operation.phone === link.phone;
}

/** Whether a write of ours whose answer nobody has may have put the number on the contact. */
function mayBeFromUs({ operation, member, strays }: Case, phone: string): boolean {
  if (!operation.doubt) return false;
  const tried = [...strays, ...(member.pending?.tried ?? [])].map((one) => one.phone);
  return phone === '' || phone === operation.strayPhone || tried.includes(phone);
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
