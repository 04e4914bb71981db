import { isExcludedList } from '../people/exclude.ts';
import { hasLeft } from '../plan/diff-person.ts';
import type { Link } from '../plan/link.ts';
import type { Operation } from '../plan/operation.ts';
import { existingLists } from './existing-lists.ts';
import type { RunRow } from './run-row.ts';

/** On a contact that was made or found for the person: lists that they are on by our doing and do not belong on. */
export function surplusLists(
  { config }: Pick<RunRow, 'config'>,
  { kind, lists, memberOf = [] }: Operation,
  link: Link | undefined,
): readonly string[] {
  if (link === undefined || (kind !== 'create' && kind !== 'adopt')) return [];
  return listsBeside(link.lists, new Set([...lists.add, ...memberOf].map(({ key }) => key)), config);
}

/** Keys of the memberships that are ours to end, besides the wanted ones. */
export function listsBeside(
  lists: Link['lists'],
  wanted: ReadonlySet<string>,
  config: Pick<RunRow['config'], 'exclude'>,
): readonly string[] {
  return Object.entries(lists)
    .filter(([key, { name, byHand }]) => byHand !== true && !wanted.has(key) && !isExcludedList(name, config))
    .map(([key]) => key);
}

/** Whether a link shows that the operation was applied already, by an earlier worker on this batch. */
export function isApplied(run: RunRow, operation: Operation, link: Link | undefined): boolean {
  // What was written to the directory, or over a change by hand, the base said before.
  if (operation.doubt || operation.repair === true || operation.writes !== undefined) return false;
  if (operation.kind === 'remove') {
    if (operation.action === 'delete') return link === undefined;
    return link !== undefined && link.left?.action === operation.action && hasLeft(link, operation.action!);
  }
  if (link === undefined || link.left !== undefined || link.phone !== operation.phone) return false;
  const { fields, lists } = link;
  const hasFields = operation.fields.every(({ field, after }) => field === 'phone' || fields[field] === after);
  const joined = existingLists(run, operation.lists.add).every(({ key, id }) => lists[key]?.id === id);
  if (surplusLists(run, operation, link).length > 0) return false;
  return hasFields && joined && operation.lists.remove.every(({ key }) => lists[key] === undefined);
}
