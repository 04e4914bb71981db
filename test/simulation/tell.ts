import type { QueueName } from '../../src/core/ports.ts';
import { deliver } from './host.ts';
import { dice, violate } from './sim.ts';
import type { Sim } from './sim.ts';
import { allParked } from './scheduler.ts';

const QUEUES: readonly QueueName[] = ['sync-runs', 'sync-batches'];
/** Far more steps than the longest history takes: one that goes on has no end. */
const MOST_STEPS = 120_000;

/** Things that happen when their time comes. */
export interface Timers {
  add(at: number, act: () => void): void;
  nextAt(): number | undefined;
  /** Does everything whose time has come; answers whether there was anything. */
  runDue(now: number): boolean;
}

export function createTimers(): Timers {
  let timers: { readonly at: number; readonly act: () => void }[] = [];
  return {
    add(at, act) {
      timers = [...timers, { at, act }].toSorted((a, b) => a.at - b.at);
    },
    nextAt: () => timers[0]?.at,
    runDue(now) {
      const isDue = timers[0] !== undefined && timers[0].at <= now;
      while (timers[0] !== undefined && timers[0].at <= now) {
        const [first, ...rest] = timers;
        timers = rest;
        first.act();
      }
      return isDue;
    },
  };
}

/** Queues that have something to be taken now, as far as the platform runs another worker. */
function openQueues(sim: Sim): readonly QueueName[] {
  if (sim.workers.size >= sim.history.world.workers) return [];
  return QUEUES.filter((queue) => (messagesAt(sim, queue)[0] ?? Number.POSITIVE_INFINITY) <= sim.scheduler.now());
}

function messagesAt(sim: Sim, queue: QueueName): readonly number[] {
  return sim.queue.waiting(queue).map(({ visibleAt }) => visibleAt);
}

export interface Telling {
  readonly timers: Timers;
  /** Ends when nothing is left to be done now, and this says so. */
  readonly isOver: () => boolean;
}

/** Lets everything that is under way go on, one step at a time and in the order of the seed, while time passes. */
export async function tell(sim: Sim, { timers, isOver }: Telling): Promise<void> {
  const { scheduler } = sim;
  for (;;) {
    await allParked();
    if (sim.violations.length > 0) return;
    if (scheduler.steps() > MOST_STEPS) return violate(sim, 'I1', 'the history has no end');
    if (timers.runDue(scheduler.now())) continue;
    const ready = scheduler.ready();
    const queues = openQueues(sim);
    if (ready + queues.length === 0) {
      if (isOver()) return;
      const next = nextAt(sim, timers);
      if (next === undefined) return;
      scheduler.passTo(next);
      continue;
    }
    const chosen = dice(sim.random, ready + queues.length);
    if (chosen < ready) scheduler.take(chosen);
    else void deliverOne(sim, queues[chosen - ready]!);
  }
}

async function deliverOne(sim: Sim, queue: QueueName): Promise<void> {
  try {
    await deliver(sim, queue);
  } catch (error) {
    violate(sim, 'defect', `the host failed: ${error instanceof Error ? error.stack : ''}`);
  }
}

function nextAt(sim: Sim, timers: Timers): number | undefined {
  const times = [sim.scheduler.nextAt(), timers.nextAt(), ...QUEUES.map((queue) => messagesAt(sim, queue)[0])];
  // Messages that could be taken wait for a worker to be free: no time brings them nearer.
  const known = times.filter((at) => at !== undefined && at > sim.scheduler.now());
  return known.length === 0 ? undefined : Math.min(...(known as number[]));
}
