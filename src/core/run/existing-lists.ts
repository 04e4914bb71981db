import type { SyncConfig } from '../config/sync-config.ts';
import { isExcludedList } from '../people/exclude.ts';
import type { Link } from '../plan/link.ts';
import type { ListRef, Operation } from '../plan/operation.ts';
import type { RunRow } from './run-row.ts';

/** The id of a list of the plan; undefined when it does not exist. */
export function listIdOf(run: RunRow, { key }: ListRef): string | undefined {
  return run.resolved?.lists[key];
}

/** The lists of an operation that exist; the others were refused by the configuration. */
export function existingLists(run: RunRow, lists: readonly ListRef[]): readonly (ListRef & { readonly id: string })[] {
  return lists.flatMap((list) => {
    const id = listIdOf(run, list);
    return id === undefined ? [] : [{ ...list, id }];
  });
}

/** The link without the memberships that somebody ended by hand: they are made again. */
export function withoutLost(link: Link | undefined, { rejoins }: Operation): Link | undefined {
  if (link === undefined || rejoins === undefined) return link;
  return { ...link, lists: Object.fromEntries(Object.entries(link.lists).filter(([key]) => !rejoins.includes(key))) };
}

/** The link without the memberships of excluded lists: they are as if they were not ours. */
export function ownLists(link: Link | undefined, config: SyncConfig): Link | undefined {
  if (link === undefined || config.exclude.lists.length === 0) return link;
  const lists = Object.entries(link.lists).filter(([, { name }]) => !isExcludedList(name, config));
  return { ...link, lists: Object.fromEntries(lists) };
}
