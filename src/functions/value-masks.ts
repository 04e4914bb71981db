import { maskNumber } from '../core/people/phone.ts';
import type { AttributeValue } from '../core/people/person.ts';
import { SHARED_ATTRIBUTES } from '../core/people/shared-attributes.ts';
import { foldText } from '../core/people/text.ts';

const NUMBER_NAMES: ReadonlySet<string> = new Set([
  'businessPhones',
  'faxNumber',
  'mobilePhone',
  'phone',
  'phone_number',
  'whatsapp',
  'whatsapp_number',
]);

/** A number keeps its country and last three digits, anything else its first letter; an empty value stays visibly empty. */
export function maskValue(field: string, value: string): string {
  if (value === '') return '';
  if (NUMBER_NAMES.has(field)) return maskNumber(value);
  return `${String.fromCodePoint(value.codePointAt(0)!)}…`;
}

/** How the values of one person are shown; each is given with the name of its attribute or field. */
export interface Masks {
  attribute(name: string, value: AttributeValue): unknown;
  text(name: string, value: string): string;
}

export const NO_MASKS: Masks = { attribute: (_name, value) => value, text: (_name, value) => value };

/** Hides what is about one person. `shared` are more attributes, and values, that are about many. */
export function createMasks(shared: {
  readonly attributes: readonly string[];
  readonly values: readonly string[];
}): Masks {
  const open = new Set([...SHARED_ATTRIBUTES, ...shared.attributes]);
  const values = new Set(shared.values.map(foldText));
  const text: Masks['text'] = (name, value) => (values.has(foldText(value)) ? value : maskValue(name, value));
  const attribute = (name: string, value: AttributeValue | undefined): unknown => {
    if (open.has(name) || name === 'id') return value;
    if (typeof value === 'string') return text(name, value);
    if (Array.isArray(value)) return value.map((one: AttributeValue) => attribute(name, one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([part, inner]) => [part, attribute(part, inner)]));
  };
  return { attribute, text };
}

/** The values of these attributes that are shown as they are. */
export function openValues(
  attributes: Readonly<Record<string, AttributeValue>>,
  names: readonly string[],
): readonly string[] {
  return [...SHARED_ATTRIBUTES, ...names].map((name) => attributes[name]).filter((value) => typeof value === 'string');
}
