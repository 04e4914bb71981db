import type { SubscribedWrite } from '../../local/messagemedia/call.ts';
import { readContact, readField, readList, readOwner, readPage } from '../../src/adapters/messagemedia/answers.ts';
import { BLOCKED, blockedPages } from '../../src/adapters/messagemedia/blocked-pages.ts';
import type { Exchange, Operation } from '../../src/adapters/messagemedia/exchange.ts';
import { toCreateJson, toUpdateJson } from '../../src/adapters/messagemedia/write-json.ts';
import { NeighbourError } from '../../src/core/errors.ts';
import type { Contact, ContactWrite } from '../../src/core/people/contact.ts';
import type { CallScope, ContactBook, ContactPage } from '../../src/core/ports.ts';

const CONTACTS = '/api/v1/contacts/contacts';
const LISTS = '/api/v1/contacts/lists';
const FIELDS = '/api/v1/contacts/custom-fields';
const LOOK_UP = 100;
const PAGE_SIZE = 1000;
const MEMBERS_PER_CALL = 1000;

interface BookPage {
  readonly items: readonly Contact[];
  readonly nextPageToken?: string;
}

/** The calls of a ContactBook over an exchange; wishes to subscribe are noted, because they never get onto the wire. */
export function contactBookOver(exchange: Exchange, subscribedWrites: SubscribedWrite[]): ContactBook {
  return {
    ...contactsOver(exchange, subscribedWrites),
    ...listsOver(exchange),
    ...fieldsOver(exchange),
    blockedNumbers: ({ pageToken }, scope) => blockedPages(exchange, BLOCKED, scope, pageToken),
  };
}

function contactsOver(exchange: Exchange, subscribedWrites: SubscribedWrite[]) {
  const note = (method: string, path: string, write: ContactWrite): void => {
    subscribedWrites.push(...subscribedNumbers(write).map((channelId) => ({ method, path, channelId })));
  };
  return {
    async isEmpty(scope: CallScope) {
      const path = `${CONTACTS}?pageSize=1`;
      const page = await exchange.call(
        { name: 'getContactsPage', method: 'GET', path, read: readPage(readContact) },
        scope,
      );
      return page.items.length === 0;
    },
    findByNumbers: (numbers: readonly string[], scope: CallScope) => lookUp(exchange, 'channelIds', numbers, scope),
    readContacts: (ids: readonly string[], scope: CallScope) => lookUp(exchange, 'contactIds', ids, scope),
    async *contactPages({ pageToken }: { readonly pageToken?: string }, scope: CallScope): AsyncGenerator<ContactPage> {
      for (let token = pageToken, isFirst = true; isFirst || token !== undefined; isFirst = false) {
        const from = token === undefined ? '' : `&nextPageToken=${encodeURIComponent(token)}`;
        const path = `${CONTACTS}?pageSize=${PAGE_SIZE}${from}`;
        const operation = { name: 'getContactsPage', method: 'GET', path, read: readPage(readContact) } as const;
        const page: BookPage = await exchange.call(operation, scope);
        const { items: contacts, nextPageToken } = page;
        yield nextPageToken === undefined ? { contacts } : { contacts, nextPageToken };
        token = nextPageToken;
      }
    },
    createContact(contact: ContactWrite, scope: CallScope) {
      note('POST', CONTACTS, contact);
      const body = toCreateJson(contact);
      return exchange.call({ name: 'createContact', method: 'POST', path: CONTACTS, body, read: readContact }, scope);
    },
    updateContact(id: string, contact: ContactWrite, scope: CallScope) {
      const path = `${CONTACTS}/${encodeURIComponent(id)}`;
      note('PATCH', path, contact);
      const body = toUpdateJson(contact);
      return exchange.call({ name: 'updateContact', method: 'PATCH', path, body, read: readContact }, scope);
    },
    async deleteContact(id: string, scope: CallScope) {
      const path = `${CONTACTS}/${encodeURIComponent(id)}`;
      try {
        await exchange.call({ name: 'deleteContactById', method: 'DELETE', path, read: () => true }, scope);
      } catch (error) {
        if (!(error instanceof NeighbourError) || error.failure !== 'not-found') throw error;
      }
    },
  };
}

