import { fieldPolicies } from '../config/field-policies.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import type { Contact } from '../people/contact.ts';
import { contactValues, fieldsInStep } from '../people/contact-values.ts';
import { isExcludedList } from '../people/exclude.ts';
import { isSameText } from '../people/text.ts';
import type { Link } from './link.ts';

/** Where a linked contact is not as it was left: what somebody did to it in MessageMedia since. */
export interface Drift {
  /** It is not there any more. */
  readonly gone?: true;
  /** Values that are others than the base's. */
  readonly fields: Readonly<Record<string, string>>;
  /** The number that stands in place of ours; `''` = none, or one of several. */
  readonly phone?: string;
  /** Keys of lists that we put it on and that it is not on any more. */
  readonly lists: readonly string[];
}

export const GONE: Drift = { gone: true, fields: {}, lists: [] };

/** How a contact differs from what the link says of it; undefined when it is as it was left. Values outside the mapping do not count. */
export function driftOf(contact: Contact, link: Link, config: SyncConfig): Drift | undefined {
  const values = contactValues(contact);
  const inStep = fieldsInStep(config);
  const known = { ...Object.fromEntries(fieldPolicies(config).shared.map((field) => [field, ''])), ...link.fields };
  const edited = Object.entries(known)
    .filter(([field, base]) => inStep.has(field) && !isSameText(valueOf(contact, values, field, base), base))
    .map(([field]) => [field, values[field] ?? ''] as const);
  const phone = phoneInstead(contact, link);
  const lists = Object.entries(link.lists)
    .filter(([, { id, name, byHand }]) => byHand !== true && !isExcludedList(name, config) && !isOn(contact, id))
    .map(([key]) => key);
  if (edited.length === 0 && phone === undefined && lists.length === 0) return undefined;
  return { fields: Object.fromEntries(edited), ...(phone === undefined ? {} : { phone }), lists };
}

/** A second WhatsApp number beside ours is somebody's own business. */
function valueOf(contact: Contact, values: Readonly<Record<string, string>>, field: string, base: string): string {
  const isOurs =
    field === 'whatsapp' && contact.channels.some((one) => one.type === 'WHATSAPP' && one.channelId === base);
  return isOurs ? base : (values[field] ?? '');
}

/** The number that a contact has in place of ours; `''` = none, or one of several; undefined: ours is there. */
export function phoneInstead({ channels }: Contact, { phone }: Pick<Link, 'phone'>): string | undefined {
  const numbers = channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
  if (numbers.includes(phone)) return undefined;
  return numbers.length === 1 ? numbers[0]! : '';
}

function isOn({ lists }: Contact, listId: string): boolean {
  return lists.some(({ id }) => id === listId);
}
