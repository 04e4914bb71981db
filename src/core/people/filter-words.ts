import type { Clause, Comparison, Filter } from '../config/sync-config.ts';

type Operator = Exclude<keyof Comparison, 'attribute' | 'matchCase'>;

const WORDS: Readonly<Record<Operator, (operand: unknown) => string>> = {
  equals: (operand) => `is ${said(operand)}`,
  in: (operand) => `is one of ${said(operand)}`,
  notEquals: (operand) => `is not ${said(operand)}`,
  startsWith: (operand) => `starts with ${said(operand)}`,
  endsWith: (operand) => `ends with ${said(operand)}`,
  contains: (operand) => `contains ${said(operand)}`,
  matches: (operand) => `matches ${String(operand)}`,
  present: (operand) => (operand === true ? 'has a value' : 'has no value'),
  greaterThan: (operand) => `is more than ${said(operand)}`,
  lessThan: (operand) => `is less than ${said(operand)}`,
  before: (operand) => `is before ${String(operand)}`,
  after: (operand) => `is after ${String(operand)}`,
};

/** What a filter asks for, in words: `department is one of "Sales", "Support"`. */
export function filterWords(filter: Filter): string {
  if ('all' in filter) return filter.all.length === 0 ? 'everybody' : 'all of these hold';
  if ('any' in filter) return 'one of these holds';
  if ('not' in filter) return 'this does not hold';
  return clauseWords(filter);
}

function clauseWords(clause: Clause): string {
  if ('memberOf' in clause) {
    return `member of the group ${clause.memberOf}${clause.transitive === true ? ', or of one inside it' : ''}`;
  }
  const { attribute, matchCase, ...operators } = clause;
  const tests = Object.entries(operators).map(([operator, operand]) => WORDS[operator as Operator](operand));
  return `${attribute} ${tests.join(' and ')}${matchCase === true ? ' (case and blanks count)' : ''}`;
}

function said(operand: unknown): string {
  return Array.isArray(operand) ? operand.map(said).join(', ') : JSON.stringify(operand);
}
