import { createHash, randomUUID } from 'node:crypto';
import { MAILBOX_CONTACT } from './contact-properties.ts';
import { createDirectoryStore } from './directory-store.ts';
import type { DirectoryStore, UserAttributes } from './directory-store.ts';

/** A folder of contacts, and the history of what was in it. Contacts are known by their immutable ids. */
export interface ContactFolder {
  readonly id: string;
  readonly userId: string;
  /** Absent for the folder that every mailbox has. */
  readonly parentId: string | undefined;
  readonly contacts: DirectoryStore;
  displayName: string;
  /** Delta tokens given out so far. */
  generation: number;
}

export interface MailboxStore {
  /** Gives a user a mailbox; answers the id of the folder that every mailbox has, called `displayName` in its language. */
  open(userId: string, displayName?: string): string;
  /** Answers the folder's id; without a parent it is in the folder that every mailbox has. */
  createFolder(userId: string, displayName: string, parentId?: string): string;
  renameFolder(folderId: string, displayName: string): void;
  deleteFolder(folderId: string): void;
  /** Answers the contact's immutable id: the given one, or a fresh one. */
  createContact(folderId: string, attributes: UserAttributes): string;
  updateContact(contactId: string, attributes: UserAttributes): void;
  deleteContact(contactId: string): void;
  /** The contact keeps its immutable id and gets another ordinary one. */
  moveContact(contactId: string, folderId: string): void;
  /** Lets the app into these mailboxes only, as an application access policy does; undefined = into all. */
  restrictTo(userIds: readonly string[] | undefined): void;

  hasMailbox(userId: string): boolean;
  isInReach(userId: string): boolean;
  folders(userId: string): ContactFolder[];
  /** By its id, or as `contacts` the one that every mailbox has. */
  folder(userId: string, folderId: string): ContactFolder | undefined;
  /** The id as it is without a preference for immutable ones. */
  ordinaryId(contactId: string): string;
  /** The immutable id for either kind of id. */
  immutableId(anyId: string): string;
}

/** Mailboxes in memory. `now` is ms since 1970. */
export function createMailboxStore(now: () => number): MailboxStore {
  const defaultFolders = new Map<string, string>();
  const folders = new Map<string, ContactFolder>();
  const places = new Map<string, string>();
  const moves = new Map<string, number>();
  const byOrdinaryId = new Map<string, string>();
  let allowed: ReadonlySet<string> | undefined;

  const known = (folderId: string): ContactFolder => {
    const folder = folders.get(folderId);
    if (folder === undefined) throw new Error(`There is no contact folder ${folderId}.`);
    return folder;
  };
  const folderOf = (contactId: string): ContactFolder => known(places.get(contactId) ?? '');
  const ordinaryId = (contactId: string): string => outlookId(`${contactId} ${moves.get(contactId) ?? 0}`);
  const place = (contactId: string, folderId: string): void => {
    places.set(contactId, folderId);
    byOrdinaryId.set(ordinaryId(contactId), contactId);
  };
  const addFolder = (userId: string, displayName: string, parentId: string | undefined): string => {
    const id = outlookId(randomUUID());
    const contacts = createDirectoryStore(now, MAILBOX_CONTACT);
    folders.set(id, { id, userId, parentId, contacts, displayName, generation: 0 });
    return id;
  };

  return {
    open(userId, displayName = 'Contacts') {
      const id = addFolder(userId, displayName, undefined);
      defaultFolders.set(userId, id);
      return id;
    },
    createFolder(userId, displayName, parentId) {
      const top = defaultFolders.get(userId);
      if (top === undefined) throw new Error(`The user ${userId} has no mailbox.`);
      return addFolder(userId, displayName, parentId ?? top);
    },
    renameFolder(folderId, displayName) {
      known(folderId).displayName = displayName;
    },
    deleteFolder(folderId) {
      known(folderId);
      folders.delete(folderId);
    },
    createContact(folderId, attributes) {
      const { contacts } = known(folderId);
      const id = contacts.create({ id: outlookId(randomUUID()), ...attributes, parentFolderId: folderId });
      place(id, folderId);
      return id;
    },
    updateContact: (contactId, attributes) => folderOf(contactId).contacts.update(contactId, attributes),
    deleteContact: (contactId) => folderOf(contactId).contacts.softDelete(contactId),
    moveContact(contactId, folderId) {
      const from = folderOf(contactId).contacts;
      const { attributes } = from.get(contactId) ?? { attributes: {} };
      from.softDelete(contactId);
      const to = known(folderId).contacts;
      const isBack = to.get(contactId) !== undefined;
      if (isBack) to.restore(contactId);
      if (isBack) to.update(contactId, { ...attributes, parentFolderId: folderId });
      else to.create({ id: contactId, ...attributes, parentFolderId: folderId });
      moves.set(contactId, (moves.get(contactId) ?? 0) + 1);
      place(contactId, folderId);
    },
    restrictTo(userIds) {
      allowed = userIds === undefined ? undefined : new Set(userIds);
    },
    hasMailbox: (userId) => defaultFolders.has(userId),
    isInReach: (userId) => allowed === undefined || allowed.has(userId),
    folders: (userId) => [...folders.values()].filter((folder) => folder.userId === userId),
    folder(userId, folderId) {
      const folder = folders.get(folderId.toLowerCase() === 'contacts' ? (defaultFolders.get(userId) ?? '') : folderId);
      return folder?.userId === userId ? folder : undefined;
    },
    ordinaryId,
    immutableId: (anyId) => byOrdinaryId.get(anyId) ?? anyId,
  };
}

// Like those of Outlook: base64 with all it can hold, in which case matters.
function outlookId(about: string): string {
  const digest = createHash('sha512').update(about).digest('base64');
  return `AAMkA/+${digest}`;
}
