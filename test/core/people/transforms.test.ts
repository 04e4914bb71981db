import fc from 'fast-check';
import {
  applyTransform,
  isTransformName,
  TRANSFORM_NAMES,
  TRANSFORMS,
  type Transform,
  type TransformName,
} from '../../../src/core/people/transforms.ts';
import type { TransformTools } from '../../../src/core/people/transform-row.ts';
import { aPerson } from '../../support/people.ts';
import { aContext } from './mapping-context.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const tools: TransformTools = {
  person: { attributes: { usageLocation: 'AU' } },
  phone: { accept: 'mobile' },
  digest: aContext().digest,
};

/** A transform as the configuration has it after parsing. */
function aTransform(name: TransformName, args: object = {}): Transform {
  return TRANSFORMS[name].schema.parse({ name, ...args });
}

function change(name: TransformName, args: object, ...texts: string[]): object {
  return applyTransform(texts, aTransform(name, args), tools);
}

describe('TRANSFORMS', () => {
  const examples = TRANSFORM_NAMES.flatMap((name) =>
    TRANSFORMS[name].examples.map((example, index) => [`${name} ${index + 1}`, name, example] as const),
  );

  it.each(examples)('does what its example says: %s', (_title, name, { arguments: args, input, output }) => {
    expect(change(name, args ?? {}, ...input)).toEqual({ texts: output });
  });

  it('has an example and a sentence for each', () => {
    const silent = TRANSFORM_NAMES.filter((name) => {
      const { description, examples: shown } = TRANSFORMS[name];
      return shown.length === 0 || !/^[A-Z].*\.$/.test(description);
    });

    expect(silent).toEqual([]);
  });
});

describe('isTransformName', () => {
  it.each([
    ['trim', true],
    ['regexReplace', true],
    ['toString', false],
    ['Trim', false],
    [['trim'], false],
    [5, false],
  ])('%j: %j', (name, expected) => {
    expect(isTransformName(name)).toBe(expected);
  });
});

describe('applyTransform, of blanks', () => {
  it('leaves no value, and tells of no limit that there is none', () => {
    expect(change('lower', {}, '  ')).toStrictEqual({ texts: [] });
    expect(change('join', {})).toStrictEqual({ texts: [] });
    expect(change('upper', {}, 'a')).toStrictEqual({ texts: ['A'] });
  });
});

describe('applyTransform', () => {
  it.each<[TransformName, object, string, string]>([
    ['title', {}, "d'angelo's 2nd café, élan vital", "D'Angelo's 2nd Café, Élan Vital"],
    ['title', {}, 'ßa ﬁn ﬃx', 'Ssa Fin Ffix'],
    ['replace', { find: 'a', with: 'x', matchCase: true }, 'aAa', 'xAx'],
    ['truncateWords', { maxLength: 5 }, '  Sales Team', 'Sales'],
    ['truncateWords', { maxLength: 5 }, 'ab cd ef', 'ab cd'],
    ['truncateWords', { maxLength: 9 }, 'ab cd ef', 'ab cd ef'],
    ['title', {}, "bob's you're i'm", "Bob's You're I'm"],
    ['digits', {}, '内線１２３', '123'],
    ['stripDiacritics', {}, 'が한', 'が한'],
    ['stripDiacritics', {}, 'ĐđĦħŁłØøŦŧ', 'DdHhLlOoTt'],
    ['replace', { find: '.*', with: '$&' }, 'a.*b.*', 'a$&b$&'],
    [
      'replace',
      { find: '(a) [b] {c} ^d $e |f /g \\h +i ?j -k', with: 'x' },
      '(A) [b] {c} ^d $e |f /g \\h +i ?j -k',
      'x',
    ],
    ['replace', { find: 'Ö', with: 'oe' }, 'scho\u0308n', 'scho\u0308n'],
    ['replace', { find: 'sales', matchCase: true }, 'Sales sales', 'Sales '],
    ['regexReplace', { pattern: '\\s*\\(.*\\)$' }, 'Ada Example (Contractor)', 'Ada Example'],
    [
      'regexReplace',
      { pattern: '(?P<last>\\w+), (?P<first>\\w+)', with: '$<first> $<last>' },
      'Example, Ada',
      'Ada Example',
    ],
    ['regexReplace', { pattern: 'S', matchCase: true, with: '$$' }, 'Sales', '$ales'],
    ['regexReplace', { pattern: '[^a-z]' }, 'a1b2', 'ab'],
    ['substring', { start: 1 }, 'Zoe\u0308 X', 'oe\u0308 X'],
    ['substring', { start: 2, length: 1 }, 'Zoe\u0308', 'e\u0308'],
    ['substring', { start: -9, length: 2 }, 'abc', 'ab'],
    ['truncateWords', { maxLength: 5 }, 'Sales', 'Sales'],
    ['truncateWords', { maxLength: 5 }, 'Donaudampfschiff fahrt', 'Donau'],
    ['truncateWords', { maxLength: 3 }, '\u{1f469}\u200d\u{1f4bb}a', ''],
    ['truncateWords', { maxLength: 4 }, 'ae\u0308\u{1f600}', 'ae\u0308'],
    ['split', { separator: ',', index: -1 }, 'a, b', 'b'],
    ['date', { format: 'EEEE, d MMMM yyyy' }, '2026-03-01', 'Sunday, 1 March 2026'],
    ['e164', { accept: 'valid' }, '02 5550 0156', '+61255500156'],
    ['country', {}, 'Viet Nam', 'VN'],
    ['map', { values: { ' Dept  10': 'x' } }, 'DEPT 10 ', 'x'],
  ])('%s %j makes %j into %j', (name, args, text, expected) => {
    expect(change(name, args, text)).toEqual({ texts: expected === '' ? [] : [expected] });
  });

  it.each<[TransformName, object, readonly string[], readonly string[]]>([
    ['upper', {}, ['a', 'b'], ['A', 'B']],
    ['split', { separator: ',' }, ['a,,b', 'c'], ['a', 'b', 'c']],
    ['split', { separator: ',', index: 1 }, ['a,b', 'c', 'd,'], ['b']],
    ['join', {}, [], []],
    ['first', {}, [], []],
    ['last', {}, ['a', 'b'], ['b']],
    ['map', { values: { a: 'x' } }, ['a', 'b', 'A'], ['x', 'x']],
  ])('%s %j makes %j into %j', (name, args, texts, expected) => {
    expect(change(name, args, ...texts)).toEqual({ texts: expected });
  });

  it.each<[TransformName, object, string, string]>([
    ['date', {}, '01/02/2026', 'a date that the transform date can read'],
    ['e164', { accept: 'mobile' }, '02 5550 0156', 'the number of a mobile'],
    ['country', {}, 'Atlantis', 'a country'],
  ])('%s %j tells what it cannot make of %j', (name, args, text, limit) => {
    expect(change(name, args, text)).toEqual({ texts: [], limit });
  });

  it('goes on with the texts that it can use', () => {
    expect(change('e164', {}, 'ask', '0491 570 156')).toEqual({
      texts: ['+61491570156'],
      limit: 'a phone number that is complete, without an extension, with its country code or of a known country',
    });
  });

  it('reads a number in the country of its person', () => {
    const abroad = { ...tools, person: aPerson({ usageLocation: 'NZ' }) };

    expect(applyTransform(['021 234 5678'], aTransform('e164'), abroad)).toEqual({ texts: ['+64212345678'] });
  });
});

