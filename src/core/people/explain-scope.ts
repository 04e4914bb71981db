import type { Filter, SyncConfig } from '../config/sync-config.ts';
import { combineVerdicts, judgeClause, type FilterSubject, type Verdict } from './filter.ts';
import { filterWords } from './filter-words.ts';
import type { AttributeValue, Person } from './person.ts';
import {
  judgementOf,
  SCOPE_CHECKS,
  subjectOf,
  type ScopeCheck,
  type ScopeContext,
  type ScopeJudgement,
} from './scope.ts';
import { valueState, type Missing, type ValueState } from './value-state.ts';

/** One thing that was asked, with the value that the answer came from. */
export interface ClauseExplanation {
  /** The place in the configuration: `filters.all[1]`. */
  readonly path: string;
  readonly expected: string;
  /** Absent where no attribute is compared, and where it has no value; see `state`. */
  readonly value?: Exclude<AttributeValue, null>;
  readonly state?: ValueState;
  readonly holds: Verdict;
}

export type ScopeExplanation = ScopeJudgement & {
  readonly clauses: readonly ClauseExplanation[];
  /** The path of the check that decided, when the person is out of scope. */
  readonly decidedBy?: string;
};

/** Everything the scope asks of a person, clause by clause, and the judgement: the first check that does not hold decides. */
export function explainScope(person: Person, config: SyncConfig, context: ScopeContext): ScopeExplanation {
  const clauses: ClauseExplanation[] = [];
  let decision: (Extract<ScopeJudgement, { inScope: false }> & { readonly decidedBy: string }) | undefined;
  for (const check of SCOPE_CHECKS) {
    const holds = check.holds(person, config, context);
    clauses.push(...clausesOfCheck(check, holds, person, config, context));
    const judgement = judgementOf(check, holds);
    if (judgement !== undefined) decision ??= { ...judgement, decidedBy: check.path };
  }
  return { ...(decision ?? { inScope: true }), clauses };
}

/** A filter and all its parts, also those that the answer did not need. The first is the filter as a whole. */
export function explainFilter(
  filter: Filter,
  path: string,
  subject: FilterSubject,
): readonly [ClauseExplanation, ...ClauseExplanation[]] {
  const parts = partsOf(filter, path).map(([part, place]) => [part, explainFilter(part, place, subject)] as const);
  const verdicts = new Map(parts.map(([part, [whole]]) => [part, whole.holds]));
  const holds = combineVerdicts(
    filter,
    (part) => verdicts.get(part) as Verdict,
    (clause) => judgeClause(clause, subject),
  );
  const whole = { path, expected: filterWords(filter), ...comparedValue(filter, subject), holds };
  return [whole, ...parts.flatMap(([, explained]) => explained)];
}

function clausesOfCheck(
  check: ScopeCheck,
  holds: Verdict,
  person: Person,
  config: SyncConfig,
  context: ScopeContext,
): readonly ClauseExplanation[] {
  const { path, expected, shown } = check;
  if (path === 'filters') return explainFilter(config.filters, path, subjectOf(person, context));
  return [{ path, expected, ...(shown === undefined ? {} : valueWords(shown(person), 'null')), holds }];
}

function partsOf(filter: Filter, path: string): readonly (readonly [Filter, string])[] {
  if ('all' in filter) return filter.all.map((part, index) => [part, `${path}.all[${index}]`]);
  if ('any' in filter) return filter.any.map((part, index) => [part, `${path}.any[${index}]`]);
  return 'not' in filter ? [[filter.not, `${path}.not`]] : [];
}

function comparedValue(filter: Filter, { read, missing }: FilterSubject): ReturnType<typeof valueWords> {
  return 'attribute' in filter ? valueWords(read(filter.attribute), missing) : {};
}

function valueWords(value: AttributeValue | undefined, missing: Missing): Pick<ClauseExplanation, 'value' | 'state'> {
  const state = valueState(value, missing);
  return value === undefined || value === null ? { state } : { value, state };
}
