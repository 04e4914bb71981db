import type { RowChange, TableName } from '../../src/core/ports.ts';
import type { Effect } from './fault-names.ts';

/** Our tables as the writes that succeeded make them: what checkers look at between two steps. */
export interface Rows {
  body(table: TableName, partition: string, key: string): unknown;
  /** Bodies of all rows of a partition whose keys begin with `prefix`, by key. */
  bodies<T>(table: TableName, partition: string, prefix: string): ReadonlyMap<string, T>;
  apply(table: TableName, partition: string, changes: readonly RowChange[]): void;
}

export function createRows(): Rows {
  const partitions = new Map<string, Map<string, unknown>>();
  const rowsOf = (table: TableName, partition: string): Map<string, unknown> => {
    const name = `${table} ${partition}`;
    const rows = partitions.get(name) ?? new Map<string, unknown>();
    partitions.set(name, rows);
    return rows;
  };
  return {
    body: (table, partition, key) => rowsOf(table, partition).get(key),
    bodies: <T>(table: TableName, partition: string, prefix: string) =>
      new Map([...rowsOf(table, partition)].filter(([key]) => key.startsWith(prefix))) as ReadonlyMap<string, T>,
    apply(table, partition, changes) {
      const rows = rowsOf(table, partition);
      for (const change of changes) {
        if (change.kind === 'delete') rows.delete(change.key);
        else rows.set(change.row.key, change.row.body);
      }
    },
  };
}

const EFFECT_BY_PREFIX: Readonly<Record<string, Effect>> = {
  state: 'state row',
  slot: 'slot row',
  list: 'list row',
  field: 'list row',
  page: 'page row',
  read: 'reading row',
  batch: 'batch row',
  plan: 'plan row',
  verdict: 'verdict row',
  outcome: 'outcome row',
  lane: 'lane row',
  person: 'person row',
  phone: 'claim row',
  contact: 'claim row',
  pending: 'pending row',
};

export function keyOf(change: RowChange): string {
  return change.kind === 'delete' ? change.key : change.row.key;
}

/**
 * What kind of effect a write is: by its first row behind the fence, a person's own row before their claims and what
 * waits. Raising a fence is about the state of the sync.
 */
export function effectOf(table: TableName, changes: readonly RowChange[]): Effect {
  if (table === 'runs') return 'run row';
  const prefixes = changes.map((change) => keyOf(change).split(/[-:]/)[0]!).filter((prefix) => prefix !== 'fence');
  const prefix = prefixes.includes('person') ? 'person' : prefixes[0]!;
  return EFFECT_BY_PREFIX[prefix ?? 'state'] ?? 'state row';
}
