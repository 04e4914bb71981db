import type { PersonRecord } from '../api/answers.ts';

/** Names that differ in case and outer blanks only are one name: shown as most people have it, in capitals if anybody has. */
export type Spelling = (name: string) => string;

export function spellingOf(names: readonly string[]): Spelling {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.trim(), (counts.get(name.trim()) ?? 0) + 1);
  // The last one set is the one that stays. An older app folds the case of some names.
  const weakestFirst = [...counts].toSorted(
    ([a, many], [b, more]) => Number(hasCapital(a)) - Number(hasCapital(b)) || many - more,
  );
  const shown = new Map(weakestFirst.map(([name]) => [keyOf(name), name]));
  return (name) => shown.get(keyOf(name)) ?? name.trim();
}

/** Of departments: their lists mostly have the same names. */
export function departmentSpelling(records: readonly PersonRecord[]): Spelling {
  return spellingOf(records.flatMap(({ department, lists }) => [department, ...lists.add, ...lists.remove]));
}

export function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function hasCapital(name: string): boolean {
  return name !== name.toLowerCase();
}
