import { NeighbourError } from '../../src/core/errors.ts';
import type { QueueMessage, QueueName, RowChange, Table, TableName, Tables, WorkQueue } from '../../src/core/ports.ts';
import type { Effect } from './fault-names.ts';
import type { Mishap } from './history.ts';
import { effectOf, keyOf } from './rows.ts';
import { fire } from './sim.ts';
import type { Sim, Worker } from './sim.ts';
import { crash, standStill, turn } from './worker.ts';

/** Our tables as a worker reaches them: every read and write waits for its turn, and can be the worker's last. */
export function tablesOf(sim: Sim, worker: Worker): Tables {
  const names: readonly TableName[] = ['state', 'runs', 'parts', 'people', 'consent'];
  return Object.fromEntries(names.map((name) => [name, tableOf(sim, worker, name)])) as unknown as Tables;
}

function tableOf(sim: Sim, worker: Worker, name: TableName): Table {
  const table = sim.tables[name];
  return {
    async get(partition, key) {
      await turn(sim, worker);
      return table.get(partition, key);
    },
    async getMany(partition, keys) {
      await turn(sim, worker);
      return table.getMany(partition, keys);
    },
    async *scan(...query) {
      await turn(sim, worker);
      yield* table.scan(...query);
    },
    write: (partition, changes) =>
      act(sim, worker, effectOf(name, changes), async () => {
        const etags = await table.write(partition, changes);
        sim.rows.apply(name, partition, changes);
        sim.tell(() => `${worker.name} writes ${changes.map(describeChange).join(', ')}`);
        sim.watch.rowsWritten(worker, name, partition, changes);
        return etags;
      }),
  };
}

/** What a person waits for, and what the judge said, belong to a history that can be followed. */
function describeChange(change: RowChange): string {
  const key = keyOf(change);
  const isTelling = change.kind !== 'delete' && /^(verdict-|pending:)/.test(key);
  return `${change.kind} ${key}${isTelling ? ` ${JSON.stringify(change.row.body)}` : ''}`;
}

export function queueOf(sim: Sim, worker: Worker): WorkQueue {
  return {
    send: (queue, message, { delayMs = 0 } = {}) =>
      act(sim, worker, queue === 'sync-runs' ? 'run message' : 'batch message', async (mishaps) => {
        sim.watch.messageSent(message);
        await post(sim, queue, message, delayMs);
        for (const mishap of mishaps) if (mishap.do === 'message') await tamper(sim, queue, message, delayMs, mishap);
        const lane = message.lane === undefined ? '' : ` lane ${message.lane.index} of wave ${message.lane.wave}`;
        sim.tell(() => `${worker.name} sends ${queue}${lane}${delayMs > 0 ? ` for ${delayMs} ms later` : ''}`);
      }),
  };
}

function post(sim: Sim, queue: QueueName, message: unknown, delayMs: number): Promise<void> {
  return sim.queue.send(queue, message as QueueMessage, { delayMs });
}

async function tamper(
  sim: Sim,
  queue: QueueName,
  message: QueueMessage,
  delayMs: number,
  { how, delayMs: lateMs }: Mishap & { readonly do: 'message' },
): Promise<void> {
  if (how === 'twice') {
    fire(sim, 'message delivered twice');
    return post(sim, queue, message, delayMs);
  }
  if (how === 'late') {
    fire(sim, 'message delivered late');
    return post(sim, queue, message, delayMs + lateMs);
  }
  fire(sim, how === 'malformed' ? 'malformed message' : 'message of an unknown version');
  return post(sim, queue, how === 'malformed' ? 'no message at all' : { ...message, v: 2 }, delayMs);
}

/** One effect on our own tables or queues, with everything that the history has in store for it. */
async function act<T>(
  sim: Sim,
  worker: Worker,
  effect: Effect,
  perform: (mishaps: readonly Mishap[]) => Promise<T>,
): Promise<T> {
  await turn(sim, worker);
  const { deeds, mishaps } = sim.moments.next(effect);
  for (const deed of deeds) sim.doDeed(deed);
  for (const mishap of mishaps) await befall(sim, worker, effect, mishap, () => perform([]));
  const result = await perform(mishaps);
  for (const mishap of mishaps) await befallAfter(sim, worker, effect, mishap);
  return result;
}

async function befall(
  sim: Sim,
  worker: Worker,
  effect: Effect,
  mishap: Mishap,
  perform: () => Promise<unknown>,
): Promise<void> {
  if (mishap.do === 'pause') await standStill(sim, worker, mishap.ms);
  if (mishap.do === 'crash' && mishap.side === 'before') {
    fire(sim, `crash before ${effect}`);
    if (mishap.arrives) void arriveLater(sim, perform);
    await crash(sim, worker, mishap);
  }
  if (mishap.do === 'refuse-row' && !mishap.applied) {
    fire(sim, 'table write refused');
    throw new NeighbourError('storage', 'unavailable', 'Storage did not do it (503 ServerBusy).', { status: 503 });
  }
}

/** What left a worker that died a moment later. A refusal finds nobody who could hear it. */
async function arriveLater(sim: Sim, perform: () => Promise<unknown>): Promise<void> {
  await sim.scheduler.turn(Math.floor(sim.random() * 20_000));
  await perform().catch(() => undefined);
}

async function befallAfter(sim: Sim, worker: Worker, effect: Effect, mishap: Mishap): Promise<void> {
  if (mishap.do === 'crash' && mishap.side === 'after') {
    fire(sim, `crash after ${effect}`);
    await crash(sim, worker, mishap);
  }
  if (mishap.do === 'refuse-row' && mishap.applied) {
    const isMessage = effect === 'run message' || effect === 'batch message';
    fire(sim, isMessage ? 'answer lost after a message was sent' : 'answer lost after a table write');
    throw new NeighbourError('storage', 'unavailable', 'Storage gave no answer.', {});
  }
}
