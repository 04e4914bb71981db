import type { Exclusions, SyncConfig } from '../config/sync-config.ts';
import { CANARY_ATTRIBUTE } from './canaries.ts';
import type { Contact } from './contact.ts';
import { listKeyText } from './list-names.ts';
import type { Person } from './person.ts';
import { foldText, textOf } from './text.ts';

type Excluding = Pick<SyncConfig, 'exclude'>;

/** Whether nothing of this person may be touched: named by object id or by user principal name. */
export function isExcludedPerson({ id, attributes }: Pick<Person, 'id' | 'attributes'>, config: Excluding): boolean {
  const { people } = config.exclude;
  const names = keysOf(people, foldText);
  return names.has(foldText(id)) || names.has(foldText(textOf(attributes[CANARY_ATTRIBUTE])));
}

/** Whether no contact with this E.164 number may be touched. */
export function isExcludedPhone(e164: string, { exclude }: Excluding): boolean {
  return exclude.phones.includes(e164);
}

/** Whether nobody may be put on or taken off the list of this name. */
export function isExcludedList(name: string, { exclude }: Excluding): boolean {
  return keysOf(exclude.lists, listKeyText).has(listKeyText(name));
}

/** Whether the contact with this id may not be touched. */
export function isExcludedContact(contactId: string, { exclude }: Excluding): boolean {
  return keysOf(exclude.contacts, foldText).has(foldText(contactId));
}

/** Whether the contact of this link may not be touched: excluded itself, or by a number that it carries. */
export function isExcludedLink(
  { contactId, phone }: { readonly contactId: string; readonly phone: string },
  config: Excluding,
): boolean {
  return isExcludedContact(contactId, config) || isExcludedPhone(phone, config);
}

/** Whether a contact that was found may not be touched. */
export function isExcludedFound({ id, channels }: Pick<Contact, 'id' | 'channels'>, config: Excluding): boolean {
  return isExcludedContact(id, config) || channels.some(({ channelId }) => isExcludedPhone(channelId, config));
}

// Asked for every person: the keys are kept as long as the configuration.
const folded = new WeakMap<Exclusions['people'], ReadonlySet<string>>();

function keysOf(names: readonly string[], fold: (name: string) => string): ReadonlySet<string> {
  const known = folded.get(names);
  // Stryker disable next-line ConditionalExpression: it is only faster
  if (known !== undefined) return known;
  const made = new Set(names.map(fold));
  // Stryker disable next-line CallExpression: it is only faster
  folded.set(names, made);
  return made;
}
