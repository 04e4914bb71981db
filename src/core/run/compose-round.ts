import type { SyncConfig } from '../config/sync-config.ts';
import { hasLeft } from '../plan/diff-person.ts';
import { isOverdue } from '../plan/judge-standing.ts';
import type { Link, Pending } from '../plan/link.ts';
import { plannedHashes } from './approved-plan.ts';
import { reportsOf } from './managers.ts';
import { membershipChanges } from './memberships.ts';
import type { Memberships } from './memberships.ts';
import { mergeEntry } from './merge-entries.ts';
import type { MergedEntry } from './merge-entries.ts';
import { partKey } from './parts.ts';
import type { PagePart, Via } from './parts.ts';
import { fetchPeople, scanPending, scanPeople } from './person-rows.ts';
import type { HeldPending, PersonRow } from './person-rows.ts';
import type { Found } from './read-drifts.ts';
import { readsEverybody } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { composeNamed } from './targeted-round.ts';

const HOUR_MS = 3_600_000;
/** Above this many people one scan of all rows is cheaper than a read for each. */
const SCAN_ABOVE = 500;

/** Everybody this round is about, and what is known of them. */
export interface Round {
  readonly merged: ReadonlyMap<string, MergedEntry>;
  readonly stored: ReadonlyMap<string, PersonRow>;
  readonly pending: ReadonlyMap<string, HeldPending>;
  readonly via: ReadonlyMap<string, Via>;
}

async function mergePages(work: RunWork): Promise<Map<string, MergedEntry>> {
  const { engine, run } = work;
  const merged = new Map<string, MergedEntry>();
  for await (const rows of engine.tables.parts.scan(run().runId, partKey.pages(run().chain), { pageSize: 50 })) {
    for (const row of rows) {
      for (const entry of (row.body as PagePart).entries) merged.set(entry.id, mergeEntry(merged.get(entry.id), entry));
    }
  }
  return merged;
}

/** Whether a run takes a pending person up without the directory having shown them. */
function isDue(pending: Pending, run: RunRow): boolean {
  if (pending.outcome === 'held') {
    const holdMs = run.config.protection.holdHours * HOUR_MS;
    return pending.decision?.kind === 'approved' || isOverdue(pending, { now: run.createdAt, holdMs });
  }
  // Whoever starts a run by hand wants the failed people tried now, not when their time comes.
  if (pending.outcome === 'failed' && run.trigger === 'http') return true;
  return pending.dueAt !== undefined && pending.dueAt <= run.createdAt;
}

/** Who is in the round, and why: whom the directory showed, who is due, in a full round everybody we know, and whose contact is not as it was left. */
export async function composeRound(work: RunWork, memberships: Memberships, found: Found): Promise<Round> {
  const { engine, run } = work;
  if (run().planOf !== undefined) return composePlanned(work);
  if (run().only !== undefined) return composeNamed(work, run().only!);
  const merged = await mergePages(work);
  const pending = await scanPending(engine);
  const isFull = readsEverybody(run());
  const via = new Map<string, Via>();
  for (const { id, reduced } of merged.values()) if (!reduced || pending.has(id)) via.set(id, 'changed');
  for (const { pending: row } of pending.values()) {
    if (!via.has(row.personId) && (isFull || isDue(row, run()))) via.set(row.personId, isFull ? 'swept' : 'due');
  }
  if (!isFull) {
    for (const id of await membershipChanges(work, memberships)) if (!via.has(id)) via.set(id, 'membership');
    for (const id of await reportsOf(engine, merged)) if (!via.has(id)) via.set(id, 'manager');
  }
  for (const id of found.noticed) {
    // An edited contact is no second look at somebody who is missing: that comes in its time.
    if (!via.has(id) && pending.get(id)?.pending.absent !== true) via.set(id, isFull ? 'swept' : 'contact');
  }
  const stored =
    isFull || via.size > SCAN_ABOVE ? await scanPeople(engine) : await fetchPeople(engine, [...via.keys()]);
  if (isFull) {
    for (const [id, { link }] of stored) {
      if (!via.has(id) && link !== undefined && !hasLeftFor(engine.config, link)) via.set(id, 'swept');
    }
  }
  await inviteWaiting(work, via, stored, pending);
  return { merged, stored, pending, via };
}

/** The people of a plan that was approved as a whole, and nobody else. */
async function composePlanned(work: RunWork): Promise<Round> {
  const { engine, run } = work;
  const ids = [...(await plannedHashes(engine, run().planOf!)).keys()];
  const all = await scanPending(engine);
  return {
    merged: new Map(),
    stored: ids.length > SCAN_ABOVE ? await scanPeople(engine) : await fetchPeople(engine, ids),
    pending: new Map(ids.flatMap((id) => (all.has(id) ? [[id, all.get(id)!] as const] : []))),
    via: new Map(ids.map((id) => [id, 'planned'])),
  };
}

/** Whether somebody left and nothing is left to do for it; another action may be configured since. */
function hasLeftFor(config: SyncConfig, link: Link): boolean {
  return link.left !== undefined && hasLeft(link, config.leavers[link.left.cause].action);
}

/** People who wait for a number come along when its holder is in the round: they may get it at once. */
async function inviteWaiting(
  work: RunWork,
  via: Map<string, Via>,
  stored: Map<string, PersonRow>,
  pending: ReadonlyMap<string, HeldPending>,
): Promise<void> {
  const waiters = [...pending.values()].filter(({ pending: row }) => row.waitsFor !== undefined);
  for (let found = waiters.length > 0; found;) {
    const inRound = new Set([...via.keys()].map((id) => stored.get(id)?.link?.phoneKey));
    const invited = waiters
      .map(({ pending: row }) => row)
      .filter((row) => !via.has(row.personId) && inRound.has(row.waitsFor));
    for (const row of invited) via.set(row.personId, 'waiting');
    const rows = await fetchPeople(
      work.engine,
      invited.map((row) => row.personId),
    );
    for (const [id, row] of rows) stored.set(id, row);
    found = invited.length > 0;
  }
}
