import { departmentOf, mapPerson } from '../people/map-person.ts';
import { definitelyOutOfScope, judgeScope } from '../people/scope.ts';
import type { DirectoryEntry, Person } from '../people/person.ts';
import type { Row } from '../ports.ts';
import { noteMarked } from './adopt-markers.ts';
import { readAccount, readsAccount } from './account-read.ts';
import { composeRound } from './compose-round.ts';
import type { Round } from './compose-round.ts';
import { isLedgerEmpty } from './consent-ledger.ts';
import { noteImpact } from './impact-round.ts';
import { knownLists } from './list-rows.ts';
import {
  isSamePerson,
  personFromNothing,
  personFromReading,
  personFromStored,
  removedPerson,
} from './merge-entries.ts';
import { readManagers, withManager } from './managers.ts';
import { fetchMemberships, groupsWith, memberOf, readGroups, readGroupsAnew } from './memberships.ts';
import type { Memberships } from './memberships.ts';
import { hasDoubtedWrites, settleOwnWrites } from './own-writes.ts';
import { partKey } from './parts.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import { readById } from './read-by-id.ts';
import { lookAtSome, readDrifts } from './read-drifts.ts';
import type { Drifts } from './read-drifts.ts';
import { judgeReading, shownBy } from './read-integrity.ts';
import { readsEverybody } from './run-row.ts';
import type { Directive, RunWork } from './run-work.ts';

const BATCH_SIZE = 100;
const FORGET_CHUNK = 1000;
/** Batch rows of up to some 60 KiB: this many stay well below a transaction's 4 MiB. */
const ROWS_A_WRITE = 20;

function needsReading(work: RunWork, round: Round, memberships: Memberships, id: string): boolean {
  const entry = round.merged.get(id);
  const known = round.stored.get(id);
  const via = round.via.get(id);
  if (via === 'swept' || via === 'planned' || via === 'named') return true;
  if (entry === undefined) {
    // Shown once, but not to be read then: what is stored is from before.
    const pending = round.pending.get(id)?.pending;
    const wasUnread = pending?.outcome === 'failed' && known?.person.presence !== 'present';
    // What is stored of somebody whom the directory did not answer for is from before, too.
    return known === undefined || wasUnread || pending?.absent === true || hasDoubtedWrites(known.link);
  }
  if (entry.removed !== undefined) return false;
  if (entry.unclear || entry.reduced) return true;
  if (readsEverybody(work.run())) return false;
  // A change of something else does not say how what is doubted stands.
  if (known?.person.presence === 'present') return hasDoubtedWrites(known.link);
  const { config } = work.engine;
  const context = { now: work.run().createdAt, isMember: memberOf(groupsWith(memberships, id), config) };
  return round.pending.has(id) || !definitelyOutOfScope(entry.patch, config, context);
}

function resolvePerson(
  work: RunWork,
  round: Round,
  id: string,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): Pick<BatchPerson, 'person' | 'unread' | 'absent'> | undefined {
  const entry = round.merged.get(id);
  const known = round.stored.get(id)?.person;
  if (entry?.removed !== undefined) {
    // Of somebody without a row something may wait: a contact that was made and never noted.
    if (known === undefined && !round.pending.has(id)) return undefined;
    return { person: removedPerson(known ?? nobody(id), entry.removed) };
  }
  if (readings.has(id)) {
    const answer = readings.get(id);
    if (answer !== undefined) return { person: personFromReading(answer, entry) };
    if (entry !== undefined) return { person: known ?? personFromNothing(entry), unread: true };
    return { person: removedPerson(known ?? nobody(id), 'deleted'), absent: true };
  }
  if (entry === undefined) return known === undefined ? undefined : { person: known };
  if (readsEverybody(work.run())) return { person: personFromNothing(entry) };
  return known?.presence === 'present' ? { person: personFromStored(known, entry) } : undefined;
}

function nobody(id: string): Person {
  return { id, presence: 'present', attributes: {} };
}

interface Cut {
  readonly batches: readonly BatchPart[];
  /** Somebody without a contact might get one: worth asking whether the account has any. */
  readonly hasNewcomers: boolean;
}

type Resolved = NonNullable<ReturnType<typeof resolvePerson>> & Pick<BatchPerson, 'link' | 'echoUntil'>;

/** Everybody of the round as they are now; undefined when the slice ended before all managers were read. */
async function resolvePeople(
  work: RunWork,
  round: Round,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): Promise<ReadonlyMap<string, Resolved> | undefined> {
  const found = new Map<string, Resolved>();
  for (const id of round.via.keys()) {
    const resolved = resolvePerson(work, round, id, readings);
    if (resolved !== undefined) found.set(id, resolved);
  }
  const people = new Map([...found].map(([id, { person }]) => [id, person]));
  const managers = await readManagers(work, people);
  if (managers === undefined) return undefined;
  return new Map(
    [...found].map(([id, resolved]) => {
      const person = withManager(resolved.person, managers);
      return [id, { ...resolved, ...settleOwnWrites(work.run(), round, person, readings) }];
    }),
  );
}

