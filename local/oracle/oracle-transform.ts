import { readNumber } from './read-number.ts';
import type { OracleUser } from './oracle-user.ts';

/** A transform as it stands in the configuration: a name, or an object with the name and arguments. */
export type OracleTransform = string | Readonly<Record<string, unknown>>;

type Change = (
  texts: readonly string[],
  args: Readonly<Record<string, unknown>>,
  user: OracleUser,
) => readonly string[];

const each =
  (change: (text: string, args: Readonly<Record<string, unknown>>, user: OracleUser) => string | undefined): Change =>
  (texts, args, user) =>
    texts.flatMap((text) => change(text, args, user) ?? []);

// Written down a second time from the documents; those with a table of the world in them (country, hash) are not here.
const CHANGES: Readonly<Record<string, Change>> = {
  trim: each((text) => text.trim()),
  collapseSpaces: each((text) => text.split(/\s+/).join(' ')),
  lower: each((text) => text.toLowerCase()),
  upper: each((text) => text.toUpperCase()),
  digits: each((text) => text.replaceAll(/[^0-9]/g, '')),
  first: (texts) => texts.slice(0, 1),
  last: (texts) => texts.slice(-1),
  join: (texts, { separator = ', ' }) => (texts.length === 0 ? [] : [texts.join(String(separator))]),
  split: (texts, { separator, index }) =>
    texts.flatMap((text) => {
      const parts = text.split(String(separator)).map((part) => part.trim());
      return index === undefined ? parts : (parts.at(index as number) ?? []);
    }),
  replace: each((text, { find, with: put = '', matchCase = false }) => {
    return matchCase === true
      ? text.split(String(find)).join(String(put))
      : replaceFolded(text, String(find), String(put));
  }),
  regexReplace: each((text, { pattern, with: put = '', matchCase = false }) => {
    return text.replace(new RegExp(String(pattern), matchCase === true ? 'gu' : 'giu'), String(put));
  }),
  substring: each((text, { start, length }) => {
    const signs = charactersOf(text);
    const from = (start as number) < 0 ? Math.max(0, signs.length + (start as number)) : (start as number);
    return signs.slice(from, length === undefined ? undefined : from + (length as number)).join('');
  }),
  truncateWords: each((text, { maxLength }) => {
    const max = maxLength as number;
    const whole = text.trim();
    if (whole.length <= max) return whole;
    const cut = whole.slice(0, max + 1).replace(/\s+\S*$/, '');
    return cut.length <= max ? cut : longestStart(charactersOf(whole), max);
  }),
  map: each((text, { values, default: otherwise = '' }) => {
    const key = (one: string): string => one.trim().toLowerCase().replace(/\s+/g, ' ');
    const found = Object.entries(values as Record<string, string>).find(([from]) => key(from) === key(text));
    return found?.[1] ?? String(otherwise);
  }),
  e164: each((text, { accept = 'valid' }, user) => {
    const reading = readNumber(text, user, { defaultCountry: undefined, accept: accept as 'valid' });
    return 'number' in reading ? reading.number : undefined;
  }),
};

/** What the transforms make of texts; blank ones are none, and of no text nothing is made. */
export function transformTexts(
  texts: readonly string[],
  transforms: readonly OracleTransform[],
  user: OracleUser,
): readonly string[] {
  return transforms.reduce<readonly string[]>((held, transform) => {
    const args = typeof transform === 'string' ? { name: transform } : transform;
    const change = CHANGES[String(args['name'])];
    if (change === undefined) throw new Error(`The oracle does not know the transform "${String(args['name'])}".`);
    return held.length === 0 ? held : change(held, args, user).filter((text) => text.trim() !== '');
  }, texts);
}

/** Characters as people count them. */
function charactersOf(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

function longestStart(characters: readonly string[], max: number): string {
  const starts = characters.map((_character, index) => characters.slice(0, index + 1).join(''));
  return starts.findLast((start) => start.length <= max) ?? '';
}

function replaceFolded(text: string, find: string, put: string): string {
  const [folded, wanted] = [text.toLowerCase(), find.toLowerCase()];
  const at = folded.indexOf(wanted);
  if (at < 0) return text;
  return text.slice(0, at) + put + replaceFolded(text.slice(at + find.length), find, put);
}
