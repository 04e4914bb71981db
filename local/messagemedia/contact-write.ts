import { addMember, NATIVE_NAMES, removeMember, setChannels, setPreference } from './account-state.ts';
import type { AccountState, ContactRecord } from './account-state.ts';
import type { ChannelRequest, ContactRequest, InvalidField } from './wire.ts';

/** Whether an update's collection takes the place of the stored one or is laid over it: the vendor does not say. */
type UpdateMode = 'replace' | 'merge';

export interface UpdateModes {
  readonly channelsMode: UpdateMode;
  readonly customFieldsMode: UpdateMode;
  readonly listsMode: UpdateMode;
}

const E164 = /^\+[1-9]\d{6,14}$/;

/** What the account cannot accept in a create or update that fits the contract; [] when it can. */
export function contactProblems(state: AccountState, write: ContactRequest): readonly InvalidField[] {
  return [
    ...(write.channels === undefined ? [] : channelProblems(write.channels)),
    ...listProblems(state, write.lists ?? []),
    ...customFieldProblems(state, write.customFields ?? []),
  ];
}

/** Writes a checked request into a contact. `""` clears; what is absent stays; collections follow the modes. */
export function applyContact(
  state: AccountState,
  contact: ContactRecord,
  write: ContactRequest,
  modes: UpdateModes,
): void {
  for (const name of NATIVE_NAMES) contact.native[name] = write[name] ?? contact.native[name];
  contact.dateOfBirth = write.dateOfBirth ?? contact.dateOfBirth;
  if (write.channels !== undefined) applyChannels(state, contact, write.channels, modes.channelsMode);
  if (write.customFields !== undefined) applyCustomFields(contact, write.customFields, modes.customFieldsMode);
  if (write.lists !== undefined) applyLists(state, contact, write.lists, modes.listsMode);
}

/** Whether another contact has one of the numbers, on whichever channel. */
export function isNumberTaken(
  state: AccountState,
  channels: readonly ChannelRequest[],
  contactId: string | undefined,
): boolean {
  return channels.some(({ channelId }) => {
    const holders = [...(state.holders.get(channelId) ?? [])];
    return holders.some((holder) => holder !== contactId);
  });
}

function channelProblems(channels: readonly ChannelRequest[]): readonly InvalidField[] {
  if (channels.length === 0) {
    return [{ name: 'channels', code: 'must_not_be_empty', reason: 'A contact needs a channel.' }];
  }
  const malformed = channels.filter(({ channelId }) => !E164.test(channelId));
  const keys = channels.map(({ type, channelId }) => `${type} ${channelId}`);
  return [...malformed.map(({ type }) => malformedChannel(type)), ...duplicateProblems('channels', keys)];
}

function malformedChannel(type: ChannelRequest['type']): InvalidField {
  const channelType = type === 'SMS' ? 'PHONE' : type;
  return { name: 'channelId', channelType, code: 'invalid_format', reason: 'The number is not in E.164 format.' };
}

function listProblems(state: AccountState, lists: readonly { readonly id: string }[]): readonly InvalidField[] {
  const invalidIds = lists.map((list) => list.id).filter((id) => !state.lists.has(id));
  if (invalidIds.length === 0) return [];
  return [{ name: 'lists', code: 'invalid_reference', reason: 'The list does not exist.', invalidIds }];
}

function customFieldProblems(
  state: AccountState,
  values: readonly { readonly id: string; readonly value: string }[],
): readonly InvalidField[] {
  const invalidIds = values.map((value) => value.id).filter((id) => !state.fields.has(id));
  const tooLong = values.filter(({ id, value }) => value.length > (state.fields.get(id)?.maxLength ?? Infinity));
  const unknown: InvalidField = {
    name: 'customFields',
    code: 'invalid_reference',
    reason: 'The custom field does not exist.',
    invalidIds,
  };
  return [
    ...(invalidIds.length === 0 ? [] : [unknown]),
    ...tooLong.map(({ id }): InvalidField => {
      return { name: 'customFields', code: 'invalid_length', reason: 'The value is too long.', invalidIds: [id] };
    }),
    ...duplicateProblems(
      'customFields',
      values.map((value) => value.id),
    ),
  ];
}

function duplicateProblems(name: string, keys: readonly string[]): readonly InvalidField[] {
  if (new Set(keys).size === keys.length) return [];
  return [{ name, code: 'duplicated_value', reason: 'The same entry is there twice.' }];
}

function applyChannels(
  state: AccountState,
  contact: ContactRecord,
  sent: readonly ChannelRequest[],
  mode: UpdateMode,
): void {
  const isSent = new Set(sent.map(({ type, channelId }) => `${type} ${channelId}`));
  const unsent = contact.channels.filter(({ type, channelId }) => !isSent.has(`${type} ${channelId}`));
  // A request cannot name the other types, so even a replacing platform would not take them away.
  const kept = mode === 'merge' ? unsent : unsent.filter(({ type }) => type !== 'SMS' && type !== 'WHATSAPP');
  setChannels(state, contact, [...kept, ...sent]);
  for (const channel of sent) {
    if (channel.subscriptionState !== undefined) setPreference(state, channel, channel.subscriptionState);
  }
}

function applyCustomFields(
  contact: ContactRecord,
  sent: readonly { readonly id: string; readonly value: string }[],
  mode: UpdateMode,
): void {
  if (mode === 'replace') contact.values.clear();
  for (const { id, value } of sent) {
    if (value === '') contact.values.delete(id);
    else contact.values.set(id, value);
  }
}

function applyLists(
  state: AccountState,
  contact: ContactRecord,
  sent: readonly { readonly id: string }[],
  mode: UpdateMode,
): void {
  const wanted = new Set(sent.map((list) => list.id));
  const unwanted = mode === 'merge' ? [] : [...contact.listIds].filter((id) => !wanted.has(id));
  for (const list of listsOf(state, unwanted)) removeMember(list, contact);
  for (const list of listsOf(state, [...wanted])) addMember(list, contact);
}

function listsOf(state: AccountState, ids: readonly string[]) {
  return ids.flatMap((id) => state.lists.get(id) ?? []);
}
