import { abandonRun, advanceRun } from '../core/run/advance-run.ts';
import { approveRun, rejectRun } from '../core/run/decide-run.ts';
import { abandonBatch, processBatch } from '../core/run/process-batch.ts';
import { listRecords, listRuns, readRun } from '../core/run/read-runs.ts';
import { readStatus } from '../core/run/read-status.ts';
import { startRun } from '../core/run/start-run.ts';
import { tick } from '../core/run/tick.ts';

/** What the functions can ask of the engine; handlers are given them, so that tests can give others. */
export const USE_CASES = {
  startRun,
  tick,
  advanceRun,
  abandonRun,
  processBatch,
  abandonBatch,
  readRun,
  listRuns,
  listRecords,
  approveRun,
  rejectRun,
  readStatus,
} as const;
export type UseCases = typeof USE_CASES;
