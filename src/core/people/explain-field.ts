import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { explainFilter, type ClauseExplanation } from './explain-scope.ts';
import { isFieldRule, mapField, type FieldValues, type InvalidField } from './map-field.ts';
import { mapList } from './map-lists.ts';
import { mapPhone, mapWhatsApp } from './map-phone.ts';
import type { Person } from './person.ts';
import type { MappingContext, MappingStep, MappingSubject } from './rule-value.ts';
import { subjectOf } from './scope.ts';

/** How one rule came to what it gives the contact. */
export interface FieldExplanation {
  readonly to: MappingRule['to'];
  readonly steps: readonly MappingStep[];
  /** The condition of the rule, clause by clause; absent when it has none. */
  readonly when?: readonly ClauseExplanation[];
  /** What the contact gets: fields, a number or a list. Absent or without keys: what is there is kept. */
  readonly value?: FieldValues;
  readonly rejected?: InvalidField;
  /** A membership that nobody could tell decides, so nothing changes. */
  readonly undecided?: true;
}

/** One mapping rule at work on a person, with every step as it was made. */
export function explainField(
  rule: MappingRule,
  person: Person,
  config: SyncConfig,
  context: MappingContext,
): FieldExplanation {
  const steps: MappingStep[] = [];
  const subject: MappingSubject = { person, config, context, note: (step) => steps.push(step) };
  const outcome = outcomeOf(rule, config, subject);
  const when = rule.when === undefined ? {} : { when: explainFilter(rule.when, 'when', subjectOf(person, context)) };
  return { to: rule.to, steps, ...when, ...outcome };
}

type Outcome = Pick<FieldExplanation, 'value' | 'rejected' | 'undecided'>;

function outcomeOf(rule: MappingRule, config: SyncConfig, subject: MappingSubject): Outcome {
  if (isFieldRule(rule)) return told(mapField(rule, subject));
  if (rule.to === 'group') return told(listValue(mapList(rule, config, subject)));
  // A configuration has one rule for each of the two numbers: this one.
  const alone = { ...config, mapping: [rule] };
  if (rule.to === 'whatsapp_number') return told(mapWhatsApp(alone, subject));
  const phone = mapPhone(alone, subject);
  if (phone.ok) return { value: { phone: phone.e164 } };
  if (phone.reason === 'service-unavailable') return { undecided: true };
  return { rejected: { field: 'phone', limit: phone.reason } };
}

function listValue(mapped: ReturnType<typeof mapList>) {
  if ('undecided' in mapped) return mapped;
  return { value: mapped.list === undefined ? {} : { list: mapped.list } };
}

function told(
  outcome: { readonly value: FieldValues } | { readonly problem: InvalidField } | { readonly undecided: true },
): Outcome {
  return 'problem' in outcome ? { rejected: outcome.problem } : outcome;
}
