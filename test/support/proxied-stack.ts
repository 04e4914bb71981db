import { startStack } from '../../local/stack.ts';
import type { Stack, StackOptions } from '../../local/stack.ts';
import { createTables } from '../../src/adapters/storage/table-store.ts';
import type { StoredRow, TableName } from '../../src/core/ports.ts';
import type { SyncState } from '../../src/core/run/state-row.ts';
import { readAll } from './books.ts';
import { startStorageProxy } from './storage-proxy.ts';
import type { StorageProxy } from './storage-proxy.ts';

/** What stands between one functions host and the storage account. */
export interface StorageProxies {
  readonly tables: StorageProxy;
  readonly queues: StorageProxy;
  readonly connectionString: string;
  /** Throws when a watcher of calls threw. */
  close(): Promise<void>;
}

/** The local stack, its app behind proxies of its storage. */
export interface ProxiedStack {
  readonly stack: Stack;
  readonly proxies: StorageProxies;
  /** What stands in a table of the default sync, read past the proxies. */
  readonly rows: (table: TableName) => Promise<StoredRow[]>;
  /** Whether a run has the lease, or somebody who died before they could write one. */
  isLeased(): Promise<boolean>;
  stop(): Promise<void>;
}

const SYNC_NAME = 'default';

export async function startProxies(azurite: Stack['azurite']): Promise<StorageProxies> {
  const tables = await startStorageProxy(azurite.tableUrl);
  const queues = await startStorageProxy(azurite.queueUrl);
  return {
    tables,
    queues,
    connectionString: queues.reroute(tables.reroute(azurite.connectionString)),
    async close() {
      await Promise.all([tables.close(), queues.close()]);
      const failures = [...tables.failures, ...queues.failures];
      if (failures.length > 0) throw new AggregateError(failures, 'What watched the calls to storage failed.');
    },
  };
}

export async function startProxiedStack(options: StackOptions): Promise<ProxiedStack> {
  const stack = await startStack(options);
  const proxies = await startProxies(stack.azurite);
  await stack.restartHost({ AzureWebJobsStorage: proxies.connectionString });
  const direct = createTables({ connectionString: stack.azurite.connectionString });
  return {
    stack,
    proxies,
    rows: (table) => readAll(direct[table], SYNC_NAME),
    async isLeased() {
      const state = (await direct.state.get(SYNC_NAME, 'state'))?.body as SyncState | undefined;
      return state?.lease !== undefined;
    },
    async stop() {
      await stack.stop();
      await proxies.close();
    },
  };
}
