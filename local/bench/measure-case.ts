import { startAzurite } from '../azurite.ts';
import { startHostProcess } from '../functions-host/host-process.ts';
import type { HostProcess } from '../functions-host/host-process.ts';
import { createApiClient } from '../stack/api-client.ts';
import type { ApiClient } from '../stack/api-client.ts';
import { localAppSettings } from '../stack/app-settings.ts';
import { BENCH_SYNC } from './bench-directory.ts';
import { startSimulatorProcess } from './simulator-process.ts';
import type { SimulatorProcess } from './simulator-process.ts';

export interface BenchCase {
  readonly size: number;
  readonly departments: number;
  readonly latencyMs: number;
  readonly lanes: number;
  /** Calls to MessageMedia at once, per lane. */
  readonly concurrency: number;
}

/** One run, measured from the request that starts it to the poll that finds it ended. */
export interface Measurement extends BenchCase {
  readonly run: 'first' | 'delta, unchanged' | 'full, unchanged';
  readonly graph: number;
  readonly messageMedia: number;
  readonly contactWrites: number;
  readonly seconds: number;
  /** Of the functions process. */
  readonly cpuSeconds: number;
  /** Of the functions process since it started. */
  readonly peakMebibytes: number;
  readonly simulatorCpuSeconds: number;
}

type Cleanup = () => Promise<void>;

const TIMEOUT_MS = 60 * 60_000;
const POLL_MS = 250;
const MEBIBYTE = 1024 * 1024;

const RUNS = [
  { run: 'first', mode: 'delta' },
  { run: 'delta, unchanged', mode: 'delta' },
  { run: 'full, unchanged', mode: 'full' },
] as const;

/**
 * Measures the three runs of a case on a stack of its own, `onMeasurement` after each. Throws when a run does not do
 * what it should: a fast run that did something else is no measurement. `onEnd` gets what stops the stack.
 */
export async function measureCase(
  benchCase: BenchCase,
  onMeasurement: (measurement: Measurement) => void,
  onEnd: (cleanup: Cleanup) => void,
): Promise<void> {
  const cleanups: Cleanup[] = [];
  const stopAll = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  };
  onEnd(stopAll);
  try {
    const azurite = await startAzurite();
    cleanups.push(() => azurite.stop());
    const simulators = await startSimulatorProcess(benchCase.size, benchCase.departments, benchCase.latencyMs);
    cleanups.push(() => simulators.stop());
    const host = await startHost(benchCase, simulators, azurite.connectionString);
    cleanups.push(() => host.stop());
    const api = createApiClient(() => ({ baseUrl: `${host.origin}/api`, key: host.keys.host }));
    for (const { run, mode } of RUNS) onMeasurement(await measureRun(benchCase, run, mode, { host, simulators, api }));
  } finally {
    await stopAll();
  }
}

function startHost(
  { lanes, concurrency }: BenchCase,
  { addresses }: SimulatorProcess,
  connectionString: string,
): Promise<HostProcess> {
  const settings = {
    ...localAppSettings(addresses, connectionString, { sync: BENCH_SYNC }),
    SYNC_LANES: String(lanes),
    MESSAGEMEDIA_MAX_CONCURRENCY: String(concurrency),
  };
  return startHostProcess({ appFolder: '.', settings, localSettings: false, timers: 'manual' });
}

async function measureRun(
  benchCase: BenchCase,
  run: Measurement['run'],
  mode: 'delta' | 'full',
  {
    host,
    simulators,
    api,
  }: { readonly host: HostProcess; readonly simulators: SimulatorProcess; readonly api: ApiClient },
): Promise<Measurement> {
  await simulators.take();
  const before = await host.usage();
  const startedAt = performance.now();
  const { state, error } = await api.run({ mode }, { timeoutMs: TIMEOUT_MS, pollMs: POLL_MS });
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await host.usage();
  const { graph, messageMedia, contactWrites, cpuMicros, contacts, irregularities } = await simulators.take();
  const wrong = [
    ...(state === 'completed' ? [] : [`it ended as ${state}: ${error?.code ?? 'no code'} ${error?.message ?? ''}`]),
    ...(contacts === benchCase.size ? [] : [`the account has ${contacts} contacts instead of ${benchCase.size}`]),
    ...irregularities.slice(0, 5),
  ];
  if (wrong.length > 0) throw new Error(`The run "${run}" of ${benchCase.size} people went wrong: ${wrong.join('; ')}`);
  return {
    ...benchCase,
    run,
    graph,
    messageMedia,
    contactWrites,
    seconds,
    cpuSeconds: (after.cpuMicros - before.cpuMicros) / 1e6,
    peakMebibytes: after.rssPeakBytes / MEBIBYTE,
    simulatorCpuSeconds: cpuMicros / 1e6,
  };
}
