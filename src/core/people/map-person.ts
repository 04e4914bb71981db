import { readAttribute } from '../config/attributes.ts';
import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { listKeyText, listName } from './list-names.ts';
import { candidatesOf, isFieldRule, mapField, type FieldValues, type InvalidField } from './map-field.ts';
import type { Attributes, Person } from './person.ts';
import { parsePhone, type ParsedPhone, type PhoneProblem } from './phone.ts';
import { textOf } from './text.ts';

/** The contact a person should have. */
export interface DesiredContact {
  /** E.164 of the SMS channel. */
  readonly phone: string;
  /**
   * Native fields by name, custom ones as `custom:<merge tag>`. `''` clears (from `whenEmpty: clear`, and an empty part
   * of a name); whatever an absent field holds is kept.
   */
  readonly fields: FieldValues;
  /** Fields that are written only when the contact is created or adopted. */
  readonly onCreate: readonly string[];
  /** Names of the lists the person belongs on, each list once, in the order of the rules. */
  readonly lists: readonly string[];
}

export type MappedPerson =
  | { readonly reachable: true; readonly desired: DesiredContact; readonly invalid: readonly InvalidField[] }
  | { readonly reachable: false; readonly reason: PhoneProblem; readonly invalid: readonly InvalidField[] };

// The nearer a refused number was to one that can be texted, the more its reason helps whoever corrects it.
const PROMISE: Readonly<Record<PhoneProblem, number>> = { 'no-phone': 0, 'bad-phone': 1, 'not-mobile': 2 };

/** Runs every mapping rule on a person. Values that the contact cannot hold are left out and reported, never cut. */
export function mapPerson(person: Person, config: SyncConfig): MappedPerson {
  const { attributes } = person;
  const { fields, onCreate, invalid } = mapFields(config.mapping, attributes);
  const lists = mapLists(config, attributes);
  const phone = mapPhone(config, attributes);
  if (!phone.ok) return { reachable: false, reason: phone.reason, invalid };
  return { reachable: true, desired: { phone: phone.e164, fields, onCreate, lists }, invalid };
}

/** The text that people are grouped into batches by: the first `group` rule's attribute, in the form of `listKeyText`; `''` when empty. */
export function departmentOf(person: Person, config: SyncConfig): string {
  const source = config.mapping.find((rule) => rule.to === 'group' && rule.from !== undefined)?.from;
  return source === undefined ? '' : listKeyText(textOf(readAttribute(person.attributes, source)));
}

function mapFields(
  rules: readonly MappingRule[],
  attributes: Attributes,
): Pick<DesiredContact, 'fields' | 'onCreate'> & { readonly invalid: readonly InvalidField[] } {
  const fields: Record<string, string> = {};
  const onCreate: string[] = [];
  const invalid: InvalidField[] = [];
  for (const rule of rules.filter(isFieldRule)) {
    const mapped = mapField(rule, attributes);
    if ('problem' in mapped) {
      invalid.push(mapped.problem);
      continue;
    }
    Object.assign(fields, mapped.value);
    if (rule.apply === 'on-create') onCreate.push(...Object.keys(mapped.value));
  }
  return { fields, onCreate, invalid };
}

function mapLists(config: SyncConfig, attributes: Attributes): readonly string[] {
  const byKey = new Map<string, string>();
  for (const rule of config.mapping.filter(({ to }) => to === 'group')) {
    const [department] = candidatesOf(rule, attributes);
    if (department === undefined) continue;
    const name = listName(department, config.lists);
    if (!byKey.has(listKeyText(name))) byKey.set(listKeyText(name), name);
  }
  return [...byKey.values()];
}

function mapPhone(config: SyncConfig, attributes: Attributes): ParsedPhone {
  const rule = config.mapping.find(({ to }) => to === 'phone_number');
  let best: ParsedPhone & { readonly ok: false } = { ok: false, reason: 'no-phone' };
  if (rule === undefined) return best;
  for (const candidate of candidatesOf(rule, attributes)) {
    const parsed = parsePhone(candidate, attributes, config.phone);
    if (parsed.ok) return parsed;
    if (PROMISE[parsed.reason] > PROMISE[best.reason]) best = parsed;
  }
  return best;
}
