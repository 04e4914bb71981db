import { readPerson } from '../config/attributes.ts';
import type { LeaverCause, SyncConfig } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import { isExcludedPerson } from './exclude.ts';
import { evaluateFilter, type FilterSubject, type IsMember, type Verdict } from './filter.ts';
import type { AttributeValue, Person, PersonValues } from './person.ts';
import { foldText, textOf } from './text.ts';
import { valueState, type Missing } from './value-state.ts';

/** What the scope of a person hangs on besides the directory's attributes. */
export interface ScopeContext {
  readonly now: number;
  readonly isMember: IsMember;
}

/**
 * Who is out of scope for a cause may be a leaver. Without a cause, nothing about the person may change: they are
 * excluded, or (`service-unavailable`) nobody could tell whether they are a member of a group that decides.
 */
export type ScopeJudgement =
  | { readonly inScope: true }
  | { readonly inScope: false; readonly cause: LeaverCause; readonly reason: ReasonCode }
  | { readonly inScope: false; readonly cause?: undefined; readonly reason: 'excluded' | 'service-unavailable' };

type Refusal = Extract<ScopeJudgement, { inScope: false }>;

/** One thing that has to hold for everybody in scope; the first that does not decides. */
export interface ScopeCheck {
  /** The key of the configuration that it comes from, or what of the person it looks at. */
  readonly path: string;
  readonly expected: string;
  /** The value that the answer comes from, for whoever asks why. */
  readonly shown?: (person: Person) => AttributeValue | undefined;
  readonly holds: (person: Person, config: SyncConfig, context: ScopeContext) => Verdict;
  readonly refusal: Refusal;
}

const UNDECIDED: Refusal = { inScope: false, reason: 'service-unavailable' };

/** In the order in which they are asked. */
export const SCOPE_CHECKS: readonly ScopeCheck[] = [
  {
    path: 'exclude.people',
    expected: 'not excluded',
    holds: (person, config) => !isExcludedPerson(person, config),
    refusal: { inScope: false, reason: 'excluded' },
  },
  {
    path: 'presence',
    expected: 'in the directory',
    shown: ({ presence }) => presence,
    holds: ({ presence }) => presence === 'present',
    refusal: { inScope: false, cause: 'deleted', reason: 'not-in-scope' },
  },
  {
    path: 'people',
    expected: 'a kind of people that is read',
    shown: ({ kind = 'user' }) => kind,
    holds: ({ kind = 'user' }, { people }) =>
      kind === 'user' || (kind === 'orgContact' ? people.orgContacts : people.mailboxContacts.length > 0),
    refusal: { inScope: false, cause: 'outOfScope', reason: 'not-in-scope' },
  },
  {
    path: 'people.users.disabled',
    expected: 'an enabled account',
    shown: (person) => readPerson(person, 'accountEnabled'),
    holds: (person, config) => !isDisabled(person, config),
    refusal: { inScope: false, cause: 'disabled', reason: 'disabled' },
  },
  {
    path: 'people.users.guests',
    expected: 'no guest',
    shown: (person) => readPerson(person, 'userType'),
    holds: (person, config) => !isGuest(person, config),
    refusal: { inScope: false, cause: 'outOfScope', reason: 'guest' },
  },
  {
    path: 'filters',
    expected: 'the filters hold',
    holds: (person, { filters }, context) => evaluateFilter(filters, subjectOf(person, context)),
    refusal: { inScope: false, cause: 'outOfScope', reason: 'not-in-scope' },
  },
];

/**
 * Whether a person is synchronised, and otherwise the first cause that says no: excluded, deleted, not of a kind that
 * is read, disabled, guest, filters.
 */
export function judgeScope(person: Person, config: SyncConfig, context: ScopeContext): ScopeJudgement {
  for (const check of SCOPE_CHECKS) {
    const judgement = judgementOf(check, check.holds(person, config, context));
    if (judgement !== undefined) return judgement;
  }
  return { inScope: true };
}

/** What a check's verdict says of the person; undefined when the next check has to be asked. */
export function judgementOf({ refusal }: ScopeCheck, verdict: Verdict): Refusal | undefined {
  if (verdict === true) return undefined;
  return verdict === 'unknown' ? UNDECIDED : refusal;
}

/** True when one delta entry alone puts its person out of scope, whatever the attributes are that it does not mention. */
export function definitelyOutOfScope(
  attributes: PersonValues['attributes'],
  config: SyncConfig,
  context: ScopeContext,
): boolean {
  if (isDisabled({ attributes }, config) || isGuest({ attributes }, config)) return true;
  // Stryker disable next-line StringLiteral: whatever is not null is unknown
  const read = readerOf({ attributes }, 'unknown');
  // Stryker disable next-line StringLiteral: whatever is not null is unknown
  return evaluateFilter(config.filters, { ...context, read, missing: 'unknown' }) === false;
}

/** A whole person as filters see them: what was never mentioned is empty. */
export function subjectOf(person: PersonValues, context: ScopeContext): FilterSubject {
  return { ...context, read: readerOf(person, 'null'), missing: 'null' };
}

type Read = (path: string) => AttributeValue | undefined;

function isDisabled(person: PersonValues, config: SyncConfig): boolean {
  return !config.people.users.disabled && readPerson(person, 'accountEnabled') === false;
}

function isGuest(person: PersonValues, config: SyncConfig): boolean {
  return !config.people.users.guests && foldText(textOf(readPerson(person, 'userType'))) === 'guest';
}

/** Reads attributes as the scope means them: nobody is disabled who is not said to be, and no type is a member. */
function readerOf(person: PersonValues, missing: Missing): Read {
  return (path) => {
    const value = readPerson(person, path);
    const state = valueState(value, missing);
    if (state === 'set' || state === 'omitted') return value;
    if (path === 'accountEnabled') return true;
    return path === 'userType' ? 'Member' : value;
  };
}
