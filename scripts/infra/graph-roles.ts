import { parse } from 'jsonc-parser';

/** An application permission of Microsoft Graph, and what the configuration needs it for. */
export interface GraphRole {
  readonly name: string;
  readonly why: string;
  /** A larger one, for clouds that do not have it yet. */
  readonly elsewhere?: string;
}

type Json = Readonly<Record<string, unknown>>;

// These have a right of their own, which knows nothing else.
const PHONES = ['mobilePhone', 'businessPhones'];

/**
 * The permissions that this configuration needs, and no other. It looks at the text alone, so that it can be asked
 * before the app that would read it is there; whether the configuration is valid is not its question.
 */
export function graphRolesFor(configText: string): readonly GraphRole[] {
  const sync = objectIn(objectIn(parse(configText, [], { allowTrailingComma: true }), 'sync'));
  return [...readingRoles(sync), ...writingRoles(sync)];
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

/** Only what MessageMedia owns, or may change, and opt-outs are written to the directory: to users, and to nobody else. */
function writingRoles(sync: Json): readonly GraphRole[] {
  const written = writtenAttributes(sync);
  const roles: GraphRole[] = [];
  if (written.some((attribute) => PHONES.includes(attribute))) {
    roles.push({ name: 'User-Phone.ReadWrite.All', why: 'phone numbers are written to the directory' });
  }
  if (written.some((attribute) => !PHONES.includes(attribute))) {
    const why = 'other attributes are written to the directory';
    roles.push({ name: 'User.ReadUpdate.All', why, elsewhere: 'User.ReadWrite.All' });
  }
  return roles;
}

/** The roots of the attributes that MessageMedia may change, and of the one that tells of opt-outs. */
function writtenAttributes(sync: Json): readonly string[] {
  const mapped = rulesIn(sync['mapping']).filter((rule) => isWritten(rule, sync));
  const told = typeof sync['optOutAttribute'] === 'string' ? [sync['optOutAttribute']] : [];
  return [...mapped.map((rule) => String(rule['from'])), ...told].map(rootOf);
}

/** With MessageMedia as the source it owns every rule; both ways, the directory owns those that do not say otherwise. */
function isWritten({ from, to, owner }: Json, sync: Json): boolean {
  if (typeof from !== 'string' || to === 'group') return false;
  if (sync['source'] === 'messagemedia' || sync['target'] === 'entra-id') return owner !== 'directory';
  return sync['direction'] === 'bidirectional' && (owner === 'messaging' || owner === 'either');
}

/** The rules of a mapping, those of its short form included. */
function rulesIn(mapping: unknown): readonly Json[] {
  if (Array.isArray(mapping)) return mapping.map((rule) => objectIn(rule));
  return Object.entries(objectIn(mapping)).map(([from, to]) => ({ from, to }));
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
