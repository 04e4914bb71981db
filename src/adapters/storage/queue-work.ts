import type { WorkQueue } from '../../core/ports.ts';
import { remembered } from './remembered.ts';
import { translated } from './storage-errors.ts';
import type { StorageSettings } from './storage-settings.ts';

export type StorageWorkQueue = WorkQueue & {
  /** Creates the queues that are missing. Asks storage once a process; a failure is not remembered. */
  ensure(): Promise<void>;
};

// A trigger's listener does not create its queue, so the poison queues that we listen to are made with the others.
const QUEUES = ['sync-runs', 'sync-batches', 'sync-runs-poison', 'sync-batches-poison'] as const;

// The longest a message can stay invisible. Whoever gets it early finds that it is not due yet.
const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;
const NEVER_EXPIRES = -1;

/**
 * Our queues in Azure Queue Storage: JSON in base64, as the Functions host expects it. At least once: a lost answer
 * can send a message twice. Delays are rounded up to seconds and end at seven days. Failures are NeighbourErrors ('storage').
 */
export function createWorkQueue(settings: StorageSettings): StorageWorkQueue {
  const connected = remembered(async () => (await import('./queue-client.ts')).connectQueues(settings));
  const ensure = remembered(async () => {
    try {
      const open = await connected();
      await Promise.all(QUEUES.map((queue) => open(queue).createIfNotExists()));
    } catch (error) {
      throw translated(error, 'create its queues');
    }
  });
  return {
    ensure,
    async send(queue, message, { delayMs = 0 } = {}) {
      const text = Buffer.from(JSON.stringify(message)).toString('base64');
      const visibilityTimeout = Math.min(Math.max(0, Math.ceil(delayMs / 1000)), MAX_DELAY_SECONDS);
      try {
        const open = await connected();
        await open(queue).sendMessage(text, { visibilityTimeout, messageTimeToLive: NEVER_EXPIRES });
      } catch (error) {
        throw translated(error, 'take a message');
      }
    },
  };
}
