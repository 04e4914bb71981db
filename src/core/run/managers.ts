import { managerAttributesOf } from '../config/attributes.ts';
import type { Attributes, DirectoryEntry, Person } from '../people/person.ts';
import type { Engine } from './engine.ts';
import { fetchPeople, managerIdOf } from './person-rows.ts';
import { readById } from './read-by-id.ts';
import type { RunWork } from './run-work.ts';

/** Whether the configuration uses anything of anybody's manager. */
function usesManagers({ config }: Engine): boolean {
  return managerAttributesOf(config).length > 0;
}

/** People whose manager the directory showed anew: what is used of the manager may have changed. */
export async function reportsOf(engine: Engine, shown: ReadonlyMap<string, unknown>): Promise<readonly string[]> {
  if (!usesManagers(engine) || shown.size === 0) return [];
  const reports: string[] = [];
  for await (const page of engine.tables.people.scan(engine.config.name, 'person:', { facetsOnly: true })) {
    for (const { key, facets } of page) {
      if (shown.has(String(facets['manager'] ?? ''))) reports.push(key.slice('person:'.length));
    }
  }
  return reports;
}

type Present = Pick<Person, 'presence' | 'attributes'>;

/**
 * What is used of the managers of these people, by the manager's id: from the round where they are part of it, then
 * from what is stored, and read by id, twenty a call, where neither has them. Undefined when the slice ended first.
 */
export async function readManagers(
  work: RunWork,
  people: ReadonlyMap<string, Present>,
): Promise<ReadonlyMap<string, Attributes> | undefined> {
  const { engine } = work;
  const managers = new Map<string, Attributes>();
  if (!usesManagers(engine)) return managers;
  const used = managerAttributesOf(engine.config);
  const note = (id: string, { presence, attributes }: Present): void => {
    if (presence === 'present') managers.set(id, pick(attributes, used));
  };
  const wanted = new Set([...people.values()].flatMap((person) => managerIdOf(person) ?? []));
  for (const id of wanted) if (people.has(id)) note(id, people.get(id)!);
  const outside = [...wanted].filter((id) => !people.has(id));
  const stored = await fetchPeople(engine, outside);
  for (const [id, { person }] of stored) note(id, person);
  const unknown = outside.filter((id) => !managers.has(id)).toSorted();
  const readings: ReadonlyMap<string, DirectoryEntry | undefined> | undefined = await readById(work, unknown);
  if (readings === undefined) return undefined;
  for (const [id, entry] of readings) {
    if (entry !== undefined && wanted.has(id) && !people.has(id)) note(id, { ...entry, presence: 'present' });
  }
  return managers;
}

function pick(attributes: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}

/** The person with what is known of the manager. */
export function withManager(person: Person, managers: ReadonlyMap<string, Attributes>): Person {
  const { manager: _former, ...rest } = person;
  const manager = managers.get(managerIdOf(person) ?? '');
  return manager === undefined ? rest : { ...rest, manager };
}
