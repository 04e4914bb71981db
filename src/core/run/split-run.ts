import type { SyncConfig } from '../config/sync-config.ts';
import { departmentOf, mapPerson } from '../people/map-person.ts';
import { definitelyOutOfScope, judgeScope } from '../people/scope.ts';
import { hasLeft } from '../plan/diff-person.ts';
import type { Link, Pending } from '../plan/link.ts';
import type { DirectoryEntry, Person } from '../people/person.ts';
import type { Row } from '../ports.ts';
import { knownLists } from './list-rows.ts';
import {
  isSamePerson,
  mergeEntry,
  personFromNothing,
  personFromReading,
  personFromStored,
  removedPerson,
} from './merge-entries.ts';
import type { MergedEntry } from './merge-entries.ts';
import { partKey } from './parts.ts';
import type { BatchPart, BatchPerson, PagePart, Via } from './parts.ts';
import { fetchPeople, scanPending, scanPeople } from './person-rows.ts';
import type { HeldPending, PersonRow } from './person-rows.ts';
import { readById } from './read-by-id.ts';
import type { RunRow } from './run-row.ts';
import type { Directive, RunWork } from './run-work.ts';

const BATCH_SIZE = 100;
/** Above this many people one scan of all rows is cheaper than a read for each. */
const SCAN_ABOVE = 500;
const FORGET_CHUNK = 1000;
/** Batch rows of up to some 60 KiB: this many stay well below a transaction's 4 MiB. */
const ROWS_A_WRITE = 20;

/** Everybody this round is about, and what is known of them. */
interface Round {
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
  if (pending.outcome === 'held' && pending.decision?.kind === 'approved') return true;
  // Whoever starts a run by hand wants the failed people tried now, not when their time comes.
  if (pending.outcome === 'failed' && run.trigger === 'http') return true;
  return pending.dueAt !== undefined && pending.dueAt <= run.createdAt;
}

