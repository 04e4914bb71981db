import type { AccountSnapshot } from '../messagemedia/account.ts';
import type { Difference } from './difference.ts';
import { ownerOf, smsNumbers } from './managed-contacts.ts';
import type { SnapshotContact } from './managed-contacts.ts';
import type { OracleConfig } from './oracle-config.ts';

// Our own custom fields: of an adopted contact, only these may differ from what somebody wrote by hand.
const OUR_TAGS = ['entra_object_id', 'email'];

/** What people made by hand is as they made it; of an adopted contact, everything that the mapping does not write. */
export function compareForeign(
  account: AccountSnapshot,
  handMade: AccountSnapshot,
  config: OracleConfig,
): Difference[] {
  const now = new Map(account.contacts.map((contact) => [contact.id, contact]));
  const contacts = handMade.contacts
    .filter((contact) => ownerOf(contact) === undefined)
    .flatMap((before) => compareContact(before, now.get(before.id), config));
  return [...contacts, ...compareStructure(account, handMade), ...compareOrphans(account, handMade)];
}

function compareContact(
  before: SnapshotContact,
  after: SnapshotContact | undefined,
  config: OracleConfig,
): Difference[] {
  const changed = (words: string): Difference => ({ kind: 'foreign-changed', contactId: before.id, words });
  if (after === undefined) return [changed('a contact made by hand was deleted')];
  if (ownerOf(after) !== undefined) return compareAdopted(before, after, config).map(changed);
  const names = Object.keys(before).filter((name) => textOf(before, name) !== textOf(after, name));
  return names.length === 0 ? [] : [changed(`a contact made by hand was changed: ${names.join(', ')}`)];
}

function compareAdopted(before: SnapshotContact, after: SnapshotContact, config: OracleConfig): string[] {
  const written = new Set(config.rules.map(({ to }) => to));
  const kept = ['alias', 'country', 'state', 'location', 'note'].filter((name) => !written.has(name));
  const listIds = new Set(after.lists.map(({ id }) => id));
  const channels = before.channels.filter(({ type }) => type !== 'SMS');
  const values = before.customFields.filter(({ mergeTag }) => !OUR_TAGS.includes(mergeTag));
  return [
    ...kept.filter((name) => textOf(before, name) !== textOf(after, name)).map((name) => `lost its own ${name}`),
    ...before.lists
      .filter(({ id }) => !listIds.has(id))
      .map(({ name }) => `was taken off "${name}", put there by hand`),
    ...channels
      .filter(({ type, channelId }) => !after.channels.some((one) => one.type === type && one.channelId === channelId))
      .map(({ type }) => `lost its ${type} channel`),
    ...values
      .filter(({ id, value }) => !after.customFields.some((one) => one.id === id && one.value === value))
      .map(({ mergeTag }) => `lost its own value of ${mergeTag}`),
    ...(smsNumbers(before).length > 0 && smsNumbers(after).length === 0 ? ['lost its number'] : []),
  ].map((words) => `an adopted contact ${words}`);
}

function compareStructure(account: AccountSnapshot, handMade: AccountSnapshot): Difference[] {
  const lists = new Map(account.lists.map((list) => [list.id, `${list.name} ${list.alias}`]));
  const fields = new Map(account.customFields.map((field) => [field.id, fieldText(field)]));
  return [
    ...handMade.lists
      .filter(({ id, name, alias }) => lists.get(id) !== `${name} ${alias}`)
      .map(({ name }) => `the list "${name}", made by hand, was renamed or deleted`),
    ...handMade.customFields
      .filter((field) => fields.get(field.id) !== fieldText(field))
      .map(({ mergeTag }) => `the custom field ${mergeTag}, made by hand, was changed or deleted`),
  ].map((words) => ({ kind: 'foreign-changed', words }));
}

/** A contact that nobody made by hand and that says of nobody whose it is: left behind by a sync. */
function compareOrphans(account: AccountSnapshot, handMade: AccountSnapshot): Difference[] {
  const known = new Set(handMade.contacts.map(({ id }) => id));
  return account.contacts
    .filter((contact) => !known.has(contact.id) && ownerOf(contact) === undefined)
    .map(({ id }) => ({ kind: 'surplus-contact', contactId: id, words: 'a new contact that belongs to nobody' }));
}

function fieldText({ label, mergeTag, type, maxLength }: AccountSnapshot['customFields'][number]): string {
  return [label, mergeTag, type, maxLength].join(' ');
}

function textOf(contact: SnapshotContact, name: string): string {
  return JSON.stringify((contact as unknown as Readonly<Record<string, unknown>>)[name]);
}
