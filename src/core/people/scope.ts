import { readAttribute } from '../config/attributes.ts';
import type { Filter, LeaverCause, SyncConfig } from '../config/sync-config.ts';
import type { ReasonCode } from '../errors.ts';
import { compareValue } from './compare.ts';
import type { AttributeValue, Attributes, Person } from './person.ts';
import { foldText, textOf } from './text.ts';

/** `unknown` when the answer hangs on an attribute that was not mentioned. */
export type Verdict = boolean | 'unknown';

/** What an attribute that was not mentioned means: an empty one, or one that may hold anything. */
export type Missing = 'null' | 'unknown';

export type ScopeJudgement =
  { readonly inScope: true } | { readonly inScope: false; readonly cause: LeaverCause; readonly reason: ReasonCode };

type Read = (path: string) => AttributeValue | undefined;

/**
 * Whether the attributes that `read` gives meet a filter. A null attribute is known to be empty; one that is undefined
 * is empty too with `missing: 'null'`, and makes its comparison `unknown` with `missing: 'unknown'`.
 */
export function evaluateFilter(filter: Filter, read: Read, nowMs: number, missing: Missing): Verdict {
  const judge = (part: Filter): Verdict => evaluateFilter(part, read, nowMs, missing);
  if ('all' in filter) return allOf(filter.all, judge);
  if ('any' in filter) return negate(allOf(filter.any, (part) => negate(judge(part))));
  if ('not' in filter) return negate(judge(filter.not));
  const value = read(filter.attribute);
  if (value === undefined && missing === 'unknown') return 'unknown';
  return compareValue(filter, value, nowMs);
}

/** Whether a person is synchronised, and otherwise the first cause that says no: deleted, disabled, guest, filters. */
export function judgeScope(person: Person, config: SyncConfig, nowMs: number): ScopeJudgement {
  if (person.presence !== 'present') return { inScope: false, cause: 'deleted', reason: 'not-in-scope' };
  const read = readerOf(person.attributes, 'null');
  if (isDisabled(read, config)) return { inScope: false, cause: 'disabled', reason: 'disabled' };
  if (isGuest(read, config)) return { inScope: false, cause: 'outOfScope', reason: 'guest' };
  if (evaluateFilter(config.filters, read, nowMs, 'null') === true) return { inScope: true };
  return { inScope: false, cause: 'outOfScope', reason: 'not-in-scope' };
}

/** True when one delta entry alone puts its person out of scope, whatever the attributes are that it does not mention. */
export function definitelyOutOfScope(attributes: Attributes, config: SyncConfig, nowMs: number): boolean {
  const read = readerOf(attributes, 'unknown');
  if (isDisabled(read, config) || isGuest(read, config)) return true;
  return evaluateFilter(config.filters, read, nowMs, 'unknown') === false;
}

function isDisabled(read: Read, config: SyncConfig): boolean {
  return !config.people.users.disabled && read('accountEnabled') === false;
}

function isGuest(read: Read, config: SyncConfig): boolean {
  return !config.people.users.guests && foldText(textOf(read('userType'))) === 'guest';
}

/** Reads attributes as the scope means them: nobody is disabled who is not said to be, and no type is a member. */
function readerOf(attributes: Attributes, missing: Missing): Read {
  return (path) => {
    const value = readAttribute(attributes, path);
    const isEmpty = value === null || (value === undefined && missing === 'null');
    if (isEmpty && path === 'accountEnabled') return true;
    if (isEmpty && path === 'userType') return 'Member';
    return value;
  };
}

function allOf(parts: readonly Filter[], judge: (part: Filter) => Verdict): Verdict {
  let verdict: Verdict = true;
  for (const part of parts) {
    const next = judge(part);
    if (next === false) return false;
    if (next === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

function negate(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}
