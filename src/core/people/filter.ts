import type { Clause, Filter } from '../config/sync-config.ts';
import { compareValue } from './compare.ts';
import type { AttributeValue } from './person.ts';
import { valueState, type Missing } from './value-state.ts';

/** `unknown` when the answer hangs on an attribute that was not mentioned, or on a membership that nobody could tell. */
export type Verdict = boolean | 'unknown';

/** Whether the person who is judged is a member of a group. */
export type IsMember = (groupId: string, transitive: boolean) => Verdict;

/** For where the groups have not been read: whatever hangs on one is unknown. */
export const MEMBERSHIP_UNKNOWN: IsMember = () => 'unknown';

/** What a filter is asked about. */
export interface FilterSubject {
  readonly read: (path: string) => AttributeValue | undefined;
  readonly isMember: IsMember;
  readonly now: number;
  /** What an attribute means that `read` answers `undefined` for. */
  readonly missing: Missing;
}

/** Whether the subject meets a filter. It is asked for no more than the answer needs. */
export function evaluateFilter(filter: Filter, subject: FilterSubject): Verdict {
  return combineVerdicts(
    filter,
    (part) => evaluateFilter(part, subject),
    (clause) => judgeClause(clause, subject),
  );
}

/** The verdict of a filter from those of its parts; for a single clause, what `judge` says of it. */
export function combineVerdicts(
  filter: Filter,
  verdictOf: (part: Filter) => Verdict,
  judge: (clause: Clause) => Verdict,
): Verdict {
  if ('all' in filter) return allOf(filter.all, verdictOf);
  if ('any' in filter) return negate(allOf(filter.any, (part) => negate(verdictOf(part))));
  if ('not' in filter) return negate(verdictOf(filter.not));
  return judge(filter);
}

/** What one comparison or membership says by itself. */
export function judgeClause(clause: Clause, { read, isMember, now, missing }: FilterSubject): Verdict {
  if ('memberOf' in clause) return isMember(clause.memberOf.toLowerCase(), clause.transitive === true);
  const value = read(clause.attribute);
  return valueState(value, missing) === 'omitted' ? 'unknown' : compareValue(clause, value, now);
}

function allOf(parts: readonly Filter[], verdictOf: (part: Filter) => Verdict): Verdict {
  let verdict: Verdict = true;
  for (const part of parts) {
    const next = verdictOf(part);
    if (next === false) return false;
    if (next === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

function negate(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}
