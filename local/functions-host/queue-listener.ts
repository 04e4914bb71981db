import type { DequeuedMessageItem, QueueServiceClient } from '@azure/storage-queue';
import type { QueueOptions } from './host-json.ts';
import type { Trigger } from './invoke.ts';
import { describeError, type OnLog } from './log-entry.ts';
import { pause } from './pause.ts';
import { createMessageProcessor } from './queue-processor.ts';

export interface QueueListener {
  start(): void;
  /** Takes no more messages; answers when those already taken are settled. */
  stop(): Promise<void>;
}

// As in the Storage queues extension: ten minutes of invisibility, and never fewer than 100 ms between empty polls.
const INVISIBILITY_S = 600;
const SHORTEST_POLL_MS = 100;

/**
 * Polls one queue for one function: `batchSize` messages at a time, and more once `newBatchThreshold` or fewer are at work.
 * After a find it polls again at once; after an empty poll it waits, from 100 ms doubling to `maxPollingInterval`.
 * A queue that does not exist yet is an empty one.
 */
export function createQueueListener(
  service: QueueServiceClient,
  queueName: string,
  options: QueueOptions,
  run: (trigger: Trigger) => Promise<unknown>,
  onLog: OnLog,
): QueueListener {
  const queue = service.getQueueClient(queueName);
  const process = createMessageProcessor(service, queue, options, run, onLog);
  const inWork = new Set<Promise<void>>();
  const stopping = new AbortController();
  let polling: Promise<void> = Promise.resolve();

  async function receive(): Promise<readonly DequeuedMessageItem[]> {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: options.batchSize,
        visibilityTimeout: INVISIBILITY_S,
      });
      return receivedMessageItems;
    } catch (error) {
      if ((error as { readonly statusCode?: number }).statusCode === 404) return [];
      onLog({
        level: 'warning',
        category: 'Host.Triggers.Queue',
        message: `The queue ${queueName} could not be read: ${describeError(error)}`,
      });
      return [];
    }
  }

  function take(message: DequeuedMessageItem): void {
    const work = process(message).finally(() => inWork.delete(work));
    inWork.add(work);
  }

  async function poll(): Promise<void> {
    let waitMs = SHORTEST_POLL_MS;
    while (!stopping.signal.aborted) {
      const messages = await receive();
      messages.forEach(take);
      if (messages.length > 0) {
        waitMs = SHORTEST_POLL_MS;
        while (inWork.size > options.newBatchThreshold) await Promise.race(inWork);
        continue;
      }
      await pause(waitMs, stopping.signal);
      waitMs = Math.min(waitMs * 2, options.maxPollingIntervalMs);
    }
  }

  return {
    start: () => {
      polling = poll();
    },
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.all(inWork);
    },
  };
}
