import { messagingName } from '../core/plan/describe.ts';
import type { FieldExplanation } from '../core/people/explain-field.ts';
import type { NumberExplanation, PhoneExplanation } from '../core/people/explain-phone.ts';
import type { ClauseExplanation } from '../core/people/explain-scope.ts';
import type { Person } from '../core/people/person.ts';
import type { MappingStep } from '../core/people/rule-value.ts';
import type { PersonExplanation } from '../core/run/explain-person.ts';
import type { ContactStanding, MatchExplanation } from '../core/run/explain-match.ts';
import type { OptOutExplanation } from '../core/run/explain-opt-outs.ts';
import type { Waiting } from '../core/run/explain-waiting.ts';
import type { ExplanationView } from './explanation-schema.ts';
import { viewRecord } from './record-view.ts';
import { isoTime } from './run-view.ts';
import { createMasks, NO_MASKS, openValues } from './value-masks.ts';
import type { Masks } from './value-masks.ts';

/** An explanation as the API shows it: what is about one person is masked unless it is asked for. */
export function viewExplanation(
  explanation: PersonExplanation,
  options: { readonly reveal: boolean },
): ExplanationView {
  const { person, found, scope, mapping, phone, match, lists, contact, pending, lastChanges, next } = explanation;
  const { optOuts } = explanation;
  const masks = options.reveal ? NO_MASKS : masksFor(explanation);
  const { clauses, ...judgement } = scope;
  return {
    person: viewPerson(person, masks),
    found,
    scope: { ...judgement, clauses: clauses.map((clause) => viewClause(clause, masks)) },
    mapping: mapping.map((field) => viewField(field, masks)),
    phone: viewPhone(phone, masks),
    match: viewMatch(match),
    lists: lists.map((list) => ({ ...list })),
    ...(contact !== undefined && { consent: viewContact(contact, masks) }),
    ...(optOuts.length > 0 && { optOuts: optOuts.map((optOut) => viewOptOut(optOut, masks)) }),
    ...(pending !== undefined && { pending: viewWaiting(pending) }),
    lastChanges: lastChanges.map(({ at, ...change }) => ({ ...change, at: isoTime(at) })),
    next: viewRecord(next, options),
  };
}

/** Lists are no personal data, and neither is what they are made of, nor what the configuration itself says. */
function masksFor({ person, mapping, lists }: PersonExplanation): Masks {
  const ofLists = mapping.filter(({ to }) => to === 'group').flatMap(({ steps }) => steps);
  const attributes = ofLists.flatMap(({ what }) => /^(?:from|fallback) ([^.[]+)/.exec(what)?.[1] ?? []);
  const written = mapping.flatMap(({ steps }) => steps).filter(({ what }) => /^(?:constant|default|when)$/.test(what));
  const values = [
    ...openValues(person.attributes, attributes),
    ...openValues(person.manager ?? {}, attributes),
    ...[...ofLists, ...written].flatMap(({ output = [] }) => output),
    ...lists.map(({ name }) => name),
  ];
  return createMasks({ attributes, values });
}

function viewPerson(person: Person, masks: Masks): ExplanationView['person'] {
  const { id, kind = 'user', presence, attributes, manager } = person;
  return {
    id,
    kind,
    presence,
    attributes: viewAttributes(attributes, masks),
    ...(manager !== undefined && { manager: viewAttributes(manager, masks) }),
  };
}

function viewAttributes(attributes: Person['attributes'], masks: Masks): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, masks.attribute(name, value)]));
}

function viewClause(clause: ClauseExplanation, masks: Masks): ExplanationView['scope']['clauses'][number] {
  const { path, value, ...rest } = clause;
  if (value === undefined) return { path, ...rest };
  // What is asked besides filters and conditions is no more than presence, kind and the state of the account.
  const isOpen = !/^(?:filters|when)/.test(path);
  return { path, ...rest, value: isOpen ? value : masks.attribute('', value) };
}

function viewField(field: FieldExplanation, masks: Masks): ExplanationView['mapping'][number] {
  const { to, steps, when, value, rejected, undecided } = field;
  return {
    to,
    steps: steps.map((step) => viewStep(to, step, masks)),
    ...(when !== undefined && { when: when.map((clause) => viewClause(clause, masks)) }),
    ...(value !== undefined && { value: viewValues(value, masks) }),
    ...(rejected !== undefined && { rejected: { ...rejected, field: messagingName(rejected.field) } }),
    ...(undecided !== undefined && { undecided }),
  };
}

function viewStep(to: string, step: MappingStep, masks: Masks): ExplanationView['mapping'][number]['steps'][number] {
  const { input, output, ...rest } = step;
  return {
    ...rest,
    ...(input !== undefined && { input: viewTexts(to, input, masks) }),
    ...(output !== undefined && { output: viewTexts(to, output, masks) }),
  };
}

function viewTexts(name: string, texts: string | readonly string[], masks: Masks): string | string[] {
  return typeof texts === 'string' ? masks.text(name, texts) : texts.map((text) => masks.text(name, text));
}

function viewValues(values: Readonly<Record<string, string>>, masks: Masks): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [messagingName(field), masks.text(field, value)]),
  );
}

function viewPhone(phone: PhoneExplanation, masks: Masks): ExplanationView['phone'] {
  const { region, tried, e164, reason } = phone;
  const decisive = tried.find((one) => one.e164 === e164 && e164 !== undefined) ?? tried.at(-1);
  const { input, ...reading } = decisive === undefined ? {} : viewNumber(decisive, masks);
  return {
    ...reading,
    ...(input !== undefined && { input }),
    ...(region !== undefined && { region: region.code, regionFrom: region.from }),
    ...(reason !== undefined && { reason }),
    tried: tried.map((one) => viewNumber(one, masks)),
  };
}

function viewNumber(
  { input, e164, ...rest }: NumberExplanation,
  masks: Masks,
): ExplanationView['phone']['tried'][number] {
  return {
    ...rest,
    input: masks.text('phone_number', input),
    ...(e164 !== undefined && { e164: masks.text('phone_number', e164) }),
  };
}

function viewContact({ numbers, ...contact }: ContactStanding, masks: Masks): NonNullable<ExplanationView['consent']> {
  return {
    ...contact,
    lists: [...contact.lists],
    numbers: numbers.map(({ number, ...rest }) => ({ ...rest, number: masks.text('phone_number', number) })),
  };
}

function viewMatch({ contactIds, ...match }: MatchExplanation): ExplanationView['match'] {
  return { ...match, ...(contactIds !== undefined && { contactIds: [...contactIds] }) };
}

function viewWaiting({ since, until, ...waiting }: Waiting): NonNullable<ExplanationView['pending']> {
  return { ...waiting, since: isoTime(since), ...(until !== undefined && { until: isoTime(until) }) };
}

function viewOptOut({ number, source, since }: OptOutExplanation, masks: Masks) {
  return { number: masks.text('phone_number', number), source, since: isoTime(since) };
}
