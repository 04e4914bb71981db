import { NATIVE_FIELDS } from '../people/contact.ts';
import type { Contact, ContactWrite } from '../people/contact.ts';
import type { RunRow } from './run-row.ts';

/** Of values by field, those of native fields. */
export function nativeOf(values: Readonly<Record<string, string>>): ContactWrite['native'] {
  const isNative = (field: string): boolean => (NATIVE_FIELDS as readonly string[]).includes(field);
  return Object.fromEntries(Object.entries(values).filter(([field]) => isNative(field)));
}

/** The native values that a contact has. */
export function nativeValues(contact: Contact): ContactWrite['native'] {
  return nativeOf(Object.fromEntries(NATIVE_FIELDS.map((field) => [field, contact[field] ?? ''])));
}

/** Of values by field, those of custom fields, by merge tag. */
export function customOf(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([field]) => field.startsWith('custom:'))
      .map(([field, value]) => [field.slice('custom:'.length), value]),
  );
}

/** Values of fields that exist: one that the base remembers and nobody wants to write may have been deleted by hand. */
export function preparedOf(run: RunRow, custom: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(custom).filter(([mergeTag]) => run.resolved?.fields[mergeTag] !== undefined),
  );
}

/** The id of a custom field of the plan. Throws when it was not prepared. */
export function fieldId(run: RunRow, mergeTag: string): string {
  const id = run.resolved?.fields[mergeTag];
  if (id === undefined) throw new Error(`The custom field ${mergeTag} was not prepared.`);
  return id;
}

export function isEmptyWrite(write: ContactWrite): boolean {
  return Object.keys(write.native).length === 0 && write.channels === undefined && write.customFields === undefined;
}
