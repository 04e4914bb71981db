import { flowOf } from '../config/sync-config.ts';
import { mapPhone } from '../people/map-phone.ts';
import { driftOf, GONE } from '../plan/drift.ts';
import type { Drift } from '../plan/drift.ts';
import { isToBeLookedAt } from '../plan/memory.ts';
import { accountContacts, comparesContacts, isLookedAfter, linkedContacts } from './account-read.ts';
import type { AccountContact, Linked } from './account-read.ts';
import type { Round } from './compose-round.ts';
import { insertPart, partIndex } from './parts.ts';
import { fetchPeople, toPersonRow } from './person-rows.ts';
import { findRun, ordinal } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

/** Where people's contacts are not as they were left, by person id. */
export type Drifts = ReadonlyMap<string, Drift>;

/** What a reading of the account brings into the round. */
export interface Found {
  readonly drifts: Drifts;
  /** Whom it brings into the round: their contact differs, or there may be one by now. */
  readonly noticed: readonly string[];
}

/** Contacts that were read by id: where they differ, and whether they are there at all. */
export interface LookPart {
  readonly looked: readonly { readonly id: string; readonly personId: string; readonly drift?: Drift }[];
}

const PREFIX = 'look-';
/** Contacts between two saves: ten calls of a hundred. */
const LOOK_CHUNK = 1000;
const NONE: Drifts = new Map();

/**
 * What the account shows of the contacts that a run compares. A contact that the pages did not show is read by id
 * before it counts as gone: a short reading says nothing. Undefined when the slice ended first.
 */
export async function readDrifts(work: RunWork): Promise<Found | undefined> {
  const { engine, run } = work;
  if (!comparesContacts(run())) return { drifts: NONE, noticed: [] };
  const linked = await linkedContacts(engine);
  const drifts = new Map<string, Drift>();
  const unseen = new Map(linked);
  const others: AccountContact[] = [];
  const isPull = flowOf(run().config) === 'pull';
  for await (const contact of accountContacts(engine, run().runId)) {
    const own = linked.get(contact.id);
    unseen.delete(contact.id);
    if (own === undefined && isPull) others.push(contact);
    if (own !== undefined && contact.drift !== undefined) drifts.set(own.personId, contact.drift);
  }
  const looked = await lookUp(work, unseen);
  if (looked === undefined) return undefined;
  const found = new Map([...drifts, ...looked]);
  // What becomes of a leaver's contact matters only if they are back.
  const now = run().createdAt;
  const active = [...linked.values()].filter(
    ({ personId, link }) => (found.has(personId) && link.left === undefined) || isToBeLookedAt(link.memory, now),
  );
  const noticed = [...active.map(({ personId }) => personId), ...(await comersFor(work, others))];
  return { drifts: found, noticed };
}

/** Whom the contacts that are nobody's belong to by their number or marker: the directory says nothing of it. */
async function comersFor({ engine, run }: RunWork, contacts: readonly AccountContact[]): Promise<readonly string[]> {
  if (contacts.length === 0) return [];
  const { config, digest, tables } = engine;
  const numbers = new Set(contacts.flatMap(({ phoneKeys }) => phoneKeys));
  const markers = new Set(contacts.flatMap(({ marker }) => marker ?? []));
  const context = { now: run().createdAt, isMember: () => 'unknown' as const, digest };
  const comers: string[] = [];
  for await (const page of tables.people.scan(config.name, 'person:')) {
    for (const row of page) {
      const { person, link } = toPersonRow(row);
      if (link !== undefined) continue;
      const phone = mapPhone(config, { person, config, context });
      if (markers.has(person.id) || (phone.ok && numbers.has(digest.pseudonym(phone.e164)))) comers.push(person.id);
    }
  }
  return comers;
}

/**
 * Drifts of people whom a run that does not read the account plans something for that only a look at their contact
 * explains: what was held or failed when it was to be put right, and the plan of a run that had looked.
 */
export async function lookAtSome(work: RunWork, round: Round): Promise<Drifts | undefined> {
  const { engine, run } = work;
  if (comparesContacts(run())) return NONE;
  const looksAtAll = flowOf(run().config) !== 'push' || (await isPlanOfLooking(work));
  const ids = [...round.via.keys()].filter((id) => looksAtAll || round.pending.get(id)?.pending.repair === true);
  if (ids.length === 0) return NONE;
  const rows = await fetchPeople(engine, ids);
  const linked = new Map<string, Linked>();
  for (const [personId, { link }] of rows) {
    if (link !== undefined && isLookedAfter(link)) linked.set(link.contactId, { personId, link });
  }
  return lookUp(work, linked);
}

async function isPlanOfLooking({ engine, run }: RunWork): Promise<boolean> {
  const { planOf } = run();
  const planned = planOf === undefined ? undefined : await findRun(engine, planOf);
  return planned !== undefined && comparesContacts(planned.run);
}

/** Reads contacts by id, answers saved as they come; undefined when the slice ended first. */
async function lookUp(work: RunWork, linked: ReadonlyMap<string, Linked>): Promise<Drifts | undefined> {
  const { engine, run, guard } = work;
  const drifts = new Map<string, Drift>();
  if (linked.size === 0) return drifts;
  const open = new Map(linked);
  const collect = ({ looked }: LookPart): void => {
    for (const { id, drift } of looked) {
      const own = open.get(id);
      open.delete(id);
      if (own !== undefined && drift !== undefined) drifts.set(own.personId, drift);
    }
  };
  let next = 0;
  for await (const rows of engine.tables.parts.scan(run().runId, PREFIX)) {
    for (const row of rows) {
      collect(row.body as LookPart);
      next = partIndex(row) + 1;
    }
  }
  for (; open.size > 0; next += 1) {
    if (work.isSliceOver()) return undefined;
    const chunk = [...open].slice(0, LOOK_CHUNK);
    const found = await engine.contactBook.readContacts(
      chunk.map(([id]) => id),
      guard,
    );
    const byId = new Map(found.map((contact) => [contact.id, contact]));
    const looked = chunk.map(([id, { personId, link }]) => {
      const contact = byId.get(id);
      const drift = contact === undefined ? GONE : driftOf(contact, link, engine.config);
      return drift === undefined ? { id, personId } : { id, personId, drift };
    });
    // Saved by a worker that saw other gaps, the part need not close ours: the next one does.
    collect(await insertPart<LookPart>(engine, run().runId, { key: `${PREFIX}${ordinal(next)}`, body: { looked } }));
  }
  return drifts;
}
