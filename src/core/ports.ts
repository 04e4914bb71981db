import type { NeighbourError } from './errors.ts';
import type { EventFields, EventName } from './events.ts';
import type { Contact, ContactList, ContactWrite, CustomField, CustomFieldType } from './people/contact.ts';
import type { Attributes, DirectoryEntry } from './people/person.ts';

/**
 * Travels with every call to a neighbour. `beforeAttempt` is awaited before each try that goes on the wire,
 * retries included; it counts the call and throws when the worker's claim has ended, so that no call starts after it.
 */
export interface CallScope {
  beforeAttempt(neighbour: 'graph' | 'messagemedia'): Promise<void>;
}

export interface DirectoryPage {
  readonly entries: readonly DirectoryEntry[];
  /** Exactly one of the two is set: more pages, or the end of the chain. */
  readonly nextLink?: string;
  readonly deltaLink?: string;
}

/** A folder of contacts in somebody's mailbox: the mailbox by object id or UPN, the folder by name or id. */
export interface MailboxFolder {
  readonly mailbox: string;
  readonly folder: string;
}
/** Where people are read from. Each stream has a chain of its own, whose links no other stream takes. */
export type PeopleStream = 'users' | 'orgContacts' | MailboxFolder;

/** Somebody or something in a group; `other` are devices and the like, which are no people. */
export interface GroupMember {
  readonly id: string;
  readonly kind: 'user' | 'orgContact' | 'group' | 'other';
}

/** What became of changes to a person. What was refused does not keep the rest from being written. */
export interface PersonUpdate {
  /** The attributes that the directory has now as they were wanted. */
  readonly written: readonly string[];
  /** Those it did not take, with one of the failures `on-premises`, `privileged`, `not-found`, `conflict` and `invalid`. */
  readonly refused: readonly { readonly attributes: readonly string[]; readonly error: NeighbourError }[];
}

/**
 * Microsoft Entra ID, through Microsoft Graph. All failures are NeighbourErrors ('graph' or 'entra'). Whatever the
 * kind of person, attributes have the names of the configuration, those of users; `manager` is `{ id }` or null.
 */
export interface Directory {
  /**
   * Yields the pages of one stream's chain (default `users`), from a stored link or from the start. `select` is asked
   * for only then. Ends after the page with the deltaLink. Throws `resync` when the link is no longer usable,
   * `not-found` when the mailbox or its folder is not there.
   */
  deltaPages(
    from: { readonly stream?: PeopleStream; readonly link?: string; readonly select: readonly string[] },
    scope: CallScope,
  ): AsyncGenerator<DirectoryPage>;
  /**
   * Reads people of the streams (default users alone) by id, 20 a call; who is in none of them is absent from the map.
   * Any number of ids, of any kind.
   */
  readPeople(
    ids: readonly string[],
    select: readonly string[],
    scope: CallScope,
    streams?: readonly PeopleStream[],
  ): Promise<Map<string, DirectoryEntry>>;
  /** The id of the user with this UPN; undefined when there is none. */
  findPerson(upn: string, scope: CallScope): Promise<string | undefined>;
  /** Yields the ids of the users whose `department` is this text, letter case apart; 999 a call. */
  departmentMembers(department: string, scope: CallScope): AsyncGenerator<readonly string[]>;
  /**
   * Yields everything in a group, 999 a call; `transitive` goes through nested groups, however they are nested. What
   * was yielded is the whole only when the end is reached. Throws `not-found` when there is no such group, and
   * `access-denied` when its members, or those of a group inside it, are hidden from the app.
   */
  groupMembers(
    group: { readonly id: string; readonly transitive: boolean },
    scope: CallScope,
  ): AsyncGenerator<readonly GroupMember[]>;
  /**
   * Writes attributes of a user: whole values under their root names, `businessPhones` as the list, null to clear one.
   * Values that cannot be written are refused without a call. Phones and the others are a PATCH each, at most ten a
   * second for an instance. Doing it twice is doing it once, so lost answers are repeated. Throws what concerns more than
   * the person (`access-denied`, `throttled`, `unavailable`); then each attribute may have been written or not.
   */
  updatePerson(id: string, changes: Attributes, scope: CallScope): Promise<PersonUpdate>;
  /** Throws `access-denied` when the app's token names no permission to write these attributes of users. Writes nothing. */
  checkWriting(attributes: readonly string[]): Promise<void>;
  /** One real, cheap call: proves address, credentials, and the permission for the stream (default users). */
  check(scope: CallScope, stream?: PeopleStream): Promise<void>;
}

export interface ContactPage {
  readonly contacts: readonly Contact[];
  /** Where the next page begins; absent after the last one. */
  readonly nextPageToken?: string;
}

export interface BlockedPage {
  /** E.164. */
  readonly numbers: readonly string[];
  /** Where the next page begins; absent after the last one. */
  readonly nextPageToken?: string;
}

