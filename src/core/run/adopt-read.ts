import { markerOf } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import type { Engine } from './engine.ts';
import { fetchPart, insertPart, partIndex } from './parts.ts';
import { ordinal } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

/** What is kept of a contact of the account: many are about people whom this sync has nothing to do with. */
export interface AccountContact {
  readonly id: string;
  /** The id of the person whom the contact says it belongs to. */
  readonly marker?: string;
  /** Pseudonyms of the numbers it has for SMS. */
  readonly phoneKeys: readonly string[];
}

export interface AccountPart {
  readonly contacts: readonly AccountContact[];
  readonly nextPageToken?: string;
}

const PREFIX = 'account-';

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
  const from = pageToken === undefined ? {} : { pageToken };
  for await (const page of engine.contactBook.contactPages(from, work.guard)) {
    const body: AccountPart = {
      contacts: page.contacts.map((contact) => reduced(engine, contact)),
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

/** As much of a contact as is kept. */
export function reduced({ digest }: Engine, contact: Contact): AccountContact {
  const marker = markerOf(contact);
  const numbers = contact.channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
  return {
    id: contact.id,
    ...(marker === undefined ? {} : { marker }),
    phoneKeys: numbers.map((number) => digest.pseudonym(number)),
  };
}

/** The contacts of the account as the run read them. */
export async function* accountContacts(engine: Engine, runId: string): AsyncGenerator<AccountContact> {
  for await (const rows of engine.tables.parts.scan(runId, PREFIX, { pageSize: 50 })) {
    for (const row of rows) yield* (row.body as AccountPart).contacts;
  }
}
