import { compareValue } from '../../../src/core/people/compare.ts';
import { patternOf, patternProblem } from '../../../src/core/people/patterns.ts';
import { NOW } from './mapping-context.ts';
import { cpuMs } from '../../support/cpu-time.ts';

describe('patternProblem', () => {
  it.each(['^(Sales|Support)\\b', '[a-z]+@', '(?i)x', '\\p{Lu}'])('has nothing against %s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each([
    ['(a', 'a pattern that RE2 reads (missing closing ): `(a`)'],
    ['a{1001}', 'a pattern that RE2 reads (invalid repeat count: `{1001}`)'],
    ['(?=a)b', /look-around/],
    ['(?<!a)b', /look-around/],
    ['(a)\\1', /no references back/],
  ])('tells what is wrong with %s', (pattern, expected) => {
    expect(patternProblem(pattern)).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  });
});

describe('patternOf', () => {
  it('compiles a pattern once for the part of the configuration that it stands in', () => {
    const owner = { pattern: 'a' };

    expect(patternOf(owner, owner)).toBe(patternOf(owner, owner));
    expect(patternOf({ ...owner }, owner)).not.toBe(patternOf(owner, owner));
  });
});

describe('matches', () => {
  function matches(pattern: string, text: string, matchCase = false): boolean {
    return compareValue({ attribute: 'any', matches: pattern, matchCase }, text, NOW);
  }

  it.each([
    ['sales', 'Field SALES', false, true],
    ['^sales$', ' Sales ', false, true],
    ['^sales$', 'Sales', true, false],
    ['^Sales$', 'Sales ', true, false],
    ['école', 'E\u0301COLE', false, true],
    ['e\u0301cole', 'École', true, false],
    ['^\\p{Lu}', 'école', true, false],
    ['^EMP-\\d{4}$', 'emp-0042', false, true],
    ['^(Manager|Director)', 'Assistant Manager', false, false],
  ])('%s fits %j (case: %j): %j', (pattern, text, matchCase, expected) => {
    expect(matches(pattern, text, matchCase)).toBe(expected);
  });

  // V8 needs minutes for some of these on 30 characters.
  it.each(['(a+)+$', '(a|aa)+$', '(.*a){1,100}b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y'])(
    'answers in milliseconds on 50,000 characters: %s',
    (pattern) => {
      const text = `${'a'.repeat(50_000)}!`;
      matches(pattern, 'warm');
      const started = cpuMs();

      matches(pattern, text);

      expect(cpuMs() - started).toBeLessThan(500);
    },
  );
});
