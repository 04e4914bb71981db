import type { InvocationContext } from '@azure/functions';
import type { QueueMessage, QueueName } from '../../src/core/ports.ts';
import { abandonRun, advanceRun } from '../../src/core/run/advance-run.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { abandonBatch, processBatch } from '../../src/core/run/process-batch.ts';
import { consumeQueue } from '../../src/functions/consume-queue.ts';
import type { Services } from '../../src/functions/services.ts';
import type { TakenMessage } from '../support/memory-queue.ts';
import { engineOf } from './engine-of.ts';
import { anyInstance } from './operators.ts';
import { fire } from './sim.ts';
import type { Sim, Worker } from './sim.ts';
import { hireWorker } from './worker.ts';

type Handler = (engine: Engine, message: QueueMessage) => Promise<void>;

const FUNCTIONS: Readonly<Record<QueueName, readonly [name: string, handle: Handler, abandon: Handler]>> = {
  'sync-runs': ['advance-run', advanceRun, abandonRun],
  'sync-batches': ['process-batch', processBatch, abandonBatch],
};
const MAX_DELIVERIES = 5;
const RETRY_AFTER_MS = 10_000;

/** One delivery as the Functions host makes it: deleted on success, back after a while on failure, poison at the fifth. */
export async function deliver(sim: Sim, queue: QueueName): Promise<void> {
  const taken = sim.queue.take(queue);
  if (taken === undefined) return;
  const [name, handle, abandon] = FUNCTIONS[queue];
  const worker = hireWorker(sim, anyInstance(sim), name, taken.message);
  look(sim, worker, taken);
  const end = await invoke(sim, worker, handle, taken.message);
  if (end === 'done') return sim.queue.done(taken);
  if (typeof end === 'number') return sim.queue.release(taken, end);
  if (taken.dequeueCount < MAX_DELIVERIES) return sim.queue.release(taken, RETRY_AFTER_MS);
  sim.queue.done(taken);
  await invoke(sim, hireWorker(sim, anyInstance(sim), `${name}-poison`, taken.message), abandon, taken.message);
}

/** How the invocation ended: well, badly, or with the death of its worker, whose message comes back so much later. */
async function invoke(
  sim: Sim,
  worker: Worker,
  work: Handler,
  message: QueueMessage,
): Promise<'done' | 'failed' | number> {
  const watched: Handler = async (engine, received) => {
    try {
      await work(engine, received);
    } catch (error) {
      sim.watch.thrown(worker, error);
      throw error;
    }
  };
  const handler = consumeQueue(servicesOf(sim, worker), watched);
  const outcome = Promise.resolve(handler(message, contextOf(sim, worker))).then(
    () => 'done' as const,
    (error: unknown) => {
      sim.watch.thrown(worker, error);
      sim.tell(() => `${worker.name} fails: ${error instanceof Error ? error.message : ''}`);
      return 'failed' as const;
    },
  );
  const end = await Promise.race([outcome, worker.died]);
  sim.workers.delete(worker);
  return end;
}

/** All that a queue's handler asks of the services. */
function servicesOf(sim: Sim, worker: Worker): Services {
  const services: Pick<Services, 'engine' | 'tellTraffic'> = {
    engine: async (log) => engineOf(sim, worker, log),
    tellTraffic: () => undefined,
  };
  return services as Services;
}

/** All that a handler asks of the host: somewhere to write its lines. */
function contextOf(sim: Sim, worker: Worker): InvocationContext {
  const write = (line: string): void => sim.watch.logged('line', line);
  const context = {
    functionName: worker.name,
    triggerMetadata: {},
    error: write,
    warn: write,
    info: write,
    debug: write,
  };
  return context as unknown as InvocationContext;
}

function look(sim: Sim, worker: Worker, { id }: TakenMessage): void {
  const { runId, lane, instance } = worker;
  const others = [...sim.workers].filter((one) => one !== worker);
  if (others.some((one) => one.instance !== instance)) fire(sim, 'two app instances');
  const isCrowded = others.some(
    (one) => lane !== undefined && one.runId === runId && one.lane?.wave === lane.wave && one.lane.index === lane.index,
  );
  if (isCrowded) fire(sim, 'several workers on a lane');
  if (instance.skewMs !== 0) fire(sim, 'clock skew');
  const order = Number(id.slice('message-'.length));
  if (order < sim.newest.order) fire(sim, 'messages out of order');
  sim.newest.order = Math.max(order, sim.newest.order);
  sim.tell(() => `${worker.name} takes a message on instance ${instance.index}`);
}