function listsOver(exchange: Exchange) {
  return {
    listLists: (scope: CallScope) =>
      readPages(exchange, { name: 'getContactListsPage', method: 'GET', path: LISTS, read: readList }, scope),
    createList(name: string, scope: CallScope) {
      const body = JSON.stringify({ name });
      return exchange.call({ name: 'createContactList', method: 'POST', path: LISTS, body, read: readList }, scope);
    },
    async changeMembers(listId: string, add: readonly string[], remove: readonly string[], scope: CallScope) {
      const path = `${LISTS}/${encodeURIComponent(listId)}/contacts`;
      for (let from = 0; from < Math.max(add.length, remove.length); from += MEMBERS_PER_CALL) {
        const body = JSON.stringify({
          contactsToAddIds: add.slice(from, from + MEMBERS_PER_CALL),
          contactsToRemoveIds: remove.slice(from, from + MEMBERS_PER_CALL),
        });
        const operation = { name: 'modifyContactsInContactList', method: 'PATCH', path, body, read: readList } as const;
        await exchange.call(operation, scope);
      }
    },
  };
}

function fieldsOver(exchange: Exchange) {
  return {
    listFields: (scope: CallScope) =>
      readPages(exchange, { name: 'getCustomFieldsPage', method: 'GET', path: FIELDS, read: readField }, scope),
    createField(field: Parameters<ContactBook['createField']>[0], scope: CallScope) {
      const body = JSON.stringify(field);
      return exchange.call({ name: 'createCustomField', method: 'POST', path: FIELDS, body, read: readField }, scope);
    },
    async check(scope: CallScope) {
      for (const collection of [CONTACTS, LISTS, FIELDS]) {
        const path = `${collection}?pageSize=1`;
        const page = await exchange.call({ name: 'check', method: 'GET', path, read: readPage(readOwner) }, scope);
        const [first] = page.items;
        if (first !== undefined) return first;
      }
      return {};
    },
  };
}

async function lookUp(
  exchange: Exchange,
  parameter: string,
  values: readonly string[],
  scope: CallScope,
): Promise<Contact[]> {
  const found = new Map<string, Contact>();
  const unique = [...new Set(values)];
  for (let from = 0; from < unique.length; from += LOOK_UP) {
    const wanted = unique.slice(from, from + LOOK_UP).map((value) => `&${parameter}=${encodeURIComponent(value)}`);
    const operation = { name: 'getContactsPage', method: 'GET', path: CONTACTS, read: readContact } as const;
    for (const contact of await readPages(exchange, operation, scope, wanted.join(''))) found.set(contact.id, contact);
  }
  return [...found.values()];
}

async function readPages<T>(exchange: Exchange, operation: Operation<T>, scope: CallScope, filter = ''): Promise<T[]> {
  const first = `${operation.path}?pageSize=${PAGE_SIZE}${filter}`;
  const read = readPage(operation.read);
  const items: T[] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const page: { readonly items: readonly T[]; readonly nextPageToken?: string } = await exchange.call(
      { ...operation, path, read },
      scope,
    );
    items.push(...page.items);
    const token = page.nextPageToken;
    path = token === undefined ? undefined : `${first}&nextPageToken=${encodeURIComponent(token)}`;
  }
  return items;
}

// The types forbid it, so only a caller that breaks them gets here.
function subscribedNumbers({ channels = [] }: ContactWrite): readonly string[] {
  const asked: readonly { readonly channelId: string; readonly subscriptionState?: string }[] = channels;
  return asked.filter(({ subscriptionState }) => subscriptionState === 'SUBSCRIBED').map(({ channelId }) => channelId);
}
