import { NeighbourError } from '../errors.ts';
import { createAnew } from './apply-contact.ts';
import { endByError } from './end-case.ts';
import { isOpen, takenOver } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import type { Link } from '../plan/link.ts';
import { findLost } from './find-lost.ts';
import { formerLink, listsBeside, listsToJoin, surplusLists } from './is-applied.ts';
import type { RunRow } from './run-row.ts';

interface ListWork {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly add: Case[];
  readonly remove: Case[];
}

/** What is to change on each list, in one call a list: additions first, so that a mover is never on no list. */
function collect(app: Application, cases: readonly Case[]): ListWork[] {
  const lists = new Map<string, ListWork>();
  const workOn = (key: string, id: string, name: string): ListWork => {
    // A list that was made anew keeps its key: what was left on the former id is another list's work.
    const found = lists.get(`${key} ${id}`) ?? { key, id, name, add: [], remove: [] };
    lists.set(`${key} ${id}`, found);
    return found;
  };
  for (const one of cases) {
    if (!isOpen(one) || one.next === undefined) continue;
    for (const { key, id, name } of listsToJoin(app.run, one.operation, ownBefore(one))) {
      if (one.next.lists[key]?.id !== id) workOn(key, id, name).add.push(one);
    }
    for (const key of keysToLeave(app.run, one)) {
      const joined = one.next.lists[key]!;
      workOn(key, joined.id, joined.name).remove.push(one);
    }
  }
  return [...lists.values()].toSorted((a, b) => b.add.length - a.add.length);
}

/** The link to the person's own contact, where they get or got another one in its place. */
function ownBefore(one: Case): Link | undefined {
  const isAnother = one.isReplaced || takenOver(one) !== undefined;
  return isAnother ? one.link : formerLink(one.member.link, one.link);
}

/**
 * Lists the contact is on by our doing and should not be: as planned, and whatever it was left on by somebody it is
 * taken over from; an earlier worker may have stored it as the person's own by now.
 */
function keysToLeave(run: RunRow, one: Case): readonly string[] {
  const { operation, next } = one;
  const planned = operation.lists.remove.map(({ key }) => key);
  const wanted = new Set(listsToJoin(run, operation, ownBefore(one)).map(({ key }) => key));
  const inherited = listsBeside(takenOver(one)?.lists ?? {}, wanted, run.config);
  const leaving = [
    ...planned,
    ...inherited,
    ...surplusLists(run, operation, next, formerLink(one.member.link, one.link)),
  ];
  return [...new Set(leaving)].filter((key) => next?.lists[key] !== undefined);
}

function join(one: Case, { key, id, name }: ListWork): void {
  one.next = { ...one.next!, lists: { ...one.next!.lists, [key]: { id, name } } };
}

function leave(one: Case, { key }: ListWork): void {
  const { [key]: _left, ...lists } = one.next!.lists;
  one.next = { ...one.next!, lists };
}

function contactIds(cases: readonly Case[]): string[] {
  return cases.map((one) => one.next!.contactId);
}

function isAboutOne(error: unknown): error is NeighbourError {
  return error instanceof NeighbourError && ['invalid', 'not-found', 'conflict'].includes(error.failure);
}

/** Membership changes of all cases, list by list. People whose call failed for good end; the others stay open. */
export async function applyMembers(app: Application, cases: readonly Case[]): Promise<void> {
  for (const work of collect(app, cases)) {
    const add = work.add.filter(isOpen);
    const remove = work.remove.filter(isOpen);
    if (add.length + remove.length > 0) await changeList(app, work, add, remove);
  }
}

async function changeList(
  app: Application,
  work: ListWork,
  add: readonly Case[],
  remove: readonly Case[],
): Promise<void> {
  try {
    await app.engine.contactBook.changeMembers(work.id, contactIds(add), contactIds(remove), app.guard);
  } catch (error) {
    if (!isAboutOne(error)) {
      for (const one of [...add, ...remove]) endByError(one, error);
    } else if (await isLost(app, work, [...add, ...remove], error)) loseList(work, add, remove);
    else await blame(app, work, add, remove, error);
    return;
  }
  for (const one of add) join(one, work);
  for (const one of remove) leave(one, work);
}

async function isLost(
  app: Application,
  { id }: ListWork,
  cases: readonly Case[],
  { detail }: NeighbourError,
): Promise<boolean> {
  // The refusal names contacts: it is not about the list.
  if (cases.some((one) => detail.invalidIds?.includes(one.next!.contactId))) return false;
  try {
    return (await findLost(app)).has(id);
  } catch (error) {
    for (const one of cases) endByError(one, error);
    return false;
  }
}

/** The list was deleted by hand: leaving it is done with, and whoever should join it does when it is made anew. */
function loseList(work: ListWork, add: readonly Case[], remove: readonly Case[]): void {
  for (const one of add) one.flaw = { outcome: 'failed', reason: 'service-unavailable' };
  for (const one of remove) leave(one, work);
}

/** One bad id fails a whole call: halve until it stands alone, or leave out at once the ids that MessageMedia named. */
async function blame(
  app: Application,
  work: ListWork,
  add: readonly Case[],
  remove: readonly Case[],
  error: NeighbourError,
): Promise<void> {
  const all = [...add, ...remove];
  if (all.length === 1) return blameOne(app, work, all[0]!, add.length === 1);
  const named = new Set(error.detail.invalidIds);
  const isNamed = (one: Case): boolean => named.has(one.next!.contactId);
  if (all.some(isNamed) && !all.every(isNamed)) {
    await changeList(
      app,
      work,
      add.filter((one) => !isNamed(one)),
      remove.filter((one) => !isNamed(one)),
    );
    await changeList(app, work, add.filter(isNamed), remove.filter(isNamed));
    return;
  }
  const half = Math.ceil(all.length / 2);
  for (const part of [all.slice(0, half), all.slice(half)]) {
    const members = new Set(part);
    await changeList(
      app,
      work,
      add.filter((one) => members.has(one)),
      remove.filter((one) => members.has(one)),
    );
  }
}

async function blameOne(app: Application, work: ListWork, one: Case, isAdding: boolean): Promise<void> {
  const { contactBook } = app.engine;
  try {
    const [contact] = await contactBook.readContacts([one.next!.contactId], app.guard);
    if (contact === undefined) return await (isAdding ? replaceLost(app, one) : Promise.resolve(leave(one, work)));
    if (!isAdding && !contact.lists.some((list) => list.id === work.id)) return leave(one, work);
    one.flaw = { outcome: 'failed', reason: 'service-unavailable' };
  } catch (error) {
    endByError(one, error);
  }
}

/** The contact is gone: another one is made, on its lists by that, or found, and still has to join them. */
async function replaceLost(app: Application, one: Case): Promise<void> {
  // Nobody knew of it when the repeat of a batch looked for what an earlier worker had made.
  await createAnew(app, one, app.isRepeat);
  await applyMembers(app, [one]);
}
