import type { DirectoryEntry } from '../../core/people/person.ts';
import type { CallScope } from '../../core/ports.ts';
import { readItems } from './batch-items.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { readEntry } from './people-source.ts';
import type { PeopleSource } from './people-source.ts';

/** Found, but in another place: not one of these people. */
const ELSEWHERE = 'elsewhere';

/** Reads people of one source by id; the map is keyed by the ids that were asked for, unknown ones are absent. */
export async function readPeopleOf(
  graph: GraphCalls,
  origin: string,
  source: PeopleSource,
  wanted: { readonly ids: readonly string[]; readonly select: readonly string[] },
  scope: CallScope,
): Promise<Map<string, DirectoryEntry>> {
  const { item: name, headers, gate } = source;
  const reading = {
    name,
    keys: wanted.ids,
    urlOf: (id: string) => source.itemUrl(id, wanted.select),
    read: (json: unknown) => readPerson(json, source, wanted.select),
    ...(headers === undefined ? {} : { headers }),
    ...(gate === undefined ? {} : { gate }),
  };
  const people = new Map<string, DirectoryEntry>();
  for (const [id, person] of await readItems(graph, origin, reading, scope)) {
    if (person !== ELSEWHERE) people.set(id, person);
  }
  return people;
}

function readPerson(
  json: unknown,
  source: PeopleSource,
  select: readonly string[],
): DirectoryEntry | typeof ELSEWHERE | undefined {
  const entry = readEntry(json, source, select);
  if (entry === undefined || source.isHere === undefined || !isObject(json)) return entry;
  const isHere = source.isHere(json);
  if (isHere === undefined) return undefined;
  return isHere ? entry : ELSEWHERE;
}
