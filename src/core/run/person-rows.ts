import type { Link, Pending } from '../plan/link.ts';
import type { Person } from '../people/person.ts';
import type { Row, StoredRow } from '../ports.ts';
import type { Engine } from './engine.ts';

/** A person as last seen, with the link: one row, so that both change together. */
export interface PersonRow {
  readonly person: Person;
  readonly link?: Link | undefined;
  readonly etag: string;
}

/**
 * Who has a number: one person per number, by our own word. The intent is open until the person's link carries the
 * number: a contact may have been made that nobody noted.
 */
export interface PhoneClaim {
  readonly personId: string;
  /** Whose number it was when it was claimed: as long as their contact still carries it, the hand-over is not done. */
  readonly from?: string;
  readonly intent: { readonly runId: string; readonly at: number };
}

export const personKey = {
  person: (id: string) => `person:${id}`,
  phone: (phoneKey: string) => `phone:${phoneKey}`,
  contact: (contactId: string) => `contact:${contactId}`,
  pending: (id: string) => `pending:${id}`,
} as const;

/** Separates list keys in a facet; a normalised list name cannot hold it. */
const LIST_SEPARATOR = '\n';

/** The object id of the person's manager, as far as the directory was asked for it. */
export function managerIdOf({ attributes }: Pick<Person, 'attributes'>): string | undefined {
  const { manager } = attributes;
  if (manager === null || typeof manager !== 'object' || !('id' in manager)) return undefined;
  return typeof manager.id === 'string' ? manager.id : undefined;
}

export function personRow(person: Person, link: Link | undefined): Row {
  const manager = managerIdOf(person);
  return {
    key: personKey.person(person.id),
    facets: {
      linked: link !== undefined,
      left: link?.left !== undefined,
      lists: Object.keys(link?.lists ?? {}).join(LIST_SEPARATOR),
      ...(manager === undefined ? {} : { manager }),
    },
    body: link === undefined ? { person } : { person, link },
  };
}

export function toPersonRow(row: StoredRow): PersonRow {
  const { person, link } = row.body as { person: Person; link?: Link };
  return link === undefined ? { person, etag: row.etag } : { person, link, etag: row.etag };
}

export function listKeysOf(row: StoredRow): readonly string[] {
  const text = String(row.facets['lists'] ?? '');
  return text === '' ? [] : text.split(LIST_SEPARATOR);
}

export function claimRow(phoneKey: string, claim: PhoneClaim): Row {
  return { key: personKey.phone(phoneKey), facets: { person: claim.personId }, body: claim };
}

export function pendingRow(pending: Pending): Row {
  const { personId, outcome, reason, dueAt, decision, cause } = pending;
  return {
    key: personKey.pending(personId),
    facets: {
      outcome,
      reason,
      due: dueAt ?? 0,
      approved: decision?.kind === 'approved',
      decided: decision !== undefined,
      removal: cause !== undefined || reason === 'held-removal',
    },
    body: pending,
  };
}

/** Ids of everybody who has a row of their own or something pending. */
export async function knownPeople(engine: Engine): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const prefix of ['person:', 'pending:']) {
    for await (const page of engine.tables.people.scan(engine.config.name, prefix, { facetsOnly: true })) {
      for (const row of page) ids.add(row.key.slice(prefix.length));
    }
  }
  return ids;
}

export async function scanPeople(engine: Engine): Promise<Map<string, PersonRow>> {
  const people = new Map<string, PersonRow>();
  for await (const page of engine.tables.people.scan(engine.config.name, 'person:')) {
    for (const row of page) people.set(row.key.slice('person:'.length), toPersonRow(row));
  }
  return people;
}

export async function fetchPeople(engine: Engine, ids: readonly string[]): Promise<Map<string, PersonRow>> {
  const rows = await engine.tables.people.getMany(engine.config.name, ids.map(personKey.person));
  return new Map([...rows.values()].map((row) => [row.key.slice('person:'.length), toPersonRow(row)]));
}

export interface HeldClaim extends PhoneClaim {
  readonly etag: string;
}

export async function fetchClaims(engine: Engine, phoneKeys: readonly string[]): Promise<Map<string, HeldClaim>> {
  const rows = await engine.tables.people.getMany(engine.config.name, phoneKeys.map(personKey.phone));
  return new Map(
    [...rows.values()].map((row) => [row.key.slice('phone:'.length), { ...(row.body as PhoneClaim), etag: row.etag }]),
  );
}

/** Everybody whom claims name: who has the number, and who had it before. */
export function namedBy(claims: Iterable<PhoneClaim>): readonly string[] {
  const ids = [...claims].flatMap(({ personId, from }) => (from === undefined ? [personId] : [personId, from]));
  return [...new Set(ids)];
}

export interface HeldPending {
  readonly pending: Pending;
  readonly etag: string;
}

/** What waits for these people; whoever waits for nothing is absent. */
export async function fetchPending(engine: Engine, ids: readonly string[]): Promise<Map<string, HeldPending>> {
  const rows = await engine.tables.people.getMany(engine.config.name, ids.map(personKey.pending));
  return new Map(
    [...rows.values()].map(({ body, etag }) => [(body as Pending).personId, { pending: body as Pending, etag }]),
  );
}

export async function scanPending(engine: Engine): Promise<Map<string, HeldPending>> {
  const found = new Map<string, HeldPending>();
  for await (const page of engine.tables.people.scan(engine.config.name, 'pending:')) {
    for (const row of page) {
      const pending = row.body as Pending;
      found.set(pending.personId, { pending, etag: row.etag });
    }
  }
  return found;
}
