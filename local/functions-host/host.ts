import { resolve } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { connectionString, effectiveSettings, exportSettings, type Settings } from './app-settings.ts';
import { createCoreApi, type AppRegistry, type RegisteredFunction } from './core-api.ts';
import { createKeys, type FunctionKeys, type KeyOptions } from './function-keys.ts';
import { readHostJson, type HostJson } from './host-json.ts';
import { startHttpServer } from './http-server.ts';
import { createInvoke, runHooks, type Invoke, type Trigger } from './invoke.ts';
import { loadApp } from './load-app.ts';
import type { OnLog } from './log-entry.ts';
import { createQueueListener, type QueueListener } from './queue-listener.ts';
import { describeFunctions, type FunctionInfo } from './registered-functions.ts';
import type { ProgrammingModel } from './rpc.ts';
import { createTimerListener, type TickOptions, type TimerListener } from './timer-listener.ts';

export interface FunctionsHostOptions {
  /** The folder with package.json, whose `main` is loaded, and host.json. */
  readonly appFolder: string;
  /** App settings; they win over this process's environment, which wins over local.settings.json. */
  readonly settings: Settings;
  /** `false` leaves the app folder's local.settings.json out, for runs that must not depend on it. */
  readonly localSettings?: boolean;
  /** Default: any free port. */
  readonly port?: number;
  /** `run`: timers fire when they are due. `manual`: only through `invokeTimer`. */
  readonly timers: 'run' | 'manual';
  readonly onLog?: OnLog;
  readonly keys?: KeyOptions;
}

export interface FunctionsHost {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string;
  /** In the order of their names. */
  readonly functions: readonly FunctionInfo[];
  readonly keys: FunctionKeys;
  /** Runs a timer function now and waits for its end. Throws what it threw. */
  invokeTimer(name: string, options?: TickOptions): Promise<void>;
  /** Takes no more work, lets what is under way end, runs the appTerminate hooks and forgets the app. */
  stop(): Promise<void>;
}

/**
 * Starts a function app in this process as Azure would: its entry loaded the way the Node worker does, HTTP functions on
 * 127.0.0.1, queues polled through `AzureWebJobsStorage`, timers in UTC. One host a process at a time.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { onLog = () => undefined } = options;
  const appFolder = resolve(options.appFolder);
  const settings = effectiveSettings(appFolder, process.env, options.settings, options.localSettings);
  const hostJson = readHostJson(appFolder);
  const { coreApi, registry } = createCoreApi(onLog);
  const restoreSettings = exportSettings(settings);
  let unload: () => void = () => undefined;
  try {
    unload = await loadApp(appFolder, coreApi);
    const invoke = await startApp(registry, appFolder, onLog);
    const listeners = createListeners(registry, settings, hostJson, invoke, onLog);
    return await open(options, hostJson, listeners, async () => {
      await runHooks(registry, 'appTerminate', { hookData: {} });
      unload();
      restoreSettings();
    });
  } catch (error) {
    unload();
    restoreSettings();
    throw error;
  }
}

interface Listeners {
  readonly functions: readonly FunctionInfo[];
  readonly timers: ReadonlyMap<string, TimerListener>;
  readonly queues: readonly QueueListener[];
  readonly run: (name: string, trigger: Trigger) => ReturnType<Invoke>;
}

async function startApp(registry: AppRegistry, appFolder: string, onLog: OnLog): Promise<Invoke> {
  const model: ProgrammingModel | undefined = registry.programmingModel;
  if (model === undefined || registry.functions.size === 0) throw new Error('The app registered no function.');
  registry.close();
  const capabilities = await model.getCapabilities?.({});
  if (capabilities?.['HttpUri'] !== undefined) throw new Error('The local host does not support HTTP streaming.');
  await runHooks(registry, 'appStart', { hookData: {}, functionAppDirectory: appFolder });
  onLog({ level: 'information', category: 'Host.Startup', message: `${registry.functions.size} functions loaded` });
  return createInvoke(registry, model, onLog);
}

function createListeners(
  registry: AppRegistry,
  settings: Settings,
  hostJson: HostJson,
  invoke: Invoke,
  onLog: OnLog,
): Listeners {
  const functions = describeFunctions(registry.functions, settings);
  const run: Listeners['run'] = (name, trigger) => invoke(registry.functions.get(name) as RegisteredFunction, trigger);
  const timers = functions
    .filter(({ trigger }) => trigger.type === 'timerTrigger')
    .map(({ name, trigger }) => {
      return [name, createTimerListener(String(trigger['schedule']), (fired) => run(name, fired))] as const;
    });
  const queues = functions
    .filter(({ trigger, disabled }) => trigger.type === 'queueTrigger' && !disabled)
    .map(({ name, trigger }) => {
      const service = queueService(connectionString(trigger['connection'] as string | undefined, settings));
      return createQueueListener(
        service,
        String(trigger['queueName']),
        hostJson.queues,
        (found) => run(name, found),
        onLog,
      );
    });
  return { functions, timers: new Map(timers), queues, run };
}

async function open(
  options: FunctionsHostOptions,
  { routePrefix }: HostJson,
  { functions, timers, queues, run }: Listeners,
  terminate: () => Promise<void>,
): Promise<FunctionsHost> {
  const { onLog = () => undefined } = options;
  const keys = createKeys(options.keys);
  const byHand = new Set<Promise<unknown>>();
  const startByHand = (name: string, input: string): boolean => {
    const found = functions.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (found === undefined || found.trigger.type === 'httpTrigger') return false;
    const started =
      timers.get(found.name)?.tick() ??
      run(found.name, {
        data: { string: input },
        reason: 'This function was programmatically called via the host APIs.',
      });
    // Its failure is in the log; nobody waits for it.
    const ended = started.then(undefined, () => undefined).finally(() => byHand.delete(ended));
    byHand.add(ended);
    return true;
  };
  const invokeHttp = (name: string, data: Trigger['data']): ReturnType<Invoke> =>
    run(name, { data, reason: 'This function was programmatically called via the host APIs.' });
  const server = await startHttpServer(
    { functions, routePrefix, keys, invokeHttp, startByHand, onLog },
    options.port ?? 0,
  );

  let stopped: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    await Promise.all([server, ...queues, ...timers.values()].map((listener) => listener.stop()));
    await Promise.all(byHand);
    await terminate();
  };

  for (const queue of queues) queue.start();
  if (options.timers === 'run') startTimers(functions, timers);
  return {
    origin: server.origin,
    functions,
    keys,
    invokeTimer: async (name, tickOptions) => {
      const timer = timers.get(name);
      if (timer === undefined) throw new Error(`There is no timer function "${name}".`);
      await timer.tick(tickOptions);
    },
    stop: () => {
      stopped ??= drain();
      return stopped;
    },
  };
}

function startTimers(functions: readonly FunctionInfo[], timers: ReadonlyMap<string, TimerListener>): void {
  for (const { name, trigger, disabled } of functions) {
    const timer = timers.get(name);
    if (timer === undefined || disabled) continue;
    // A failure is in the log, as with any other tick.
    if (trigger['runOnStartup'] === true) timer.tick().catch(() => undefined);
    timer.start();
  }
}

function queueService(connection: string): QueueServiceClient {
  // A laptop's storage answers or is gone: short retries keep a stop from hanging.
  return QueueServiceClient.fromConnectionString(connection, {
    retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000, tryTimeoutInMs: 10_000 },
  });
}
