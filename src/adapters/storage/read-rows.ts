import { odata } from '@azure/data-tables';
import type { StoredRow, Table } from '../../core/ports.ts';
import { decodeRow, FACET_PROPERTIES } from './row-codec.ts';
import { refusalOf } from './storage-errors.ts';
import type { TableConnection } from './table-client.ts';
import { isAboutRows } from './table-transaction.ts';
import { checkKey, checkPrefix } from './write-limits.ts';

// Enough to hide the network's delay from a batch of 100, few enough to leave connections to other batches.
const PARALLEL_READS = 16;
const MAX_PAGE_SIZE = 1_000;
// Sorts behind every character a key can have.
const AFTER_ALL_KEYS = '~';

type Entity = Readonly<Record<string, unknown>>;

export async function readRow(table: TableConnection, partition: string, key: string): Promise<StoredRow | undefined> {
  const entity = await readEntity(table, partition, key);
  return entity === undefined ? undefined : decodeRow(entity);
}

/** One point read a key: Tables answer a filter of many keys by walking the whole partition. */
export async function readRows(
  table: TableConnection,
  partition: string,
  keys: readonly string[],
): Promise<Map<string, StoredRow>> {
  const entities = await readEntities(table, partition, keys);
  return new Map([...entities].map(([key, entity]) => [key, decodeRow(entity)]));
}

/** Which write made each row. Rows that are not there are absent. */
export async function readWrites(
  table: TableConnection,
  partition: string,
  keys: readonly string[],
): Promise<Map<string, { readonly etag: string; readonly writeId: string }>> {
  const entities = await readEntities(table, partition, keys, ['w']);
  return new Map([...entities].map(([key, { etag, w }]) => [key, { etag: String(etag), writeId: String(w) }]));
}

export async function* scanRows(
  { client }: TableConnection,
  partition: string,
  prefix: string,
  { after, facetsOnly = false, pageSize = MAX_PAGE_SIZE }: NonNullable<Parameters<Table['scan']>[2]> = {},
): AsyncGenerator<readonly StoredRow[]> {
  checkKey(partition);
  checkPrefix(prefix);
  const end = `${prefix}${AFTER_ALL_KEYS}`;
  const filter =
    after === undefined || after < prefix
      ? odata`PartitionKey eq ${partition} and RowKey ge ${prefix} and RowKey lt ${end}`
      : odata`PartitionKey eq ${partition} and RowKey gt ${after} and RowKey lt ${end}`;
  const queryOptions = facetsOnly ? { filter, select: FACET_PROPERTIES } : { filter };
  const pages = client
    .listEntities<Entity>({ queryOptions })
    .byPage({ maxPageSize: Math.min(pageSize, MAX_PAGE_SIZE) });
  // The service may answer an empty page that only points to the next one.
  for await (const page of pages) if (page.length > 0) yield page.map(decodeRow);
}

async function readEntities(
  table: TableConnection,
  partition: string,
  keys: readonly string[],
  select?: string[],
): Promise<Map<string, Entity>> {
  const waiting = [...new Set(keys)];
  const found = new Map<string, Entity>();
  const reader = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      const entity = await readEntity(table, partition, key, select);
      if (entity !== undefined) found.set(key, entity);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_READS, waiting.length) }, reader));
  return found;
}

async function readEntity(
  { client }: TableConnection,
  partition: string,
  key: string,
  select?: string[],
): Promise<Entity | undefined> {
  checkKey(partition);
  checkKey(key);
  try {
    return await client.getEntity(partition, key, select === undefined ? {} : { queryOptions: { select } });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status === 404 && isAboutRows(refusal.status, refusal.code)) return undefined;
    throw error;
  }
}
