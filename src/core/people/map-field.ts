import type { CustomTarget, MappingRule, NamedField } from '../config/sync-config.ts';
import type { NativeField } from './contact.ts';
import { customFieldShape, EMAIL_TAG, isCustomTarget, mergeTagOf } from './custom-fields.ts';
import { limitCustom, limitDay } from './field-limits.ts';
import { directoryName, wholeName, type ContactName } from './names.ts';
import { firstAcceptable, underCondition, type MappingSubject, type RuleValue } from './rule-value.ts';

/** A field that was left out because the contact cannot hold its value. `limit` says what it can hold, never the value. */
export interface InvalidField {
  readonly field: string;
  readonly limit: string;
}

/** Values by contact field: a native one by its name, a custom one as `custom:<merge tag>`. */
export type FieldValues = Readonly<Record<string, string>>;

/** What a rule gives the contact: values (none: what is there is kept), a problem, or nothing that could be decided. */
export type MappedField =
  { readonly value: FieldValues } | { readonly problem: InvalidField } | { readonly undecided: true };

type NamedTarget = Exclude<NamedField, 'phone_number' | 'whatsapp_number' | 'group'>;
type FieldTarget = NamedTarget | CustomTarget;
type TextTarget = Exclude<FieldTarget, 'contact_name'>;
export type FieldRule = MappingRule & { readonly to: FieldTarget };

const CONTACT_FIELDS: Readonly<Record<Exclude<NamedTarget, 'contact_name'>, NativeField | `custom:${string}`>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  email: `custom:${EMAIL_TAG}`,
  alias: 'alias',
  country: 'country',
  state: 'state',
  location: 'location',
  note: 'note',
  date_of_birth: 'dateOfBirth',
};

/** Whether a rule writes a field of the contact, and not one of its numbers or its lists. */
export function isFieldRule(rule: MappingRule): rule is FieldRule {
  return rule.to !== 'phone_number' && rule.to !== 'whatsapp_number' && rule.to !== 'group';
}

/**
 * What one rule gives a person's contact: its first acceptable value, `''` where the rule clears what is empty,
 * nothing where it keeps that, or why no value of the directory is acceptable.
 */
export function mapField(rule: FieldRule, subject: MappingSubject): MappedField {
  const { to } = rule;
  const found = underCondition(rule, subject, () =>
    to === 'contact_name' ? findName(rule, subject) : findText(rule, to, subject),
  );
  if (found.kind === 'undecided') return { undecided: true };
  if (found.kind === 'refused') return { problem: found.refusals[0] as InvalidField };
  if (found.kind === 'value') return { value: found.value };
  subject.note?.({ what: `whenEmpty ${rule.whenEmpty}` });
  return { value: clearedBy(rule) };
}

type Found = RuleValue<FieldValues, InvalidField>;

function findText(rule: FieldRule, to: TextTarget, subject: MappingSubject): Found {
  const field = contactField(to);
  const check = (text: string) => {
    const limited = limitText(to, text, subject.config);
    subject.note?.({ what: `field ${to}`, input: text, ...('limit' in limited ? limited : { output: limited.value }) });
    if ('limit' in limited) return { refusal: { field, limit: limited.limit } };
    return { value: { [field]: limited.value } };
  };
  return firstAcceptable(rule, subject, check, (limit) => ({ field, limit }));
}

// A transform is asked for the text of the display name, so only an untouched one may be replaced by its two parts.
function findName(rule: FieldRule, subject: MappingSubject): Found {
  const isDisplayName = rule.from === 'displayName' && rule.transform.length === 0;
  const divided = isDisplayName ? directoryName(subject.person.attributes) : undefined;
  if (divided !== undefined) return { kind: 'value', value: named('givenName and surname', divided, subject) };
  return firstAcceptable(
    rule,
    subject,
    (text) => ({ value: named('field contact_name', wholeName(text), subject) }),
    (limit) => ({ field: 'firstName', limit }),
  );
}

function named(what: string, { firstName, lastName }: ContactName, { note }: MappingSubject): FieldValues {
  note?.({ what, output: [firstName, lastName] });
  return { firstName, lastName };
}

function limitText(to: TextTarget, text: string, config: MappingSubject['config']) {
  if (to === 'date_of_birth') return limitDay(text);
  const tag = to === 'email' ? EMAIL_TAG : mergeTagOf(to);
  return tag === undefined ? { value: text } : limitCustom(text, customFieldShape(tag, config));
}

// MessageMedia clears a field that is sent as '', but refuses that as a date.
function clearedBy({ to, whenEmpty }: FieldRule): FieldValues {
  if (whenEmpty === 'keep' || to === 'date_of_birth') return {};
  return to === 'contact_name' ? { firstName: '', lastName: '' } : { [contactField(to)]: '' };
}

/** The fields of the contact that a rule for `to` fills. */
export function contactFieldsOf(to: FieldTarget): readonly string[] {
  return to === 'contact_name' ? ['firstName', 'lastName'] : [contactField(to)];
}

function contactField(to: TextTarget): string {
  return isCustomTarget(to) ? `custom:${to.slice('custom.'.length)}` : CONTACT_FIELDS[to];
}
