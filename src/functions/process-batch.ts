import type { StorageQueueHandler } from '@azure/functions';
import { consumeQueue } from './consume-queue.ts';
import type { Services } from './services.ts';

/** Queue sync-batches: plans or applies the batch at a lane’s cursor. */
export function createProcessBatch(services: Services): StorageQueueHandler {
  return consumeQueue(services, services.useCases.processBatch);
}
