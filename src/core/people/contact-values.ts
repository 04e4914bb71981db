import type { SyncConfig } from '../config/sync-config.ts';
import { NATIVE_FIELDS } from './contact.ts';
import type { Contact } from './contact.ts';
import { contactFieldsOf, isFieldRule } from './map-field.ts';

/** The values a contact has, by the field names of operations; `''` = empty. Numbers for SMS apart. */
export function contactValues(contact: Contact): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const field of NATIVE_FIELDS) values[field] = contact[field] ?? '';
  values['whatsapp'] = contact.channels.find(({ type }) => type === 'WHATSAPP')?.channelId ?? '';
  for (const { mergeTag, value } of contact.customFields) values[`custom:${mergeTag}`] = value;
  return values;
}

/** Fields that rules keep in step, the number for SMS apart: what is filled only once is nobody's afterwards. */
export function fieldsInStep({ mapping }: Pick<SyncConfig, 'mapping'>): ReadonlySet<string> {
  const rules = mapping.filter(({ apply }) => apply === 'always');
  const fields = new Set(rules.filter(isFieldRule).flatMap(({ to }) => contactFieldsOf(to)));
  if (rules.some(({ to }) => to === 'whatsapp_number')) fields.add('whatsapp');
  // A name that is filled once wins over the whole name that is kept in step.
  for (const rule of mapping.filter(isFieldRule)) {
    if (rule.apply === 'on-create' && rule.to !== 'contact_name') fields.delete(contactFieldsOf(rule.to)[0]!);
  }
  return fields;
}
