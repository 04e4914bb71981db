import { readAttribute } from '../config/attributes.ts';
import { fieldPolicies, fieldsOf } from '../config/field-policies.ts';
import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { isMasteredElsewhere, writeProblemOf } from '../config/writable-attributes.ts';
import type { WriteProblem } from '../config/writable-attributes.ts';
import { isFieldRule, mapField } from './map-field.ts';
import type { FieldValues, InvalidField } from './map-field.ts';
import { mapPhone, mapWhatsApp } from './map-phone.ts';
import { withValues } from './person-changes.ts';
import type { Attributes, Person } from './person.ts';
import { formatPhone } from './phone-format.ts';
import type { MappingContext } from './rule-value.ts';
import { isSameText, textOf, tidyText } from './text.ts';

/** A value for the directory under an attribute's path (null clears), and the fields of the contact that it comes from. */
export interface AttributeWrite {
  readonly path: string;
  readonly value: string | null;
  readonly fields: readonly string[];
}

/** What values of a contact become in the directory. */
export interface Undone {
  readonly writes: readonly AttributeWrite[];
  /** Fields that the directory cannot hold, or would not give back as they are. */
  readonly invalid: readonly InvalidField[];
  /** Fields whose attributes belong to a directory on-premises. */
  readonly elsewhere: readonly string[];
}

/**
 * Brings values of the contact back to the attributes that the mapping takes them from. `values` are those to be
 * written, by field; `current` what the fields have otherwise. What the mapping would not make of it again is not written.
 */
export function undoMapping(
  person: Person,
  values: FieldValues,
  current: FieldValues,
  config: SyncConfig,
  context: MappingContext,
): Undone {
  const policies = fieldPolicies(config);
  const fields = Object.keys(values);
  const rules = new Set(fields.map((field) => policies.ruleOf(field)!));
  const undone = [...rules].map((rule) => {
    const own = fields.filter((field) => policies.ruleOf(field) === rule);
    return undoRule(person, rule, own, { ...current, ...values }, config, context);
  });
  return {
    writes: undone.flatMap(({ writes }) => writes),
    invalid: undone.flatMap(({ invalid }) => invalid),
    elsewhere: undone.flatMap(({ elsewhere }) => elsewhere),
  };
}

function undoRule(
  person: Person,
  rule: MappingRule,
  fields: readonly string[],
  values: FieldValues,
  config: SyncConfig,
  context: MappingContext,
): Undone {
  const { attributes } = person;
  const written = Object.entries(attributesFor(rule, person, values, config));
  if (written.some(([path]) => isMasteredElsewhere(path, attributes))) {
    return { writes: [], invalid: [], elsewhere: fields };
  }
  const problem = written.map(([path, value]) => writeProblemOf(path, value)).find((one) => one !== undefined);
  const limit = problem === undefined ? undefined : limitWords(problem);
  const after = withValues(Object.fromEntries(written), attributes);
  const comesBack = fields.every((field) => isSameText(mappedField(rule, field, after), values[field]!));
  if (limit !== undefined || !comesBack) {
    const invalid = fields.map((field) => ({ field, limit: limit ?? NOT_GIVEN_BACK }));
    return { writes: [], invalid, elsewhere: [] };
  }
  return { writes: written.map(([path, value]) => ({ path, value, fields })), invalid: [], elsewhere: [] };

  function mappedField(one: MappingRule, field: string, changed: Attributes): string {
    const subject = { person: { ...person, attributes: changed }, config, context };
    if (isFieldRule(one)) {
      const mapped = mapField(one, subject);
      return 'value' in mapped ? (mapped.value[field] ?? '') : '';
    }
    if (one.to === 'phone_number') {
      const phone = mapPhone(config, subject);
      return phone.ok ? phone.e164 : '';
    }
    const whatsApp = mapWhatsApp(config, subject);
    return 'value' in whatsApp ? (whatsApp.value.whatsapp ?? '') : '';
  }
}

const NOT_GIVEN_BACK = 'a value that the mapping would read back from the directory as it is';

function limitWords({ code, limit }: WriteProblem): string {
  if (limit !== undefined) return `at most ${limit} characters in the directory`;
  return code === 'required' ? 'filled: the directory does not take it empty' : 'something that the directory takes';
}

/** The attributes that change, by path. */
function attributesFor(
  rule: MappingRule,
  { attributes }: Person,
  values: FieldValues,
  { phone }: SyncConfig,
): Readonly<Record<string, string | null>> {
  const { to, format } = rule;
  const from = rule.from!;
  if (to === 'contact_name') {
    const parts = { givenName: valueOf(values['firstName'] ?? ''), surname: valueOf(values['lastName'] ?? '') };
    return Object.fromEntries(
      Object.entries(parts).filter(([path, value]) => textOf(readAttribute(attributes, path)) !== (value ?? '')),
    );
  }
  const [field] = fieldsOf(rule);
  const value = valueOf(values[field!]!);
  const isNumber = !isFieldRule(rule) || rule.transform.some(({ name }) => name === 'e164');
  if (value === null || !isNumber) return { [from]: value };
  return { [from]: formatPhone(value, format, { former: textOf(readAttribute(attributes, from)), attributes, phone }) };
}

/** The directory has no empty texts. */
function valueOf(text: string): string | null {
  return tidyText(text) === '' ? null : tidyText(text);
}
