import { readPerson } from '../config/attributes.ts';
import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { listKeyText } from './list-names.ts';
import { isFieldRule, mapField, type FieldValues, type InvalidField } from './map-field.ts';
import { mapLists } from './map-lists.ts';
import { mapPhone, mapWhatsApp, type MappedPhone } from './map-phone.ts';
import type { Person } from './person.ts';
import type { MappingContext, MappingSubject } from './rule-value.ts';
import { batchingAttribute } from './shared-attributes.ts';
import { textOf, tidyText } from './text.ts';

/** The contact a person should have. */
export interface DesiredContact {
  /** E.164 of the SMS channel. */
  readonly phone: string;
  /** E.164 of the WhatsApp channel; `''` takes it away, absent keeps whatever there is. */
  readonly whatsapp?: string;
  /**
   * Native fields by name, custom ones as `custom:<merge tag>`. `''` clears (from `whenEmpty: clear`, and an empty part
   * of a name); whatever an absent field holds is kept.
   */
  readonly fields: FieldValues;
  /** Fields that are written only when the contact is created or adopted; `whatsapp` may be among them. */
  readonly onCreate: readonly string[];
  /** Names of the lists the person belongs on, each list once, in the order of the rules. */
  readonly lists: readonly string[];
}

/**
 * `excluded` and `service-unavailable` (a rule's condition hangs on a membership that nobody could tell) say that
 * nothing may change; the other reasons make somebody with a contact a leaver.
 */
export type UnreachableReason = Extract<MappedPhone, { ok: false }>['reason'];

export type MappedPerson =
  | { readonly reachable: true; readonly desired: DesiredContact; readonly invalid: readonly InvalidField[] }
  | { readonly reachable: false; readonly reason: UnreachableReason; readonly invalid: readonly InvalidField[] };

/** Runs every mapping rule on a person. Values that the contact cannot hold are left out and reported, never cut. */
export function mapPerson(person: Person, config: SyncConfig, context: MappingContext): MappedPerson {
  const subject: MappingSubject = { person, config, context };
  const mapped = mapFields(config.mapping, subject);
  const lists = mapLists(config, subject);
  const whatsapp = mapWhatsApp(config, subject);
  const phone = mapPhone(config, subject);
  const invalid = [...mapped.invalid, ...('problem' in whatsapp ? [whatsapp.problem] : [])];
  if (!phone.ok) return { reachable: false, reason: phone.reason, invalid };
  if (mapped.undecided || 'undecided' in lists || 'undecided' in whatsapp) {
    return { reachable: false, reason: 'service-unavailable', invalid };
  }
  const channel = 'value' in whatsapp ? whatsapp.value : {};
  const onCreate = [...mapped.onCreate, ...onCreateChannel(config.mapping, channel)];
  return {
    reachable: true,
    desired: { phone: phone.e164, ...channel, fields: mapped.fields, onCreate, ...lists },
    invalid,
  };
}

/** The text that people are grouped into batches by: the first `group` rule's attribute, in the form of `listKeyText`; `''` when empty. */
export function departmentOf(person: Person, config: SyncConfig): string {
  return listKeyText(departmentText(person, config));
}

/** The same as people see it. */
export function departmentName(person: Person, config: SyncConfig): string {
  return tidyText(departmentText(person, config));
}

function departmentText(person: Person, config: SyncConfig): string {
  const source = batchingAttribute(config);
  return source === undefined ? '' : textOf(readPerson(person, source));
}

interface MappedFields {
  readonly fields: FieldValues;
  readonly onCreate: readonly string[];
  readonly invalid: readonly InvalidField[];
  readonly undecided: boolean;
}

function mapFields(rules: readonly MappingRule[], subject: MappingSubject): MappedFields {
  const fields: Record<string, string> = {};
  const onCreate = new Set<string>();
  const invalid: InvalidField[] = [];
  let undecided = false;
  for (const rule of fieldRules(rules)) {
    const mapped = mapField(rule, subject);
    if ('undecided' in mapped) undecided = true;
    else if ('problem' in mapped) invalid.push(mapped.problem);
    else {
      Object.assign(fields, mapped.value);
      for (const field of Object.keys(mapped.value)) {
        if (rule.apply === 'on-create') onCreate.add(field);
        else onCreate.delete(field);
      }
    }
  }
  return { fields, onCreate: [...onCreate], invalid, undecided };
}

// What is said of the first or the last name alone is said last: it wins over the whole name wherever it stands.
function fieldRules(rules: readonly MappingRule[]) {
  const fields = rules.filter(isFieldRule);
  return [...fields.filter(({ to }) => to === 'contact_name'), ...fields.filter(({ to }) => to !== 'contact_name')];
}

function onCreateChannel(rules: readonly MappingRule[], channel: { readonly whatsapp?: string }): readonly string[] {
  const rule = rules.find(({ to }) => to === 'whatsapp_number');
  return rule?.apply === 'on-create' && channel.whatsapp !== undefined ? ['whatsapp'] : [];
}
