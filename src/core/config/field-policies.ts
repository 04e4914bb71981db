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
  const policies = new Map<string, FieldPolicy>();
  for (const rule of config.mapping) for (const field of fieldsOf(rule)) policies.set(field, policyOf(rule, config));
  return { of: (field) => policies.get(field), drift: config.drift };
}

/** The fields of operations that a rule fills. */
function fieldsOf(rule: MappingRule): readonly string[] {
  if (isFieldRule(rule)) return contactFieldsOf(rule.to);
  return rule.to === 'phone_number' ? ['phone'] : rule.to === 'whatsapp_number' ? ['whatsapp'] : [];
}

function policyOf({ to, whenEmpty }: MappingRule, { drift }: SyncConfig): FieldPolicy {
  // Nobody is without a number because the other side has none.
  const clears = whenEmpty === 'clear' && to !== 'phone_number';
  return { owner: 'directory', conflict: 'directory', drift, clears };
}
