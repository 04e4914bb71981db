import { preferenceOf } from './account-state.ts';
import type { AccountState, ContactRecord, FieldRecord, ListRecord } from './account-state.ts';
import type { ContactData, CustomFieldData, ListData } from './wire.ts';

/** The contact as the API answers it. */
export function contactData(state: AccountState, contact: ContactRecord): ContactData {
  const { id, native, dateOfBirth, createdDate, lastModifiedDate } = contact;
  return {
    id,
    ...owner(state),
    ...native,
    fullName: [native.firstName, native.lastName].filter((name) => name !== '').join(' '),
    ...(dateOfBirth === undefined ? {} : { dateOfBirth }),
    createdDate,
    lastModifiedDate,
    channels: contact.channels.map((channel) => ({ ...channel, subscriptionState: preferenceOf(state, channel) })),
    customFields: [...contact.values].flatMap(([fieldId, value]) => {
      const field = state.fields.get(fieldId);
      return field === undefined ? [] : [{ id: fieldId, mergeTag: field.mergeTag, type: field.type, value }];
    }),
    lists: [...contact.listIds].flatMap((listId) => {
      const list = state.lists.get(listId);
      return list === undefined ? [] : [{ id: listId, name: list.name }];
    }),
  };
}

/** The list as the API answers it: without its members. */
export function listData(state: AccountState, list: ListRecord): ListData {
  const { id, name, alias, createdDate, lastModifiedDate } = list;
  return { id, ...owner(state), name, alias, createdDate, lastModifiedDate };
}

/** The custom field as the API answers it. */
export function fieldData(state: AccountState, field: FieldRecord): CustomFieldData {
  const { id, label, mergeTag, type, maxLength, createdDate, lastModifiedDate } = field;
  return { id, ...owner(state), label, mergeTag, type, maxLength, createdDate, lastModifiedDate };
}

function owner({ accountId, vendorId }: AccountState) {
  return { accountId, vendorId };
}
