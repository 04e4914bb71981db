import { randomUUID } from 'node:crypto';
import type { ChannelData, ChannelType, FieldRequest, SubscriptionState } from './wire.ts';

export const NATIVE_NAMES = ['firstName', 'lastName', 'alias', 'country', 'state', 'location', 'note'] as const;
export type NativeName = (typeof NATIVE_NAMES)[number];

export interface ChannelKey {
  readonly type: ChannelType;
  readonly channelId: string;
}

interface Stamped {
  readonly id: string;
  /** Order of creation: pages follow it, so a page's token survives deletions. */
  readonly sequence: number;
  readonly createdDate: string;
  lastModifiedDate: string;
}

export interface ContactRecord extends Stamped {
  readonly native: Record<NativeName, string>;
  dateOfBirth: string | undefined;
  channels: readonly ChannelKey[];
  readonly values: Map<string, string>;
  readonly listIds: Set<string>;
}

export interface ListRecord extends Stamped {
  name: string;
  alias: string;
  readonly members: Set<string>;
}

export interface FieldRecord extends Stamped, Omit<FieldRequest, 'label' | 'maxLength'> {
  label: string;
  maxLength: number;
}

export interface WebhookRecord {
  readonly id: string;
  url: string;
  method: string;
  encoding: string;
  events: readonly string[];
  template: string;
  headers: Readonly<Record<string, string>>;
  retries: number;
  retryDelaySeconds: number;
}

/** The platform keeps the private half. */
export interface SignatureKeyRecord {
  readonly id: string;
  readonly digest: string;
  readonly created: string;
  readonly publicKey: string;
  readonly privateKey: string;
  enabled: boolean;
}

export interface AccountState {
  readonly accountId: string;
  readonly vendorId: string;
  readonly contacts: Map<string, ContactRecord>;
  /** Channel id → ids of the contacts that have it. */
  readonly holders: Map<string, Set<string>>;
  readonly lists: Map<string, ListRecord>;
  readonly fields: Map<string, FieldRecord>;
  /** Last preference of a number; it outlives its contacts. */
  readonly preferences: Map<string, ChannelData>;
  readonly blocked: Set<string>;
  readonly webhooks: Map<string, WebhookRecord>;
  readonly signatureKeys: Map<string, SignatureKeyRecord>;
  readonly timestamp: () => string;
  readonly stamp: () => Stamped;
}

export interface StateOptions {
  readonly accountId?: string;
  readonly vendorId?: string;
  /** Milliseconds since 1970; default the real time. */
  readonly now?: () => number;
}

/** An account with nothing in it. */
export function emptyState(options: StateOptions): AccountState {
  const now = options.now ?? Date.now;
  const timestamp = (): string => new Date(now()).toISOString();
  let sequence = 0;
  const stamp = (): Stamped => {
    const date = timestamp();
    sequence += 1;
    return { id: randomUUID(), sequence, createdDate: date, lastModifiedDate: date };
  };
  return {
    accountId: options.accountId ?? 'InventedAccount001',
    vendorId: options.vendorId ?? 'InventedVendor',
    contacts: new Map(),
    holders: new Map(),
    lists: new Map(),
    fields: new Map(),
    preferences: new Map(),
    blocked: new Set(),
    webhooks: new Map(),
    signatureKeys: new Map(),
    timestamp,
    stamp,
  };
}

/** A new, empty contact of the account. */
export function addContact(state: AccountState): ContactRecord {
  const native = { firstName: '', lastName: '', alias: '', country: '', state: '', location: '', note: '' };
  const record: ContactRecord = {
    ...state.stamp(),
    native,
    dateOfBirth: undefined,
    channels: [],
    values: new Map(),
    listIds: new Set(),
  };
  state.contacts.set(record.id, record);
  return record;
}

export function setChannels(state: AccountState, contact: ContactRecord, channels: readonly ChannelKey[]): void {
  for (const { channelId } of contact.channels) {
    const holders = state.holders.get(channelId);
    holders?.delete(contact.id);
    if (holders?.size === 0) state.holders.delete(channelId);
  }
  contact.channels = channels.map(({ type, channelId }) => ({ type, channelId }));
  for (const { channelId } of channels) {
    const holders = state.holders.get(channelId) ?? new Set();
    state.holders.set(channelId, holders.add(contact.id));
  }
}

export function setPreference(state: AccountState, channel: ChannelKey, subscriptionState: SubscriptionState): void {
  const { type, channelId } = channel;
  state.preferences.set(`${type} ${channelId}`, { type, channelId, subscriptionState });
}

/** The remembered preference of a number; subscribed when it never said anything. */
export function preferenceOf(state: AccountState, { type, channelId }: ChannelKey): SubscriptionState {
  return state.preferences.get(`${type} ${channelId}`)?.subscriptionState ?? 'SUBSCRIBED';
}

export function addMember(list: ListRecord, contact: ContactRecord): void {
  list.members.add(contact.id);
  contact.listIds.add(list.id);
}

export function removeMember(list: ListRecord, contact: ContactRecord): void {
  list.members.delete(contact.id);
  contact.listIds.delete(list.id);
}

/** Removes a contact with its memberships; its numbers' preferences stay. False when there is no such contact. */
export function removeContact(state: AccountState, id: string): boolean {
  const contact = state.contacts.get(id);
  if (contact === undefined) return false;
  setChannels(state, contact, []);
  for (const listId of contact.listIds) state.lists.get(listId)?.members.delete(id);
  return state.contacts.delete(id);
}

/** Removes a list; its members stay contacts. False when there is no such list. */
export function removeList(state: AccountState, id: string): boolean {
  for (const contactId of state.lists.get(id)?.members ?? []) state.contacts.get(contactId)?.listIds.delete(id);
  return state.lists.delete(id);
}

/** Removes a custom field and every contact's value of it. False when there is no such field. */
export function removeField(state: AccountState, id: string): boolean {
  if (!state.fields.delete(id)) return false;
  for (const contact of state.contacts.values()) contact.values.delete(id);
  return true;
}

export function addList(state: AccountState, name: string, alias = ''): ListRecord {
  const list: ListRecord = { ...state.stamp(), name, alias, members: new Set() };
  state.lists.set(list.id, list);
  return list;
}

export function addField(state: AccountState, { label, mergeTag, type, maxLength }: FieldRequest): FieldRecord {
  const field: FieldRecord = { ...state.stamp(), label, mergeTag, type, maxLength };
  state.fields.set(field.id, field);
  return field;
}
