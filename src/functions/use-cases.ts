import { adoptAccount } from '../core/run/adopt-account.ts';
import { abandonRun, advanceRun } from '../core/run/advance-run.ts';
import { cancelRun } from '../core/run/cancel-run.ts';
import { approveRun, rejectRun } from '../core/run/decide-run.ts';
import { erasePerson } from '../core/run/erase-person.ts';
import { lookUpPerson } from '../core/run/explain-lookup.ts';
import { explainPerson } from '../core/run/explain-person.ts';
import { findPeople } from '../core/run/find-people.ts';
import { installWebhook, verifyWebhook } from '../core/run/install-webhook.ts';
import { pauseSync, resumeSync } from '../core/run/pause-sync.ts';
import { abandonBatch, processBatch } from '../core/run/process-batch.ts';
import { listRecords, listRuns, readRun } from '../core/run/read-runs.ts';
import { readStatus } from '../core/run/read-status.ts';
import { readSigningKeys, receiveOptOut } from '../core/run/receive-opt-out.ts';
import { startRunOnce } from '../core/run/start-run-once.ts';
import { startRun } from '../core/run/start-run.ts';
import { tick } from '../core/run/tick.ts';

/** What the functions can ask of the engine; handlers are given them, so that tests can give others. */
export const USE_CASES = {
  startRun,
  startRunOnce,
  findPeople,
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
  cancelRun,
  pauseSync,
  resumeSync,
  erasePerson,
  explainPerson,
  lookUpPerson,
  adoptAccount,
  readStatus,
  installWebhook,
  verifyWebhook,
  readSigningKeys,
  receiveOptOut,
} as const;
export type UseCases = typeof USE_CASES;
