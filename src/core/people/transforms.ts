import type { TransformName } from '../config/sync-config.ts';
import { collapseBlanks, narrowWidth } from './text.ts';

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

/** What each transform does to a text, the same in every locale. */
const TRANSFORMS: Readonly<Record<TransformName, (text: string) => string>> = {
  trim: (text) => text.trim(),
  collapseSpaces: collapseBlanks,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  title: (text) => text.toLowerCase().replace(INITIAL, (letter) => letter.toUpperCase()),
  digits: (text) => narrowWidth(text).replace(/\D/g, ''),
  stripDiacritics: (text) =>
    text
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC')
      .replace(/[ĐđĦħŁłØøŦŧ]/g, (letter) => STROKED[letter] as string),
};

/** Applies transforms in order. */
export function transformText(text: string, transforms: readonly TransformName[]): string {
  return transforms.reduce((changed, name) => TRANSFORMS[name](changed), text);
}
