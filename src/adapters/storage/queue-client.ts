import { QueueServiceClient, type QueueClient, type StoragePipelineOptions } from '@azure/storage-queue';
import { guardedHttpClient } from '../guarded-http-client.ts';
import { toQueueHttpClient } from './queue-http-client.ts';
import { createStorageClock } from './storage-clock.ts';
import { storageCredential } from './storage-credential.ts';
import { createStorageHttpClient } from './storage-http-client.ts';
import type { StorageSettings } from './storage-settings.ts';

// As for tables: four tries of 30 s end in half of the time a claim lasts.
const RETRIES = { maxTries: 4, tryTimeoutInMs: 30_000, retryDelayInMs: 400, maxRetryDelayInMs: 8_000 };

/** Connects to queues by name. Nothing goes on the wire yet. */
export async function connectQueues(settings: StorageSettings): Promise<(queue: string) => QueueClient> {
  const inner = createStorageHttpClient(createStorageClock());
  const httpClient = toQueueHttpClient(
    guardedHttpClient({ allowedOrigins: settings.allowedOrigins, inner, watch: settings.watch }),
  );
  const service = await queueService(settings, { httpClient, retryOptions: RETRIES });
  return (queue) => service.getQueueClient(queue);
}

async function queueService(settings: StorageSettings, options: StoragePipelineOptions): Promise<QueueServiceClient> {
  if ('connectionString' in settings)
    return QueueServiceClient.fromConnectionString(settings.connectionString, options);
  const credential = await storageCredential(settings);
  return new QueueServiceClient(settings.queueServiceUri, credential, options);
}
