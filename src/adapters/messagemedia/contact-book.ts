import { NeighbourError } from '../../core/errors.ts';
import type { Contact } from '../../core/people/contact.ts';
import type { CallScope, Clock, ContactBook, Log } from '../../core/ports.ts';
import type { WebhookRegistry } from '../../core/webhooks.ts';
import { NO_METER } from '../../core/traffic.ts';
import type { TrafficMeter } from '../../core/traffic.ts';
import { isObject, readContact, readField, readList, readOwner, readPage } from './answers.ts';
import type { Page } from './answers.ts';
import { BLOCKED, blockedPages } from './blocked-pages.ts';
import { createCredentials } from './credentials.ts';
import type { ApiCredentials, MessageMediaAuth } from './credentials.ts';
import { createExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { createLimiter } from './limiter.ts';
import { webhooksOf } from './webhook-registry.ts';
import { createWire } from './wire.ts';
import { toCreateJson, toUpdateJson } from './write-json.ts';

export interface ContactBookOptions {
  /** `https://api.messagemedia.com`, a regional host or a simulator; https only. */
  readonly baseUrl: string;
  /** `fresh` is true once, after MessageMedia refused what was given before. */
  readonly credentials: (fresh: boolean) => Promise<ApiCredentials>;
  /** Default `basic`. */
  readonly auth?: MessageMediaAuth;
  readonly maxConcurrency: number;
  readonly maxRequestsPerSecond?: number | undefined;
  /** For the whole of one call, connecting included; default 30 s. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Told when MessageMedia is left alone for a while, and when it answers again. */
  readonly log?: Log;
  readonly meter?: TrafficMeter;
}

// 100 ids of 36 characters with their parameter name stay under 5 KB; gateways commonly allow 8 KB.
const LOOK_UP = 100;
const PAGE_SIZE = 1000;
const MEMBERS_PER_CALL = 1000;
const CALL_TIMEOUT_MS = 30_000;

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const NO_LOG: Log = { event: () => undefined };

/** MessageMedia's contacts API v1 as a ContactBook, and the account's webhooks. Nothing is sent before the first call; `close` cuts its sockets. */
export function createContactBook(
  options: ContactBookOptions,
): ContactBook & WebhookRegistry & { close(): Promise<void> } {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const root = `${prefix}/api/v1/contacts`;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const { maxConcurrency, maxRequestsPerSecond } = options;
  const wire = createWire({
    origin: base.origin,
    timeoutMs: options.timeoutMs ?? CALL_TIMEOUT_MS,
  });
  const exchange = createExchange({
    wire,
    limiter: createLimiter({ ceiling: maxConcurrency, maxRequestsPerSecond, clock }),
    credentials: createCredentials(options.credentials, options.auth),
    clock,
    random: options.random ?? Math.random,
    log: options.log ?? NO_LOG,
    meter: options.meter ?? NO_METER,
  });
  return {
    ...contactsOf(exchange, `${root}/contacts`),
    ...listsOf(exchange, `${root}/lists`),
    ...fieldsOf(exchange, `${root}/custom-fields`),
    blockedNumbers: ({ pageToken }, scope) => blockedPages(exchange, `${prefix}${BLOCKED}`, scope, pageToken),
    ...webhooksOf(exchange, prefix),
    check: (scope) => check(exchange, root, scope),
    close: () => wire.close(),
  };
}

type Contacts = Pick<
  ContactBook,
  'isEmpty' | 'findByNumbers' | 'readContacts' | 'contactPages' | 'createContact' | 'updateContact' | 'deleteContact'
>;

function contactsOf(exchange: Exchange, path: string): Contacts {
  const name = 'getContactsPage';
  const lookUp = async (parameter: string, values: readonly string[], scope: CallScope) => {
    const found = new Map<string, Contact>();
    for (const some of chunksOf([...new Set(values)], LOOK_UP)) {
      const query = some.map((value) => `${parameter}=${encodeURIComponent(value)}`).join('&');
      const contacts = await readPages(exchange, { name, path, query, read: readContact }, scope);
      for (const contact of contacts) found.set(contact.id, contact);
    }
    return [...found.values()];
  };
  return {
    async isEmpty(scope) {
      const read = readPage((item) => (isObject(item) ? item : undefined));
      const page = await exchange.call({ name, method: 'GET', path: `${path}?pageSize=1`, read }, scope);
      return page.items.length === 0 && page.nextPageToken === undefined && (page.totalElements ?? 0) === 0;
    },
    async findByNumbers(numbers, scope) {
      const wanted = new Set(numbers);
      const contacts = await lookUp('channelIds', numbers, scope);
      return contacts.filter(({ channels }) => channels.some(({ channelId }) => wanted.has(channelId)));
    },
    async readContacts(ids, scope) {
      const wanted = new Set(ids);
      const contacts = await lookUp('contactIds', ids, scope);
      return contacts.filter(({ id }) => wanted.has(id));
    },
    async *contactPages({ pageToken }, scope) {
      for await (const page of pagesOf(exchange, { name, path, read: readContact }, scope, pageToken)) {
        const { items: contacts, nextPageToken } = page;
        yield nextPageToken === undefined ? { contacts } : { contacts, nextPageToken };
      }
    },
    createContact(contact, scope) {
      const body = toCreateJson(contact);
      return exchange.call({ name: 'createContact', method: 'POST', path, body, read: readContact }, scope);
    },
    updateContact(id, contact, scope) {
      const target = `${path}/${encodeURIComponent(id)}`;
      const body = toUpdateJson(contact);
      return exchange.call({ name: 'updateContact', method: 'PATCH', path: target, body, read: readContact }, scope);
    },
    async deleteContact(id, scope) {
      const target = `${path}/${encodeURIComponent(id)}`;
      try {
        await exchange.call({ name: 'deleteContactById', method: 'DELETE', path: target, read: () => true }, scope);
      } catch (error) {
        if (error instanceof NeighbourError && error.failure === 'not-found') return;
        throw error;
      }
    },
  };
}

function listsOf(exchange: Exchange, path: string): Pick<ContactBook, 'listLists' | 'createList' | 'changeMembers'> {
  return {
    listLists: (scope) => readPages(exchange, { name: 'getContactListsPage', path, read: readList }, scope),
    createList(name, scope) {
      const body = JSON.stringify({ name });
      return exchange.call({ name: 'createContactList', method: 'POST', path, body, read: readList }, scope);
    },
    async changeMembers(listId, add, remove, scope) {
      const name = 'modifyContactsInContactList';
      const target = `${path}/${encodeURIComponent(listId)}/contacts`;
      for (let from = 0; from < Math.max(add.length, remove.length); from += MEMBERS_PER_CALL) {
        const body = membersJson(add.slice(from, from + MEMBERS_PER_CALL), remove.slice(from, from + MEMBERS_PER_CALL));
        await exchange.call({ name, method: 'PATCH', path: target, body, read: readList }, scope);
      }
    },
  };
}

function fieldsOf(exchange: Exchange, path: string): Pick<ContactBook, 'listFields' | 'createField'> {
  return {
    listFields: (scope) => readPages(exchange, { name: 'getCustomFieldsPage', path, read: readField }, scope),
    createField({ label, mergeTag, type, maxLength }, scope) {
      const body = JSON.stringify({ label, mergeTag, type, maxLength });
      return exchange.call({ name: 'createCustomField', method: 'POST', path, body, read: readField }, scope);
    },
  };
}

// One call in an account that is in use; an empty account is asked for anything that could name it.
async function check(exchange: Exchange, root: string, scope: CallScope): Promise<{ readonly accountId?: string }> {
  for (const collection of ['contacts', 'lists', 'custom-fields']) {
    const path = `${root}/${collection}?pageSize=1`;
    const page = await exchange.call({ name: 'check', method: 'GET', path, read: readPage(readOwner) }, scope);
    const [first] = page.items;
    if (first !== undefined) return first;
  }
  return {};
}

interface Reading<T> {
  readonly name: string;
  readonly path: string;
  readonly query?: string;
  readonly read: (json: unknown) => T | undefined;
}

async function readPages<T>(exchange: Exchange, reading: Reading<T>, scope: CallScope): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf(exchange, reading, scope)) items.push(...page.items);
  return items;
}

async function* pagesOf<T>(
  exchange: Exchange,
  reading: Reading<T>,
  scope: CallScope,
  from?: string,
): AsyncGenerator<Page<T>> {
  const { name, query } = reading;
  const first = `${reading.path}?pageSize=${PAGE_SIZE}${query === undefined ? '' : `&${query}`}`;
  const read = readPage(reading.read);
  const seen = new Set<string>();
  for (let token = from; ;) {
    if (token !== undefined) seen.add(token);
    const path: string = token === undefined ? first : `${first}&nextPageToken=${encodeURIComponent(token)}`;
    const page: Page<T> = await exchange.call({ name, method: 'GET', path, read }, scope);
    yield page;
    token = page.nextPageToken;
    if (token === undefined) return;
    if (seen.has(token)) throw new NeighbourError('messagemedia', 'unexpected-answer', `${name} answers in circles.`);
  }
}

function membersJson(contactsToAddIds: readonly string[], contactsToRemoveIds: readonly string[]): string {
  return JSON.stringify({
    ...(contactsToAddIds.length === 0 ? {} : { contactsToAddIds }),
    ...(contactsToRemoveIds.length === 0 ? {} : { contactsToRemoveIds }),
  });
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}
