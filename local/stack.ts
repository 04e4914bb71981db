import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startAzurite } from './azurite.ts';
import type { Azurite } from './azurite.ts';
import { createKeys } from './functions-host/function-keys.ts';
import type { KeyOptions } from './functions-host/function-keys.ts';
import { startHostProcess } from './functions-host/host-process.ts';
import type { HostProcess } from './functions-host/host-process.ts';
import type { OnLog } from './functions-host/log-entry.ts';
import { createTlsIdentity } from './simulator/tls.ts';
import { createApiClient } from './stack/api-client.ts';
import type { ApiClient } from './stack/api-client.ts';
import { localAppSettings } from './stack/app-settings.ts';
import type { StackConfig } from './stack/app-settings.ts';
import { startNeighbours } from './stack/neighbours.ts';
import type { NeighboursOptions, SimulatedNeighbours } from './stack/neighbours.ts';
import { PUBLISHED_SAMPLE } from './stack/published-sample.ts';

export interface StackPorts {
  readonly entra: number;
  readonly messageMedia: number;
  readonly keyVault: number;
  readonly functions: number;
  readonly storage: { readonly blob: number; readonly queue: number; readonly table: number };
}

export interface StackOptions extends Omit<NeighboursOptions, 'ports'> {
  /** Default: the published sample. */
  readonly config?: StackConfig;
  /** App settings over those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: free ones. */
  readonly ports?: StackPorts;
  /** Default `manual`: the timer fires through `host.invokeTimer` only. */
  readonly timers?: 'run' | 'manual';
  /** Default: fresh ones. */
  readonly keys?: KeyOptions;
  /** Where the simulators' certificate is written; default a temporary folder that `stop` removes. */
  readonly tlsFolder?: string;
  /** Every line of the functions host. */
  readonly onLog?: OnLog;
}

/** The app as Azure runs it, in a process of its own, and everything around it simulated on this computer. */
export interface Stack extends Pick<SimulatedNeighbours, 'entra' | 'messageMedia' | 'keyVault' | 'irregularities'> {
  readonly azurite: Azurite;
  readonly api: ApiClient;
  /** The host of now: `restartHost` replaces it. */
  readonly host: HostProcess;
  /** `http://127.0.0.1:<port>/api`. */
  readonly apiUrl: string;
  /** The app settings that the host has. */
  readonly settings: Readonly<Record<string, string>>;
  /** Stops the host if it still runs and starts another, with `changed` settings over those of before. */
  restartHost(changed?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the host's process at once, as a crash would. */
  killHost(): Promise<void>;
  /** Ends everything that `startStack` started. Calling it twice is harmless. */
  stop(): Promise<void>;
}

// host.json and package.json, whose `main` is the bundle: the commands and tests run at the root of the repository.
const APP_FOLDER = '.';

/** Starts Azurite, the simulators and the built app. Throws, with nothing left running, when one of them cannot start. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  assertBuilt();
  const cleanups: (() => Promise<unknown> | void)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= runAll(cleanups));
  try {
    const { azurite, neighbours } = await startSurroundings(options, cleanups);
    const keys = createKeys(options.keys);
    let settings: Readonly<Record<string, string>> = {
      ...localAppSettings(neighbours.addresses, azurite.connectionString, options.config ?? { sync: PUBLISHED_SAMPLE }),
      ...options.settings,
    };
    const startHost = (): Promise<HostProcess> =>
      startHostProcess({
        appFolder: APP_FOLDER,
        settings,
        localSettings: false,
        timers: options.timers ?? 'manual',
        keys,
        ...(options.ports === undefined ? {} : { port: options.ports.functions }),
        ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
      });
    let host = await startHost();
    cleanups.push(() => host.stop());
    const apiUrl = (): string => `${host.origin}/api`;
    const { entra, messageMedia, keyVault, irregularities } = neighbours;
    return {
      entra,
      messageMedia,
      keyVault,
      irregularities,
      azurite,
      stop,
      api: createApiClient(() => ({ baseUrl: apiUrl(), key: host.keys.host })),
      get host() {
        return host;
      },
      get apiUrl() {
        return apiUrl();
      },
      get settings() {
        return settings;
      },
      async restartHost(changed = {}) {
        await host.stop();
        settings = { ...settings, ...changed };
        host = await startHost();
      },
      async killHost() {
        await host.kill();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Storage and the simulators, started side by side; what did start is in `cleanups` even when another failed. */
async function startSurroundings(
  options: StackOptions,
  cleanups: (() => Promise<unknown> | void)[],
): Promise<{ readonly azurite: Azurite; readonly neighbours: SimulatedNeighbours }> {
  const { ports, tlsFolder } = options;
  const startedAzurite = startAzurite(ports === undefined ? {} : { ports: ports.storage }).then((azurite) => {
    cleanups.push(() => azurite.stop());
    return azurite;
  });
  const startedNeighbours = createTlsIdentity(tlsFolder).then(async (tls) => {
    if (tlsFolder === undefined) cleanups.push(() => rmSync(dirname(tls.caFile), { recursive: true, force: true }));
    const neighbours = await startNeighbours(tls, options);
    cleanups.push(() => neighbours.close());
    return neighbours;
  });
  await Promise.allSettled([startedAzurite, startedNeighbours]);
  return { azurite: await startedAzurite, neighbours: await startedNeighbours };
}

function assertBuilt(): void {
  if (existsSync(join(APP_FOLDER, 'dist', 'main.js'))) return;
  throw new Error('The app is not built: run `npm run build` first.');
}

/** The newest first: the host goes before what it talks to. Every one is tried; the first failure is thrown afterwards. */
async function runAll(cleanups: readonly (() => Promise<unknown> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanup of cleanups.toReversed()) {
    try {
      await cleanup();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The local stack did not stop cleanly.');
}
