import { startAzurite } from '../../local/azurite.ts';
import { createTables } from '../../src/adapters/storage/table-store.ts';
import type { Row, RowChange, StoredRow, Table, Tables } from '../../src/core/ports.ts';
import { createMemoryTables } from './memory-tables.ts';
import { startStorageProxy } from './storage-proxy.ts';

export interface TableImplementation {
  readonly tables: Tables;
  /** Loses the answers of the next calls where there is a wire to lose them on. */
  readonly loseAnswers: (count: number) => void;
  readonly lossesLeft: () => number;
  readonly stop: () => Promise<void>;
}

async function inMemory(): Promise<TableImplementation> {
  return {
    tables: createMemoryTables(),
    loseAnswers: () => undefined,
    lossesLeft: () => 0,
    stop: async () => undefined,
  };
}

async function inAzure(): Promise<TableImplementation> {
  const azurite = await startAzurite();
  const proxy = await startStorageProxy(azurite.tableUrl);
  const tables = createTables({ connectionString: proxy.reroute(azurite.connectionString) });
  await tables.ensure();
  const stop = async (): Promise<void> => {
    await proxy.close();
    await azurite.stop();
  };
  return { tables, loseAnswers: proxy.loseAnswers, lossesLeft: proxy.lossesLeft, stop };
}

export const insert = (row: Row): RowChange => ({ kind: 'insert', row });
export const put = (row: Row): RowChange => ({ kind: 'put', row });
export const replace = (row: Row, etag: string): RowChange => ({ kind: 'replace', row, etag });
export const remove = (key: string, etag?: string): RowChange => ({
  kind: 'delete',
  key,
  ...(etag === undefined ? {} : { etag }),
});

export const numbered = (count: number, prefix = 'row-'): Row[] =>
  Array.from({ length: count }, (_, index) => ({ key: `${prefix}${String(index).padStart(5, '0')}`, body: { index } }));

/** All pages of a scan. */
export async function scanned(table: Table, ...query: Parameters<Table['scan']>): Promise<readonly StoredRow[][]> {
  const pages: StoredRow[][] = [];
  for await (const page of table.scan(...query)) pages.push([...page]);
  return pages;
}

export const keysOf = (pages: readonly (readonly StoredRow[])[]): string[] => pages.flat().map(({ key }) => key);

/** Everything that calls itself `Tables`: each runs the same suites, in a world of its own. */
export const TABLE_IMPLEMENTATIONS: readonly (readonly [string, () => Promise<TableImplementation>])[] = [
  ['in memory', inMemory],
  ['in Azure Tables', inAzure],
];
