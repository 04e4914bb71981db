import type { StorageQueueHandler } from '@azure/functions';
import { consumeQueue } from './consume-queue.ts';
import type { Services } from './services.ts';

/** Queue sync-batches-poison: the batch whose message failed five times is given up, its lane goes on. */
export function createProcessBatchPoison(services: Services): StorageQueueHandler {
  return consumeQueue(services, services.useCases.abandonBatch);
}
