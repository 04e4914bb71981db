import { departmentOf, mapPerson } from '../people/map-person.ts';
import { definitelyOutOfScope, judgeScope } from '../people/scope.ts';
import type { DirectoryEntry } from '../people/person.ts';
import type { Row } from '../ports.ts';
import { composeRound } from './compose-round.ts';
import type { Round } from './compose-round.ts';
import { knownLists } from './list-rows.ts';
import {
  isSamePerson,
  personFromNothing,
  personFromReading,
  personFromStored,
  removedPerson,
} from './merge-entries.ts';
import { partKey } from './parts.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import { readById } from './read-by-id.ts';
import { judgeReading, shownBy } from './read-integrity.ts';
import type { Directive, RunWork } from './run-work.ts';

const BATCH_SIZE = 100;
const FORGET_CHUNK = 1000;
/** Batch rows of up to some 60 KiB: this many stay well below a transaction's 4 MiB. */
const ROWS_A_WRITE = 20;

function needsReading(work: RunWork, round: Round, id: string): boolean {
  const entry = round.merged.get(id);
  const known = round.stored.get(id);
  const via = round.via.get(id);
  if (via === 'swept' || via === 'planned') return true;
  if (entry === undefined) {
    // Shown once, but not to be read then: what is stored is from before.
    const pending = round.pending.get(id)?.pending;
    const wasUnread = pending?.outcome === 'failed' && known?.person.presence !== 'present';
    // What is stored of somebody whom the directory did not answer for is from before, too.
    return known === undefined || wasUnread || pending?.absent === true;
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
): Pick<BatchPerson, 'person' | 'unread' | 'absent'> | undefined {
  const entry = round.merged.get(id);
  const known = round.stored.get(id)?.person;
  if (entry?.removed !== undefined)
    return known === undefined ? undefined : { person: removedPerson(known, entry.removed) };
  if (readings.has(id)) {
    const answer = readings.get(id);
    if (answer !== undefined) return { person: personFromReading(answer, entry) };
    if (entry !== undefined) return { person: known ?? personFromNothing(entry), unread: true };
    return { person: removedPerson(known ?? { id, presence: 'present', attributes: {} }, 'deleted'), absent: true };
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
    // Until a second run confirms it, the person stays stored as last seen.
    const isUnconfirmed = resolved.absent === true && waiting?.pending.absent !== true;
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
      changed: !isUnconfirmed && (known === undefined || !isSamePerson(known.person, person)),
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
  const shown = shownBy(round.merged);
  const distrust = await judgeReading(work, round.merged, readings);
  const knownCounts = { ...run().counts, read: new Set([...round.merged.keys(), ...toRead]).size };
  await work.update({
    phase: 'plan',
    batchNonce: nonce,
    batchCount: batches.length,
    counts: knownCounts,
    shown,
    distrust,
    accountEmpty,
    claimsEmpty,
    knownLists: await knownLists(engine),
  });
  engine.log.event('info', 'phase-ended', { runId: run().runId, phase: 'split', batches: batches.length });
  return batches.length === 0 ? 'again' : 'open';
}
