import type { StorageQueueHandler } from '@azure/functions';
import { consumeQueue } from './consume-queue.ts';
import type { Services } from './services.ts';

/** Queue sync-runs: takes a run one bounded step further. */
export function createAdvanceRun(services: Services): StorageQueueHandler {
  return consumeQueue(services, services.useCases.advanceRun);
}
