import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { compareForeign } from '../../local/oracle/compare-foreign.ts';
import type { Difference } from '../../local/oracle/difference.ts';
import { readOracleConfig } from '../../local/oracle/oracle-config.ts';
import { MARKER, markerOf, numbersOf } from './account-view.ts';
import type { AccountContact } from './account-view.ts';
import type { SyncSection } from './history.ts';

/** The account as people made it by hand, kept up to date with whatever they do by hand. */
export interface HandMade {
  readonly snapshot: () => AccountSnapshot;
  /**
   * The contact has a second number because somebody gave it one, or because PATCH keeps old channels: what people made
   * may not be deleted and made anew, and nothing else takes a number away.
   */
  hasTwoNumbers(id: string | undefined): boolean;
  addContact(id: string): void;
  editContact(id: string): void;
  deleteContact(id: string): void;
  addList(name: string): void;
  /** A list was deleted, or has another name. */
  changeList(id: string, name: string | undefined): void;
  deleteField(id: string): void;
  /** What is no longer as people made it. */
  compare(section: SyncSection): readonly Difference[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * `mayDelete` says that some configuration of the history deletes the contacts of leavers, `keepsChannels` that PATCH
 * takes none away.
 */
export function createHandMade(now: () => AccountSnapshot, mayDelete: boolean, keepsChannels: boolean): HandMade {
  const made: Mutable<AccountSnapshot> = now();
  /** Notes on contacts that are ours. */
  const notes = new Map<string, { readonly note: string; readonly location: string }>();
  const adopted = new Set<string>();
  const find = (id: string): AccountContact | undefined => now().contacts.find((contact) => contact.id === id);
  const changeContacts = (change: (contact: AccountContact) => AccountContact): void => {
    made.contacts = made.contacts.map(change);
  };
  return {
    snapshot: () => withoutPreferences(made),
    hasTwoNumbers(id) {
      const contact = made.contacts.find((one) => one.id === id);
      if (contact === undefined) return false;
      return numbersOf((keepsChannels ? find(contact.id) : undefined) ?? contact).length > 1;
    },
    addContact(id) {
      made.contacts = [...made.contacts, find(id)!];
      made.lists = withMissing(
        made.lists,
        now().lists,
        find(id)!.lists.map(({ name }) => name),
      );
    },
    editContact(id) {
      const edited = find(id)!;
      const { note, location, lists } = edited;
      if (markerOf(edited) !== undefined) notes.set(id, { note, location });
      changeContacts((contact) => {
        if (contact.id !== id) return contact;
        return markerOf(edited) === undefined
          ? edited
          : {
              ...contact,
              note,
              location,
              lists: [...contact.lists, ...lists.filter(({ name }) => name === 'Runners')],
            };
      });
    },
    deleteContact(id) {
      made.contacts = made.contacts.filter((contact) => contact.id !== id);
    },
    addList(name) {
      made.lists = withMissing(made.lists, now().lists, [name]);
    },
    changeList(id, name) {
      made.lists = made.lists.flatMap((list) => {
        if (list.id !== id) return [list];
        return name === undefined ? [] : [{ ...list, name }];
      });
      changeContacts((contact) => ({
        ...contact,
        lists: contact.lists.flatMap((list) => {
          if (list.id !== id) return [list];
          return name === undefined ? [] : [{ ...list, name }];
        }),
      }));
    },
    deleteField(id) {
      made.customFields = made.customFields.filter((field) => field.id !== id);
      changeContacts((contact) => ({
        ...contact,
        customFields: contact.customFields.filter((field) => field.id !== id),
      }));
    },
    compare(section) {
      const account = now();
      const ever = (contact: AccountContact): AccountContact =>
        adopted.has(contact.id) ? asAdopted(contact) : contact;
      for (const contact of account.contacts) if (markerOf(contact) !== undefined) adopted.add(contact.id);
      const standing = new Set(account.contacts.map(({ id }) => id));
      // Whoever is adopted and leaves is deleted where the configuration says so.
      const contacts = made.contacts.filter(({ id }) => standing.has(id) || !adopted.has(id) || !mayDelete);
      const foreign = compareForeign(
        withoutPreferences({ ...account, contacts: account.contacts.map(ever) }),
        withoutPreferences({ ...made, contacts }),
        readOracleConfig(section),
      );
      const lost = account.contacts.flatMap((contact): Difference[] => {
        const noted = notes.get(contact.id);
        if (noted === undefined || (noted.note === contact.note && noted.location === contact.location)) return [];
        return [{ kind: 'foreign-changed', contactId: contact.id, words: 'a note made by hand was lost' }];
      });
      return [...foreign, ...lost];
    },
  };
}

/** An adopted contact that its person left behind: what we wrote stays on it, only the marker goes. */
function asAdopted(contact: AccountContact): AccountContact {
  if (markerOf(contact) !== undefined) return contact;
  const marker = { id: 'marker', mergeTag: MARKER, type: 'TEXT', value: 'somebody' } as const;
  return { ...contact, customFields: [...contact.customFields, marker] };
}

function withMissing(
  lists: AccountSnapshot['lists'],
  all: AccountSnapshot['lists'],
  names: readonly string[],
): AccountSnapshot['lists'] {
  const known = new Set(lists.map(({ id }) => id));
  return [...lists, ...all.filter(({ id, name }) => names.includes(name) && !known.has(id))];
}

/** A preference belongs to a number, not to a contact: it shows on every contact that has the number. */
function withoutPreferences(account: AccountSnapshot): AccountSnapshot {
  return {
    ...account,
    contacts: account.contacts.map((contact) => ({
      ...contact,
      lastModifiedDate: '',
      channels: contact.channels.map((channel) => ({ ...channel, subscriptionState: 'SUBSCRIBED' as const })),
    })),
  };
}
