import type { AccountSnapshot } from '../messagemedia/account.ts';
import { listFor } from './expect-people.ts';
import { foldName } from './oracle-user.ts';
import type { OracleConfig } from './oracle-config.ts';

export type SnapshotContact = AccountSnapshot['contacts'][number];

const MARKER_TAG = 'entra_object_id';

/** Whose contact it says to be; `undefined` for a foreign one. */
export function ownerOf(contact: SnapshotContact): string | undefined {
  const marker = fieldValue(contact, `custom:${MARKER_TAG}`);
  return marker === '' ? undefined : marker;
}

/** A native field by its name, a custom one as `custom:<merge tag>`; `''` when empty. */
export function fieldValue(contact: SnapshotContact, field: string): string {
  if (field.startsWith('custom:')) {
    const tag = field.slice('custom:'.length);
    return contact.customFields.find(({ mergeTag }) => mergeTag === tag)?.value.trim() ?? '';
  }
  const value: unknown = (contact as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof value === 'string' ? value : '';
}

export function smsNumbers(contact: SnapshotContact): readonly string[] {
  return contact.channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
}

/** By what two ways to write a name have in common, the lists that a sync puts people on and takes them off. */
export interface ManagedLists {
  /** The lists this contact is on because a sync put it there, as far as that can be told. */
  namesOn(contact: SnapshotContact): ReadonlySet<string>;
  exists(name: string): boolean;
}

/**
 * Lists that were not there before the first sync, and lists named like a department. Memberships that somebody made
 * by hand before the first sync are nobody's business.
 */
export function managedLists(
  account: AccountSnapshot,
  handMade: AccountSnapshot | undefined,
  expected: ReadonlySet<string>,
  config: OracleConfig,
): ManagedLists {
  const excluded = new Set(config.excluded.lists.map(foldName));
  const handMadeIds = new Set(handMade?.lists.map(({ id }) => id));
  const filtered = config.departments.map((name) => foldName(listFor(name, config)));
  const named = new Set([...expected, ...filtered]);
  const managed = new Map(
    account.lists
      .filter(({ id, name }) => !handMadeIds.has(id) || named.has(foldName(name)))
      .filter(({ name }) => !excluded.has(foldName(name)))
      .map(({ id, name }) => [id, foldName(name)]),
  );
  const byHand = new Map(handMade?.contacts.map(({ id, lists }) => [id, new Set(lists.map((list) => list.id))]));
  const existing = new Set(account.lists.map(({ name }) => foldName(name)));
  return {
    namesOn(contact) {
      const names = contact.lists.flatMap(({ id }) => {
        const name = managed.get(id);
        return name === undefined || byHand.get(contact.id)?.has(id) === true ? [] : [name];
      });
      return new Set(names);
    },
    exists: (name) => existing.has(foldName(name)),
  };
}
