import { readAttribute } from '../config/attributes.ts';
import type { MappingRule, MessagingField } from '../config/sync-config.ts';
import { calendarDayOf } from './dates.ts';
import type { NativeField } from './contact.ts';
import { directoryName, wholeName, type ContactName } from './names.ts';
import type { Attributes } from './person.ts';
import { textOf, tidyText } from './text.ts';
import { transformText } from './transforms.ts';

/** A field that was left out because the contact cannot hold its value. `limit` says what it can hold, never the value. */
export interface InvalidField {
  readonly field: string;
  readonly limit: string;
}

/** Values by contact field: a native one by its name, a custom one as `custom:<merge tag>`. */
export type FieldValues = Readonly<Record<string, string>>;

export type Checked<Value> = { readonly value: Value } | { readonly problem: InvalidField };

type FieldTarget = Exclude<MessagingField, 'phone_number' | 'group'>;
type TextTarget = Exclude<FieldTarget, 'contact_name'>;
export type FieldRule = MappingRule & { readonly to: FieldTarget };

const CONTACT_FIELDS: Readonly<Record<TextTarget, NativeField | 'custom:email'>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'custom:email',
  alias: 'alias',
  country: 'country',
  state: 'state',
  location: 'location',
  note: 'note',
  date_of_birth: 'dateOfBirth',
};

// The length that we give the custom fields we create. MessageMedia documents none for its own fields: it judges those itself.
const CUSTOM_MAX_LENGTH = 255;

const ADDRESS = /^[^\s@<>()[\],;:\\"]+@(?:[^\s@<>()[\],;:\\".]+\.)+[^\s@<>()[\],;:\\".]{2,}$/;

/** Whether a rule writes a field of the contact, and not its number or its lists. */
export function isFieldRule(rule: MappingRule): rule is FieldRule {
  return rule.to !== 'phone_number' && rule.to !== 'group';
}

/**
 * What one rule gives a person's contact: its first acceptable value, `''` where the rule clears what is empty,
 * nothing where it keeps that, or why no value of the directory is acceptable.
 */
export function mapField(rule: FieldRule, attributes: Attributes): Checked<FieldValues> {
  const { to } = rule;
  const found =
    to === 'contact_name'
      ? firstAcceptable(namesOf(rule, attributes), (name) => ({ value: { ...name } }))
      : firstAcceptable(candidatesOf(rule, attributes), (text) => checkText(to, text));
  return found ?? { value: clearedBy(rule) };
}

/** A rule's texts in the order they are tried: its constant; or its attributes after transforms, then its default. */
export function candidatesOf(rule: MappingRule, attributes: Attributes): readonly string[] {
  return textsOf(rule, attributes)
    .map(tidyText)
    .filter((text) => text !== '');
}

/** The first candidate without a problem, else the first problem; `undefined` when there are no candidates. */
function firstAcceptable<Candidate, Value>(
  candidates: readonly Candidate[],
  check: (candidate: Candidate) => Checked<Value>,
): Checked<Value> | undefined {
  let refused: Checked<Value> | undefined;
  for (const candidate of candidates) {
    const checked = check(candidate);
    if ('value' in checked) return checked;
    refused ??= checked;
  }
  return refused;
}

function textsOf(rule: MappingRule, attributes: Attributes): readonly string[] {
  if (rule.constant !== undefined) return [rule.constant];
  const paths = rule.from === undefined ? rule.fallback : [rule.from, ...rule.fallback];
  const texts = paths.map((path) => transformText(textOf(readAttribute(attributes, path)), rule.transform));
  return rule.default === undefined ? texts : [...texts, rule.default];
}

// A transform is asked for the text of the display name, so only an untouched one may be replaced by its two parts.
function namesOf(rule: FieldRule, attributes: Attributes): readonly ContactName[] {
  const isDisplayName = rule.from === 'displayName' && rule.transform.length === 0;
  const divided = isDisplayName ? directoryName(attributes) : undefined;
  const whole = candidatesOf(rule, attributes).map(wholeName);
  return divided === undefined ? whole : [divided, ...whole];
}

function checkText(to: TextTarget, text: string): Checked<FieldValues> {
  const field = CONTACT_FIELDS[to];
  if (to === 'email' && text.length > CUSTOM_MAX_LENGTH) {
    return { problem: { field, limit: `at most ${CUSTOM_MAX_LENGTH} characters` } };
  }
  if (to === 'email' && !ADDRESS.test(text)) return { problem: { field, limit: 'an e-mail address' } };
  if (to !== 'date_of_birth') return { value: { [field]: text } };
  const day = calendarDayOf(text);
  return day === undefined ? { problem: { field, limit: 'a date yyyy-mm-dd' } } : { value: { [field]: day } };
}

// MessageMedia clears a field that is sent as '', but refuses that as a date.
function clearedBy(rule: FieldRule): FieldValues {
  if (rule.whenEmpty === 'keep' || rule.to === 'date_of_birth') return {};
  return rule.to === 'contact_name' ? { firstName: '', lastName: '' } : { [CONTACT_FIELDS[rule.to]]: '' };
}
