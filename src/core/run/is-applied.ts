import { isExcludedList } from '../people/exclude.ts';
import { hasLeft } from '../plan/diff-person.ts';
import type { Link } from '../plan/link.ts';
import type { ListRef, Operation } from '../plan/operation.ts';
import { existingLists } from './existing-lists.ts';
import type { RunRow } from './run-row.ts';

/** Lists as planned; on a contact that somebody gets in place of their own, also those the own one was on. */
export function listsToJoin(
  run: RunRow,
  { lists }: Pick<Operation, 'lists'>,
  own: Link | undefined,
): readonly (ListRef & { readonly id: string })[] {
  const planned = existingLists(run, lists.add);
  const others = new Set([...planned, ...lists.remove].map(({ key }) => key));
  const kept = Object.entries(own?.lists ?? {}).filter(([key]) => !others.has(key));
  return [...planned, ...kept.map(([key, { id, name }]) => ({ key, id, name }))];
}

/** The link to the contact that was planned for, where the person has another one by now. */
export function formerLink(planned: Link | undefined, link: Link | undefined): Link | undefined {
  return planned !== undefined && link !== undefined && planned.contactId !== link.contactId ? planned : undefined;
}

/** On a contact that was made or found for the person: lists that they are on by our doing and do not belong on. */
export function surplusLists(
  { config }: Pick<RunRow, 'config'>,
  { kind, lists, memberOf = [] }: Operation,
  link: Link | undefined,
  former?: Link,
): readonly string[] {
  if (link === undefined || (kind !== 'create' && kind !== 'adopt' && former === undefined)) return [];
  const kept = Object.keys(former?.lists ?? {}).filter((key) => !lists.remove.some((list) => list.key === key));
  return listsBeside(link.lists, new Set([...[...lists.add, ...memberOf].map(({ key }) => key), ...kept]), config);
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

/**
 * Whether a link shows that the operation was applied already, by an earlier worker on this batch. `planned`: the link
 * that it was planned with.
 */
export function isApplied(run: RunRow, operation: Operation, link: Link | undefined, planned?: Link): boolean {
  // What was written to the directory, or over a change by hand, the base said before.
  if (operation.doubt || operation.repair === true || operation.writes !== undefined) return false;
  if (operation.kind === 'remove') {
    if (operation.action === 'delete') return link === undefined;
    return link !== undefined && link.left?.action === operation.action && hasLeft(link, operation.action!);
  }
  if (link === undefined || link.left !== undefined || link.phone !== operation.phone) return false;
  const { fields, lists } = link;
  const hasFields = operation.fields.every(({ field, after }) => field === 'phone' || fields[field] === after);
  const former = formerLink(planned, link);
  const joined = listsToJoin(run, operation, former).every(({ key, id }) => lists[key]?.id === id);
  if (surplusLists(run, operation, link, former).length > 0) return false;
  return hasFields && joined && operation.lists.remove.every(({ key }) => lists[key] === undefined);
}
