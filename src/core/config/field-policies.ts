import { contactFieldsOf, isFieldRule } from '../people/map-field.ts';
import type { Conflict, Drifting, MappingRule, Owner, SyncConfig } from './sync-config.ts';

/** What a rule says of its field. */
export interface FieldPolicy {
  readonly owner: Owner;
  /** Which side wins when both changed and `either` owns the field. */
  readonly conflict: Conflict;
  /** Whether an edit of a field on the side that does not own it is put right. */
  readonly drift: Drifting;
  /** Whether an emptied value empties the other side. */
  readonly clears: boolean;
}

/** How each field of a contact is merged. */
export interface FieldPolicies {
  /** Undefined: no rule keeps the field in step. */
  of(field: string): FieldPolicy | undefined;
  /** The rule that has the last word on a field. */
  ruleOf(field: string): MappingRule | undefined;
  /** Fields that do not belong to the directory alone. */
  readonly shared: readonly string[];
  readonly drift: SyncConfig['drift'];
}

const known = new WeakMap<SyncConfig, FieldPolicies>();

/** The policies of a configuration, by the field names of operations. */
export function fieldPolicies(config: SyncConfig): FieldPolicies {
  const made = known.get(config) ?? makePolicies(config);
  known.set(config, made);
  return made;
}

function makePolicies(config: SyncConfig): FieldPolicies {
  const rules = new Map<string, MappingRule>();
  // What is said of the first or the last name alone wins over the whole name wherever it stands.
  const names = config.mapping.filter(({ to }) => to === 'contact_name');
  const others = config.mapping.filter(({ to }) => to !== 'contact_name');
  for (const rule of [...names, ...others]) for (const field of fieldsOf(rule)) rules.set(field, rule);
  const policies = new Map([...rules].map(([field, rule]) => [field, policyOf(rule, config)]));
  return {
    of: (field) => policies.get(field),
    ruleOf: (field) => rules.get(field),
    shared: [...policies].filter(([, { owner }]) => owner !== 'directory').map(([field]) => field),
    drift: config.drift,
  };
}

/** The fields of operations that a rule fills. */
export function fieldsOf(rule: MappingRule): readonly string[] {
  if (isFieldRule(rule)) return contactFieldsOf(rule.to);
  return rule.to === 'phone_number' ? ['phone'] : rule.to === 'whatsapp_number' ? ['whatsapp'] : [];
}

function policyOf({ to, whenEmpty, owner, conflict, apply }: MappingRule, config: SyncConfig): FieldPolicy {
  // Nobody is without a number because the other side has none.
  const clears = whenEmpty === 'clear' && to !== 'phone_number';
  return { owner: apply === 'always' ? owner : 'directory', conflict, drift: config.drift, clears };
}
