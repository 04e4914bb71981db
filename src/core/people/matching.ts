import type { Contact } from './contact.ts';

/** The merge tag of the custom field in which a contact carries the id of the person it belongs to. */
export const MARKER_TAG = 'entra_object_id';

/** What our tables know of the person a marker names: this one, one who has a contact, one who left, or nobody. */
export type OwnerStatus = 'self' | 'active' | 'former' | 'unknown';

export type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'adopt'; readonly contact: Contact }
  | { readonly kind: 'link'; readonly contact: Contact }
  | { readonly kind: 'take-over'; readonly contact: Contact; readonly formerOwner: string }
  | {
      readonly kind: 'refuse';
      readonly reason: 'duplicate-phone' | 'contact-conflict';
      readonly contactIds: readonly string[];
    };

/** The id of the person a contact says it belongs to; `undefined` when it says none. */
export function markerOf(contact: Contact): string | undefined {
  const marker = contact.customFields.find(({ mergeTag }) => mergeTag === MARKER_TAG)?.value.trim();
  return marker === '' ? undefined : marker;
}

/**
 * Decides which of the contacts found by a number is the person's. `found` may hold contacts of other numbers.
 * A contact with several numbers may be found for several people: each match stands by itself here, and the claim
 * on the contact gives it to whoever comes first; the marker written then refuses the others.
 */
export function matchByNumber(
  personId: string,
  number: string,
  found: readonly Contact[],
  statusOf: (ownerId: string) => OwnerStatus,
): Match {
  const candidates = found.filter((contact) => hasNumber(contact, number));
  const own = candidates.filter((contact) => markerOf(contact) === personId);
  const [match, ...others] = own.length > 0 ? own : candidates;
  if (match === undefined) return { kind: 'none' };
  if (others.length > 0) return refuse('contact-conflict', [match, ...others]);
  return matchOne(personId, match, statusOf);
}

function matchOne(personId: string, contact: Contact, statusOf: (ownerId: string) => OwnerStatus): Match {
  const owner = markerOf(contact);
  if (owner === undefined) return { kind: 'adopt', contact };
  const status = owner === personId ? 'self' : statusOf(owner);
  if (status === 'self') return { kind: 'link', contact };
  if (status === 'former') return { kind: 'take-over', contact, formerOwner: owner };
  return refuse(status === 'active' ? 'duplicate-phone' : 'contact-conflict', [contact]);
}

function hasNumber(contact: Contact, number: string): boolean {
  return contact.channels.some(
    ({ type, channelId }) => channelId === number && (type === 'SMS' || type === 'WHATSAPP'),
  );
}

function refuse(reason: 'duplicate-phone' | 'contact-conflict', contacts: readonly Contact[]): Match {
  return { kind: 'refuse', reason, contactIds: contacts.map(({ id }) => id) };
}
