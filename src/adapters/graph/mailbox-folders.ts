import { NeighbourError } from '../../core/errors.ts';
import type { CallScope, MailboxFolder } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { listPages } from './list-pages.ts';
import type { Gate } from './mailbox-gate.ts';
import { IMMUTABLE_IDS } from './mailbox-ids.ts';

/** A folder that was found: the mailbox as it is written in the configuration, the folder by its id. */
export interface ContactFolder {
  readonly mailbox: string;
  readonly id: string;
}

export interface MailboxFolders {
  /** The folder, looked up once and then remembered. Throws `not-found` when mailbox or folder is not there. */
  find(wanted: MailboxFolder, scope: CallScope): Promise<ContactFolder>;
  /** The folder as it is now, whatever is remembered. */
  findAnew(wanted: MailboxFolder, scope: CallScope): Promise<ContactFolder>;
}

const NAME = 'mailbox contactFolders';
const LIST = /\/contactFolders$/i;
// The folder that every mailbox has, whatever it is called in its language. It is in no list: the lists begin below it.
const DEFAULT_FOLDER = 'contacts';
// No name looks like this, and anything else is refused by Outlook as an id.
const LOOKS_LIKE_ID = /^[\w+/=-]{40,}$/;
const HEADERS = { Prefer: IMMUTABLE_IDS };

/**
 * Contact folders by name or id: those that Outlook lists by either, the one that every mailbox has by its own name or
 * as `contacts`, those inside others by id.
 */
export function createMailboxFolders(
  graph: GraphCalls,
  origin: string,
  gateOf: (mailbox: string) => Gate,
): MailboxFolders {
  const found = new Map<string, ContactFolder>();

  const findAnew = async (wanted: MailboxFolder, scope: CallScope): Promise<ContactFolder> => {
    const { mailbox } = wanted;
    const gate = gateOf(mailbox);
    const lookUp = async () =>
      (await findListed(graph, origin, wanted, scope)) ??
      (await findDefault(graph, origin, wanted, scope)) ??
      (await findById(graph, origin, wanted, scope));
    const id = await gate(lookUp).catch(rethrowAboutMailbox);
    if (id === undefined) {
      found.delete(keyOf(wanted));
      throw new NeighbourError('graph', 'not-found', `The mailbox has no contact folder of that name or id. ${CHECK}`);
    }
    const folder = { mailbox, id };
    found.set(keyOf(wanted), folder);
    return folder;
  };

  return {
    findAnew,
    find: async (wanted, scope) => found.get(keyOf(wanted)) ?? findAnew(wanted, scope),
  };
}

const CHECK = 'Check people.mailboxContacts in the configuration.';

function keyOf({ mailbox, folder }: MailboxFolder): string {
  return JSON.stringify([mailbox.toLowerCase(), folder]);
}

async function findListed(
  graph: GraphCalls,
  origin: string,
  { mailbox, folder }: MailboxFolder,
  scope: CallScope,
): Promise<string | undefined> {
  const url = `${foldersUrl(origin, mailbox)}?$select=id,displayName&$top=100`;
  const list = {
    name: NAME,
    url,
    headers: HEADERS,
    ownsLink: (pathname: string) => LIST.test(pathname),
    read: readFolder,
  };
  let byName: string | undefined;
  for await (const folders of listPages(graph, origin, list, scope)) {
    const byId = folders.find(({ id }) => id === folder);
    if (byId !== undefined) return byId.id;
    byName ??= folders.find(({ displayName }) => plain(displayName) === plain(folder))?.id;
  }
  return byName;
}

async function findDefault(
  graph: GraphCalls,
  origin: string,
  { mailbox, folder }: MailboxFolder,
  scope: CallScope,
): Promise<string | undefined> {
  const found = await readOne(graph, origin, { mailbox, folder: DEFAULT_FOLDER }, scope);
  const names = [DEFAULT_FOLDER, plain(found?.displayName ?? '')];
  return names.includes(plain(folder)) || found?.id === folder ? found?.id : undefined;
}

async function findById(
  graph: GraphCalls,
  origin: string,
  wanted: MailboxFolder,
  scope: CallScope,
): Promise<string | undefined> {
  return LOOKS_LIKE_ID.test(wanted.folder) ? (await readOne(graph, origin, wanted, scope))?.id : undefined;
}

async function readOne(
  graph: GraphCalls,
  origin: string,
  { mailbox, folder }: MailboxFolder,
  scope: CallScope,
): Promise<FoundFolder | undefined> {
  const url = `${foldersUrl(origin, mailbox)}/${encodeURIComponent(folder)}?$select=id,displayName`;
  try {
    return await graph.call({ name: NAME, url, headers: HEADERS, read: readFolder }, scope);
  } catch (error) {
    const isRefused = error instanceof NeighbourError && ['not-found', 'invalid'].includes(error.failure);
    if (isRefused) return undefined;
    throw error;
  }
}

interface FoundFolder {
  readonly id: string;
  readonly displayName: string;
}

function foldersUrl(origin: string, mailbox: string): string {
  return `${origin}/v1.0/users/${encodeURIComponent(mailbox)}/contactFolders`;
}

function readFolder(json: unknown): FoundFolder | undefined {
  if (!isObject(json) || typeof json['id'] !== 'string' || json['id'] === '') return undefined;
  return { id: json['id'], displayName: typeof json['displayName'] === 'string' ? json['displayName'] : '' };
}

function plain(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

function rethrowAboutMailbox(error: unknown): never {
  if (!(error instanceof NeighbourError) || error.failure !== 'not-found') throw error;
  const message = `Microsoft Graph knows no such mailbox, or it is not in Exchange Online. ${CHECK}`;
  throw new NeighbourError('graph', 'not-found', message, error.detail, error);
}
