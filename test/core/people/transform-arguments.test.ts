import { z } from 'zod';
import { TRANSFORM_NAMES, TRANSFORMS, type TransformName } from '../../../src/core/people/transforms.ts';

/** Arguments that suffice, where some are needed. */
const NEEDED: Partial<Record<TransformName, object>> = {
  replace: { find: 'a' },
  regexReplace: { pattern: 'a' },
  substring: { start: 0 },
  truncateWords: { maxLength: 9 },
  split: { separator: '/' },
  map: { values: { a: 'b' } },
};

interface Documented {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

function parse(name: TransformName, args: object): z.ZodSafeParseResult<unknown> {
  return TRANSFORMS[name].schema.safeParse({ name, ...NEEDED[name], ...args });
}

const ARGUMENTS = TRANSFORM_NAMES.flatMap((name) => {
  const { properties = {} } = z.toJSONSchema(TRANSFORMS[name].schema, { io: 'input' });
  return Object.entries(properties).map(([key, shape]) => [`${name} ${key}`, name, key, shape as Documented] as const);
});

describe('the arguments of transforms', () => {
  it.each(ARGUMENTS)('are told in words, with an example that works: %s', (_title, name, key, shape) => {
    expect(shape.description).toMatch(/^[A-Z].*\.$/);
    expect(shape.examples).toHaveLength(1);
    expect(parse(name, { [key]: shape.examples![0] }).success).toBe(true);
  });

  it.each(TRANSFORM_NAMES.map((name) => [name] as const))('are described with the transform itself: %s', (name) => {
    const { schema, description } = TRANSFORMS[name];

    expect(schema.meta()).toEqual({ description });
    expect(parse(name, {}).success).toBe(true);
    expect(parse(name, { unknown: 1 }).success).toBe(false);
    expect(schema.safeParse({ ...NEEDED[name], name: 'another' }).success).toBe(false);
  });

  it.each<[TransformName, object]>([
    ['replace', { matchCase: false, with: '' }],
    ['regexReplace', { matchCase: false, with: '' }],
    ['join', { separator: ', ' }],
    ['date', { format: 'yyyy-MM-dd' }],
    ['e164', { accept: 'valid' }],
    ['country', { form: 'code' }],
    ['hash', { length: 43 }],
  ])('have defaults: %s %j', (name, defaults) => {
    expect(parse(name, {}).data).toEqual({ name, ...NEEDED[name], ...defaults });
  });

  it.each<[TransformName, object]>([
    ['replace', { with: 'x'.repeat(255) }],
    ['regexReplace', { with: 'x'.repeat(255) }],
    ['regexReplace', { with: '$1 $<name> $& $$\n$2' }],
    ['substring', { length: 1 }],
    ['truncateWords', { maxLength: 1 }],
    ['date', { order: 'mdy' }],
    ['country', { form: 'name' }],
    ['country', { form: 'code' }],
    ['e164', { accept: 'valid' }],
    ['e164', { accept: 'possible' }],
    ['hash', { length: 16 }],
  ])('may be: %s %j', (name, args) => {
    expect(parse(name, args).success).toBe(true);
  });

  it.each<[TransformName, object, string | RegExp]>([
    ['replace', { find: '' }, /Too small/],
    ['replace', { with: 'x'.repeat(256) }, /Too big/],
    ['regexReplace', { pattern: '' }, 'a pattern of at least one character'],
    ['regexReplace', { pattern: '(' }, /./],
    ['regexReplace', { with: 'x'.repeat(256) }, /Too big/],
    ['regexReplace', { with: 'a\n$`' }, "a text with $1, $<name>, $& or $$; $` and $' are not allowed"],
    ['regexReplace', { with: "$'\na" }, "a text with $1, $<name>, $& or $$; $` and $' are not allowed"],
    ['substring', { length: 0 }, /Too small/],
    ['truncateWords', { maxLength: 0 }, /Too small/],
    ['split', { separator: '' }, /Too small/],
    ['map', { values: {} }, 'at least one entry'],
    ['map', { values: { ' ': 'a' } }, /./],
    ['date', { order: 'ymd' }, /Invalid option/],
    ['date', { format: 'QQ' }, 'a format of yyyy yy MMMM MMM MM M dd d EEEE EEE, with blanks and . , / - between them'],
    ['e164', { accept: 'any' }, /Invalid option/],
    ['country', { form: '' }, /Invalid option/],
    ['hash', { length: 15 }, /Too small/],
    ['hash', { length: 44 }, /Too big/],
  ])('are refused with what would be valid: %s %j', (name, args, message) => {
    const { error } = parse(name, args);

    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.message).toMatch(message);
    expect(error?.issues[0]?.code).not.toBe('');
  });

  it('say of a blank text to look up that it must not be', () => {
    const { error } = parse('map', { values: { ' ': 'a' } });

    expect(JSON.stringify(error?.issues)).toContain('text that is not blank');
  });
});
