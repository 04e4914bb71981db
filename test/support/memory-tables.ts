import { encodeRow, toWireJson } from '../../src/adapters/storage/row-codec.ts';
import {
  changedKey,
  checkChanges,
  checkKey,
  checkPrefix,
  WRITE_LIMITS,
} from '../../src/adapters/storage/write-limits.ts';
import {
  RowConflict,
  type Row,
  type RowChange,
  type StoredRow,
  type Table,
  type TableName,
  type Tables,
} from '../../src/core/ports.ts';

/**
 * Called before and after everything that touches the tables, as `before people.write`, `after people.write`.
 * What it throws is thrown at the caller: before, nothing has happened; after, it has.
 */
export type OnEffect = (effect: string) => void | Promise<void>;

export interface MemoryTables extends Tables {
  /** All rows of a table as they are now, in key order; does not count as an effect. */
  rows(table: TableName): readonly (StoredRow & { readonly partition: string })[];
}

interface Options {
  readonly onEffect?: OnEffect;
}

const PAGE_SIZE = 1_000;
// Below every limit even without compression: only bigger rows are worth encoding to know their size.
const SURELY_SMALL_CHARACTERS = WRITE_LIMITS.facetsCharacters;

/** Tables in memory that keep every promise of the port: etags, all or nothing, limits, values nobody else can change. */
export function createMemoryTables({ onEffect = () => undefined }: Options = {}): MemoryTables {
  const stored = {
    state: new Map<string, Partition>(),
    runs: new Map<string, Partition>(),
    parts: new Map<string, Partition>(),
    people: new Map<string, Partition>(),
    consent: new Map<string, Partition>(),
  };
  const nextEtag = etags();
  const table = (name: TableName): Table => memoryTable(name, stored[name], nextEtag, onEffect);
  return {
    state: table('state'),
    runs: table('runs'),
    parts: table('parts'),
    people: table('people'),
    consent: table('consent'),
    rows: (name) =>
      [...stored[name]].flatMap(([partition, rows]) =>
        sortedKeys(rows).map((key) => ({ partition, ...(rows.get(key) as StoredRow) })),
      ),
  };
}

type Partition = Map<string, StoredRow>;

function memoryTable(
  name: TableName,
  partitions: Map<string, Partition>,
  nextEtag: () => string,
  onEffect: OnEffect,
): Table {
  const rowsOf = (partition: string): Partition => {
    checkKey(partition);
    const rows = partitions.get(partition) ?? new Map<string, StoredRow>();
    partitions.set(partition, rows);
    return rows;
  };
  const effect = async <T>(what: string, act: () => T): Promise<T> => {
    await onEffect(`before ${name}.${what}`);
    const result = act();
    await onEffect(`after ${name}.${what}`);
    return result;
  };
  return {
    get: (partition, key) =>
      effect('get', () => {
        checkKey(key);
        return rowsOf(partition).get(key);
      }),
    getMany: (partition, keys) =>
      effect('getMany', () => {
        keys.forEach(checkKey);
        return found(rowsOf(partition), keys);
      }),
    async *scan(partition, prefix, { after = '', facetsOnly = false, pageSize = PAGE_SIZE } = {}) {
      checkPrefix(prefix);
      let last = after;
      for (;;) {
        const page = await effect('scan', () =>
          pageAfter(rowsOf(partition), prefix, last, Math.min(pageSize, PAGE_SIZE)),
        );
        if (page.length > 0) yield facetsOnly ? page.map((row) => ({ ...row, body: undefined })) : page;
        if (page.length < Math.min(pageSize, PAGE_SIZE)) return;
        last = String(page.at(-1)?.key);
      }
    },
    write: (partition, changes) =>
      effect('write', () => {
        checkChanges(partition, changes);
        checkSizes(name, partition, changes);
        const rows = rowsOf(partition);
        changes.forEach((change) => checkFits(rows.get(changedKey(change)), change));
        return changes.map((change) => apply(rows, change, nextEtag));
      }),
  };
}

function etags(): () => string {
  let count = 0;
  return () => `W/"${++count}"`;
}

function sortedKeys(rows: Partition): string[] {
  return [...rows.keys()].toSorted();
}

function found(rows: Partition, keys: readonly string[]): Map<string, StoredRow> {
  const result = new Map<string, StoredRow>();
  for (const key of keys) {
    const row = rows.get(key);
    if (row !== undefined) result.set(key, row);
  }
  return result;
}

function pageAfter(rows: Partition, prefix: string, after: string, pageSize: number): StoredRow[] {
  const keys = sortedKeys(rows).filter((key) => key.startsWith(prefix) && key > after);
  return keys.slice(0, pageSize).map((key) => rows.get(key) as StoredRow);
}

function checkFits(current: StoredRow | undefined, change: RowChange): void {
  const key = changedKey(change);
  if (change.kind === 'insert' && current !== undefined) throw new RowConflict(key);
  if (change.kind === 'replace') {
    const wanted = change.etag === '*' ? current?.etag : change.etag;
    if (current === undefined || current.etag !== wanted) throw new RowConflict(key);
  }
  if (change.kind !== 'delete' || change.etag === undefined || current === undefined) return;
  if (change.etag !== current.etag) throw new RowConflict(key);
}

function checkSizes(table: TableName, partition: string, changes: readonly RowChange[]): void {
  let characters = 0;
  for (const change of changes) {
    if (change.kind === 'delete') continue;
    const size = JSON.stringify(change.row).length;
    if (size > SURELY_SMALL_CHARACTERS) encodeRow(table, partition, change.row, 'write');
    characters += size;
  }
  if (changes.length < 2 || characters < WRITE_LIMITS.transactionBytes / 4) return;
  const bytes = changes.reduce((sum, change) => sum + wireBytes(table, partition, change), 0);
  if (bytes > WRITE_LIMITS.transactionBytes) throw new RangeError(`The write to ${table} takes ${bytes} bytes.`);
}

function wireBytes(table: TableName, partition: string, change: RowChange): number {
  const headers = 512;
  return change.kind === 'delete'
    ? headers
    : headers + toWireJson(encodeRow(table, partition, change.row, 'write')).length;
}

function apply(rows: Partition, change: RowChange, nextEtag: () => string): string {
  if (change.kind === 'delete') {
    rows.delete(change.key);
    return '';
  }
  const etag = nextEtag();
  rows.set(change.row.key, frozen(toStored(change.row, etag)));
  return etag;
}

/** Through JSON, as on the wire: undefined properties vanish, and what the caller changes later changes nothing here. */
function toStored({ key, facets = {}, body }: Row, etag: string): StoredRow {
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  return { key, etag, facets: copy(facets), body: body === undefined ? undefined : copy(body) };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
