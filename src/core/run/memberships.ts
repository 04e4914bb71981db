import { groupsOf } from '../config/groups.ts';
import type { GroupNeed } from '../config/groups.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import type { IsMember } from '../people/filter.ts';
import type { Engine } from './engine.ts';
import { ignoreConflict } from './ignore-conflict.ts';
import type { Directive, RunWork } from './run-work.ts';
import { readState } from './state-row.ts';

/** Members that one row holds: 16 random bytes each, whatever the compression, in an entity of 1 MiB. */
const MEMBERS_A_ROW = 20_000;

/** Where the members of each group stand, by `groupName`. */
export type MembershipRefs = Readonly<Record<string, string>>;
/** The people in each group, by `groupName`. */
export type Memberships = ReadonlyMap<string, ReadonlySet<string>>;

function groupName({ groupId, transitive }: GroupNeed): string {
  return transitive ? `${groupId} transitive` : groupId;
}

// Rows are named by what they hold: nobody can change what a token refers to.
function rowKey(ref: string, index: number): string {
  return `members:${ref}:${String(index).padStart(4, '0')}`;
}

async function readMembers(work: RunWork, need: GroupNeed): Promise<readonly string[]> {
  const { engine, guard } = work;
  const ids = new Set<string>();
  const wanted = { id: need.groupId, transitive: need.transitive };
  for await (const members of engine.directory.groupMembers(wanted, guard)) {
    for (const { id, kind } of members) if (kind === 'user' || kind === 'orgContact') ids.add(id);
  }
  return [...ids].toSorted();
}

async function storeMembers({ engine, guard }: RunWork, ids: readonly string[]): Promise<string> {
  const ref = engine.digest.hash(ids.join('\n'));
  const rows = Math.max(1, Math.ceil(ids.length / MEMBERS_A_ROW));
  for (let index = 0; index < rows; index += 1) {
    const body = ids.slice(index * MEMBERS_A_ROW, (index + 1) * MEMBERS_A_ROW);
    const row = { key: rowKey(ref, index), facets: { rows }, body };
    await guard.ensure();
    // In vain: the same members stand there already.
    await engine.tables.state.write(engine.config.name, [{ kind: 'insert', row }]).catch(ignoreConflict);
  }
  return ref;
}

async function fetchMembers({ tables, config }: Engine, ref: string): Promise<ReadonlySet<string> | undefined> {
  const ids = new Set<string>();
  let found = 0;
  let rows = 1;
  for await (const page of tables.state.scan(config.name, `members:${ref}:`)) {
    for (const row of page) {
      found += 1;
      rows = Number(row.facets['rows']);
      for (const id of row.body as readonly string[]) ids.add(id);
    }
  }
  return found === rows ? ids : undefined;
}

/** Reads the groups that the configuration names, one after the other; each is remembered before the next. */
export async function readGroups(work: RunWork): Promise<Directive | undefined> {
  const { run, update, isSliceOver } = work;
  for (const need of groupsOf(run().config)) {
    const name = groupName(need);
    if (run().memberships?.[name] !== undefined) continue;
    if (isSliceOver()) return 'yield';
    const ref = await storeMembers(work, await readMembers(work, need));
    await update({ memberships: { ...run().memberships, [name]: ref } });
  }
  return undefined;
}

/** Somebody cleared the rows away that a run had noted: it reads the groups once more. */
export async function readGroupsAnew(work: RunWork): Promise<Directive> {
  await work.update({ phase: 'read', memberships: {} });
  return 'again';
}

/** The members of the groups as a run read them; undefined when they are not all stored (any more). */
export async function fetchMemberships(engine: Engine, refs: MembershipRefs = {}): Promise<Memberships | undefined> {
  const memberships = new Map<string, ReadonlySet<string>>();
  for (const [name, ref] of Object.entries(refs)) {
    const members = await fetchMembers(engine, ref);
    if (members === undefined) return undefined;
    memberships.set(name, members);
  }
  return memberships;
}

/** Whoever entered or left a group since the last run that the token stands for. */
export async function membershipChanges({ engine, run }: RunWork, current: Memberships): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  const { token } = await readState(engine);
  for (const [name, members] of current) {
    const ref = token?.memberships?.[name];
    if (ref !== undefined && ref === run().memberships?.[name]) continue;
    // Not known any more: everybody in the group is looked at again.
    const before = (ref === undefined ? undefined : await fetchMembers(engine, ref)) ?? new Set<string>();
    for (const id of members) if (!before.has(id)) changed.add(id);
    for (const id of before) if (!members.has(id)) changed.add(id);
  }
  return changed;
}

/** The groups of those that a person is in, to be carried along with them. */
export function groupsWith(memberships: Memberships, id: string): readonly string[] {
  return [...memberships].flatMap(([name, members]) => (members.has(id) ? [name] : []));
}

/** Membership as filters ask for it, of somebody who is in these groups, among those that were read. */
export function memberOf(groups: readonly string[], config: GroupConfig): IsMember {
  const read = namesOf(config);
  return (groupId, transitive) => {
    const name = groupName({ groupId, transitive });
    return read.has(name) ? groups.includes(name) : 'unknown';
  };
}

type GroupConfig = Pick<SyncConfig, 'filters' | 'mapping'>;

// Asked for every person: the names are kept as long as the configuration.
const known = new WeakMap<GroupConfig, ReadonlySet<string>>();

function namesOf(config: GroupConfig): ReadonlySet<string> {
  const names = known.get(config) ?? new Set(groupsOf(config).map(groupName));
  known.set(config, names);
  return names;
}

/** Deletes the stored members of groups that a person is in, and answers how many rows: the next run reads the groups anew. */
export async function eraseFromMemberships({ tables, config }: Engine, personId: string): Promise<number> {
  let deleted = 0;
  for await (const page of tables.state.scan(config.name, 'members:')) {
    for (const { key, body } of page) {
      if (!(body as readonly string[]).includes(personId)) continue;
      // Never rewritten: a row is known by what it holds.
      await tables.state.write(config.name, [{ kind: 'delete', key }]);
      deleted += 1;
    }
  }
  return deleted;
}

/** Forgets members that neither the token nor this run refers to; not any more when the run has lost the lease. */
export async function forgetMembers({ engine, run, guard }: RunWork): Promise<void> {
  const { tables, config } = engine;
  const { token, lease } = await readState(engine);
  if (lease?.runId !== run().runId) return;
  const current = new Set(Object.values({ ...token?.memberships }).concat(Object.values({ ...run().memberships })));
  await guard.ensure();
  for await (const page of tables.state.scan(config.name, 'members:', { facetsOnly: true })) {
    const stale = page.filter(({ key }) => !current.has(key.split(':')[1]!));
    for (const { key } of stale) await tables.state.write(config.name, [{ kind: 'delete', key }]);
  }
}
