import type { LeaverAction, LeaverCause } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import type { ContactList } from '../people/contact.ts';
import { listKey } from '../people/list-names.ts';
import type { KnownLists, Link } from './link.ts';
import type { Draft, FieldChange, ListRef, Operation } from './operation.ts';

/** What the contact should be: the mapped person, with its lists by identity. */
export interface Wanted {
  readonly phone: string;
  readonly phoneKey: string;
  /** What the directory has for the number, where that is not the one wanted; `''` = none that can be used. */
  readonly directoryPhone?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly onCreate: readonly string[];
  readonly lists: readonly ListRef[];
}

const NOTHING = {
  fields: [],
  lists: { add: [], remove: [] },
  invalid: [],
  overwrites: false,
  ownContact: false,
  doubt: false,
} as const;

export function skipPerson(reason: ReasonCode, extra: Partial<Draft> = {}): Draft {
  return { ...NOTHING, kind: 'skip', reason, ...extra };
}

/** Nothing is to be done about somebody without a contact. */
export function leaveWithout(phoneKey: string): Draft {
  return { ...NOTHING, kind: 'none', phoneKey };
}

/** The contact a person without one should get. A cleared field is not worth sending. */
export function createContactFor(wanted: Wanted, invalid: Operation['invalid']): Draft {
  return {
    ...NOTHING,
    kind: 'create',
    phone: wanted.phone,
    phoneKey: wanted.phoneKey,
    fields: [
      { field: 'phone', after: wanted.phone },
      ...Object.entries(wanted.fields)
        .filter(([, after]) => after !== '')
        .map(([field, after]) => ({ field, after })),
    ],
    lists: { add: wanted.lists, remove: [] },
    invalid,
  };
}

/** A contact that may become a person's. */
export interface Found {
  readonly contactId: string;
  /** The contact's values by field, `''` for empty. */
  readonly current: Readonly<Record<string, string>>;
  readonly lists: readonly ContactList[];
  /** The memberships are our work. */
  readonly isOurs: boolean;
  readonly formerOwner?: string;
}

/** What makes an existing contact the person's: values it lacks or has otherwise, lists it is not on. */
export function adoptContactFor(
  wanted: Wanted,
  found: Found,
  inherited: Link | undefined,
  known: KnownLists,
  invalid: Operation['invalid'],
): Draft {
  const fields: FieldChange[] = [];
  const unchanged: Record<string, string> = {};
  for (const [field, after] of Object.entries(wanted.fields)) {
    const before = found.current[field] ?? '';
    if (before === after) unchanged[field] = after;
    else fields.push({ field, before, after });
  }
  const wantedKeys = new Set(wanted.lists.map((list) => list.key));
  const memberOf = wanted.lists.flatMap((list) => membershipOf(list, found.lists, known, found.isOurs));
  const joined = new Set(memberOf.map((list) => list.key));
  return {
    ...NOTHING,
    kind: 'adopt',
    contactId: found.contactId,
    ...(found.formerOwner === undefined ? {} : { formerOwner: found.formerOwner }),
    phone: wanted.phone,
    phoneKey: wanted.phoneKey,
    fields,
    unchanged,
    lists: {
      add: wanted.lists.filter((list) => !joined.has(list.key)),
      remove: listsToLeave(inherited?.lists ?? {}).filter(({ key }) => !wantedKeys.has(key)),
    },
    memberOf,
    invalid,
    overwrites: found.formerOwner === undefined && fields.some(({ before }) => before !== ''),
  };
}

/** A wanted list that a contact is on: the one we know, or, as long as we know none, one of that name. */
function membershipOf(list: ListRef, lists: readonly ContactList[], known: KnownLists, isOurs: boolean) {
  const id = known[list.key];
  const found = lists.find((one) => (id === undefined ? listKey(one.name) === list.key : one.id === id));
  if (found === undefined) return [];
  return [{ ...list, id: found.id, ...(isOurs ? {} : { byHand: true as const }) }];
}

/** Memberships that are ours to end. */
function listsToLeave(lists: Link['lists']): ListRef[] {
  return Object.entries(lists)
    .filter(([, { byHand }]) => byHand !== true)
    .map(([key, { name }]) => ({ key, name }));
}

function changedFields(wanted: Wanted, link: Link, doubt: boolean, strayPhone?: string): FieldChange[] {
  const changes: FieldChange[] = [];
  const phone = strayPhone ?? link.phone;
  if (wanted.phone !== phone) changes.push({ field: 'phone', before: phone, after: wanted.phone });
  for (const [field, after] of Object.entries(wanted.fields)) {
    const before = link.fields[field];
    if (!doubt && wanted.onCreate.includes(field)) continue;
    if (!doubt && (before ?? '') === after) continue;
    changes.push(before === undefined ? { field, after } : { field, before, after });
  }
  return changes;
}

// A doubt is an update even where nothing but the number is mapped: the contact still has to be looked at.
function kindOfChange(link: Link, changesContact: boolean, changesLists: boolean): Draft['kind'] {
  if (link.left !== undefined) return 'restore';
  if (changesLists) return 'move';
  return changesContact ? 'update' : 'none';
}

/**
 * The three-way diff of a linked person: directory (wanted) against base (link). The contact itself is not read here;
 * what a reading showed stands in the base already, but for the number that it has in place of ours.
 */
export function updateContactFor(
  wanted: Wanted,
  link: Link,
  known: KnownLists,
  invalid: Operation['invalid'],
  doubt = false,
  strayPhone?: string,
): Draft {
  const fields = changedFields(wanted, link, doubt, strayPhone);
  const wantedKeys = new Set(wanted.lists.map((list) => list.key));
  const add = wanted.lists.filter(({ key }) => {
    const joined = link.lists[key];
    return joined === undefined || joined.id !== known[key] || (doubt && joined.byHand !== true);
  });
  const remove = listsToLeave(link.lists).filter(({ key }) => !wantedKeys.has(key));
  return {
    ...NOTHING,
    kind: kindOfChange(link, fields.length > 0 || doubt, add.length + remove.length > 0),
    contactId: link.contactId,
    phone: wanted.phone,
    phoneKey: wanted.phoneKey,
    heldPhoneKey: link.phoneKey,
    ownContact: link.created,
    fields,
    lists: { add, remove },
    invalid,
    doubt,
  };
}

/** What a linked person's leaving asks for: nothing when it was done already or the configuration keeps them. */
export function removeContactOf(
  link: Link,
  cause: LeaverCause,
  action: LeaverAction,
  reason: ReasonCode,
  doubt = false,
): Draft {
  const remove = listsToLeave(link.lists);
  const draft = { ...NOTHING, contactId: link.contactId, heldPhoneKey: link.phoneKey, cause, reason, action, doubt };
  if (hasLeft(link, action) && (!doubt || action === 'keep')) return { ...draft, kind: 'none' };
  return { ...draft, kind: 'remove', lists: { add: [], remove: action === 'keep' ? [] : remove } };
}

/** Whether an earlier leaving did all that this one asks for; a deleted contact has no link any more. */
export function hasLeft({ left, lists }: Link, action: LeaverAction): boolean {
  if (left === undefined) return false;
  if (action === 'keep') return true;
  if (listsToLeave(lists).length > 0) return false;
  return action === 'remove-from-lists' || (action === 'unsubscribe' && left.action === 'unsubscribe');
}
