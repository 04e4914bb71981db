import type { Contact } from '../people/contact.ts';
import { markerOf } from '../people/matching.ts';
import { pendingAfter } from '../plan/final-outcome.ts';
import type { KnownLists, Link, Membership, Pending } from '../plan/link.ts';
import type { ListRef } from '../plan/operation.ts';
import type { RowChange } from '../ports.ts';
import { fetchHolders } from './adoption-notes.ts';
import type { ContactHolder } from './adoption-notes.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { wavesOf } from './judge-run.ts';
import { batchesOf, hasLaneEnded, readLanes } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { fetchPart, partKey } from './parts.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import { claimRow, fetchClaims, fetchPeople, namedBy, pendingRow, personKey } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';
import type { JudgedBatch, JudgedOperation } from './read-outcomes.ts';
import type { RunRow } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { writePending } from './write-pending.ts';

/**
 * Contacts that an earlier try may have made for people without a contact, or whose contact was given up, as the links
 * they would be. One look-up for all of them, none where no creation is in doubt.
 */
export async function findUnnotedLinks(
  engine: Engine,
  run: RunRow,
  members: readonly BatchPerson[],
  guard: ClaimGuard,
): Promise<ReadonlyMap<string, Link>> {
  const hasNone = ({ link }: BatchPerson): boolean => link === undefined || link.carry !== undefined;
  const doubtful = members.filter((member) => hasNone(member) && member.pending?.tried !== undefined);
  if (doubtful.length === 0) return new Map();
  const phones = doubtful.flatMap(({ pending }) => pending!.tried!.map(({ phone }) => phone));
  const found = await engine.contactBook.findByNumbers([...new Set(phones)], guard);
  const own = new Map(
    doubtful.map(({ person, link }) => [
      person.id,
      found.find((one) => markerOf(one) === person.id && one.id !== link?.contactId),
    ]),
  );
  const ids = [...own.values()].flatMap((contact) => (contact === undefined ? [] : [contact.id]));
  const holders = await fetchHolders(engine, ids);
  const links = new Map<string, Link>();
  for (const { person, pending } of doubtful) {
    const contact = own.get(person.id);
    const tried = pending!.tried!.find(({ phone }) => contact?.channels.some(({ channelId }) => channelId === phone));
    if (contact === undefined || tried === undefined) continue;
    const holder = holders.get(contact.id);
    const lists = foundMemberships(run, contact, holder);
    links.set(person.id, { contactId: contact.id, created: holder === undefined, ...tried, fields: {}, lists });
  }
  return links;
}

/** The known lists that a found contact is on. Of one that was adopted, only those are ours that it was to be put on. */
function foundMemberships(run: RunRow, contact: Contact, holder: ContactHolder | undefined): Link['lists'] {
  const memberships = Object.entries(run.knownLists).flatMap(([key, id]): [string, Membership][] => {
    const list = contact.lists.find((one) => one.id === id);
    if (list === undefined) return [];
    const isOurs = holder?.note === undefined || holder.note.joins.includes(key);
    return [[key, { id, name: list.name, ...(isOurs ? {} : { byHand: true as const }) }]];
  });
  return Object.fromEntries(memberships);
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

/** A contact that was taken over half-way stays what it was to whoever had it: made by us or not, on lists by us or not. */
export function inheritLinks(
  unnoted: ReadonlyMap<string, Link>,
  claimants: ReadonlyMap<string, PersonRow>,
): ReadonlyMap<string, Link> {
  return new Map(
    [...unnoted].map(([id, link]) => {
      const left = claimants.get(id)?.link;
      if (left === undefined) return [id, link];
      const lists = Object.entries(link.lists).map(([key, list]) =>
        left.lists[key]?.byHand === true ? [key, { ...list, byHand: true as const }] : [key, list],
      );
      return [id, { ...link, created: left.created, lists: Object.fromEntries(lists) as Link['lists'] }];
    }),
  );
}

/** The link with the lists that an earlier try may have put the contact on, as far as they are known: they are ours to end. */
export function withJoins(
  link: Link | undefined,
  joins: readonly ListRef[] | undefined,
  known: KnownLists,
): Link | undefined {
  if (link === undefined || joins === undefined) return link;
  const lists: Record<string, Membership> = { ...link.lists };
  for (const { key, name } of joins) {
    const id = known[key];
    if (id !== undefined) lists[key] ??= { id, name };
  }
  return { ...link, lists };
}

/** Claims on numbers of tries that were in doubt and came to nothing: they go with the doubt, or back to whoever has the number. */
export async function releaseTried(
  engine: Engine,
  members: readonly BatchPerson[],
  isSettled: (personId: string) => boolean,
): Promise<RowChange[][]> {
  const settled = members.filter(({ person, pending }) => pending?.tried !== undefined && isSettled(person.id));
  if (settled.length === 0) return [];
  const tried = settled.flatMap(({ pending }) => pending!.tried!);
  const claims = await fetchClaims(engine, [...new Set(tried.map(({ phoneKey }) => phoneKey))]);
  const people = await fetchPeople(engine, namedBy(claims.values()));
  const ids = new Set(settled.map(({ person }) => person.id));
  return [...claims]
    .filter(([key, { personId }]) => ids.has(personId) && people.get(personId)?.link?.phoneKey !== key)
    .map(([key, { etag, from, intent }]): RowChange[] =>
      from !== undefined && people.get(from)?.link?.phoneKey === key
        ? [{ kind: 'replace', row: claimRow(key, { personId: from, intent }), etag }]
        : [{ kind: 'delete', key: personKey.phone(key), etag }],
    );
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
