import { collapseBlanks, foldText } from '../people/text.ts';
import { findingOf, isObject, type Finding } from './finding.ts';

/** Two names for one group: groups are compared without case and outer blanks, so only one of them could ever count. */
export function listFindings(lists: unknown): readonly Finding[] {
  if (!isObject(lists) || !isObject(lists['names'])) return [];
  const seen = new Set<string>();
  return Object.keys(lists['names']).flatMap((group) => {
    const key = collapseBlanks(foldText(group));
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const expected = 'each group once: groups are compared without case and outer blanks';
    return [findingOf(['sync', 'lists', 'names', group], group, expected, { atKey: true })];
  });
}
