import { parse } from 'jsonc-parser';

/** An application permission of Microsoft Graph, and what the configuration needs it for. */
export interface GraphRole {
  readonly name: string;
  readonly why: string;
}

type Json = Readonly<Record<string, unknown>>;

// Everything but these can be written by the right that knows phone numbers only.
const PHONES = ['mobilePhone', 'businessPhones'];

/**
 * The permissions that this configuration needs, and no other. It looks at the text alone, so that it can be asked
 * before the app that would read it is there; whether the configuration is valid is not its question.
 */
export function graphRolesFor(configText: string): readonly GraphRole[] {
  const sync = objectIn(objectIn(parse(configText, [], { allowTrailingComma: true }), 'sync'));
  const writing = writingRoles(sync);
  return [...readingRoles(sync), ...writing].filter((role) => !isWithin(role, writing));
}

/** Whoever may write the contacts of mailboxes may read them. */
function isWithin({ name }: GraphRole, roles: readonly GraphRole[]): boolean {
  return name === 'Contacts.Read' && roles.some((role) => role.name === 'Contacts.ReadWrite');
}

/** Whether mailboxes are read: the permission reaches all of them until Exchange limits it. */
export function readsMailboxes(roles: readonly GraphRole[]): boolean {
  return roles.some(({ name }) => name.startsWith('Contacts.'));
}

function readingRoles(sync: Json): readonly GraphRole[] {
  const roles: GraphRole[] = [{ name: 'User.Read.All', why: 'reads people with their phone numbers' }];
  if (hasKey(sync, 'memberOf')) roles.push({ name: 'GroupMember.Read.All', why: 'a filter asks who is in a group' });
  if (hasKind(sync, 'orgContacts')) {
    roles.push({ name: 'OrgContact.Read.All', why: 'organisational contacts are synchronised' });
  }
  if (hasKind(sync, 'mailboxContacts')) roles.push({ name: 'Contacts.Read', why: 'contacts of mailboxes are read' });
  if (textsIn(sync).includes('employeeLeaveDateTime')) {
    roles.push({ name: 'User-LifeCycleInfo.Read.All', why: 'the date on which people leave is read' });
  }
  return roles;
}

/** Only a direction that leads into the directory writes there. */
function writingRoles(sync: Json): readonly GraphRole[] {
  const writes = sync['direction'] === 'bidirectional' || sync['target'] === 'entra-id';
  if (!writes) return [];
  const written = writtenAttributes(sync['mapping']);
  const roles: GraphRole[] = [];
  if (written.some((attribute) => PHONES.includes(attribute))) {
    roles.push({ name: 'User-Phone.ReadWrite.All', why: 'phone numbers are written back' });
  }
  if (written.some((attribute) => !PHONES.includes(attribute))) {
    roles.push({ name: 'User.ReadWrite.All', why: 'other attributes are written back' });
  }
  if (hasKind(sync, 'mailboxContacts')) {
    roles.push({ name: 'Contacts.ReadWrite', why: 'contacts of mailboxes are written back' });
  }
  return roles;
}

/** The directory attributes that MessageMedia may change: a rule that the directory owns is never written back. */
function writtenAttributes(mapping: unknown): readonly string[] {
  if (!Array.isArray(mapping)) return Object.keys(objectIn(mapping)).map(rootOf);
  return mapping
    .map((rule) => objectIn(rule))
    .filter((rule) => rule['owner'] === 'messaging' || rule['owner'] === 'either')
    .map((rule) => rootOf(String(rule['from'])));
}

function rootOf(attribute: string): string {
  return attribute.split(/[.[]/)[0] as string;
}

function hasKind(sync: Json, kind: string): boolean {
  const people = sync['people'];
  return Array.isArray(people) ? people.includes(kind) : kind in objectIn(people);
}

function hasKey(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name === key || hasKey(inner, key));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

/** The object, or that under `key` in it; an empty one where there is none. */
function objectIn(value: unknown, key?: string): Json {
  const inner = key === undefined ? value : objectIn(value)[key];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Json) : {};
}
