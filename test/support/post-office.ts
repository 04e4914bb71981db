import { QueueServiceClient } from '@azure/storage-queue';
import type { QueueMessage, QueueName, WorkQueue } from '../../src/core/ports.ts';

/** A message that was received from a real queue and is held by its receipt. */
export interface Letter {
  readonly queue: QueueName;
  readonly id: string;
  readonly popReceipt: string;
  readonly message: QueueMessage;
  /** 1 at the first delivery. */
  readonly dequeueCount: number;
  /** By the clock of its sync: real queues would really wait. */
  readonly visibleAt: number;
}

/** The messages of one sync in queues that it shares with others. */
export interface Mailbox {
  /** What is sent through it carries in itself when it is due; the queue shows it at once. */
  readonly queue: WorkQueue;
  /** Takes a message that is due, the one that has been due longest. */
  take(now: number): Promise<Letter | undefined>;
  /** When the next message is due, among those that are held back; all that were sent have been received. */
  nextDue(): Promise<number | undefined>;
  /** Deletes the message. */
  done(letter: Letter): Promise<void>;
  /** Makes the message visible again, to be delivered at `visibleAt`: what happens when its worker dies or fails. */
  release(letter: Letter, visibleAt: number): Promise<void>;
}

export interface PostOffice {
  /** The mailbox for the runs whose ids the sync's `ids` make; `now` dates the delays. */
  open(address: string, now: () => number): Mailbox;
}

type Dated = QueueMessage & { readonly dueAt: number };

const QUEUES: readonly QueueName[] = ['sync-runs', 'sync-batches'];
const RECEIVED_AT_ONCE = 32;
// Longer than any test: what is received comes back only when it is released.
const HELD_SECONDS = 3_600;

/** Which mailbox a run's messages belong in: the first characters behind the dash of its id. */
function addressOf({ runId }: QueueMessage, length: number): string {
  return runId.slice(runId.indexOf('-') + 1).slice(0, length);
}

/**
 * Receives from the real queues of a storage account and sorts by sync what comes, so that many syncs can share them.
 * Addresses are all of the same length and stand at the beginning of the random part of their run ids.
 */
export function openPostOffice(connectionString: string, sender: WorkQueue, addressLength: number): PostOffice {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const boxes = new Map<string, Letter[]>();
  let round = Promise.resolve();
  let nextRound: Promise<void> | undefined;

  async function receiveFrom(queue: QueueName): Promise<void> {
    const { receivedMessageItems } = await service.getQueueClient(queue).receiveMessages({
      numberOfMessages: RECEIVED_AT_ONCE,
      visibilityTimeout: HELD_SECONDS,
    });
    for (const { messageId: id, popReceipt, dequeueCount, messageText } of receivedMessageItems) {
      const { dueAt, ...message } = JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')) as Dated;
      const box = boxes.get(addressOf(message, addressLength));
      if (box === undefined) throw new Error(`Nobody waits for a message about run ${message.runId}.`);
      box.push({ queue, id, popReceipt, message, dequeueCount, visibleAt: dueAt });
    }
    if (receivedMessageItems.length === RECEIVED_AT_ONCE) await receiveFrom(queue);
  }

  /** A round that is under way may have missed what was just sent: whoever asks meanwhile shares the next one. */
  function receive(): Promise<void> {
    // How that round ended is told to those who asked for it.
    const before = round.catch(() => undefined);
    nextRound ??= before.then(() => {
      nextRound = undefined;
      round = Promise.all(QUEUES.map(receiveFrom)).then(() => undefined);
      return round;
    });
    return nextRound;
  }

  return {
    open(address, now) {
      const box: Letter[] = [];
      boxes.set(address, box);
      return {
        queue: {
          send: (queue, message, { delayMs = 0 } = {}) => {
            const dated: Dated = { ...message, dueAt: now() + Math.max(0, delayMs) };
            return sender.send(queue, dated);
          },
        },
        async take(at) {
          if (!box.some(({ visibleAt }) => visibleAt <= at)) await receive();
          const next = box.filter(({ visibleAt }) => visibleAt <= at).toSorted((a, b) => a.visibleAt - b.visibleAt)[0];
          if (next !== undefined) box.splice(box.indexOf(next), 1);
          return next;
        },
        async nextDue() {
          await receive();
          return box.length === 0 ? undefined : Math.min(...box.map(({ visibleAt }) => visibleAt));
        },
        async done({ queue, id, popReceipt }) {
          await service.getQueueClient(queue).deleteMessage(id, popReceipt);
        },
        async release({ queue, id, popReceipt, message }, visibleAt) {
          const dated: Dated = { ...message, dueAt: visibleAt };
          const text = Buffer.from(JSON.stringify(dated)).toString('base64');
          await service.getQueueClient(queue).updateMessage(id, popReceipt, text, 0);
        },
      };
    },
  };
}
