import { setTimeout as delay } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite } from '../../local/azurite.ts';
import { createWorkQueue } from '../../src/adapters/storage/queue-work.ts';
import type { QueueMessage, QueueName, WorkQueue } from '../../src/core/ports.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryQueue } from '../support/memory-queue.ts';
import { startStorageProxy } from '../support/storage-proxy.ts';

interface Implementation {
  readonly queue: WorkQueue;
  /** Takes and deletes every message that is visible now. */
  readonly drain: (queue: QueueName) => Promise<QueueMessage[]>;
  /** Milliseconds until the only message, not yet visible, appears. */
  readonly wait: (ms: number) => Promise<void>;
  readonly loseAnswers: (count: number) => void;
  readonly lossesLeft: () => number;
  readonly stop: () => Promise<void>;
}

async function inMemory(): Promise<Implementation> {
  const clock = createFakeClock();
  const queue = createMemoryQueue(clock);
  const drain = async (name: QueueName): Promise<QueueMessage[]> => {
    const messages: QueueMessage[] = [];
    for (let taken = queue.take(name); taken !== undefined; taken = queue.take(name)) {
      messages.push(taken.message);
      queue.done(taken);
    }
    return messages;
  };
  const nothing = (): undefined => undefined;
  return { queue, drain, wait: clock.advance, loseAnswers: nothing, lossesLeft: () => 0, stop: async () => undefined };
}

async function inAzure(): Promise<Implementation> {
  const azurite = await startAzurite();
  const proxy = await startStorageProxy(azurite.queueUrl);
  const queue = createWorkQueue({ connectionString: proxy.reroute(azurite.connectionString) });
  await queue.ensure();
  const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const drain = async (name: QueueName): Promise<QueueMessage[]> => {
    const client = service.getQueueClient(name);
    const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32 });
    for (const { messageId, popReceipt } of receivedMessageItems) await client.deleteMessage(messageId, popReceipt);
    return receivedMessageItems.map(
      ({ messageText }) => JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')) as QueueMessage,
    );
  };
  const stop = async (): Promise<void> => {
    await proxy.close();
    await azurite.stop();
  };
  const wait = (ms: number): Promise<void> => delay(ms);
  return { queue, drain, wait, loseAnswers: proxy.loseAnswers, lossesLeft: proxy.lossesLeft, stop };
}

const aMessage = (runId: string): QueueMessage => ({ v: 1, runId });

describe.each([
  ['in memory', inMemory],
  ['in Azure Queue Storage', inAzure],
])('WorkQueue %s', (_name, start) => {
  let implementation: Implementation;
  let queue: WorkQueue;

  beforeAll(async () => {
    implementation = await start();
    queue = implementation.queue;
  }, 120_000);

  afterEach(async () => {
    await implementation.drain('sync-runs');
    await implementation.drain('sync-batches');
  });

  afterAll(() => implementation.stop());

  it('delivers what was sent, once', async () => {
    const message: QueueMessage = { v: 1, runId: '20260105-1', lane: { wave: 1, index: 3, cursor: 42 } };

    await queue.send('sync-batches', message);

    expect(await implementation.drain('sync-batches')).toEqual([message]);
    expect(await implementation.drain('sync-batches')).toEqual([]);
  });

  it('keeps the queues apart', async () => {
    await queue.send('sync-runs', aMessage('a-run'));

    expect(await implementation.drain('sync-batches')).toEqual([]);
    expect(await implementation.drain('sync-runs')).toEqual([aMessage('a-run')]);
  });

  it('delivers every message of many senders', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);

    await Promise.all(ids.map((id) => queue.send('sync-runs', aMessage(id))));

    const received = await implementation.drain('sync-runs');
    expect(received.map(({ runId }) => runId).toSorted()).toEqual([...ids].toSorted());
  });

  it('shows a delayed message when its delay is over, not before', async () => {
    await queue.send('sync-runs', aMessage('later'), { delayMs: 1_900 });

    expect(await implementation.drain('sync-runs')).toEqual([]);
    await implementation.wait(1_000);
    expect(await implementation.drain('sync-runs')).toEqual([]);
    await implementation.wait(1_200);
    expect(await implementation.drain('sync-runs')).toEqual([aMessage('later')]);
  });

  it.each([
    ['none', 0],
    ['a negative one', -5_000],
  ])('shows a message at once when its delay is %s', async (_what, delayMs) => {
    await queue.send('sync-runs', aMessage('now'), { delayMs });

    expect(await implementation.drain('sync-runs')).toEqual([aMessage('now')]);
  });

  it('takes a delay of months, cut to what storage can do', async () => {
    await queue.send('sync-runs', aMessage('far'), { delayMs: 90 * 24 * 3_600_000 });

    expect(await implementation.drain('sync-runs')).toEqual([]);
  });

  it('delivers at least once when an answer is lost', async () => {
    implementation.loseAnswers(1);

    await queue.send('sync-batches', aMessage('doubled'));

    expect(implementation.lossesLeft()).toBe(0);
    const received = await implementation.drain('sync-batches');
    expect(received.length).toBeGreaterThanOrEqual(1);
    expect(new Set(received.map(({ runId }) => runId))).toEqual(new Set(['doubled']));
  });
});
