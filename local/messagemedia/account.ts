import { contactData, fieldData, listData } from './account-data.ts';
import {
  addContact,
  addField,
  addList,
  addMember,
  emptyState,
  NATIVE_NAMES,
  removeContact,
  removeField,
  removeList,
  removeMember,
  setChannels,
  setPreference,
} from './account-state.ts';
import type {
  AccountState,
  ContactRecord,
  FieldRecord,
  ListRecord,
  NativeName,
  StateOptions,
} from './account-state.ts';
import type { ChannelData, ChannelType, ContactData, CustomFieldData, FieldType, ListData } from './wire.ts';

/** A contact as a person at the keyboard thinks of it: lists by name, custom fields by merge tag. */
export interface ContactSeed extends Partial<Readonly<Record<NativeName, string>>> {
  readonly dateOfBirth?: string;
  /** Short for one SMS channel. */
  readonly number?: string;
  readonly channels?: readonly Pick<ChannelData, 'type' | 'channelId'>[];
  readonly customFields?: Readonly<Record<string, string>>;
  readonly lists?: readonly string[];
}

interface FieldSeed {
  readonly mergeTag: string;
  readonly label?: string;
  readonly type?: FieldType;
  readonly maxLength?: number;
}

export interface AccountSnapshot {
  readonly contacts: readonly ContactData[];
  readonly lists: readonly (ListData & { readonly contactIds: readonly string[] })[];
  readonly customFields: readonly CustomFieldData[];
  /** Last preferences of numbers that ever stated one, contacts or not. */
  readonly preferences: readonly ChannelData[];
  readonly blockedNumbers: readonly string[];
}

/** What a person does in MessageMedia's own pages, or a phone's owner with a STOP; unknown ids throw. */
export interface Account {
  /** Lists and custom fields that are missing are made (TEXT, 255). */
  seedContact(seed: ContactSeed): ContactData;
  seedList(name: string, alias?: string): ListData;
  seedField(seed: FieldSeed): CustomFieldData;
  /** What is named changes: channels and lists as a whole, custom fields one by one (`""` clears). */
  editContact(id: string, change: ContactSeed): ContactData;
  deleteContact(id: string): void;
  deleteList(id: string): void;
  deleteField(id: string): void;
  renameList(id: string, name: string): void;
  /** The number's owner sent STOP: unsubscribed on that channel and blocked, whether it has a contact or not. */
  optOut(number: string, type?: ChannelType): void;
  /** The number's owner sent START: the platform subscribes it again and lets it be texted. */
  optIn(number: string, type?: ChannelType): void;
  blockNumber(number: string): void;
  unblockNumber(number: string): void;
  contactsWith(number: string): readonly ContactData[];
  listNamed(name: string): ListData | undefined;
  /** Plain data, in the order of creation, that later changes do not touch. */
  snapshot(): AccountSnapshot;
}

/** An empty account, and the state that its API works on. */
export function createAccount(options: StateOptions): { readonly account: Account; readonly state: AccountState } {
  const state = emptyState(options);
  return { account: { ...peopleAdmin(state), ...structureAdmin(state), ...views(state) }, state };
}

function peopleAdmin(state: AccountState) {
  return {
    seedContact(seed: ContactSeed): ContactData {
      const contact = addContact(state);
      writeSeed(state, contact, seed);
      return contactData(state, contact);
    },
    editContact(id: string, change: ContactSeed): ContactData {
      const contact = known(state.contacts.get(id), 'contact', id);
      writeSeed(state, contact, change);
      contact.lastModifiedDate = state.timestamp();
      return contactData(state, contact);
    },
    deleteContact(id: string): void {
      known(removeContact(state, id) || undefined, 'contact', id);
    },
    optOut(number: string, type: ChannelType = 'SMS'): void {
      setPreference(state, { type, channelId: number }, 'UNSUBSCRIBED');
      state.blocked.add(number);
    },
    optIn(number: string, type: ChannelType = 'SMS'): void {
      setPreference(state, { type, channelId: number }, 'SUBSCRIBED');
      state.blocked.delete(number);
    },
    blockNumber(number: string): void {
      state.blocked.add(number);
    },
    unblockNumber(number: string): void {
      state.blocked.delete(number);
    },
  };
}

function structureAdmin(state: AccountState) {
  return {
    seedList: (name: string, alias?: string): ListData => listData(state, addList(state, name, alias)),
    seedField: (seed: FieldSeed): CustomFieldData => fieldData(state, addSeedField(state, seed)),
    deleteList(id: string): void {
      known(removeList(state, id) || undefined, 'list', id);
    },
    deleteField(id: string): void {
      known(removeField(state, id) || undefined, 'custom field', id);
    },
    renameList(id: string, name: string): void {
      const list = known(state.lists.get(id), 'list', id);
      list.name = name;
      list.lastModifiedDate = state.timestamp();
    },
  };
}

function views(state: AccountState) {
  return {
    contactsWith: (number: string): readonly ContactData[] =>
      [...(state.holders.get(number) ?? [])].flatMap((id) => {
        const contact = state.contacts.get(id);
        return contact === undefined ? [] : [contactData(state, contact)];
      }),
    listNamed(name: string): ListData | undefined {
      const list = findList(state, name);
      return list === undefined ? undefined : listData(state, list);
    },
    snapshot: (): AccountSnapshot => ({
      contacts: [...state.contacts.values()].map((contact) => contactData(state, contact)),
      lists: [...state.lists.values()].map((list) => ({ ...listData(state, list), contactIds: [...list.members] })),
      customFields: [...state.fields.values()].map((field) => fieldData(state, field)),
      preferences: [...state.preferences.values()],
      blockedNumbers: [...state.blocked],
    }),
  };
}

function writeSeed(state: AccountState, contact: ContactRecord, seed: ContactSeed): void {
  for (const name of NATIVE_NAMES) contact.native[name] = seed[name] ?? contact.native[name];
  if (seed.dateOfBirth !== undefined) contact.dateOfBirth = seed.dateOfBirth === '' ? undefined : seed.dateOfBirth;
  const ownChannel = seed.number === undefined ? [] : [{ type: 'SMS', channelId: seed.number } as const];
  if (seed.number !== undefined || seed.channels !== undefined) {
    setChannels(state, contact, [...ownChannel, ...(seed.channels ?? [])]);
  }
  for (const [mergeTag, value] of Object.entries(seed.customFields ?? {})) {
    const field = [...state.fields.values()].find((one) => one.mergeTag === mergeTag);
    const { id } = field ?? addSeedField(state, { mergeTag });
    if (value === '') contact.values.delete(id);
    else contact.values.set(id, value);
  }
  if (seed.lists !== undefined) writeLists(state, contact, seed.lists);
}

function writeLists(state: AccountState, contact: ContactRecord, names: readonly string[]): void {
  const wanted = new Set(names.map((name) => findList(state, name) ?? addList(state, name)));
  for (const id of contact.listIds) {
    const list = state.lists.get(id);
    if (list !== undefined && !wanted.has(list)) removeMember(list, contact);
  }
  for (const list of wanted) addMember(list, contact);
}

function addSeedField(state: AccountState, { mergeTag, label, type, maxLength }: FieldSeed): FieldRecord {
  return addField(state, { mergeTag, label: label ?? mergeTag, type: type ?? 'TEXT', maxLength: maxLength ?? 255 });
}

function findList(state: AccountState, name: string): ListRecord | undefined {
  return [...state.lists.values()].find((list) => list.name.toLowerCase() === name.toLowerCase());
}

function known<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw new Error(`The simulated account has no ${what} ${id}.`);
  return found;
}
