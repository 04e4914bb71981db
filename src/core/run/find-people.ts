import { streamsOf } from '../config/people-streams.ts';
import { SyncError } from '../errors.ts';
import { CANARY_ATTRIBUTE } from '../people/canaries.ts';
import { foldText, textOf } from '../people/text.ts';
import type { CallScope } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { ReadPart } from './parts.ts';
import { fetchPending, fetchPeople, scanPeople } from './person-rows.ts';

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** People whom somebody named, by id, each once, and what the directory answered for them. */
export interface FoundPeople {
  readonly people: readonly string[];
  readonly read: ReadPart;
  readonly graphCalls: number;
}

/** A scope for calls that no run makes: they are counted and nothing more. */
export function countingScope(): CallScope & { readonly calls: () => number } {
  let calls = 0;
  return {
    beforeAttempt: async () => {
      calls += 1;
    },
    calls: () => calls,
  };
}

/** What the directory answers now for these people, in whichever stream they are. */
export async function readNow(engine: Engine, ids: readonly string[], scope: CallScope): Promise<ReadPart> {
  if (ids.length === 0) return { found: [], missing: [] };
  const streams = streamsOf(engine.config).map(({ stream }) => stream);
  const found = await engine.directory.readPeople(ids, engine.select, scope, streams);
  return { found: [...found.values()], missing: ids.filter((id) => !found.has(id)) };
}

/**
 * Who is meant by object ids and user principal names. Who is gone from the directory is found in our tables. Throws
 * `request-invalid` with the position of everybody whom neither knows, never with what was given.
 */
export async function findPeople(engine: Engine, named: readonly string[]): Promise<FoundPeople> {
  const scope = countingScope();
  const byUpn = await idsByUpn(engine, named.filter(isUpn), scope);
  const ids = named.map((name) => (isUpn(name) ? byUpn.get(foldText(name)) : idOf(name)));
  const people = [...new Set(ids.filter((id) => id !== undefined))];
  const read = await readNow(engine, people, scope);
  const known = await knownAmong(engine, read.missing);
  const unknown = new Set(read.missing.filter((id) => !known.has(id)));
  const positions = ids.flatMap((id, at) => (id === undefined || unknown.has(id) ? [at] : []));
  if (positions.length > 0) throw nobodyAt(positions);
  return { people, read, graphCalls: scope.calls() };
}

/** Ids by user principal name, folded, of whoever has it, or had it when last seen. One call a name. */
export async function idsByUpn(
  engine: Engine,
  upns: readonly string[],
  scope: CallScope,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = new Set<string>();
  for (const upn of upns) {
    const id = await engine.directory.findPerson(upn.trim(), scope);
    if (id === undefined) open.add(foldText(upn));
    else found.set(foldText(upn), id);
  }
  if (open.size === 0) return found;
  for (const [id, { person }] of await scanPeople(engine)) {
    const upn = foldText(textOf(person.attributes[CANARY_ATTRIBUTE]));
    if (open.has(upn)) found.set(upn, id);
  }
  return found;
}

/** Of these people, those of whom our tables know anything. */
export async function knownAmong(engine: Engine, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const [stored, pending] = [await fetchPeople(engine, ids), await fetchPending(engine, ids)];
  return new Set([...stored.keys(), ...pending.keys()]);
}

function isUpn(name: string): boolean {
  return name.includes('@');
}

function idOf(name: string): string {
  const id = name.trim();
  // Ids of mailbox contacts tell letter case apart.
  return OBJECT_ID.test(id) ? id.toLowerCase() : id;
}

function nobodyAt(positions: readonly number[]): SyncError {
  const problems = positions.map((at) => ({
    path: `people.${at}`,
    message: 'is nobody whom the directory or this sync knows',
  }));
  return new SyncError('request-invalid', `${problems.length} part(s) of the request are not valid.`, { problems });
}
