import type { StorageQueueHandler } from '@azure/functions';
import { consumeQueue } from './consume-queue.ts';
import type { Services } from './services.ts';

/** Queue sync-runs-poison: the run whose message failed five times ends as failed. */
export function createAdvanceRunPoison(services: Services): StorageQueueHandler {
  return consumeQueue(services, services.useCases.abandonRun);
}