/** MessageMedia contacts, lists and custom fields. All failures are NeighbourErrors ('messagemedia'). */
export interface ContactBook {
  isEmpty(scope: CallScope): Promise<boolean>;
  /** Contacts that have one of the numbers as a channel; any number of E.164 numbers, ≤ 100 a call. */
  findByNumbers(numbers: readonly string[], scope: CallScope): Promise<Contact[]>;
  /** Contacts by id; unknown ids are absent. Any number of ids, ≤ 100 a call. */
  readContacts(ids: readonly string[], scope: CallScope): Promise<Contact[]>;
  /** Yields all contacts of the account, 1000 a call, from the start or from where an earlier page ended. */
  contactPages(from: { readonly pageToken?: string }, scope: CallScope): AsyncGenerator<ContactPage>;
  /** Not repeated when the answer is lost (`answer-lost`): the caller looks first. */
  createContact(contact: ContactWrite, scope: CallScope): Promise<Contact>;
  updateContact(id: string, contact: ContactWrite, scope: CallScope): Promise<Contact>;
  /** A contact that is already gone is a success. */
  deleteContact(id: string, scope: CallScope): Promise<void>;
  listLists(scope: CallScope): Promise<ContactList[]>;
  createList(name: string, scope: CallScope): Promise<ContactList>;
  listFields(scope: CallScope): Promise<CustomField[]>;
  createField(
    field: {
      readonly label: string;
      readonly mergeTag: string;
      readonly type: CustomFieldType;
      readonly maxLength: number;
    },
    scope: CallScope,
  ): Promise<CustomField>;
  /** Adds and removes members; at most 1000 ids each a call, split by the adapter. One refused id fails the whole call. */
  changeMembers(listId: string, add: readonly string[], remove: readonly string[], scope: CallScope): Promise<void>;
  /** Yields the numbers that the account never texts, 100 a call, from the start or from where an earlier page ended. */
  blockedNumbers(from: { readonly pageToken?: string }, scope: CallScope): AsyncGenerator<BlockedPage>;
  /** One real, cheap call; answers the account id when the account has anything that names it. */
  check(scope: CallScope): Promise<{ readonly accountId?: string }>;
}

export type TableName = 'state' | 'runs' | 'parts' | 'people' | 'consent';

/** A row of our own tables. `facets` are small and can be read without `body`; `body` is any JSON, compressed and split by the adapter. */
export interface Row {
  readonly key: string;
  readonly facets?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}
export interface StoredRow {
  readonly key: string;
  readonly etag: string;
  readonly facets: Readonly<Record<string, string | number | boolean>>;
  /** Undefined when it was not asked for or never set. */
  readonly body: unknown;
}

/** `replace` with the etag `*` goes over whatever version there is, but needs the row to be there. */
export type RowChange =
  | { readonly kind: 'insert'; readonly row: Row }
  | { readonly kind: 'replace'; readonly row: Row; readonly etag: string }
  | { readonly kind: 'put'; readonly row: Row }
  | { readonly kind: 'delete'; readonly key: string; readonly etag?: string };

/** An insert met an existing row, or an etag no longer fits. Nothing of the write was applied. */
export class RowConflict extends Error {
  override readonly name = 'RowConflict';
  readonly key: string;
  constructor(key: string, cause?: unknown) {
    super(`The row ${key} was changed by somebody else.`, cause === undefined ? undefined : { cause });
    this.key = key;
  }
}

/** One table of ours. Everything in it is partitioned by `<sync name>` or run id. */
export interface Table {
  get(partition: string, key: string): Promise<StoredRow | undefined>;
  /** Missing keys are absent from the map. */
  getMany(partition: string, keys: readonly string[]): Promise<Map<string, StoredRow>>;
  /** Rows with `prefix`, in key order, a storage page (≤ 1000) at a time. `after` starts behind a key. `facetsOnly` leaves bodies out. */
  scan(
    partition: string,
    prefix: string,
    options?: { readonly after?: string; readonly facetsOnly?: boolean; readonly pageSize?: number },
  ): AsyncIterable<readonly StoredRow[]>;
  /**
   * Applies all changes or none and answers the new etags, in order ('' for deletes). At most 100 changes, each key once.
   * Deleting a row that is not there is a success. Throws RowConflict. A write whose answer was lost is recognised as ours.
   */
  write(partition: string, changes: readonly RowChange[]): Promise<string[]>;
}
export type Tables = Readonly<Record<TableName, Table>>;

export type QueueName = 'sync-runs' | 'sync-batches';
/** References only: never a person. */
export interface QueueMessage {
  readonly v: 1;
  readonly runId: string;
  readonly lane?: { readonly wave: number; readonly index: number; readonly cursor: number };
  /** The claim that this message found alive and waited for; a claim that moved on since ends the message. */
  readonly waitedFor?: string;
}
export interface WorkQueue {
  send(queue: QueueName, message: QueueMessage, options?: { readonly delayMs?: number }): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970, by the storage service's clock as far as it is known. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What core may not do itself: hashing needs a key or a library, ids need randomness. */
export interface Digest {
  /** HMAC-SHA-256 with the pseudonym key, base64url: for numbers and names in row keys. */
  pseudonym(text: string): string;
  /** SHA-256, base64url: for fingerprints and plan hashes. */
  hash(text: string): string;
}
export interface Ids {
  /** A fresh, unguessable id, base64url or hex. */
  next(): string;
}

/** What happened, for whoever watches: only events of the catalogue, with the fields that it gives them. */
export interface Log {
  event<Name extends EventName>(name: Name, fields: EventFields<Name>): void;
}

export interface Secrets {
  /** Throws NeighbourError('keyvault', …) when the secret cannot be had. `fresh` skips the cache, once, after a 401. */
  get(
    name:
      | 'entra-client-secret'
      | 'messagemedia-api-key'
      | 'messagemedia-api-secret'
      | 'messagemedia-webhook-secret'
      | 'pseudonym-key',
    options?: { readonly fresh?: boolean },
  ): Promise<string>;
  /** When secrets expire, in milliseconds since 1970: those of which it is known. Absent where nobody could know. */
  expiries?(): Promise<readonly SecretExpiry[]>;
}

export interface SecretExpiry {
  readonly name: string;
  readonly expiresAt: number;
}
