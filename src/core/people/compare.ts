import type { Comparison, Scalar } from '../config/sync-config.ts';
import { parseMoment } from './dates.ts';
import { patternOf } from './patterns.ts';
import type { AttributeValue } from './person.ts';
import { foldText, scalarsOf, tidyText } from './text.ts';

type Test = (value: Scalar) => boolean;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Whether a value meets a comparison; of a collection one element is enough. A missing, null or empty value
 * makes every comparison false except `notEquals` and `present: false`.
 */
export function compareValue(comparison: Comparison, value: AttributeValue | undefined, nowMs: number): boolean {
  const { present, notEquals } = comparison;
  if (present !== undefined && present !== isPresent(value)) return false;
  const scalars = scalarsOf(value);
  if (notEquals !== undefined && scalars.some(equalTo(notEquals, textForm(comparison)))) return false;
  return testsOf(comparison, nowMs).every((test) => scalars.some(test));
}

function isPresent(value: AttributeValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value !== 'object' || Object.values(value).some(isPresent);
}

function testsOf(comparison: Comparison, nowMs: number): readonly Test[] {
  const form = textForm(comparison);
  const { equals, in: choices, greaterThan, lessThan, before, after } = comparison;
  const tests: Test[] = textTests(comparison, form);
  if (comparison.matches !== undefined) tests.push(fitsPattern(comparison, comparison.matches));
  if (equals !== undefined) tests.push(equalTo(equals, form));
  if (choices !== undefined) tests.push((value) => choices.some((choice) => equalTo(choice, form)(value)));
  if (greaterThan !== undefined) tests.push((value) => numberOf(value) > greaterThan);
  if (lessThan !== undefined) tests.push((value) => numberOf(value) < lessThan);
  if (before !== undefined) tests.push((value) => momentOf(value, nowMs) < momentOf(before, nowMs));
  if (after !== undefined) tests.push((value) => momentOf(value, nowMs) > momentOf(after, nowMs));
  return tests;
}

function textTests({ startsWith, endsWith, contains }: Comparison, form: (text: string) => string): Test[] {
  const tests: Test[] = [];
  if (startsWith !== undefined) tests.push((value) => form(String(value)).startsWith(form(startsWith)));
  if (endsWith !== undefined) tests.push((value) => form(String(value)).endsWith(form(endsWith)));
  if (contains !== undefined) tests.push((value) => form(String(value)).includes(form(contains)));
  return tests;
}

// The case rule is the pattern's own: a text in lower case would not fit the classes of a pattern.
function fitsPattern(comparison: Comparison, pattern: string): Test {
  const { matchCase } = comparison;
  const compiled = patternOf(comparison, { pattern, matchCase });
  return (value) => compiled.test(matchCase === true ? String(value).normalize('NFC') : tidyText(String(value)));
}

function textForm({ matchCase }: Comparison): (text: string) => string {
  return matchCase === true ? (text) => text.normalize('NFC') : foldText;
}

// As text, because the directory's extension attributes hold "true" and "42" as text.
function equalTo(operand: Scalar, form: (text: string) => string): Test {
  const wanted = form(String(operand));
  return (value) => form(String(value)) === wanted;
}

// NaN, for what is no number or no date, makes every ordering false.
function numberOf(value: Scalar): number {
  const text = String(value).trim();
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

function momentOf(value: Scalar, nowMs: number): number {
  return parseMoment(String(value), nowMs) ?? Number.NaN;
}
