import { markerOf } from '../people/matching.ts';
import { pendingAfter } from '../plan/final-outcome.ts';
import type { Link, Pending } from '../plan/link.ts';
import type { RowChange } from '../ports.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { wavesOf } from './judge-run.ts';
import { batchesOf, hasLaneEnded, readLanes } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { fetchPart, partKey } from './parts.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import { fetchClaims, fetchPeople, pendingRow, personKey } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';
import type { JudgedBatch, JudgedOperation } from './read-outcomes.ts';
import type { RunRow } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { writePending } from './write-pending.ts';

/**
 * Contacts that an earlier try may have made for people without a link, as the links they would be. One look-up for
 * all of them, none where no creation is in doubt.
 */
export async function findUnnotedLinks(
  engine: Engine,
  run: RunRow,
  members: readonly BatchPerson[],
  guard: ClaimGuard,
): Promise<ReadonlyMap<string, Link>> {
  const doubtful = members.filter(({ link, pending }) => link === undefined && pending?.tried !== undefined);
  if (doubtful.length === 0) return new Map();
  const phones = doubtful.flatMap(({ pending }) => pending!.tried!.map(({ phone }) => phone));
  const found = await engine.contactBook.findByNumbers([...new Set(phones)], guard);
  const links = new Map<string, Link>();
  for (const { person, pending } of doubtful) {
    const own = found.find((contact) => markerOf(contact) === person.id);
    const tried = pending!.tried!.find(({ phone }) => own?.channels.some(({ channelId }) => channelId === phone));
    if (own === undefined || tried === undefined) continue;
    const lists = Object.entries(run.knownLists).flatMap(([key, id]) => {
      const list = own.lists.find((one) => one.id === id);
      return list === undefined ? [] : [[key, { id, name: list.name }] as const];
    });
    // Whether it was made for the person or adopted is not known: then it is not ours to delete.
    links.set(person.id, { contactId: own.id, created: false, ...tried, fields: {}, lists: Object.fromEntries(lists) });
  }
  return links;
}

/** Who has the contacts of these links by our books, by the person whom the link is for: of those that are somebody else's. */
export async function claimantsOf(
  engine: Engine,
  unnoted: ReadonlyMap<string, Link>,
): Promise<ReadonlyMap<string, PersonRow>> {
  if (unnoted.size === 0) return new Map();
  const { tables, config } = engine;
  const keys = [...unnoted.values()].map(({ contactId }) => personKey.contact(contactId));
  const rows = await tables.people.getMany(config.name, keys);
  const holders = new Map([...unnoted].map(([id, link]) => [id, rows.get(personKey.contact(link.contactId))]));
  const others = [...holders].flatMap(([id, row]) => {
    const holder = String(row?.facets['person'] ?? id);
    return holder === id ? [] : [[id, holder] as const];
  });
  const people = await fetchPeople(engine, [...new Set(others.map(([, holder]) => holder))]);
  return new Map(
    others.flatMap(([id, holder]) => {
      const row = people.get(holder);
      const isHeld = row?.link?.contactId === unnoted.get(id)!.contactId;
      return isHeld ? [[id, row] as const] : [];
    }),
  );
}

/** Claims on numbers of creations that were in doubt and did not come to be: they go with the doubt. */
export async function releaseTried(
  engine: Engine,
  members: readonly BatchPerson[],
  isSettled: (personId: string) => boolean,
): Promise<RowChange[][]> {
  const settled = members.filter(({ person, pending }) => pending?.tried !== undefined && isSettled(person.id));
  if (settled.length === 0) return [];
  const tried = settled.flatMap(({ pending }) => pending!.tried!);
  const claims = await fetchClaims(engine, [...new Set(tried.map(({ phoneKey }) => phoneKey))]);
  const people = await fetchPeople(engine, [...new Set([...claims.values()].map(({ personId }) => personId))]);
  const ids = new Set(settled.map(({ person }) => person.id));
  return [...claims]
    .filter(([key, { personId }]) => ids.has(personId) && people.get(personId)?.link?.phoneKey !== key)
    .map(([key, { etag }]) => [{ kind: 'delete', key: personKey.phone(key), etag }]);
}

/** Whether the batch at a lane's cursor was begun: by a worker that has it, that failed half-way, or that waits. */
function isBegun({ claim, attempts, waitedMs, notBefore }: Lane): boolean {
  return claim !== undefined || notBefore !== undefined || attempts > 0 || waitedMs > 0;
}

/** Batches that were begun and not ended, with the wave they are in: more may have been done than was written down. */
export async function deadBatches({ engine, run }: RunWork): Promise<ReadonlyMap<number, number>> {
  const { phase, wave } = run();
  if (phase !== 'apply') return new Map();
  const lanes = await readLanes(engine, run(), wave);
  const dead = lanes.filter((lane) => isBegun(lane) && !hasLaneEnded(run(), lane));
  return new Map(dead.map((lane) => [batchesOf(run(), wave)[lane.cursor]!, wave]));
}

/** Whether it is not known what was done for a person: the answer was lost, or the worker with it. */
export function isInDoubt({ operation, verdict, final }: JudgedOperation, deadWave: number | undefined): boolean {
  if (final !== undefined) return final.outcome === 'failed' && final.reason === 'in-doubt';
  return deadWave !== undefined && wavesOf(operation, verdict).includes(deadWave);
}

/** A run that ends early settles nobody, but doubt must not end with it: written down, it is resolved by a later run. */
export async function noteDoubt(
  work: RunWork,
  index: number,
  batch: JudgedBatch,
  deadWave: number | undefined,
): Promise<void> {
  const { engine, run } = work;
  if (!batch.operations.some((one) => isInDoubt(one, deadWave))) return;
  const part = await fetchPart<BatchPart>(engine, run().runId, partKey.batch(run().batchNonce!, index));
  const { runId, fingerprint } = run();
  const now = engine.clock.now();
  const rows = batch.operations.flatMap((one, at): Pending[] => {
    if (!isInDoubt(one, deadWave)) return [];
    const before = part.people[at]!.pending;
    const pending = pendingAfter(one.operation, { outcome: 'failed', reason: 'in-doubt' }, before, {
      runId,
      fingerprint,
      now,
    });
    return pending === undefined ? [] : [pending];
  });
  for (const pending of rows) {
    await work.guard.ensure();
    await writePending(work, { kind: 'put', row: pendingRow(pending) });
  }
}