describe('hash', () => {
  it('depends on the key, and is not what our tables call the same text', () => {
    const number = '+61491570156';
    const other = { ...tools, digest: { pseudonym: (text: string) => `other ${text}` } };

    const [made] = applyTransform([number], aTransform('hash'), tools).texts;

    expect(made).toMatch(/^[\w-]{43}$/);
    expect(made).not.toBe(tools.digest.pseudonym(number));
    expect(applyTransform([number], aTransform('hash'), other).texts).not.toEqual([made]);
  });
});

describe('regexReplace', () => {
  const LONG = 50_000;

  // Each place is found in linear time, and there is one at every character: a day's work without a limit.
  it.each([
    ['a(a*b)?', 'x'],
    ['(a|aa)+$', 'x'],
    ['(x+x+)+y', 'x'],
    ['', 'x'],
  ])('answers at once, whatever the pattern: %s', (pattern, replacement) => {
    const transform = { name: 'regexReplace', pattern, with: replacement, matchCase: false } as const;
    const started = cpuMs();

    applyTransform(['a'.repeat(LONG)], transform, tools);

    expect(cpuMs() - started).toBeLessThan(1000);
  });

  it('counts places and length together', () => {
    const everywhere = (length: number): object =>
      change('regexReplace', { pattern: 'a', with: 'b' }, 'a'.repeat(length));

    expect(everywhere(1413)).toEqual({ texts: ['b'.repeat(1413)] });
    expect(everywhere(1414)).toMatchObject({ texts: [] });
  });

  it('replaces a few places in a long text, and every place in a short one', () => {
    const long = `${'a'.repeat(LONG)}b`;

    expect(change('regexReplace', { pattern: 'b' }, long)).toEqual({ texts: ['a'.repeat(LONG)] });
    expect(change('regexReplace', { pattern: 'a' }, long)).toEqual({
      texts: [],
      limit: 'shorter, or with fewer places that the pattern of regexReplace finds',
    });
    expect(change('regexReplace', { pattern: 'a', with: 'b' }, 'a'.repeat(1400))).toEqual({
      texts: ['b'.repeat(1400)],
    });
  });
});

describe('transforms that tidy', () => {
  const IDEMPOTENT = [
    'trim',
    'collapseSpaces',
    'lower',
    'title',
    'digits',
    'first',
    'last',
    'e164',
    'country',
    'date',
  ] as const;

  it.each(IDEMPOTENT)('change nothing the second time: %s', (name) => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }), (texts) => {
        const once = applyTransform(texts, aTransform(name), tools).texts;

        expect(applyTransform(once, aTransform(name), tools).texts).toEqual(once);
      }),
    );
  });
});
