import type { DirectoryEntry, Person } from '../people/person.ts';
import type { Link } from '../plan/link.ts';
import { settleEchoes } from '../plan/memory.ts';
import type { Sight } from '../plan/memory.ts';
import type { Round } from './compose-round.ts';
import type { BatchPerson } from './parts.ts';
import { readsEverybody } from './run-row.ts';
import type { RunRow } from './run-row.ts';

/** Whether the directory showed something former after we wrote, and nobody has looked again. */
export function hasDoubtedWrites(link: Link | undefined): boolean {
  return Object.values(link?.memory?.writes ?? {}).some(({ doubted }) => doubted === true);
}

function hasOpenWrites(link: Link | undefined): boolean {
  return Object.keys(link?.memory?.writes ?? {}).length > 0;
}

/** Our own writes come back as if at once, however late the directory shows them, or if it shows the former value first. */
export function settleOwnWrites(
  run: RunRow,
  { merged, stored }: Round,
  person: Person,
  readings: ReadonlyMap<string, DirectoryEntry | undefined>,
): Pick<BatchPerson, 'person' | 'link' | 'echoUntil'> {
  const link = stored.get(person.id)?.link;
  if (link === undefined || !hasOpenWrites(link)) return { person };
  const entry = merged.get(person.id);
  const isWhole = readsEverybody(run) && entry !== undefined;
  const sightOf = (path: string): Sight | undefined => {
    if (readings.get(person.id) !== undefined) return 'reading';
    return isWhole || Object.hasOwn(entry?.patch ?? {}, path.replace(/[.[].*$/, '')) ? 'change' : undefined;
  };
  const settled = settleEchoes(person.attributes, link.memory, run.createdAt, sightOf);
  return {
    person: { ...person, attributes: settled.attributes },
    ...(settled.memory === link.memory ? {} : { link: { ...link, memory: settled.memory! } }),
    ...(settled.lookAgainAt === undefined ? {} : { echoUntil: settled.lookAgainAt }),
  };
}