async function composeRound(work: RunWork): Promise<Round> {
  const { engine, run } = work;
  const merged = await mergePages(work);
  const pending = await scanPending(engine);
  const isFull = run().mode === 'full';
  const via = new Map<string, Via>();
  for (const { id, reduced } of merged.values()) if (!reduced || pending.has(id)) via.set(id, 'changed');
  for (const { pending: row } of pending.values()) {
    if (!via.has(row.personId) && (isFull || isDue(row, run()))) via.set(row.personId, isFull ? 'swept' : 'due');
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

function needsReading(work: RunWork, round: Round, id: string): boolean {
  const entry = round.merged.get(id);
  const known = round.stored.get(id);
  if (round.via.get(id) === 'swept') return true;
  if (entry === undefined) {
    // Shown once, but not to be read then: what is stored is from before.
    const wasUnread = round.pending.get(id)?.pending.outcome === 'failed' && known?.person.presence !== 'present';
    return known === undefined || wasUnread;
  }
  if (entry.removed !== undefined) return false;
  if (entry.unclear || entry.reduced) return true;
  if (work.run().mode === 'full') return false;
  if (known?.person.presence === 'present') return false;
  const { config } = work.engine;
  return round.pending.has(id) || !definitelyOutOfScope(entry.patch, config, work.run().createdAt);
}

function resolvePerson(
  work: RunWork,
  round: Round,
  id: string,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): { readonly person: Person; readonly unread?: true } | undefined {
  const entry = round.merged.get(id);
  const known = round.stored.get(id)?.person;
  if (entry?.removed !== undefined)
    return known === undefined ? undefined : { person: removedPerson(known, entry.removed) };
  if (readings.has(id)) {
    const answer = readings.get(id);
    if (answer !== undefined) return { person: personFromReading(answer, entry) };
    if (entry !== undefined) return { person: known ?? personFromNothing(entry), unread: true };
    return { person: removedPerson(known ?? { id, presence: 'present', attributes: {} }, 'deleted') };
  }
  if (entry === undefined) return known === undefined ? undefined : { person: known };
  if (work.run().mode === 'full') return { person: personFromNothing(entry) };
  return known?.presence === 'present' ? { person: personFromStored(known, entry) } : undefined;
}

interface Cut {
  readonly batches: readonly BatchPart[];
  /** Somebody without a contact might get one: worth asking whether the account has any. */
  readonly hasNewcomers: boolean;
}

function cutBatches(work: RunWork, round: Round, readings: ReadonlyMap<string, DirectoryEntry | undefined>): Cut {
  const { config } = work.engine;
  const now = work.run().createdAt;
  const departments = new Map<string, BatchPerson[]>();
  const forget: { id: string; etag: string }[] = [];
  let hasNewcomers = false;
  for (const [id, via] of round.via) {
    const resolved = resolvePerson(work, round, id, readings);
    if (resolved === undefined) continue;
    const { person } = resolved;
    const known = round.stored.get(id);
    const waiting = round.pending.get(id);
    const { inScope } = judgeScope(person, config, now);
    if (known?.link === undefined && waiting === undefined && !inScope) {
      if (known !== undefined) forget.push({ id, etag: known.etag });
      continue;
    }
    hasNewcomers ||= inScope && known?.link === undefined && mapPerson(person, config).reachable;
    const department = departmentOf(person, config);
    const members = departments.get(department) ?? [];
    departments.set(department, members);
    members.push({
      ...resolved,
      via,
      ...(known === undefined ? {} : { etag: known.etag }),
      ...(known?.link === undefined ? {} : { link: known.link }),
      ...(waiting === undefined ? {} : { pending: waiting.pending, pendingEtag: waiting.etag }),
      changed: known === undefined || !isSamePerson(known.person, person),
    });
  }
  const batches: BatchPart[] = [];
  for (const [department, members] of [...departments].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const people = members.toSorted((a, b) => (a.person.id < b.person.id ? -1 : 1));
    for (let at = 0; at < people.length; at += BATCH_SIZE) {
      batches.push({ department, people: people.slice(at, at + BATCH_SIZE), forget: [] });
    }
  }
  for (let at = 0; at < forget.length; at += FORGET_CHUNK) {
    batches.push({ department: '', people: [], forget: forget.slice(at, at + FORGET_CHUNK) });
  }
  return { batches, hasNewcomers };
}

async function writeBatches(work: RunWork, nonce: string, batches: readonly BatchPart[]): Promise<void> {
  const rows: Row[] = batches.map((body, index) => ({ key: partKey.batch(nonce, index), body }));
  for (let at = 0; at < rows.length; at += ROWS_A_WRITE) {
    await work.guard.ensure();
    const chunk = rows.slice(at, at + ROWS_A_WRITE);
    await work.engine.tables.parts.write(
      work.run().runId,
      chunk.map((row) => ({ kind: 'insert', row })),
    );
  }
}

async function hasClaims(work: RunWork): Promise<boolean> {
  const { tables, config } = work.engine;
  for await (const rows of tables.people.scan(config.name, 'phone:', { facetsOnly: true, pageSize: 1 })) {
    if (rows.length > 0) return true;
  }
  return false;
}

/** Merges what was read, reads by id what is unclear, and cuts the round into batches of one department each. */
export async function splitRun(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const round = await composeRound(work);
  const toRead = [...round.via.keys()].filter((id) => needsReading(work, round, id)).toSorted();
  const readings = await readById(work, toRead);
  if (readings === undefined) return 'yield';

  const { batches, hasNewcomers } = cutBatches(work, round, readings);
  const claimsEmpty = !(await hasClaims(work));
  // Where we hold claims we made contacts: only an account that is new to us can be empty.
  const accountEmpty = hasNewcomers && claimsEmpty && (await engine.contactBook.isEmpty(work.guard));
  const nonce = engine.ids.next();
  await writeBatches(work, nonce, batches);
  const shown = [...round.merged.values()].filter((entry) => entry.removed === undefined).length;
  const isEmpty = run().mode === 'full' && shown === 0;
  const knownCounts = { ...run().counts, read: new Set([...round.merged.keys(), ...toRead]).size };
  await work.update({
    phase: 'plan',
    batchNonce: nonce,
    batchCount: batches.length,
    counts: knownCounts,
    distrust: isEmpty ? 'empty-directory' : run().distrust,
    accountEmpty,
    claimsEmpty,
    knownLists: await knownLists(engine),
  });
  engine.log.event('info', 'phase-ended', { runId: run().runId, phase: 'split', batches: batches.length });
  return batches.length === 0 ? 'again' : 'open';
}
