import type { Row } from '../ports.ts';
import { RowConflict } from '../ports.ts';
import type { Contact } from '../people/contact.ts';
import { wantedLists } from './contact-write.ts';
import type { Application, Case } from './apply-case.ts';
import type { Engine } from './engine.ts';
import { existingLists } from './existing-lists.ts';
import { fetchPeople, personKey } from './person-rows.ts';
import type { RunRow } from './run-row.ts';

/** The intent to adopt: the contact was there before us, and whoever finds our marker on it has to know that. */
interface AdoptionNote {
  readonly runId: string;
  /** Keys of the lists it was to be put on; on every other one it was already, by somebody's hand. */
  readonly joins: readonly string[];
}

/** Whose a contact is by our books: linked to it, or about to adopt it. */
export interface ContactHolder {
  readonly personId: string;
  readonly note?: AdoptionNote;
  readonly etag: string;
}

export function adoptionNote({ runId }: RunRow, contactId: string, personId: string, joins: readonly string[]): Row {
  const body: AdoptionNote = { runId, joins };
  return { key: personKey.contact(contactId), facets: { person: personId }, body };
}

function contactIdIn(key: string): string {
  return key.slice(personKey.contact('').length);
}

/**
 * Whose the contacts are. One that carries the marker of a person without a contact, and is nobody's here, was made
 * for that person: an adoption is noted before the marker is written.
 */
export async function fetchHolders(
  { tables, config }: Engine,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, ContactHolder>> {
  if (contactIds.length === 0) return new Map();
  const rows = await tables.people.getMany(config.name, [...new Set(contactIds)].map(personKey.contact));
  return new Map(
    [...rows].map(([key, { facets, body, etag }]): [string, ContactHolder] => {
      const holder = { personId: String(facets['person']), etag };
      return [contactIdIn(key), body === undefined ? holder : { ...holder, note: body as AdoptionNote }];
    }),
  );
}

/** Whether a note of an earlier run stands for nothing: its person has no such contact, and nothing waits for them. */
async function isLapsed(app: Application, contactId: string, holder: ContactHolder): Promise<boolean> {
  const { engine, run } = app;
  if (holder.note?.runId === run.runId) return false;
  const { tables, config } = engine;
  const row = (await fetchPeople(engine, [holder.personId])).get(holder.personId);
  if (row?.link?.contactId === contactId) return false;
  return (await tables.people.get(config.name, personKey.pending(holder.personId))) === undefined;
}

/** Claims the contact for the person of the note, unless they have it already. False: it is somebody else's. */
export async function claimContact(app: Application, note: Row): Promise<boolean> {
  const { tables, config } = app.engine;
  try {
    await tables.people.write(config.name, [{ kind: 'insert', row: note }]);
    return true;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
  }
  const contactId = contactIdIn(note.key);
  const holder = (await fetchHolders(app.engine, [contactId])).get(contactId);
  if (holder?.personId === note.facets?.['person']) return true;
  if (holder === undefined || !(await isLapsed(app, contactId, holder))) return false;
  await tables.people.write(config.name, [{ kind: 'replace', row: note, etag: holder.etag }]);
  return true;
}

/** Takes back a note when the contact was not written to. */
export async function forgetAdoption({ tables, config }: Engine, contactId: string, personId: string): Promise<void> {
  const key = personKey.contact(contactId);
  const row = await tables.people.get(config.name, key);
  if (row?.facets['person'] !== personId) return;
  await tables.people.write(config.name, [{ kind: 'delete', key, etag: row.etag }]);
}

/**
 * Of the lists that the person should be on, those that the found contact was on before us: they stay somebody else's
 * work. What an earlier try was to join is ours, whether or not it did.
 */
export function noteMemberships(
  run: RunRow,
  one: Case,
  contact: Contact,
  holder: ContactHolder | undefined,
): readonly string[] {
  const add = wantedLists(one.operation);
  const { remove } = one.operation.lists;
  const leaving = new Set([...add, ...remove].map(({ key }) => key));
  const own = Object.entries(one.link?.lists ?? {}).map(([key, { id, name }]) => ({ key, id, name }));
  const wanted = [...existingLists(run, add), ...own.filter(({ key }) => !leaving.has(key))];
  const standing = new Set(contact.lists.map(({ id }) => id));
  const isOurs = (key: string): boolean => holder?.note?.joins.includes(key) === true;
  const found = wanted.filter(({ key, id }) => standing.has(id) && !isOurs(key));
  const memberOf = found.map((list) => ({ ...list, byHand: true as const }));
  one.operation = { ...one.operation, lists: { add, remove }, memberOf };
  return wanted.filter((list) => !found.includes(list)).map(({ key }) => key);
}

/** The contact was there before us: written down before the person's marker goes on it. False: it is somebody else's. */
export async function beginAdoption(
  app: Application,
  one: Case,
  contact: Contact,
  holder: ContactHolder | undefined,
): Promise<boolean> {
  const { personId } = one.operation;
  const isNoted = holder?.personId === personId;
  const joins = noteMemberships(app.run, one, contact, isNoted ? holder : undefined);
  if (isNoted) return true;
  await app.guard.ensure();
  return claimContact(app, adoptionNote(app.run, contact.id, personId, joins));
}
