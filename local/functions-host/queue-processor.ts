import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueOptions } from './host-json.ts';
import type { Trigger } from './invoke.ts';
import { describeError, type OnLog } from './log-entry.ts';
import type { TypedData } from './rpc.ts';

const INVISIBILITY_S = 600;
const RENEW_EVERY_MS = 300_000;
const POISON_SUFFIX = '-poison';

/**
 * Makes the function that settles one received message: runs the function, then deletes the message; after a failure
 * frees it again, or moves it to `<queue>-poison` when it has been tried `maxDequeueCount` times. What cannot be decoded
 * goes there at once. A poison queue has no poison queue: its failed messages stay invisible. Never throws.
 */
export function createMessageProcessor(
  service: QueueServiceClient,
  queue: QueueClient,
  options: QueueOptions,
  run: (trigger: Trigger) => Promise<unknown>,
  onLog: OnLog,
): (message: DequeuedMessageItem) => Promise<void> {
  const poison = queue.name.endsWith(POISON_SUFFIX)
    ? undefined
    : service.getQueueClient(`${queue.name}${POISON_SUFFIX}`);
  const triedEnough = `Message has reached MaxDequeueCount of ${options.maxDequeueCount}.`;
  const log = (message: string): void => onLog({ level: 'warning', category: 'Host.Triggers.Queue', message });

  async function moveToPoison(message: DequeuedMessageItem, popReceipt: string, why: string): Promise<void> {
    if (poison === undefined) return;
    log(`${why} Moving message to queue '${poison.name}'.`);
    await poison.createIfNotExists();
    // The text as it was received: encoding it again would change what could not be decoded.
    await poison.sendMessage(message.messageText, { messageTimeToLive: -1 });
    await queue.deleteMessage(message.messageId, popReceipt);
  }

  async function settleFailure(message: DequeuedMessageItem, popReceipt: string): Promise<void> {
    if (poison === undefined) return;
    if (message.dequeueCount >= options.maxDequeueCount) return moveToPoison(message, popReceipt, triedEnough);
    const visibleInS = Math.ceil(options.visibilityTimeoutMs / 1000);
    await queue.updateMessage(message.messageId, popReceipt, undefined, visibleInS);
  }

  async function settle(message: DequeuedMessageItem): Promise<void> {
    const text = decode(message.messageText, options.messageEncoding);
    if (text === undefined) return moveToPoison(message, message.popReceipt, 'Message could not be decoded.');
    // A worker that died took the last try with it.
    if (message.dequeueCount > options.maxDequeueCount) return moveToPoison(message, message.popReceipt, triedEnough);
    const invisibility = keepInvisible(queue, message, log);
    const succeeded = await run(messageTrigger(queue.name, message, text)).then(
      () => true,
      () => false,
    );
    const popReceipt = await invisibility.end();
    if (succeeded) await queue.deleteMessage(message.messageId, popReceipt);
    else await settleFailure(message, popReceipt);
  }

  return async (message) => {
    try {
      await settle(message);
    } catch (error) {
      // At least once: the message comes back when its invisibility ends.
      log(`Message ${message.messageId} of ${queue.name} could not be settled: ${describeError(error)}`);
    }
  };
}

/** Renews the message's invisibility until `end`, which answers the pop receipt that is valid then. */
function keepInvisible(
  queue: QueueClient,
  message: DequeuedMessageItem,
  log: (message: string) => void,
): { end(): Promise<string> } {
  let { popReceipt } = message;
  let renewing: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    try {
      const renewed = await queue.updateMessage(message.messageId, popReceipt, undefined, INVISIBILITY_S);
      popReceipt = renewed.popReceipt ?? popReceipt;
    } catch (error) {
      log(`Message ${message.messageId} of ${queue.name} could not be renewed: ${describeError(error)}`);
    }
  };
  const timer = setInterval(() => (renewing = renew()), RENEW_EVERY_MS);
  return {
    end: async () => {
      clearInterval(timer);
      await renewing;
      return popReceipt;
    },
  };
}

function messageTrigger(queueName: string, message: DequeuedMessageItem, text: string): Trigger {
  const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });
  return {
    // The library tries JSON.parse on a string, as it does in Azure.
    data: { string: text },
    reason: `New queue message detected on '${queueName}'.`,
    metadata: {
      QueueTrigger: { string: text },
      Id: { string: message.messageId },
      PopReceipt: { string: message.popReceipt },
      DequeueCount: json(message.dequeueCount),
      InsertionTime: json(message.insertedOn),
      ExpirationTime: json(message.expiresOn),
      NextVisibleTime: json(message.nextVisibleOn),
    },
  };
}

function decode(text: string, encoding: QueueOptions['messageEncoding']): string | undefined {
  if (encoding === 'none') return text;
  const compact = text.replaceAll(/\s/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64').toString('utf8') : undefined;
}
