import { z } from 'zod';
import { charactersOf } from './graphemes.ts';
import { patternOf, patternProblem } from './patterns.ts';
import { eachText, transformName, transformRow, type Changed } from './transform-row.ts';

const MatchCase = z
  .boolean()
  .default(false)
  .meta({ description: 'Tell upper and lower case apart.', examples: [true] });

const MAX_REPLACEMENT = 255;

// $` and $' stand for all that is before or after: replaced in every place, a text would grow with its square.
const SAFE_REFERENCES = /^(?!.*\$[`']).*$/s;

// RE2 looks for one place in time that grows with the text; for every place that is done anew. Places times length:
// two million take some 60 ms at worst on a laptop, and let a text of 1,400 characters have a place at each of them.
const MAX_WORK = 2_000_000;

const Replace = z.strictObject({
  name: transformName('replace'),
  find: z
    .string()
    .min(1)
    .meta({ description: 'The text to look for, as it is written.', examples: ['Dept. '] }),
  with: z
    .string()
    .max(MAX_REPLACEMENT)
    .default('')
    .meta({ description: 'What stands in its place; nothing by default.', examples: ['Department of '] }),
  matchCase: MatchCase,
});

const RegexReplace = z.strictObject({
  name: transformName('regexReplace'),
  pattern: z
    .string()
    .superRefine((pattern, context) => {
      const problem = pattern === '' ? 'a pattern of at least one character' : patternProblem(pattern);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ description: 'What to look for: an RE2 pattern.', examples: ['^(\\w+), (\\w+)$'] }),
  with: z
    .string()
    .max(MAX_REPLACEMENT)
    .regex(SAFE_REFERENCES, { error: "a text with $1, $<name>, $& or $$; $` and $' are not allowed" })
    .default('')
    .meta({
      description:
        'What stands in its place: `$1` is the first group, `$<name>` a named one, `$&` all of it, `$$` a $.',
      examples: ['$2 $1'],
    }),
  matchCase: MatchCase,
});

const Substring = z.strictObject({
  name: transformName('substring'),
  start: z.int().meta({ description: 'The first character kept: 0 is the first, -1 the last one.', examples: [-4] }),
  length: z
    .int()
    .min(1)
    .exactOptional()
    .meta({ description: 'How many characters; all by default.', examples: [3] }),
});

const TruncateWords = z.strictObject({
  name: transformName('truncateWords'),
  maxLength: z
    .int()
    .min(1)
    .meta({ description: 'The most characters that are kept.', examples: [20] }),
});

/** Transforms that take parts of a text, or put others in their place. */
export const PART_TRANSFORMS = {
  replace: transformRow(Replace, {
    description: 'Puts one text in place of another, wherever it stands.',
    examples: [{ arguments: { find: 'dept. ' }, input: ['Dept. of Sales'], output: ['of Sales'] }],
    apply: eachText(replaceText),
  }),
  regexReplace: transformRow(RegexReplace, {
    description: 'Puts a text in place of whatever an RE2 pattern finds.',
    examples: [
      { arguments: { pattern: '^(\\w+), (\\w+)$', with: '$2 $1' }, input: ['Example, Ada'], output: ['Ada Example'] },
    ],
    apply: eachText(replacePattern),
  }),
  substring: transformRow(Substring, {
    description: 'Keeps some characters. A letter with its accents is one.',
    examples: [
      { arguments: { start: 0, length: 3 }, input: ['PER-0042'], output: ['PER'] },
      { arguments: { start: -4 }, input: ['PER-0042'], output: ['0042'] },
    ],
    apply: eachText(cutText),
  }),
  truncateWords: transformRow(TruncateWords, {
    description: 'Keeps as many whole words as fit. A first word that is too long is cut.',
    examples: [{ arguments: { maxLength: 16 }, input: ['Senior Sales Manager'], output: ['Senior Sales'] }],
    apply: eachText((text, { maxLength }) => truncateWords(text.trim(), maxLength)),
  }),
};

function replaceText(text: string, replace: z.output<typeof Replace>): Changed {
  const literal = replace.find.normalize('NFC').replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return text.replace(new RegExp(literal, replace.matchCase ? 'gu' : 'giu'), () => replace.with);
}

function replacePattern(text: string, transform: z.output<typeof RegexReplace>): Changed {
  const pattern = patternOf(transform, transform);
  const maxPlaces = Math.floor(MAX_WORK / (text.length + 1));
  const finder = pattern.matcher(text);
  for (let places = 0; finder.find(); places++) {
    if (places === maxPlaces) return { limit: 'shorter, or with fewer places that the pattern of regexReplace finds' };
  }
  return pattern.matcher(text).replaceAll(transform.with);
}

function cutText(text: string, { start, length }: z.output<typeof Substring>): Changed {
  const characters = charactersOf(text);
  const from = start < 0 ? Math.max(0, characters.length + start) : start;
  return characters.slice(from, length === undefined ? undefined : from + length).join('');
}

function truncateWords(text: string, maxLength: number): Changed {
  let kept = '';
  for (const [words] of text.matchAll(/\s*\S+/g)) {
    if (kept.length + words.length > maxLength) break;
    kept += words;
  }
  return kept === '' ? cutCharacters(text, maxLength) : kept;
}

/** As many whole characters as fit into a length that is counted as MessageMedia does, in UTF-16 units. */
function cutCharacters(text: string, maxLength: number): string {
  let kept = '';
  for (const character of charactersOf(text)) {
    if (kept.length + character.length > maxLength) break;
    kept += character;
  }
  return kept;
}
