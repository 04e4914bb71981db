import { distance } from 'fastest-levenshtein';

// A part of a longer name ("phone" for phone_number) is a weaker guess than a typing error in the whole name.
const WORD_PENALTY = 10;

/** Answers the candidate that somebody who wrote `value` probably meant, or undefined when none resembles it. */
export function nearest(value: string, candidates: readonly string[]): string | undefined {
  const wanted = simplified(value);
  if (wanted === '') return undefined;
  const ranked = candidates
    .map((candidate) => ({ candidate, score: scoreOf(wanted, candidate) }))
    .filter(({ score }) => score < Number.POSITIVE_INFINITY)
    .toSorted((left, right) => left.score - right.score || left.candidate.length - right.candidate.length);
  return ranked[0]?.candidate;
}

function scoreOf(wanted: string, candidate: string): number {
  const words = wordsOf(candidate).map((word) => editsBetween(wanted, word) + WORD_PENALTY);
  return Math.min(editsBetween(wanted, simplified(candidate)), ...words);
}

// With more than half of the letters wrong it is chance, not a typing error.
function editsBetween(wanted: string, word: string): number {
  const edits = distance(wanted, word);
  return edits <= Math.max(1, Math.floor(wanted.length / 2)) && edits < wanted.length
    ? edits
    : Number.POSITIVE_INFINITY;
}

/** Each word of a name, and what is left of the name from each word on: Hire, Date and HireDate of employeeHireDate. */
function wordsOf(candidate: string): readonly string[] {
  const words = candidate.split(/(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/);
  const tails = words.map((_word, index) => words.slice(index).join(''));
  return [...words, ...tails].map(simplified).filter((word) => word.length > 2);
}

function simplified(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]/g, '');
}
