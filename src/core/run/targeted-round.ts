import type { SyncConfig } from '../config/sync-config.ts';
import { listKeyText } from '../people/list-names.ts';
import { departmentOf } from '../people/map-person.ts';
import type { Round } from './compose-round.ts';
import { findPart, insertPart, partKey } from './parts.ts';
import type { PagePart } from './parts.ts';
import { fetchPending, fetchPeople, scanPeople } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';
import type { OnlySome } from './run-row.ts';
import type { RunWork } from './run-work.ts';

/** Above this many people one scan of all rows is cheaper than a read for each. */
const SCAN_ABOVE = 500;

/** The people whom a run was started for, by id and by department, and nobody else; each is read by id. */
export async function composeNamed(work: RunWork, { departments, people }: OnlySome): Promise<Round> {
  const { engine } = work;
  const ids = new Set(people);
  let stored: Map<string, PersonRow> | undefined;
  if (departments.length > 0) {
    stored = await scanPeople(engine);
    for (const id of storedMembers(stored, engine.config, departments)) ids.add(id);
    for (const id of await listedMembers(work, departments)) ids.add(id);
  }
  stored ??= ids.size > SCAN_ABOVE ? await scanPeople(engine) : await fetchPeople(engine, [...ids]);
  return {
    merged: new Map(),
    stored,
    pending: await fetchPending(engine, [...ids]),
    via: new Map([...ids].map((id) => [id, 'named'])),
  };
}

/** Whoever was in one of the departments when last seen: who has left it since is looked at, too. */
function storedMembers(
  stored: ReadonlyMap<string, PersonRow>,
  config: SyncConfig,
  departments: readonly string[],
): readonly string[] {
  const keys = new Set(departments.map(listKeyText));
  return [...stored].filter(([, { person }]) => keys.has(departmentOf(person, config))).map(([id]) => id);
}

/** Whoever the directory lists in the departments now, as far as it can be asked; listed once for the whole run. */
async function listedMembers(work: RunWork, departments: readonly string[]): Promise<readonly string[]> {
  const { engine, run } = work;
  if (!isAskable(engine.config)) return [];
  const { runId, chain } = run();
  const key = partKey.page(chain, 0);
  const listed = await findPart<PagePart>(engine, runId, key);
  if (listed !== undefined) return listed.entries.map(({ id }) => id);
  const ids = new Set<string>();
  for (const department of departments) {
    for await (const members of engine.directory.departmentMembers(department.trim(), work.guard)) {
      for (const id of members) ids.add(id);
    }
  }
  const body: PagePart = { entries: [...ids].map((id) => ({ id, reduced: true })) };
  return (await insertPart(engine, runId, { key, body })).entries.map(({ id }) => id);
}

/** The directory can list people by `department`; by other attributes only through an index that lags, or not at all. */
function isAskable({ mapping }: SyncConfig): boolean {
  return mapping.find(({ to, from }) => to === 'group' && from !== undefined)?.from === 'department';
}
