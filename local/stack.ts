import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createKeys } from './functions-host/function-keys.ts';
import type { KeyOptions } from './functions-host/function-keys.ts';
import { startHostProcess } from './functions-host/host-process.ts';
import type { HostProcess } from './functions-host/host-process.ts';
import type { OnLog } from './functions-host/log-entry.ts';
import { createApiClient } from './stack/api-client.ts';
import type { ApiClient } from './stack/api-client.ts';
import { localAppSettings } from './stack/app-settings.ts';
import type { StackConfig } from './stack/app-settings.ts';
import type { SimulatedNeighbours } from './stack/neighbours.ts';
import { PUBLISHED_SAMPLE } from './stack/published-sample.ts';
import { startSurroundings } from './stack/surroundings.ts';
import type { Surroundings, SurroundingsOptions } from './stack/surroundings.ts';

export interface StackOptions extends SurroundingsOptions {
  /** Default: the published sample. */
  readonly config?: StackConfig;
  /** App settings over those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly functionsPort?: number;
  /** Default `manual`: the timer fires through `host.invokeTimer` only. */
  readonly timers?: 'run' | 'manual';
  /** Default: fresh ones. */
  readonly keys?: KeyOptions;
  /** Every line of the functions host. */
  readonly onLog?: OnLog;
}

/** The app as Azure runs it, in a process of its own, and everything around it simulated on this computer. */
export interface Stack extends Pick<SimulatedNeighbours, 'entra' | 'messageMedia' | 'keyVault' | 'irregularities'> {
  readonly azurite: Surroundings['azurite'];
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

// host.json and package.json, whose `main` is the bundle: commands and tests run at the root of the repository.
const APP_FOLDER = '.';

/** Starts Azurite, the simulators and the built app. Throws, with nothing left running, when one of them cannot start. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  assertBuilt();
  const surroundings = await startSurroundings(options);
  try {
    return await startApp(surroundings, options);
  } catch (error) {
    await surroundings.stop();
    throw error;
  }
}

async function startApp(surroundings: Surroundings, options: StackOptions): Promise<Stack> {
  const { azurite, neighbours } = surroundings;
  const { config = { sync: PUBLISHED_SAMPLE }, functionsPort, timers = 'manual', onLog } = options;
  // Given to every host of this stack: callers keep their keys when it restarts.
  const { master, host: hostKey } = createKeys(options.keys);
  let settings: Readonly<Record<string, string>> = {
    ...localAppSettings(neighbours.addresses, azurite.connectionString, config),
    // Where MessageMedia reaches the app: known only where the port is chosen.
    ...(functionsPort === undefined ? {} : { PUBLIC_BASE_URL: `http://127.0.0.1:${functionsPort}` }),
    ...options.settings,
  };
  const startHost = (): Promise<HostProcess> =>
    startHostProcess({
      appFolder: APP_FOLDER,
      settings,
      localSettings: false,
      timers,
      keys: { master, host: hostKey },
      ...(functionsPort === undefined ? {} : { port: functionsPort }),
      ...(onLog === undefined ? {} : { onLog }),
    });
  let host = await startHost();
  let stopped: Promise<void> | undefined;
  return {
    entra: neighbours.entra,
    messageMedia: neighbours.messageMedia,
    keyVault: neighbours.keyVault,
    irregularities: neighbours.irregularities,
    azurite,
    api: createApiClient(() => ({ baseUrl: `${host.origin}/api`, key: hostKey })),
    get host() {
      return host;
    },
    get apiUrl() {
      return `${host.origin}/api`;
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
    stop() {
      // The host first: it talks to all the others to its end.
      stopped ??= host.stop().finally(() => surroundings.stop());
      return stopped;
    },
  };
}

function assertBuilt(): void {
  if (existsSync(join(APP_FOLDER, 'dist', 'main.js'))) return;
  throw new Error('The app is not built: run `npm run build` first.');
}
