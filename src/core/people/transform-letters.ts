import { z } from 'zod';
import { collapseBlanks, narrowWidth } from './text.ts';
import { eachText, transformName, transformRow, type TransformRow } from './transform-row.ts';

// The first letter of each word, and the one after an elided particle: O'Brien and D'Angelo, but not Bob's.
const INITIAL = /(?<![\p{L}\p{M}\p{N}'’])\p{L}|(?<=(?<![\p{L}\p{M}\p{N}])\p{L}['’])\p{L}(?=\p{L})/gu;

// Letters whose stroke is part of the letter, so that decomposing them changes nothing.
const STROKED: Readonly<Record<string, string>> = {
  Đ: 'D',
  đ: 'd',
  Ħ: 'H',
  ħ: 'h',
  Ł: 'L',
  ł: 'l',
  Ø: 'O',
  ø: 'o',
  Ŧ: 'T',
  ŧ: 't',
};

type LetterName = 'trim' | 'collapseSpaces' | 'lower' | 'upper' | 'title' | 'digits' | 'stripDiacritics';

function letters<Name extends LetterName>(
  name: Name,
  description: string,
  [input, output]: readonly [string, string],
  change: (text: string) => string,
): TransformRow<z.ZodObject<{ name: z.ZodLiteral<Name> }>> {
  return transformRow(z.strictObject({ name: transformName(name) }), {
    description,
    examples: [{ input: [input], output: [output] }],
    apply: eachText(change),
  });
}

/** Transforms without arguments that change letters, the same in every locale. */
export const LETTER_TRANSFORMS = {
  trim: letters('trim', 'Removes outer blanks.', ['  Sales ', 'Sales'], (text) => text.trim()),
  collapseSpaces: letters(
    'collapseSpaces',
    'Makes every run of blanks one space.',
    ['Sales \t  EU', 'Sales EU'],
    collapseBlanks,
  ),
  lower: letters('lower', 'Lower case.', ['ÉCOLE Istanbul', 'école istanbul'], (text) => text.toLowerCase()),
  upper: letters('upper', 'Upper case.', ['école istanbul', 'ÉCOLE ISTANBUL'], (text) => text.toUpperCase()),
  title: letters(
    'title',
    'Upper case for the first letter of each word, lower case for the rest.',
    ['ADA o’brien-smith', 'Ada O’Brien-Smith'],
    (text) => text.toLowerCase().replace(INITIAL, capital),
  ),
  digits: letters('digits', 'Keeps only digits.', ['+61 (0)491-570 156', '610491570156'], (text) =>
    narrowWidth(text).replace(/\D/g, ''),
  ),
  stripDiacritics: letters(
    'stripDiacritics',
    'Latin letters without accents and strokes.',
    ['Zoë Łukasiewicz-Sørensen Đặng', 'Zoe Lukasiewicz-Sorensen Dang'],
    (text) =>
      text
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFC')
        .replace(/[ĐđĦħŁłØøŦŧ]/g, (letter) => STROKED[letter] as string),
  ),
};

// Some letters become two in upper case, of which only the first begins the word: "ß" is "Ss", not "SS".
function capital(letter: string): string {
  return letter.toUpperCase().replace(/(?<=.).+/su, (others) => others.toLowerCase());
}
