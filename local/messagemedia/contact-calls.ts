import type { SimResponse } from '../simulator/server.ts';
import { contactData } from './account-data.ts';
import { addContact, preferenceOf, removeContact } from './account-state.ts';
import type { AccountState, ChannelKey, ContactRecord } from './account-state.ts';
import { conflict, invalidInput, notFound } from './answers.ts';
import type { Call, Calls } from './call.ts';
import { applyContact, contactProblems, isNumberTaken } from './contact-write.ts';
import { pageAnswer } from './paging.ts';
import type { ContactRequest } from './wire.ts';

export const contactCalls: Calls = {
  createContact,
  getContactsPage,
  getContactById,
  updateContact,
  deleteContactById,
};

function createContact(call: Call): SimResponse {
  const { state, behaviour } = call;
  const write = call.body as ContactRequest;
  const refusal = refusalOf(call, write, undefined);
  if (refusal !== undefined) return refusal;
  const contact = addContact(state);
  applyContact(state, contact, write, behaviour);
  return { status: 201, body: contactData(state, contact) };
}

function getContactsPage({ state, query }: Call): SimResponse {
  const isWanted = contactFilter(state, query);
  return pageAnswer(candidates(state, query).filter(isWanted), query, (contact) => contactData(state, contact));
}

function getContactById({ state, params }: Call): SimResponse {
  const contact = state.contacts.get(params['contactId'] ?? '');
  if (contact === undefined) return notFound('contact');
  return { status: 200, body: contactData(state, contact) };
}

function updateContact(call: Call): SimResponse {
  const { state, behaviour } = call;
  const contact = state.contacts.get(call.params['contactId'] ?? '');
  if (contact === undefined) return notFound('contact');
  const write = call.body as ContactRequest;
  const refusal = refusalOf(call, write, contact.id);
  if (refusal !== undefined) return refusal;
  applyContact(state, contact, write, behaviour);
  contact.lastModifiedDate = state.timestamp();
  return { status: 200, body: contactData(state, contact) };
}

function deleteContactById({ state, params }: Call): SimResponse {
  return removeContact(state, params['contactId'] ?? '') ? { status: 204 } : notFound('contact');
}

function refusalOf(call: Call, write: ContactRequest, contactId: string | undefined): SimResponse | undefined {
  const { state, behaviour, method, path } = call;
  const channels = write.channels ?? [];
  for (const { channelId, subscriptionState } of channels) {
    // The asking counts, not the success: nothing may ever ask for it.
    if (subscriptionState === 'SUBSCRIBED') call.subscribedWrites.push({ method, path, channelId });
  }
  const problems = contactProblems(state, write);
  if (problems.length > 0) return invalidInput(problems);
  if (behaviour.uniqueNumbers && isNumberTaken(state, channels, contactId)) return conflict('contact with this number');
  return undefined;
}

/** The smallest set an index can give, in the order of creation. */
function candidates(state: AccountState, query: URLSearchParams): readonly ContactRecord[] {
  const ids = indexedIds(state, query);
  if (ids === undefined) return [...state.contacts.values()];
  const found = [...ids].flatMap((id) => state.contacts.get(id) ?? []);
  return found.toSorted((a, b) => a.sequence - b.sequence);
}

function indexedIds(state: AccountState, query: URLSearchParams): ReadonlySet<string> | undefined {
  if (query.has('contactIds')) return new Set(query.getAll('contactIds'));
  if (query.has('channelIds')) return union(query.getAll('channelIds').map((id) => state.holders.get(id)));
  if (query.has('listIds')) return union(query.getAll('listIds').map((id) => state.lists.get(id)?.members));
  return undefined;
}

function union(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** Filters narrow each other; those about channels must hold for one and the same channel. */
function contactFilter(state: AccountState, query: URLSearchParams): (contact: ContactRecord) => boolean {
  const contactIds = values(query, 'contactIds');
  const listIds = values(query, 'listIds');
  const isChannelWanted = channelFilter(state, query);
  return (contact) => {
    if (contactIds !== undefined && !contactIds.has(contact.id)) return false;
    if (listIds !== undefined && ![...contact.listIds].some((id) => listIds.has(id))) return false;
    return isChannelWanted === undefined || contact.channels.some(isChannelWanted);
  };
}

function channelFilter(state: AccountState, query: URLSearchParams): ((channel: ChannelKey) => boolean) | undefined {
  const channelIds = values(query, 'channelIds');
  const types = values(query, 'channelTypes');
  const subscription = query.get('channelSubscriptionState') ?? undefined;
  if (channelIds === undefined && types === undefined && subscription === undefined) return undefined;
  return (channel) => {
    if (channelIds !== undefined && !channelIds.has(channel.channelId)) return false;
    if (types !== undefined && !types.has(channel.type)) return false;
    return subscription === undefined || preferenceOf(state, channel) === subscription;
  };
}

function values(query: URLSearchParams, name: string): ReadonlySet<string> | undefined {
  return query.has(name) ? new Set(query.getAll(name)) : undefined;
}
