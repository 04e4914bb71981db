import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import type { SyncSection } from './history.ts';
import type { Sim } from './sim.ts';

export type AccountContact = AccountSnapshot['contacts'][number];

export const MARKER = 'entra_object_id';

export function snapshotOf(sim: Sim): AccountSnapshot {
  return sim.book.account.snapshot();
}

/** The person whose contact it says to be. */
export function markerOf({ customFields }: AccountContact): string | undefined {
  return customFields.find(({ mergeTag }) => mergeTag === MARKER)?.value;
}

export function numbersOf({ channels }: AccountContact): readonly string[] {
  return channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
}

/** What we write of a contact: the fields of the mapping and the numbers, memberships apart. */
export function valuesOf(contact: AccountContact): string {
  const { firstName, lastName, customFields } = contact;
  const custom = customFields
    .filter(({ mergeTag }) => mergeTag !== MARKER)
    .map(({ mergeTag, value }) => `${mergeTag} ${value}`);
  return JSON.stringify([firstName, lastName, custom.toSorted(), numbersOf(contact).toSorted()]);
}

/**
 * The directory as the oracle is to see it: where numbers belong to both sides, somebody without one in the directory
 * still has that of their contact.
 */
export function usersFor(sim: Sim, { owners = {} }: SyncSection): ReturnType<Sim['directory']['admin']['users']> {
  const users = sim.directory.admin.users();
  if (!('phone_number' in (owners as object))) return users;
  const numbers = new Map(snapshotOf(sim).contacts.map((contact) => [markerOf(contact), numbersOf(contact)[0]]));
  return users.map((user) => ({ ...user, mobilePhone: user['mobilePhone'] ?? numbers.get(user.id) ?? null }));
}