function cutBatches(
  work: RunWork,
  round: Round,
  people: ReadonlyMap<string, Resolved>,
  memberships: Memberships,
  drifts: Drifts,
): Cut {
  const { config, digest } = work.engine;
  const departments = new Map<string, BatchPerson[]>();
  const forget: { id: string; etag: string }[] = [];
  let hasNewcomers = false;
  for (const [id, resolved] of people) {
    const { person } = resolved;
    const groups = groupsWith(memberships, id);
    const context = { now: work.run().createdAt, isMember: memberOf(groups, config), digest };
    const known = round.stored.get(id);
    const waiting = round.pending.get(id);
    const drift = drifts.get(id);
    const link = resolved.link ?? known?.link;
    const scope = judgeScope(person, config, context);
    // Somebody whose membership nobody could tell is no leaver and no stranger: planned, and tried again.
    const mayBeInScope = scope.inScope || scope.reason === 'service-unavailable';
    // Until a second run confirms it, the person stays stored as last seen.
    const isUnconfirmed = resolved.absent === true && waiting?.pending.absent !== true;
    const isNobodys = known?.link === undefined && waiting === undefined && !mayBeInScope;
    if (isNobodys && known !== undefined) forget.push({ id, etag: known.etag });
    // Whoever was asked for by name is answered for, even if there is nothing to do.
    if (isNobodys && round.via.get(id) !== 'named') continue;
    hasNewcomers ||= scope.inScope && known?.link === undefined && mapPerson(person, config, context).reachable;
    const department = departmentOf(person, config);
    const members = departments.get(department) ?? [];
    departments.set(department, members);
    members.push({
      ...resolved,
      via: round.via.get(id)!,
      ...(groups.length === 0 ? {} : { groups }),
      ...(known === undefined || isNobodys ? {} : { etag: known.etag }),
      ...(link === undefined ? {} : { link }),
      ...(drift === undefined ? {} : { drift }),
      ...(waiting === undefined ? {} : { pending: waiting.pending, pendingEtag: waiting.etag }),
      changed:
        !isNobodys &&
        !isUnconfirmed &&
        (known === undefined || link !== known.link || !isSamePerson(known.person, person)),
    });
  }
  const batches: BatchPart[] = [];
  for (const [department, members] of [...departments].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const sorted = members.toSorted((a, b) => (a.person.id < b.person.id ? -1 : 1));
    for (let at = 0; at < sorted.length; at += BATCH_SIZE) {
      batches.push({ department, people: sorted.slice(at, at + BATCH_SIZE), forget: [] });
    }
  }
  for (let at = 0; at < forget.length; at += FORGET_CHUNK) {
    batches.push({ department: '', people: [], forget: forget.slice(at, at + FORGET_CHUNK) });
  }
  return { batches, hasNewcomers };
}

/** People are in the order of their ids: whoever looks for one need not read every batch. */
function batchRow(nonce: string, index: number, body: BatchPart): Row {
  const facets = { first: body.people[0]?.person.id ?? '', last: body.people.at(-1)?.person.id ?? '' };
  return { key: partKey.batch(nonce, index), facets, body };
}

async function writeBatches(work: RunWork, nonce: string, batches: readonly BatchPart[]): Promise<void> {
  const rows: Row[] = batches.map((body, index) => batchRow(nonce, index, body));
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
  if (readsAccount(run()) && !(await readAccount(work))) return 'yield';
  const paused = await readGroups(work);
  if (paused !== undefined) return paused;
  const memberships = await fetchMemberships(engine, run().memberships);
  if (memberships === undefined) return readGroupsAnew(work);
  const found = await readDrifts(work);
  if (found === undefined) return 'yield';
  const round = await composeRound(work, memberships, found);
  const toRead = [...round.via.keys()].filter((id) => needsReading(work, round, memberships, id)).toSorted();
  const readings = await readById(work, toRead);
  if (readings === undefined) return 'yield';
  const people = await resolvePeople(work, round, readings);
  if (people === undefined) return 'yield';

  const looked = await lookAtSome(work, round);
  if (looked === undefined) return 'yield';
  const drifts = new Map([...found.drifts, ...looked]);
  const { batches: cut, hasNewcomers } = cutBatches(work, round, people, memberships, drifts);
  const { batches, impact } = await noteImpact(work, await noteMarked(work, cut), round.stored);
  const claimsEmpty = !(await hasClaims(work));
  // Where we hold claims we made contacts: only an account that is new to us can be empty.
  const accountEmpty = hasNewcomers && claimsEmpty && (await engine.contactBook.isEmpty(work.guard));
  const consentEmpty = await isLedgerEmpty(engine);
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
    consentEmpty,
    ...(impact === undefined ? {} : { impact }),
    knownLists: await knownLists(engine),
  });
  return batches.length === 0 ? 'again' : 'open';
}
