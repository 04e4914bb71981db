import type { Impact } from '../api/answers.ts';
import { counted, listed } from './words.ts';

/** What a change of the configuration does by itself, apart from what has changed in the directory; undefined without a change. */
export function impactText(impact: Impact | undefined): string | undefined {
  if (impact === undefined) return undefined;
  const { entering, leaving, rewritten } = impact;
  const people = (number: number, does: string, doThis: string): readonly string[] =>
    number === 0 ? [] : [`${counted(number, 'person', 'people')} ${number === 1 ? does : doThis}`];
  const parts = [
    ...people(entering, 'enters', 'enter'),
    ...people(leaving, 'leaves', 'leave'),
    ...people(rewritten, 'has fields rewritten', 'have fields rewritten'),
  ];
  return parts.length === 0
    ? 'The change of the configuration itself concerns nobody.'
    : `By the change of the configuration itself, ${listed(parts)}.`;
}
