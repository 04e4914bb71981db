import type { SimResponse } from '../simulator/server.ts';
import { listData } from './account-data.ts';
import { addList, addMember, removeList, removeMember } from './account-state.ts';
import type { ListRecord } from './account-state.ts';
import { conflict, invalidInput, notFound } from './answers.ts';
import type { Call, Calls } from './call.ts';
import { pageAnswer } from './paging.ts';
import type { InvalidField, ListRequest, MembersRequest } from './wire.ts';

export const listCalls: Calls = {
  createContactList,
  getContactListsPage,
  getContactListById,
  updateContactList,
  deleteContactListById,
  modifyContactsInContactList,
  addContactToContactList,
  removeContactFromContactList,
};

function createContactList(call: Call): SimResponse {
  const { name, alias } = call.body as ListRequest;
  const refusal = refusalOfName(call, name, undefined);
  if (refusal !== undefined) return refusal;
  return { status: 201, body: listData(call.state, addList(call.state, name, alias)) };
}

function getContactListsPage({ state, query }: Call): SimResponse {
  const ids = query.has('listIds') ? new Set(query.getAll('listIds')) : undefined;
  const name = query.get('name');
  const alias = query.get('alias');
  const lists = [...state.lists.values()].filter((list) => {
    if (ids !== undefined && !ids.has(list.id)) return false;
    return (name === null || isSameName(list.name, name)) && (alias === null || isSameName(list.alias, alias));
  });
  return pageAnswer(lists, query, (list) => listData(state, list));
}

function getContactListById(call: Call): SimResponse {
  const list = listOf(call);
  return list === undefined ? notFound('list') : { status: 200, body: listData(call.state, list) };
}

function updateContactList(call: Call): SimResponse {
  const list = listOf(call);
  if (list === undefined) return notFound('list');
  const { name, alias } = call.body as ListRequest;
  const refusal = refusalOfName(call, name, list);
  if (refusal !== undefined) return refusal;
  list.name = name;
  list.alias = alias ?? list.alias;
  return changed(call, list, 200);
}

function deleteContactListById({ state, params }: Call): SimResponse {
  return removeList(state, params['listId'] ?? '') ? { status: 204 } : notFound('list');
}

/** All or nothing: one refused id refuses the whole call. */
function modifyContactsInContactList(call: Call): SimResponse {
  const list = listOf(call);
  // The contract has no 404 for changes of membership.
  if (list === undefined) return invalidInput([unknownList()]);
  const { contactsToAddIds: adding = [], contactsToRemoveIds: removing = [] } = call.body as MembersRequest;
  const problems = [
    ...unknownContacts(call, 'contactsToAddIds', adding),
    ...unknownContacts(call, 'contactsToRemoveIds', removing),
    ...contradictions(adding, removing),
  ];
  if (problems.length > 0) return invalidInput(problems);
  for (const contact of contactsOf(call, adding)) addMember(list, contact);
  for (const contact of contactsOf(call, removing)) removeMember(list, contact);
  return changed(call, list, 200);
}

function addContactToContactList(call: Call): SimResponse {
  const list = listOf(call);
  if (list === undefined) return invalidInput([unknownList()]);
  const [contact] = contactsOf(call, [call.params['contactId'] ?? '']);
  if (contact === undefined) return invalidInput([unknownContact()]);
  if (list.members.has(contact.id)) return { status: 200, body: listData(call.state, list) };
  addMember(list, contact);
  return changed(call, list, 201);
}

function removeContactFromContactList(call: Call): SimResponse {
  const list = listOf(call);
  if (list === undefined) return invalidInput([unknownList()]);
  const [contact] = contactsOf(call, [call.params['contactId'] ?? '']);
  if (contact === undefined) return invalidInput([unknownContact()]);
  removeMember(list, contact);
  list.lastModifiedDate = call.state.timestamp();
  return { status: 204 };
}

function listOf({ state, params }: Call): ListRecord | undefined {
  return state.lists.get(params['listId'] ?? '');
}

function contactsOf({ state }: Call, ids: readonly string[]) {
  return ids.flatMap((id) => state.contacts.get(id) ?? []);
}

function changed({ state }: Call, list: ListRecord, status: number): SimResponse {
  list.lastModifiedDate = state.timestamp();
  return { status, body: listData(state, list) };
}

function refusalOfName(call: Call, name: string, self: ListRecord | undefined): SimResponse | undefined {
  if (name.trim() === '') {
    return invalidInput([{ name: 'name', code: 'must_not_be_empty', reason: 'A list needs a name.' }]);
  }
  if (!call.behaviour.uniqueListNames) return undefined;
  const others = [...call.state.lists.values()].filter((list) => list !== self);
  return others.some((list) => isSameName(list.name, name)) ? conflict('list of this name') : undefined;
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function unknownContacts(call: Call, name: string, ids: readonly string[]): readonly InvalidField[] {
  const invalidIds = ids.filter((id) => !call.state.contacts.has(id));
  if (invalidIds.length === 0) return [];
  const problem: InvalidField = { name, code: 'invalid_reference', reason: 'The contact does not exist.' };
  return [call.behaviour.namesBadIds ? { ...problem, invalidIds } : problem];
}

function contradictions(adding: readonly string[], removing: readonly string[]): readonly InvalidField[] {
  const added = new Set(adding);
  if (!removing.some((id) => added.has(id))) return [];
  const reason = 'A contact cannot be added and removed at once.';
  return [{ name: 'contactsToRemoveIds', code: 'incorrect_operation', reason }];
}

function unknownList(): InvalidField {
  return { name: 'listId', code: 'invalid_reference', reason: 'The list does not exist.' };
}

function unknownContact(): InvalidField {
  return { name: 'contactId', code: 'invalid_reference', reason: 'The contact does not exist.' };
}
