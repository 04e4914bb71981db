import type { Engine } from './engine.ts';
import { isActive } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { changeRun } from './run-rows.ts';

/** What is about to end anyway is not ended early: everything was applied, and only the books are still written. */
function canStop(run: RunRow): boolean {
  return isActive(run) && run.phase !== 'close' && run.stopping === undefined;
}

/**
 * Asks a run to end early: each lane finishes the batch it is at, then the run ends as `cancelled` with the token
 * unmoved. Answers the run as it stands; one that has ended stays as it is. Throws SyncError('run-not-found').
 */
export async function cancelRun(
  engine: Engine,
  runId: string,
  message = 'Somebody cancelled the run. What was applied is kept; the next run starts from the same token.',
): Promise<RunRow> {
  const stopping = { state: 'cancelled', code: 'cancelled', message } as const;
  const run = await changeRun(engine, runId, (now) => (canStop(now) ? { stopping } : undefined));
  if (run.stopping !== undefined && isActive(run)) await engine.queue.send('sync-runs', { v: 1, runId });
  return run;
}
