import { flowOf } from '../config/sync-config.ts';
import { isExcludedLink } from '../people/exclude.ts';
import { traitsOfContact } from '../people/likeness.ts';
import { markerOf } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import { driftOf } from '../plan/drift.ts';
import type { Drift } from '../plan/drift.ts';
import type { Link } from '../plan/link.ts';
import type { Engine } from './engine.ts';
import { fetchPart, insertPart, partIndex } from './parts.ts';
import { toPersonRow } from './person-rows.ts';
import { isForSome } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { ordinal } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

/** What is kept of a contact of the account: many are about people whom this sync has nothing to do with. */
export interface AccountContact {
  readonly id: string;
  /** The id of the person whom the contact says it belongs to. */
  readonly marker?: string;
  /** Pseudonyms of the numbers it has for SMS. */
  readonly phoneKeys: readonly string[];
  /** Of a contact of ours that is not as we left it: whose it is, and where it differs. */
  readonly personId?: string;
  readonly drift?: Drift;
  /** Pseudonyms of what a contact that is nobody's could be recognised by, where contacts are only read. */
  readonly traits?: readonly string[];
}

export interface AccountPart {
  readonly contacts: readonly AccountContact[];
  readonly nextPageToken?: string;
}

/** Whose contact it is, and what it was left as. */
export interface Linked {
  readonly personId: string;
  readonly link: Link;
}

const PREFIX = 'account-';
/** Storage rows of up to a thousand contacts: this many at once stay small. */
const ROWS_A_READ = 5;

/** Whether a run reads the account, besides the directory. */
export function readsAccount(run: RunRow): boolean {
  return run.adopt === true || comparesContacts(run);
}

/** Whether a run holds every contact of ours against what it was left as. */
export function comparesContacts(run: RunRow): boolean {
  return run.mode === 'reconcile' || (flowOf(run.config) !== 'push' && !isForSome(run));
}

/**
 * Reads the account page by page; each page is stored with the place of the next one before that is asked for. False:
 * the slice ended first.
 */
export async function readAccount(work: RunWork): Promise<boolean> {
  const { engine, run } = work;
  const { runId } = run();
  const { pageToken, hasEnded, ...place } = await findPlace(engine, runId);
  if (hasEnded) return true;
  let { index } = place;
  const linked = comparesContacts(run()) ? await linkedContacts(engine) : new Map<string, Linked>();
  const from = pageToken === undefined ? {} : { pageToken };
  for await (const page of engine.contactBook.contactPages(from, work.guard)) {
    const body: AccountPart = {
      contacts: page.contacts.map((contact) => reduced(engine, contact, linked)),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    };
    const stored = await insertPart(engine, runId, { key: `${PREFIX}${ordinal(index)}`, body });
    // Another worker stored this page from another answer: go on from what stands, not from what we hold.
    if (stored.nextPageToken !== page.nextPageToken) return readAccount(work);
    index += 1;
    if (stored.nextPageToken !== undefined && work.isSliceOver()) return false;
  }
  return true;
}

interface Place {
  readonly index: number;
  readonly pageToken?: string | undefined;
  readonly hasEnded: boolean;
}

async function findPlace(engine: Engine, runId: string): Promise<Place> {
  let last: { readonly key: string; readonly index: number } | undefined;
  for await (const rows of engine.tables.parts.scan(runId, PREFIX, { facetsOnly: true })) {
    for (const row of rows) last = { key: row.key, index: partIndex(row) };
  }
  if (last === undefined) return { index: 0, hasEnded: false };
  const { nextPageToken } = await fetchPart<AccountPart>(engine, runId, last.key);
  return { index: last.index + 1, pageToken: nextPageToken, hasEnded: nextPageToken === undefined };
}

/** Contacts that people have, leavers too, by id; not one that is given up to be made anew. */
export async function linkedContacts({ tables, config }: Engine): Promise<ReadonlyMap<string, Linked>> {
  const linked = new Map<string, Linked>();
  for await (const page of tables.people.scan(config.name, 'person:')) {
    for (const row of page) {
      const { person, link } = toPersonRow(row);
      if (link === undefined || !isLookedAfter(link)) continue;
      if (!isExcludedLink(link, config)) linked.set(link.contactId, { personId: person.id, link });
    }
  }
  return linked;
}

/** Whether the link says what the contact is: not while a number is being passed on. */
export function isLookedAfter({ carry, released }: Link): boolean {
  return carry === undefined && released === undefined;
}

/** As much of a contact as is kept. */
export function reduced(
  { digest, config }: Engine,
  contact: Contact,
  linked: ReadonlyMap<string, Linked>,
): AccountContact {
  const marker = markerOf(contact);
  const numbers = contact.channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
  const own = linked.get(contact.id);
  const drift = own === undefined ? undefined : driftOf(contact, own.link, config);
  return {
    id: contact.id,
    ...(marker === undefined ? {} : { marker }),
    phoneKeys: numbers.map((number) => digest.pseudonym(number)),
    ...(drift === undefined ? {} : { personId: own!.personId, drift }),
    ...(own === undefined && flowOf(config) === 'pull'
      ? { traits: traitsOfContact(contact).map((trait) => digest.pseudonym(trait)) }
      : {}),
  };
}

/** The contacts of the account as the run read them. */
export async function* accountContacts(engine: Engine, runId: string): AsyncGenerator<AccountContact> {
  for await (const rows of engine.tables.parts.scan(runId, PREFIX, { pageSize: ROWS_A_READ })) {
    for (const row of rows) yield* (row.body as AccountPart).contacts;
  }
}
