import type { SyncConfig } from '../config/sync-config.ts';
import { collapseBlanks, foldText, tidyText } from './text.ts';

type Lists = SyncConfig['lists'];

/** The list for a department's name: the name configured for it (however it is written), else its own, after the prefix. */
export function listName(department: string, lists: Lists): string {
  const name = namesByKey(lists.names).get(listKeyText(department)) ?? department;
  return tidyText(lists.prefix + name);
}

/** The identity of a list name: what all the ways to write it have in common. */
export function listKeyText(name: string): string {
  return collapseBlanks(foldText(name));
}

// Hundreds of departments may have names, and every person asks: the folded keys are kept as long as the configuration.
const foldedNames = new WeakMap<Lists['names'], ReadonlyMap<string, string>>();

function namesByKey(names: Lists['names']): ReadonlyMap<string, string> {
  const known = foldedNames.get(names);
  // Stryker disable next-line ConditionalExpression: it is only faster
  if (known !== undefined) return known;
  const folded = new Map(Object.entries(names).map(([department, name]) => [listKeyText(department), name]));
  // Stryker disable next-line CallExpression: it is only faster
  foldedNames.set(names, folded);
  return folded;
}

/** A list's identity as a key of our records: never the name of a property that every object has. */
export function listKey(name: string): string {
  return `list ${listKeyText(name)}`;
}
