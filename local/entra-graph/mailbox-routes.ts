import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { MAILBOX_CONTACT } from './contact-properties.ts';
import type { DeltaEntry } from './delta-entries.ts';
import { parseSelect } from './delta-query.ts';
import { answerDelta } from './delta-route.ts';
import type { DeltaService, DeltaSource } from './delta-service.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import type { ContactFolder, MailboxStore } from './mailbox-store.ts';

export interface MailboxService {
  readonly mailboxes: MailboxStore;
  readonly users: DirectoryStore;
  readonly delta: DeltaService;
  readonly options: {
    /** How many delta tokens of a folder are remembered. */
    readonly mailboxGenerations: number;
    /** Whether links name the mailbox as it was asked for, or by the object id of its user. */
    readonly mailboxLinks: 'as-asked' | 'by-id';
  };
}

const DEFAULT_PAGE_SIZE = 10;
const IMMUTABLE = 'IdType="ImmutableId"';

interface Call {
  readonly service: MailboxService;
  readonly version: string;
  /** The mailbox as it stands in the path. */
  readonly key: string;
  readonly userId: string;
  readonly request: SimRequest;
}

/** Answers what is below `/{version}/users/{id or UPN}/contactFolders`; undefined when there is no such route. */
export function answerMailbox(
  service: MailboxService,
  version: string,
  segments: readonly string[],
  request: SimRequest,
): SimResponse | undefined {
  const [key = '', folderId, ...rest] = segments;
  const call: Call = { service, version, key, userId: openMailbox(service, key), request };
  if (folderId === undefined) return answerFolders(call);
  const folder = service.mailboxes.folder(call.userId, folderId) ?? refuseUnknown('folder');
  const [collection, contactId, ...more] = rest;
  if (collection === undefined) return { status: 200, body: folderToWire(folder) };
  if (collection !== 'contacts' || contactId === undefined || more.length > 0) return undefined;
  if (/^(microsoft\.graph\.)?delta(\(\))?$/.test(contactId)) return answerFolderDelta(call, folder);
  return answerContact(call, folder, contactId);
}

function openMailbox({ mailboxes, users }: MailboxService, key: string): string {
  const user = users.findLive(key);
  if (user === undefined) return refuse(404, 'ErrorInvalidUser', 'The requested user is invalid.');
  if (!mailboxes.isInReach(user.id)) refuse(403, 'ErrorAccessDenied', 'Access to OData is disabled.');
  if (mailboxes.hasMailbox(user.id)) return user.id;
  const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.';
  return refuse(404, 'MailboxNotEnabledForRESTAPI', message);
}

function answerFolders({ service, version, key, userId, request }: Call): SimResponse {
  const size = Number(request.query.get('$top') ?? DEFAULT_PAGE_SIZE);
  const from = Number(request.query.get('$skip') ?? 0);
  // Those in the folder that every mailbox has; itself it is in no list.
  const above = service.mailboxes.folder(userId, 'contacts')?.id;
  const top = service.mailboxes.folders(userId).filter(({ parentId }) => parentId === above);
  const { wrongHostNextLink } = service.delta.options;
  const origin = wrongHostNextLink === undefined ? service.delta.origin() : `https://${wrongHostNextLink}`;
  const link = `${origin}/${version}/users/${encodeURIComponent(key)}/contactFolders?$top=${size}&$skip=${from + size}`;
  const next = from + size < top.length ? { '@odata.nextLink': link } : {};
  return { status: 200, body: { ...next, value: top.slice(from, from + size).map(folderToWire) } };
}

function folderToWire({ id, displayName, parentId }: ContactFolder): object {
  return { id, displayName, parentFolderId: parentId ?? 'the root of the mailbox' };
}

function answerFolderDelta(call: Call, folder: ContactFolder): SimResponse {
  const { service, version, key, userId, request } = call;
  const { mailboxGenerations, mailboxLinks } = service.options;
  const isById = mailboxLinks === 'by-id';
  const path = isById
    ? `users('${userId}')/contactFolders('${encodeURIComponent(folder.id)}')/contacts`
    : `users/${encodeURIComponent(key)}/contactFolders/${encodeURIComponent(folder.id)}/contacts`;
  const source: DeltaSource = {
    stream: `contacts of ${folder.id}`,
    path,
    store: folder.contacts,
    outlook: {
      nextGeneration: () => (folder.generation += 1),
      isRemembered: (generation) => folder.generation - generation < mailboxGenerations,
      toEntry: (entry) => entryToWire(call, entry),
      headers: preferenceApplied(request),
      pageSize: pageSizeOf(request),
    },
  };
  return answerDelta(service.delta, version, source, request);
}

// Whatever took a contact out of its folder, Outlook says it was deleted.
function entryToWire(call: Call, { id, ...entry }: DeltaEntry): object {
  const removal = '@removed' in entry ? { '@removed': { reason: 'deleted' } } : {};
  return { '@odata.etag': 'W/"simulated"', ...entry, ...removal, id: shownId(call, id) };
}

function answerContact(call: Call, folder: ContactFolder, anyId: string): SimResponse {
  const { service, request } = call;
  const id = service.mailboxes.immutableId(anyId);
  // Outlook finds a contact by its id in whichever folder of the mailbox it is.
  const place = service.mailboxes.folders(call.userId).find(({ contacts }) => contacts.findLive(id) !== undefined);
  const record = (place ?? folder).contacts.findLive(id) ?? refuseUnknown('contact');
  const select =
    parseSelect(request.query.get('$select'), MAILBOX_CONTACT, { tracked: false }) ?? MAILBOX_CONTACT.defaultProperties;
  const shown = select.map((name) => [name, record.attributes[name] ?? MAILBOX_CONTACT.unsetValue(name)] as const);
  const body = { '@odata.etag': 'W/"simulated"', ...Object.fromEntries(shown), id: shownId(call, id) };
  return { status: 200, headers: preferenceApplied(request), body };
}

function shownId({ service, request }: Call, immutableId: string): string {
  return prefersImmutable(request) ? immutableId : service.mailboxes.ordinaryId(immutableId);
}

function prefersImmutable(request: SimRequest): boolean {
  return (request.headers['prefer'] ?? '').includes(IMMUTABLE);
}

function preferenceApplied(request: SimRequest): Readonly<Record<string, string>> {
  return prefersImmutable(request) ? { 'Preference-Applied': IMMUTABLE } : {};
}

function pageSizeOf(request: SimRequest): number {
  return Number(/odata\.maxpagesize=(\d+)/.exec(request.headers['prefer'] ?? '')?.[1] ?? DEFAULT_PAGE_SIZE);
}

function refuseUnknown(what: string): never {
  return refuse(404, 'ErrorItemNotFound', `The specified object was not found in the store: ${what}.`);
}
