import type { z } from 'zod';
import { checkAttribute } from './attributes.ts';
import { findingOf, pathText, type Finding } from './finding.ts';
import { FILTER_PLACE, hintAt, knownKeysAt } from './known-keys.ts';
import { nearest } from './nearest.ts';
import { transformFindings } from './transform-findings.ts';

type Issue = z.core.$ZodIssue;
type TypeIssue = z.core.$ZodIssueInvalidType;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Puts zod's issues (made with `reportInput`) into words, with the nearest valid key or value. */
export function findingsOf(issues: readonly Issue[], base: readonly PropertyKey[] = []): readonly Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, [...base, ...issue.path]));
}

function findingsOfIssue(issue: Issue, path: readonly PropertyKey[]): readonly Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      if (path.at(-2) === 'transform') return transformFindings(issue.input, path, findingsOf);
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_union':
      return findingsOfUnion(issue, path);
    case 'invalid_key':
      return issue.issues.map((inner) =>
        findingOf(path, issue.input, inner.message, { nearest: nearestOf(inner), atKey: true }),
      );
    case 'invalid_value':
      return [unknownValue(path, issue)];
    case 'invalid_type':
      return [wrongType(path, issue.input, TYPE_WORDS[issue.expected] as string)];
    case 'too_small':
      return [findingOf(path, issue.input, tooSmall(issue))];
    case 'too_big':
      return [
        findingOf(path, issue.input, `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`),
      ];
    default:
      return [findingOf(path, issue.input, issue.message, { nearest: nearestOf(issue) })];
  }
}

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'array') return 'at least one entry';
  return origin === 'string' ? 'at least one character' : `at least ${minimum}`;
}

function unknownKey(path: readonly PropertyKey[], key: string): Finding {
  const place = pathText(path);
  const { valid } = knownKeysAt(place);
  const at = { atKey: true } as const;
  if (FILTER_PLACE.test(place) && checkAttribute(key).ok) return mixedForms([...path, key], key);
  if (valid.includes(key))
    return findingOf([...path, key], key, `nothing: ${key} does not go with the keys beside it`, at);
  if (valid.length === 0) return findingOf([...path, key], key, 'no keys here', at);
  const suggestion = nearest(key, valid);
  return findingOf([...path, key], key, `one of the keys ${valid.join(', ')}`, { ...at, nearest: suggestion });
}

function mixedForms(path: readonly PropertyKey[], key: string): Finding {
  const expected = `the full form {"attribute": "${key}", …} here: short and full form are never mixed`;
  return findingOf(path, key, expected, { atKey: true });
}

function unknownValue(path: readonly PropertyKey[], issue: Extract<Issue, { code: 'invalid_value' }>): Finding {
  const { input } = issue;
  const values = issue.values.map(String);
  const hint = hintAt(pathText(path), input);
  if (hint !== undefined) return findingOf(path, input, `${oneOf(values)}; ${hint}`);
  if (typeof input !== 'string') return wrongType(path, input, oneOf(values));
  return findingOf(path, input, oneOf(values), { nearest: nearest(input, values) });
}

function wrongType(path: readonly PropertyKey[], input: unknown, expected: string): Finding {
  return findingOf(path, input, expected);
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
}

/** Of several forms, the one that the author seems to mean: of the right type, with the keys that this form requires. */
function findingsOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PropertyKey[],
): readonly Finding[] {
  if (path.at(-2) === 'transform') return transformFindings(issue.input, path, findingsOf);
  const typed = issue.errors.filter(
    (issues) => !issues.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
  );
  if (typed.length === 0) return [findingOf(path, issue.input, typeWords(issue.errors))];
  const meant = typed.find((issues) => !issues.some(isMissingKey)) ?? typed.at(-1)!;
  return findingsOf(meant, path);
}

function isMissingKey(issue: Issue): boolean {
  return issue.path.length === 1 && issue.input === undefined;
}

function typeWords(forms: readonly (readonly Issue[])[]): string {
  const words = forms.flat().map((inner) => TYPE_WORDS[(inner as TypeIssue).expected] as string);
  return [...new Set(words)].join(', or ');
}

function nearestOf(issue: Issue): string | undefined {
  return issue.code === 'custom' ? (issue.params?.['nearest'] as string | undefined) : undefined;
}
