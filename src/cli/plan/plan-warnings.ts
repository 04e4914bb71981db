import type { Explanation, PersonRecord, ReadNumber } from '../api/answers.ts';
import { departmentSpelling } from './spelling.ts';
import type { Spelling } from './spelling.ts';
import { counted, grouped, listed, percent } from '../screen/words.ts';

/** Something about the people of a plan that is worth a look before it is applied. */
export interface PlanWarning {
  readonly reasons: readonly string[];
  readonly people: number;
  readonly words: string;
  /** What these people have in common, a line each. */
  readonly details: readonly string[];
}

/** Why a number cannot be used, as the rest of a sentence about some people. */
const UNUSABLE: Readonly<Record<string, string>> = {
  'no-phone': 'have none in the directory',
  'bad-phone': 'have one that cannot be read as an international number',
  'not-mobile': 'have one that is not a mobile number',
};

const OTHERS: Readonly<Record<string, (people: string, isOne: boolean) => string>> = {
  'duplicate-phone': (people, isOne) => `${people} ${isOne ? 'waits' : 'wait'} for a number that somebody else has.`,
  'contact-conflict': (people, isOne) =>
    `${people} ${isOne ? 'has' : 'have'} a number whose contact in MessageMedia belongs to something else.`,
  'invalid-value': (people, isOne) => `${people} ${isOne ? 'has' : 'have'} a value that MessageMedia cannot hold.`,
};

/** What is known of people besides their records. */
interface Known {
  readonly explained: ReadonlyMap<string, Explanation>;
  readonly spelling: Spelling;
}

/** More alike than chance: what fewer people have in common says nothing about the others. */
const ALIKE_SHARE = 0.5;

/** People whom a warning is about; asking the app about some of them makes its details better. */
export function unreachable(records: readonly PersonRecord[]): readonly PersonRecord[] {
  return records.filter(({ reason }) => reason !== undefined && Object.hasOwn(UNUSABLE, reason));
}

/**
 * What a plan should be asked about. `reached` is how many people in scope have a usable number; `explained` has what
 * the app knows of some people by id, for the place they are in and the form of their number.
 */
export function warningsOf(
  records: readonly PersonRecord[],
  reached: number,
  explained: ReadonlyMap<string, Explanation>,
): readonly PlanWarning[] {
  const known: Known = { explained, spelling: departmentSpelling(records) };
  const others = Object.entries(OTHERS).flatMap(([reason, words]): PlanWarning[] => {
    const people = records.filter((record) => record.reason === reason);
    if (people.length === 0) return [];
    const told = words(counted(people.length, 'person', 'people'), people.length === 1);
    return [{ reasons: [reason], people: people.length, words: told, details: placeDetails(people, known) }];
  });
  return [...numberWarning(unreachable(records), reached, known), ...others];
}

function numberWarning(people: readonly PersonRecord[], reached: number, known: Known): readonly PlanWarning[] {
  if (people.length === 0) return [];
  const all = reached + people.length;
  const byReason = [...Map.groupBy(people, ({ reason }) => reason!)].toSorted((a, b) => b[1].length - a[1].length);
  const words = `${percent(people.length, all)} of the people in scope (${grouped(people.length)} of ${grouped(all)}) have no usable number.`;
  const details = byReason.map(([reason, some]) => numberDetail(reason, some, known));
  return [{ reasons: byReason.map(([reason]) => reason), people: people.length, words, details }];
}

function numberDetail(reason: string, people: readonly PersonRecord[], known: Known): string {
  const lookedAt = explanationsOf(people, known);
  const parts = [...placeDetails(people, known), ...formDetail(lookedAt.map(({ phone }) => phone))];
  const some = lookedAt.length > 0 && lookedAt.length < people.length ? ` (${lookedAt.length} looked at)` : '';
  return `${grouped(people.length)} ${UNUSABLE[reason]}${parts.length === 0 ? '' : `; ${parts.join(', ')}`}${some}`;
}

function explanationsOf(people: readonly PersonRecord[], { explained }: Known): readonly Explanation[] {
  return people.map(({ personId }) => explained.get(personId)).filter((one) => one !== undefined);
}

/** Where most of them are: the town or office when the app tells it, else the department. */
function placeDetails(people: readonly PersonRecord[], known: Known): readonly string[] {
  const towns = explanationsOf(people, known)
    .map(({ person }) => placeOf(person.attributes))
    .filter((town) => town !== undefined);
  const places = towns.length > 0 ? towns : people.map(({ department }) => known.spelling(department));
  const [top] = [...Map.groupBy(places, (place) => place)].toSorted((a, b) => b[1].length - a[1].length);
  if (top === undefined || top[0] === '' || people.length < 2 || top[1].length < places.length * ALIKE_SHARE) return [];
  return [top[1].length === people.length ? `all in ${top[0]}` : `${grouped(top[1].length)} of them in ${top[0]}`];
}

function placeOf(attributes: Readonly<Record<string, unknown>>): string | undefined {
  const place = attributes['city'] ?? attributes['officeLocation'];
  return typeof place === 'string' && place.trim() !== '' ? place.trim() : undefined;
}

/** The form that all the numbers have that were looked at. */
function formDetail(numbers: readonly (ReadNumber | undefined)[]): readonly string[] {
  const forms = new Set(numbers.map(formOf));
  const [form] = forms;
  return forms.size === 1 && form !== undefined ? [form] : [];
}

function formOf(number: ReadNumber | undefined): string | undefined {
  const input = number?.input?.trim();
  // Of a number that is too short, the mask leaves nothing.
  if (number === undefined || input === undefined || ['', '…'].includes(input)) return undefined;
  const isNational = !/^(\+|00|011)/.test(input);
  if (!isNational) return 'all with a country code';
  return number.region === undefined
    ? 'all in national format without a country'
    : `all read as numbers of ${number.region}`;
}

/** What to do about the numbers, for the reasons that were found. */
export function cureOf({ reasons }: PlanWarning): string | undefined {
  const cures = [
    reasons.includes('bad-phone') ? 'set usageLocation in the directory or phone.defaultCountry' : undefined,
    reasons.includes('not-mobile') ? 'map a fallback attribute, or accept every valid number' : undefined,
    reasons.includes('duplicate-phone') ? 'correct one of the two in the directory' : undefined,
  ].filter((cure) => cure !== undefined);
  return cures.length === 0 ? undefined : listed(cures);
}
