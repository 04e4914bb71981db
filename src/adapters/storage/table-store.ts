import type { Table, TableName, Tables } from '../../core/ports.ts';
import type { OpenTable } from './open-tables.ts';
import { remembered } from './remembered.ts';
import { createStorageClock, type StorageClock } from './storage-clock.ts';
import { translated } from './storage-errors.ts';
import type { StorageSettings } from './storage-settings.ts';

export type TableStore = Tables & {
  /** Creates the tables that are missing. Asks storage once a process; a failure is not remembered. */
  ensure(): Promise<void>;
};

/**
 * Our tables in Azure Tables. The SDK is loaded and connected at the first call, so that the app starts without it.
 * All failures but RowConflict and RangeError are NeighbourErrors ('storage'). The clock learns from every answer.
 */
export function createTables(settings: StorageSettings, clock: StorageClock = createStorageClock()): TableStore {
  const opened = remembered(async () => (await import('./open-tables.ts')).openTables(settings, clock));
  const ensure = remembered(async () => {
    const tables = Object.values(await opened());
    await tried('create its tables', () => Promise.all(tables.map((table) => table.create())));
  });
  const table = (name: TableName): Table => lazyTable(async () => (await opened())[name]);
  return {
    state: table('state'),
    runs: table('runs'),
    parts: table('parts'),
    people: table('people'),
    consent: table('consent'),
    ensure,
  };
}

function lazyTable(open: () => Promise<OpenTable>): Table {
  return {
    get: (partition, key) => tried('read a row', async () => (await open()).get(partition, key)),
    getMany: (partition, keys) => tried('read rows', async () => (await open()).getMany(partition, keys)),
    async *scan(partition, prefix, options) {
      try {
        yield* (await open()).scan(partition, prefix, options);
      } catch (error) {
        throw translated(error, 'read rows');
      }
    },
    write: (partition, changes) => tried('write rows', async () => (await open()).write(partition, changes)),
  };
}

async function tried<T>(attempt: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(error, attempt);
  }
}
