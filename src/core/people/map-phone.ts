import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { isExcludedPhone } from './exclude.ts';
import type { InvalidField } from './map-field.ts';
import { parsePhone, PHONE_LIMITS, type PhoneProblem } from './phone.ts';
import { firstAcceptable, underCondition, type MappingSubject, type RuleValue } from './rule-value.ts';

export type MappedPhone =
  | { readonly ok: true; readonly e164: string }
  | { readonly ok: false; readonly reason: PhoneProblem | 'excluded' | 'service-unavailable' };

/** The number of the WhatsApp channel: `''` clears it, nothing keeps it. */
export type MappedWhatsApp =
  | { readonly value: { readonly whatsapp?: string } }
  | { readonly problem: InvalidField }
  | { readonly undecided: true };

// The nearer a refused number was to one that can be texted, the more its reason helps whoever corrects it.
const PROMISE: Readonly<Record<PhoneProblem, number>> = { 'no-phone': 0, 'bad-phone': 1, 'not-mobile': 2 };

/** The number a person is texted on, or why there is none: of several refused ones, the reason of the most promising. */
export function mapPhone(config: Pick<SyncConfig, 'mapping' | 'exclude'>, subject: MappingSubject): MappedPhone {
  const rule = config.mapping.find(({ to }) => to === 'phone_number');
  if (rule === undefined) return { ok: false, reason: 'no-phone' };
  const found = findNumber(rule, subject);
  if (found.kind === 'undecided') return { ok: false, reason: 'service-unavailable' };
  if (found.kind === 'none') return { ok: false, reason: 'no-phone' };
  if (found.kind === 'refused') return { ok: false, reason: mostPromising(found.refusals) };
  // The first number that can be texted is the person's: another one in its place would touch the excluded contact.
  return isExcludedPhone(found.value, config) ? { ok: false, reason: 'excluded' } : { ok: true, e164: found.value };
}

/** What the rule for the WhatsApp channel gives, if there is one. */
export function mapWhatsApp(config: Pick<SyncConfig, 'mapping' | 'exclude'>, subject: MappingSubject): MappedWhatsApp {
  const rule = config.mapping.find(({ to }) => to === 'whatsapp_number');
  if (rule === undefined) return { value: {} };
  const found = findNumber(rule, subject);
  if (found.kind === 'undecided') return { undecided: true };
  if (found.kind === 'refused') {
    return { problem: { field: 'whatsapp', limit: PHONE_LIMITS[mostPromising(found.refusals)] } };
  }
  if (found.kind === 'value') return { value: isExcludedPhone(found.value, config) ? {} : { whatsapp: found.value } };
  return { value: rule.whenEmpty === 'clear' ? { whatsapp: '' } : {} };
}

function findNumber(rule: MappingRule, subject: MappingSubject): RuleValue<string, PhoneProblem> {
  const { person, config, note } = subject;
  const check = (text: string) => {
    const parsed = parsePhone(text, person.attributes, config.phone);
    const result = parsed.ok ? { output: parsed.e164 } : { limit: PHONE_LIMITS[parsed.reason] };
    note?.({ what: `field ${rule.to}`, input: text, ...result });
    return parsed.ok ? { value: parsed.e164 } : { refusal: parsed.reason };
  };
  return underCondition(rule, subject, () => firstAcceptable(rule, subject, check, (): PhoneProblem => 'bad-phone'));
}

function mostPromising(problems: readonly PhoneProblem[]): PhoneProblem {
  // Stryker disable next-line EqualityOperator: two that promise as much are the same problem
  return problems.reduce((best, next) => (PROMISE[next] > PROMISE[best] ? next : best));
}
