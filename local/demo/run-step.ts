import type { ApiRun, RunRequest } from '../stack/api-client.ts';
import type { Stack } from '../stack.ts';
import { createProgress } from './progress.ts';
import { countTraffic } from './traffic.ts';
import type { Traffic } from './traffic.ts';

/** One run of the demo, with what it cost. */
export interface FinishedRun {
  readonly name: string;
  readonly run: ApiRun;
  readonly traffic: Traffic;
  readonly durationMs: number;
}

const TIMEOUT_MS = 120_000;

/** Starts a run through the HTTP API and shows its progress. Throws when it fails or does not end. */
export async function runStep(stack: Stack, name: string, request: RunRequest, toWrite = 0): Promise<FinishedRun> {
  const startedAt = performance.now();
  const traffic = countTraffic(stack);
  const progress = createProgress();
  const onProgress = (run: ApiRun): void => {
    const { graph, messageMedia, contactWrites } = traffic();
    progress.show({ run, written: contactWrites, toWrite, calls: { graph, messageMedia } });
  };
  try {
    const run = await stack.api.run({ ...request, reason: name }, { onProgress, timeoutMs: TIMEOUT_MS });
    if (run.state === 'failed' || run.state === 'cancelled') {
      throw new Error(`The run "${name}" has ${run.state}: ${run.error?.code} ${run.error?.message ?? ''}`);
    }
    return { name, run, traffic: traffic(), durationMs: performance.now() - startedAt };
  } finally {
    progress.end();
  }
}
