import { readPerson } from '../config/attributes.ts';
import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import type { Digest } from '../ports.ts';
import { evaluateFilter } from './filter.ts';
import type { PersonValues } from './person.ts';
import { subjectOf, type ScopeContext } from './scope.ts';
import { parseTemplate } from './template.ts';
import { scalarsOf, textOf, tidyText } from './text.ts';
import { applyTransform } from './transforms.ts';
import { valueState, type ValueState } from './value-state.ts';

/** What mapping hangs on besides the directory's attributes. */
export interface MappingContext extends ScopeContext {
  /** Keyed: pseudonyms that a rule makes are of no use without the key. */
  readonly digest: Pick<Digest, 'pseudonym'>;
}

/** Whom a rule is asked about, and under which configuration. */
export interface MappingSubject {
  readonly person: PersonValues;
  readonly config: Pick<SyncConfig, 'phone' | 'custom'>;
  readonly context: MappingContext;
  /** Is told every step as it is made: an explanation is the decision, overheard. */
  readonly note?: (step: MappingStep) => void;
}

/** One step from the directory to the contact. No output: no value. */
export interface MappingStep {
  /** `from mobilePhone`, `transform title`, `field email`. */
  readonly what: string;
  readonly input?: string | readonly string[];
  readonly output?: string | readonly string[];
  /** How the attribute stands, where one is read. */
  readonly state?: ValueState;
  /** What the value would have had to be. */
  readonly limit?: string;
}

/** A value that was found, or the limits that each value missed that there was; both absent: there is none. */
export type RuleValue<Value, Refusal> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** The condition of the rule hangs on a membership that nobody could tell. */
  | { readonly kind: 'undecided' };

/** A text as a field can hold it, or why it cannot. */
export type FieldCheck<Value, Refusal> = (text: string) => { readonly value: Value } | { readonly refusal: Refusal };

interface Source {
  readonly what: string;
  readonly isTransformed: boolean;
  readonly draw: () => { readonly texts: readonly string[]; readonly state?: ValueState };
}

/** What `find` finds, if the rule counts for the person: its condition holds, or it has none. */
export function underCondition<Value, Refusal>(
  { when }: MappingRule,
  { person, context, note }: MappingSubject,
  find: () => RuleValue<Value, Refusal>,
): RuleValue<Value, Refusal> {
  if (when === undefined) return find();
  const verdict = evaluateFilter(when, subjectOf(person, context));
  note?.({ what: 'when', output: String(verdict) });
  if (verdict === 'unknown') return { kind: 'undecided' };
  return verdict ? find() : { kind: 'none' };
}

/**
 * The first value of a rule that its field can hold: of its attribute, template or constant, then its fallbacks, then
 * its default. `refuse` makes a refusal of a transform's limit.
 */
export function firstAcceptable<Value, Refusal>(
  rule: MappingRule,
  subject: MappingSubject,
  check: FieldCheck<Value, Refusal>,
  refuse: (limit: string) => Refusal,
): RuleValue<Value, Refusal> {
  const refusals: Refusal[] = [];
  for (const source of sourcesOf(rule, subject.person)) {
    const drawn = drawText(source, rule, subject);
    if ('text' in drawn) {
      const checked = check(drawn.text);
      if ('value' in checked) return { kind: 'value', value: checked.value };
      refusals.push(checked.refusal);
    } else if (drawn.limit !== undefined) refusals.push(refuse(drawn.limit));
  }
  return refusals.length === 0 ? { kind: 'none' } : { kind: 'refused', refusals };
}

function sourcesOf(rule: MappingRule, person: PersonValues): readonly Source[] {
  const sources: Source[] = [];
  if (rule.constant !== undefined) sources.push(fixedText('constant', rule.constant));
  if (rule.template !== undefined) sources.push(template(rule.template, person));
  if (rule.from !== undefined) sources.push(attribute('from', rule.from, person));
  sources.push(...rule.fallback.map((path) => attribute('fallback', path, person)));
  if (rule.default !== undefined) sources.push(fixedText('default', rule.default));
  return sources;
}

function fixedText(what: string, text: string): Source {
  return { what, isTransformed: false, draw: () => ({ texts: [text] }) };
}

function attribute(what: string, path: string, person: PersonValues): Source {
  const draw: Source['draw'] = () => {
    const value = readPerson(person, path);
    return { texts: scalarsOf(value).map(String), state: valueState(value, 'null') };
  };
  return { what: `${what} ${path}`, isTransformed: true, draw };
}

/** A template with an empty part yields nothing: half a text would look like a whole one. */
function template(text: string, person: PersonValues): Source {
  const draw: Source['draw'] = () => {
    const reading = parseTemplate(text);
    const parts = reading.ok ? reading.parts : [];
    const filled = parts.map((part) => ('text' in part ? part.text : textOf(readPerson(person, part.attribute))));
    const whole = filled.includes('') ? '' : filled.join('');
    return { texts: whole === '' ? [] : [whole] };
  };
  return { what: `template ${text}`, isTransformed: true, draw };
}

/** What a source comes to after the transforms: its first text, or the limit that kept it from having one. */
function drawText(
  source: Source,
  rule: MappingRule,
  subject: MappingSubject,
): { readonly text: string } | { readonly limit: string | undefined } {
  const { texts, state } = source.draw();
  subject.note?.({ what: source.what, ...output(texts), ...(state === undefined ? {} : { state }) });
  const changed = source.isTransformed ? changeTexts(texts, rule, subject) : { texts, limit: undefined };
  const [first] = changed.texts;
  return first === undefined ? { limit: changed.limit } : { text: tidyText(first) };
}

function changeTexts(drawn: readonly string[], { transform }: MappingRule, subject: MappingSubject) {
  const { person, config, context, note } = subject;
  const tools = { person, phone: config.phone, digest: context.digest };
  let texts = drawn;
  let missed: string | undefined;
  for (const one of transform) {
    // An empty value stays one: no table and no join makes a text of nothing.
    if (texts.length === 0) break;
    const changed = applyTransform(texts, one, tools);
    const limit = changed.limit === undefined ? {} : { limit: changed.limit };
    note?.({ what: `transform ${one.name}`, ...input(texts), ...output(changed.texts), ...limit });
    missed ??= changed.limit;
    ({ texts } = changed);
  }
  return { texts, limit: missed };
}

function input(texts: readonly string[]): Pick<MappingStep, 'input'> {
  return { input: texts.length === 1 ? (texts[0] as string) : texts };
}

function output(texts: readonly string[]): Pick<MappingStep, 'output'> {
  if (texts.length === 0) return {};
  return { output: texts.length === 1 ? (texts[0] as string) : texts };
}
