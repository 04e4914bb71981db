import { flowOf } from '../config/sync-config.ts';
import { mapPerson } from '../people/map-person.ts';
import { markerOf } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import { judgeScope } from '../people/scope.ts';
import type { Link } from '../plan/link.ts';
import { accountContacts, reduced } from './account-read.ts';
import type { AccountContact } from './account-read.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { memberOf } from './memberships.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import type { RunRow } from './run-row.ts';
import type { RunWork } from './run-work.ts';

/** Contacts that carry the marker of somebody without a contact, and not their number. */
export interface Marked {
  readonly contactIds: readonly string[];
  /** More than one contact may be meant: nobody but people can tell. */
  readonly isAmbiguous: boolean;
}

interface AccountIndex {
  readonly byMarker: ReadonlyMap<string, readonly AccountContact[]>;
  readonly byNumber: ReadonlyMap<string, readonly AccountContact[]>;
}

/** In a run that read the account: adds to each newcomer the contacts that only their marker can find. */
export async function noteMarked(work: RunWork, batches: readonly BatchPart[]): Promise<readonly BatchPart[]> {
  const { engine, run } = work;
  const hasNewcomers = batches.some(({ people }) => people.some(({ link }) => link === undefined));
  if (!hasNewcomers || !(run().adopt === true || flowOf(run().config) !== 'push')) return batches;
  const index = await indexOf(accountContacts(engine, run().runId));
  return batches.map((batch) => ({
    ...batch,
    people: batch.people.map((member) => {
      const marked = member.link === undefined ? findMarked(engine, run(), index, member) : undefined;
      return marked === undefined ? member : { ...member, marked };
    }),
  }));
}

/**
 * In any other run: looks again at the contacts between which nobody could decide for somebody. As long as people have
 * not cleared that up no contact is made, which would be one more; afterwards the one that is left is linked.
 */
export async function recheckMarked(
  engine: Engine,
  run: RunRow,
  members: readonly BatchPerson[],
  guard: ClaimGuard,
): Promise<readonly BatchPerson[]> {
  const idsOf = ({ link, marked, pending }: BatchPerson): readonly string[] =>
    link === undefined && marked === undefined && run.adopt !== true ? (pending?.marked ?? []) : [];
  const ids = [...new Set(members.flatMap(idsOf))];
  if (ids.length === 0) return members;
  const index = await indexOf(
    (await engine.contactBook.readContacts(ids, guard)).map((one) => reduced(engine, one, new Map())),
  );
  return members.map((member) => {
    const marked = idsOf(member).length === 0 ? undefined : findMarked(engine, run, index, member);
    return marked === undefined ? member : { ...member, marked };
  });
}

async function indexOf(contacts: AsyncIterable<AccountContact> | Iterable<AccountContact>): Promise<AccountIndex> {
  const byMarker = new Map<string, AccountContact[]>();
  const byNumber = new Map<string, AccountContact[]>();
  for await (const contact of contacts) {
    if (contact.marker !== undefined) note(byMarker, contact.marker, contact);
    for (const phoneKey of contact.phoneKeys) note(byNumber, phoneKey, contact);
  }
  return { byMarker, byNumber };
}

function note(index: Map<string, AccountContact[]>, key: string, contact: AccountContact): void {
  const contacts = index.get(key) ?? [];
  index.set(key, contacts);
  contacts.push(contact);
}

function findMarked(
  engine: Engine,
  { createdAt: now }: RunRow,
  { byMarker, byNumber }: AccountIndex,
  { person, groups = [] }: BatchPerson,
): Marked | undefined {
  const own = byMarker.get(person.id);
  if (own === undefined) return undefined;
  const { config, digest } = engine;
  const context = { now, isMember: memberOf(groups, config), digest };
  const mapped = judgeScope(person, config, context).inScope ? mapPerson(person, config, context) : undefined;
  if (mapped?.reachable !== true) return undefined;
  const phoneKey = digest.pseudonym(mapped.desired.phone);
  // Found by the number as well: nothing is left to decide.
  if (own.some(({ phoneKeys }) => phoneKeys.includes(phoneKey))) return undefined;
  const all = [...own, ...(byNumber.get(phoneKey) ?? [])];
  // Which of several numbers was the person's, and goes, cannot be told either.
  return { contactIds: all.map(({ id }) => id), isAmbiguous: all.length > 1 || own[0]!.phoneKeys.length !== 1 };
}

/** The contacts that markers name beyond doubt, as the links they become; one call for a batch, none where there are none. */
export async function findMarkedLinks(
  engine: Engine,
  run: RunRow,
  members: readonly BatchPerson[],
  guard: ClaimGuard,
): Promise<ReadonlyMap<string, Link>> {
  const sure = members.filter(({ marked }) => marked?.isAmbiguous === false);
  if (sure.length === 0) return new Map();
  const ids = sure.flatMap(({ marked }) => marked!.contactIds);
  const contacts = await engine.contactBook.readContacts(ids, guard);
  return new Map(
    sure.flatMap(({ person }) => {
      const contact = contacts.find((one) => markerOf(one) === person.id);
      const link = contact === undefined ? undefined : linkTo(engine, run, contact);
      return link === undefined ? [] : [[person.id, link] as const];
    }),
  );
}

/** Whether it was made for the person is not known: then it is not ours to delete. */
function linkTo({ digest }: Engine, { knownLists }: RunRow, contact: Contact): Link | undefined {
  const [phone] = contact.channels.filter(({ type }) => type === 'SMS').map(({ channelId }) => channelId);
  if (phone === undefined) return undefined;
  const lists = Object.entries(knownLists).flatMap(([key, id]) => {
    const list = contact.lists.find((one) => one.id === id);
    return list === undefined ? [] : [[key, { id, name: list.name }] as const];
  });
  const phoneKey = digest.pseudonym(phone);
  return { contactId: contact.id, created: false, phone, phoneKey, fields: {}, lists: Object.fromEntries(lists) };
}
