import type { RowChange, TableName } from '../../src/core/ports.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { markerOf, numbersOf, snapshotOf, valuesOf } from './account-view.ts';
import { linksOf, pendingOf } from './books.ts';
import { violate } from './sim.ts';
import type { Sim } from './sim.ts';

/** I6: judged by what a run has made of the account between its first row and its last. */
export interface WatchProtection {
  rowsWritten(table: TableName, changes: readonly RowChange[]): void;
}

interface Standing {
  readonly contactId: string;
  readonly lists: ReadonlySet<string>;
  readonly values: string;
  readonly numbers: readonly string[];
}

/** What one run did that nobody had approved. */
interface Deeds {
  readonly createdAt: number;
  readonly removals: number;
  readonly updates: number;
  readonly perList: ReadonlyMap<string, number>;
}

const DAY_MS = 86_400_000;

function standings(sim: Sim): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  for (const contact of snapshotOf(sim).contacts) {
    const owner = markerOf(contact);
    if (owner === undefined) continue;
    found.set(owner, {
      contactId: contact.id,
      lists: new Set(contact.lists.map(({ name }) => name).filter((name) => name !== 'Runners')),
      values: valuesOf(contact),
      numbers: numbersOf(contact),
    });
  }
  return found;
}

/** Whose number was passed on made room for somebody else: that was decided when they left. */
function isPassedOn(id: string, before: Standing, now: ReadonlyMap<string, Standing>): boolean {
  const isTaken = [...now].some(
    ([owner, { numbers }]) => owner !== id && numbers.some((number) => before.numbers.includes(number)),
  );
  return isTaken && !now.has(id);
}

function isRemoved(id: string, before: Standing, now: ReadonlyMap<string, Standing>): boolean {
  const lists = now.get(id)?.lists.size ?? 0;
  return before.lists.size > 0 && lists === 0 && !isPassedOn(id, before, now);
}

export function watchProtection(sim: Sim): WatchProtection {
  const before = new Map<string, ReadonlyMap<string, Standing>>();
  const done: Deeds[] = [];

  function judge(run: RunRow): void {
    const was = before.get(run.runId);
    if (was === undefined || run.dryRun) return;
    const is = standings(sim);
    const { watch } = sim;
    // A contact that is made anew to pass a number on is missing until the next try, if its run ended early.
    const isBetween = (id: string): boolean =>
      pendingOf(sim).some(({ personId, outcome }) => personId === id && outcome === 'failed') ||
      linksOf(sim).get(id)?.carry !== undefined;
    const counts = (id: string): boolean =>
      !watch.approvals.wasApproved(id) && !watch.touched.has(id) && !watch.edited.has(id);
    // A list that somebody deleted by hand takes its members' memberships with it.
    const removed = watch.isStructureTouched()
      ? []
      : [...was].filter(([id, standing]) => isRemoved(id, standing, is) && !watch.touched.has(id) && !isBetween(id));
    for (const [id] of removed) {
      if (!watch.leavers.has(id) && !watch.approvals.wasApproved(id))
        violate(sim, 'I6', `the run takes person ${id} away, who never left`);
    }
    const updated = [...was].filter(
      ([id, { contactId, values }]) =>
        is.get(id)?.contactId === contactId && is.get(id)?.values !== values && counts(id),
    );
    const perList = new Map<string, number>();
    for (const [id, standing] of was) {
      if (!counts(id) || isPassedOn(id, standing, is)) continue;
      for (const list of standing.lists)
        if (is.get(id)?.lists.has(list) !== true) perList.set(list, (perList.get(list) ?? 0) + 1);
    }
    const removals = removed.filter(([id]) => counts(id)).length;
    const deeds = { createdAt: run.createdAt, removals, updates: updated.length, perList };
    if (!watch.isStructureTouched()) holdAgainst(run, deeds, was);
    done.push(deeds);
  }

  function holdAgainst(run: RunRow, deeds: Deeds, was: ReadonlyMap<string, Standing>): void {
    const { maxRemovals, maxRemovalShare, perListShare, maxUpdateShare, floor } = run.config.protection;
    const recent = done.filter(({ createdAt }) => createdAt >= run.createdAt - DAY_MS && createdAt <= run.createdAt);
    const total = (count: (one: Deeds) => number): number =>
      [...recent, deeds].reduce((sum, one) => sum + count(one), 0);
    const exceeds = (count: number, members: number, share: number): boolean =>
      count > floor && count > share * members;
    const removals = total((one) => one.removals);
    if (
      deeds.removals > 0 &&
      (removals > maxRemovals || exceeds(removals, was.size + sim.watch.touched.size, maxRemovalShare))
    ) {
      violate(sim, 'I6', `${removals} people were taken away within a day without anybody's approval`);
    }
    const updates = total((one) => one.updates);
    if (deeds.updates > 0 && exceeds(updates, Math.max(was.size, sim.watch.everWanted.size), maxUpdateShare)) {
      violate(sim, 'I6', `${updates} contacts were changed within a day without anybody's approval`);
    }
    for (const [list, count] of deeds.perList) {
      const leaving = total((one) => one.perList.get(list) ?? 0);
      // Whose contact somebody deleted by hand is a member by our books.
      const members = [...was.values()].filter(({ lists }) => lists.has(list)).length + sim.watch.touched.size;
      if (count > 0 && exceeds(leaving, members, perListShare)) {
        violate(sim, 'I6', `${leaving} people were taken off ${list} within a day without anybody's approval`);
      }
    }
  }

  return {
    rowsWritten(table, changes) {
      if (table !== 'runs') return;
      for (const change of changes) {
        if (change.kind === 'delete') continue;
        const run = change.row.body as RunRow;
        if (change.kind === 'insert') before.set(run.runId, standings(sim));
        else if (run.phase === 'ended') {
          judge(run);
          before.delete(run.runId);
        }
      }
    },
  };
}
