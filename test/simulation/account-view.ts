import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
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
