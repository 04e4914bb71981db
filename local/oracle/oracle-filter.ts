import { textsAt } from './oracle-user.ts';
import type { OracleUser, OracleWorld } from './oracle-user.ts';

/** A filter as it stands in the configuration, in either form. */
export type OracleFilter = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;

/** Whether a user meets a filter, by the rules of the documents: what is missing meets only `notEquals` and `present: false`. */
export function meetsFilter(filter: OracleFilter, user: OracleUser, world: OracleWorld): boolean {
  const meets = (part: unknown): boolean => meetsFilter(part as OracleFilter, user, world);
  if (Array.isArray(filter['all'])) return filter['all'].every(meets);
  if (Array.isArray(filter['any'])) return filter['any'].some(meets);
  if (filter['not'] !== undefined) return !meets(filter['not']);
  if (typeof filter['memberOf'] === 'string') {
    return world.isMember(user.id, filter['memberOf'].toLowerCase(), filter['transitive'] === true);
  }
  if (typeof filter['attribute'] === 'string') return meetsComparison(filter, filter['attribute'], user, world);
  return Object.entries(filter).every(([attribute, wanted]) => {
    return meetsComparison({ in: [wanted].flat() }, attribute, user, world);
  });
}

function meetsComparison(filter: OracleFilter, attribute: string, user: OracleUser, world: OracleWorld): boolean {
  const values = valuesOf(attribute, user, world);
  const sensitive = filter['matchCase'] === true;
  const fold = (text: unknown): string => (sensitive ? String(text).normalize('NFC') : foldCase(String(text)));
  const tests: Readonly<Record<string, (operand: unknown) => boolean>> = {
    equals: (operand) => values.some((value) => fold(value) === fold(operand)),
    in: (operand) => values.some((value) => (operand as unknown[]).map(fold).includes(fold(value))),
    notEquals: (operand) => !values.some((value) => fold(value) === fold(operand)),
    startsWith: (operand) => values.some((value) => fold(value).startsWith(fold(operand))),
    endsWith: (operand) => values.some((value) => fold(value).endsWith(fold(operand))),
    contains: (operand) => values.some((value) => fold(value).includes(fold(operand))),
    matches: (operand) => values.some((value) => matches(String(operand), value, sensitive)),
    present: (operand) => values.length > 0 === operand,
    greaterThan: (operand) => values.some((value) => numberOf(value) > (operand as number)),
    lessThan: (operand) => values.some((value) => numberOf(value) < (operand as number)),
    before: (operand) => values.some((value) => momentOf(value, world) < momentOf(String(operand), world)),
    after: (operand) => values.some((value) => momentOf(value, world) > momentOf(String(operand), world)),
  };
  return Object.entries(filter).every(([operator, operand]) => {
    if (operator === 'attribute' || operator === 'matchCase') return true;
    const test = tests[operator];
    if (test === undefined) throw new Error(`The oracle does not know the operator "${operator}".`);
    return test(operand);
  });
}

/** Nobody is disabled who is not said to be, and who has no type is a member. */
function valuesOf(attribute: string, user: OracleUser, world: OracleWorld): readonly string[] {
  const values = textsAt(user, attribute, world);
  if (values.length > 0) return values;
  return attribute === 'accountEnabled' ? ['true'] : attribute === 'userType' ? ['Member'] : [];
}

function foldCase(text: string): string {
  return text.normalize('NFC').trim().toLowerCase().normalize('NFC');
}

// The patterns of tests are tame, so that the platform's own engine may judge them.
function matches(pattern: string, value: string, sensitive: boolean): boolean {
  const text = sensitive ? value.normalize('NFC') : value.normalize('NFC').trim();
  return new RegExp(pattern.normalize('NFC'), sensitive ? 'u' : 'iu').test(text);
}

function numberOf(value: string): number {
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN;
}

/** `now`, `now+14d`, or an ISO date or date-time, in UTC where it names no offset. */
function momentOf(text: string, { now }: OracleWorld): number {
  const relative = /^now(?:([+-]\d+)d)?$/.exec(text.trim());
  if (relative) return now + Number(relative[1] ?? 0) * DAY_MS;
  const iso = text.trim();
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/i.test(iso)) return Number.NaN;
  const zoned = /T/i.test(iso) && !/(Z|[+-]\d\d:\d\d)$/i.test(iso) ? `${iso}Z` : iso;
  return Date.parse(zoned);
}
