import type { QueueMessage } from '../../src/core/ports.ts';
import { fire } from './sim.ts';
import type { Instance, Sim, Worker } from './sim.ts';

/** A new worker on an instance; `message` is what it was called with. */
export function hireWorker(sim: Sim, instance: Instance, what: string, message?: QueueMessage): Worker {
  let die: (messageBackMs: number) => void = () => undefined;
  const died = new Promise<number>((resolve) => (die = resolve));
  const worker: Worker = {
    name: `${what} ${sim.watch.hired()}`,
    instance,
    configuration: instance.configuration,
    runId: message?.runId,
    lane: message?.lane === undefined ? undefined : { wave: message.lane.wave, index: message.lane.index },
    ids: new Set(),
    isAlive: true,
    died,
    die(messageBackMs) {
      worker.isAlive = false;
      sim.workers.delete(worker);
      die(messageBackMs);
    },
  };
  sim.workers.add(worker);
  return worker;
}

/** What a dead worker waits for never comes. A promise of its own each time: a shared one would remember everybody. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The worker's next step, once the seed lets it; a worker that died meanwhile takes none. */
export async function turn(sim: Sim, worker: Worker, delayMs = 0): Promise<void> {
  await sim.scheduler.turn(delayMs);
  if (!worker.isAlive) await never();
}

/** The worker dies here and now, or all of its instance with it. */
export async function crash(
  sim: Sim,
  worker: Worker,
  { instance, messageBackMs }: { readonly instance: boolean; readonly messageBackMs: number },
): Promise<never> {
  sim.tell(() => `${worker.name} dies${instance ? ' with its instance' : ''}`);
  const dying = instance ? [...sim.workers].filter((one) => one.instance === worker.instance) : [worker];
  for (const one of dying) one.die(messageBackMs);
  return never();
}

/** The worker stands still, as in a machine that is put to sleep: it goes on as if nothing had happened. */
export async function standStill(sim: Sim, worker: Worker, ms: number): Promise<void> {
  fire(sim, 'zombie');
  sim.tell(() => `${worker.name} stands still for ${Math.round(ms / 1000)} s`);
  await turn(sim, worker, ms);
}
