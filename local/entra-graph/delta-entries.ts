import type { Change, DirectoryStore, UserAttributes, UserRecord } from './directory-store.ts';

export interface DeltaEntry extends UserAttributes {
  readonly id: string;
}
/** What a round shows of one object for these changes; undefined when none of them was asked for. */
export function changeEntry(
  store: DirectoryStore,
  group: readonly Change[],
  select: readonly string[] | undefined,
  sparse: boolean,
): DeltaEntry | undefined {
  const last = group.at(-1);
  const record = last === undefined ? undefined : store.get(last.id);
  if (last === undefined || record === undefined) return undefined;
  if (last.kind === 'removed') return { id: last.id, '@removed': { reason: last.reason } };
  if (group.some(({ kind }) => kind === 'created' || kind === 'restored')) return wholeEntry(store, record, select);
  const values = Object.fromEntries(
    group.flatMap((change) => (change.kind === 'updated' ? Object.entries(change.values) : [])),
  );
  const touched = Object.entries(values).filter(([name]) => select === undefined || select.includes(name));
  const manager = select?.includes('manager') === true ? managerChange(group) : {};
  const changed = { id: record.id, ...Object.fromEntries(touched), ...manager };
  if (Object.keys(changed).length === 1) return undefined;
  return sparse ? changed : { ...properties(store, record, select), ...changed };
}

// A manager who was replaced is shown as removed beside the new one.
function managerChange(group: readonly Change[]): { readonly 'manager@delta'?: readonly object[] } {
  const changes = group.flatMap((change) => (change.kind === 'manager' ? [change] : []));
  const before = changes[0]?.before;
  const after = changes.at(-1)?.after;
  if (before === after) return {};
  const gone = before === undefined ? [] : [{ ...reference(before), '@removed': { reason: 'deleted' } }];
  return { 'manager@delta': after === undefined ? gone : [...gone, reference(after)] };
}

function reference(userId: string): { readonly '@odata.type': string; readonly id: string } {
  return { '@odata.type': '#microsoft.graph.user', id: userId };
}

/** Everything that was asked for and was ever set. */
export function wholeEntry(
  store: DirectoryStore,
  record: UserRecord,
  select: readonly string[] | undefined,
): DeltaEntry {
  const { managerId } = record;
  const isShown = select?.includes('manager') === true && managerId !== undefined;
  return { ...properties(store, record, select), ...(isShown ? { 'manager@delta': [reference(managerId)] } : {}) };
}

// A property that was never set is not mentioned; one that was cleared is null.
function properties(store: DirectoryStore, record: UserRecord, select: readonly string[] | undefined): DeltaEntry {
  const entry: Record<string, unknown> = {};
  for (const name of select ?? store.type.defaultProperties) {
    if (name in record.attributes) entry[name] = record.attributes[name];
  }
  return { ...entry, id: record.id };
}
