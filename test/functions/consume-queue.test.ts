import { NeighbourError, SyncError } from '../../src/core/errors.ts';
import type { QueueMessage } from '../../src/core/ports.ts';
import { createAdvanceRunPoison } from '../../src/functions/advance-run-poison.ts';
import { createAdvanceRun } from '../../src/functions/advance-run.ts';
import { consumeQueue } from '../../src/functions/consume-queue.ts';
import { createProcessBatchPoison } from '../../src/functions/process-batch-poison.ts';
import { createProcessBatch } from '../../src/functions/process-batch.ts';
import { aContext, fakeServices, NOW } from './fake-services.ts';

const MESSAGE: QueueMessage = { v: 1, runId: 'run-1', lane: { wave: 1, index: 0, cursor: 3 }, waitedFor: 'nonce-1' };

describe('consumeQueue', () => {
  it.each([
    ['advance-run', 'advanceRun', createAdvanceRun],
    ['process-batch', 'processBatch', createProcessBatch],
    ['advance-run-poison', 'abandonRun', createAdvanceRunPoison],
    ['process-batch-poison', 'abandonBatch', createProcessBatchPoison],
  ] as const)('lets %s hand its message to %s', async (name, useCase, create) => {
    const messages: QueueMessage[] = [];
    const services = fakeServices({
      [useCase]: async (_engine: unknown, message: QueueMessage) => void messages.push(message),
    });

    await create(services)(MESSAGE, aContext(name).context);

    expect(messages).toEqual([MESSAGE]);
  });

  it('leaves out what a newer version adds', async () => {
    const messages: QueueMessage[] = [];
    const handler = consumeQueue(fakeServices(), async (_engine, message) => void messages.push(message));

    await handler({ v: 1, runId: 'run-1', hint: 'later' }, aContext().context);

    expect(messages).toEqual([{ v: 1, runId: 'run-1' }]);
  });

  it.each([
    ['text', 'hello +61491570156', 'message'],
    ['a number, as the host parses "123"', 123, 'message'],
    ['null', null, 'message'],
    ['an unknown version', { ...MESSAGE, v: 2 }, 'v'],
    ['no run', { v: 1 }, 'runId'],
    ['a run id that is no key', { v: 1, runId: 'a/b' }, 'runId'],
    ['a lane that is none', { ...MESSAGE, lane: { wave: -1, index: 0.5, cursor: 0 } }, 'lane.wave,lane.index'],
  ])('completes a message that is %s, and logs it without its content', async (_what, entry, path) => {
    const { context, lines } = aContext('advance-run');
    const handler = consumeQueue(fakeServices(), async () => {
      throw new Error('not to be called');
    });

    await handler(entry, context);

    expect(lines).toEqual([
      {
        hostLevel: 'error',
        line: { event: 'message.malformed', level: 'error', function: 'advance-run', messageId: 'message-1', path },
      },
    ]);
  });

  it('logs a malformed message even if the host says nothing of it', async () => {
    const { context, lines } = aContext();
    delete context.triggerMetadata;

    await consumeQueue(fakeServices(), async () => undefined)('odd', context);

    expect(lines[0]?.line).not.toHaveProperty('messageId');
  });

  it.each([
    ['a neighbour that is down', new NeighbourError('storage', 'unavailable', 'Storage is down.')],
    ['a lost claim', new SyncError('claim-lost', 'Somebody else works on it.')],
  ])('throws what a repeat can mend: %s', async (_what, error) => {
    const { context, lines } = aContext();
    const handler = consumeQueue(fakeServices(), async () => {
      throw error;
    });

    await expect(handler(MESSAGE, context)).rejects.toBe(error);

    expect(lines[1]?.line).toMatchObject({
      event: 'message.failed',
      function: 'a-function',
      runId: 'run-1',
      retryable: true,
    });
  });

  it('says how long the message lay in the queue, and how often it was delivered', async () => {
    const { context, lines } = aContext('process-batch');
    const insertionTime = new Date(NOW - 4_500).toISOString();
    context.triggerMetadata = { id: 'message-1', insertionTime, dequeueCount: 2 };

    await consumeQueue(fakeServices(), async () => undefined)(MESSAGE, context);

    const line = { event: 'message.taken', level: 'info', function: 'process-batch', runId: 'run-1' };
    expect(lines).toEqual([{ hostLevel: 'information', line: { ...line, ageMs: 4_500, deliveries: 2 } }]);
  });

  it.each([
    ['succeeded', async () => undefined],
    ['failed', () => Promise.reject(new SyncError('run-not-found', 'In words.'))],
  ])('tells what was asked of the neighbours when the work %s', async (_end, work) => {
    const told: unknown[] = [];
    const services = fakeServices({}, { tellTraffic: (_log, runId) => void told.push(runId) });

    await consumeQueue(services, work)(MESSAGE, aContext().context);

    expect(told).toEqual(['run-1']);
  });

  it('throws a foreign error without its words: the host writes them to its log', async () => {
    const handler = consumeQueue(fakeServices(), async () => {
      throw new TypeError('cannot read who@example.com');
    });

    const thrown = await Promise.resolve(handler(MESSAGE, aContext().context)).catch((error: unknown) => error);

    expect(thrown).toMatchObject({ code: 'unexpected' });
    expect((thrown as Error).stack).toContain('consume-queue.test.ts');
    expect(`${String(thrown)} ${(thrown as Error).stack}`).not.toContain('example.com');
  });

  it('throws something sensible even when no error was thrown', async () => {
    const handler = consumeQueue(fakeServices(), () => Promise.reject('+61491570156'));

    await expect(handler(MESSAGE, aContext().context)).rejects.toMatchObject({ code: 'unexpected' });
  });

  it.each([['configuration-invalid'], ['run-not-found'], ['state-mismatch']] as const)(
    'completes what no repeat can mend: %s',
    async (code) => {
      const { context, lines } = aContext();
      const handler = consumeQueue(fakeServices(), async () => {
        throw new SyncError(code, 'In words.');
      });

      await handler(MESSAGE, context);

      expect(lines[1]).toMatchObject({ hostLevel: 'error', line: { event: 'message.failed', code, retryable: false } });
    },
  );
});
