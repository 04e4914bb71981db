import type { Table, TableName } from '../../core/ports.ts';
import { readRow, readRows, scanRows } from './read-rows.ts';
import type { StorageClock } from './storage-clock.ts';
import type { StorageSettings } from './storage-settings.ts';
import { connectTables, type TableConnection } from './table-client.ts';
import { writeRows } from './write-rows.ts';

export interface OpenTable extends Table {
  /** A table that exists already is a success. */
  create(): Promise<void>;
}

const AZURE_NAMES: Readonly<Record<TableName, string>> = {
  state: 'syncstate',
  runs: 'syncruns',
  parts: 'syncparts',
  people: 'syncpeople',
  consent: 'syncconsent',
};

/** Our tables with everything that needs the SDK. Errors are still the SDK's. */
export async function openTables(
  settings: StorageSettings,
  clock: StorageClock,
): Promise<Readonly<Record<TableName, OpenTable>>> {
  const connect = await connectTables(settings, clock);
  const open = (name: TableName): OpenTable => openTable(connect(AZURE_NAMES[name]));
  return {
    state: open('state'),
    runs: open('runs'),
    parts: open('parts'),
    people: open('people'),
    consent: open('consent'),
  };
}

function openTable(connection: TableConnection): OpenTable {
  return {
    get: (partition, key) => readRow(connection, partition, key),
    getMany: (partition, keys) => readRows(connection, partition, keys),
    scan: (partition, prefix, options) => scanRows(connection, partition, prefix, options),
    write: (partition, changes) => writeRows(connection, partition, changes),
    create: () => connection.client.createTable(),
  };
}
