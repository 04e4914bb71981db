import type { MemoryCall } from '../support/memory-calls.ts';
import { runOf } from './books.ts';
import { violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';

/** I8 and I10: a run's calls are bounded by its plan and by what went wrong; a dry run asks and never tells. */
export interface WatchBounds {
  callMade(worker: Worker, call: MemoryCall): void;
  /** A call begins after so many failures of the same call in a row. */
  triedAgain(worker: Worker, neighbour: 'graph' | 'messagemedia', failures: number): void;
  slept(who: string, ms: number): void;
}

/** Waits between the tries of one call, at Graph a Retry-After of 30 s and 10 s of jitter: what is longer is a delayed message. */
const LONGEST_SLEEP_MS = 40_000;

const GRAPH_CALLS = ['users/delta', '$batch', 'updateUser'];

/** Tries of one call; whoever called decides what then. */
const MOST_TRIES = { messagemedia: 4, graph: 5 } as const;

interface Tally {
  graph: number;
  messagemedia: number;
  /** Faults that had fired when the run began. */
  readonly firedBefore: number;
}

export function watchBounds(sim: Sim): WatchBounds {
  const tallies = new Map<string, Tally>();
  const faultsSoFar = (): number => [...sim.fired.values()].reduce((sum, count) => sum + count, 0);

  /** What a run without trouble may take, times the tries that trouble can cost: each repeats at most one batch. */
  function limitsOf(runId: string, { firedBefore }: Tally): { graph: number; messagemedia: number } {
    const run = runOf(sim, runId);
    const people = sim.watch.peopleEver();
    const troubles = 1 + faultsSoFar() - firedBefore;
    const pages = 2 * Math.ceil((4 * people) / sim.history.world.directory.pageSize) + 10;
    const waves = Math.max(1, Object.keys(run?.waves ?? {}).length);
    const lists = 4;
    const perWave = 3 * people + 2 * lists + 4;
    return {
      graph: troubles * 4 * (pages + people + 1),
      messagemedia: troubles * 4 * (8 + 2 * lists + people + waves * perWave),
    };
  }

  return {
    callMade(worker, call) {
      const run = runOf(sim, worker.runId);
      if (run === undefined) return;
      if (run.dryRun && call.isWrite) violate(sim, 'I10', `${worker.name} makes a ${call.name} in a dry run`);
      const tally = tallies.get(run.runId) ?? { graph: 0, messagemedia: 0, firedBefore: faultsSoFar() };
      tallies.set(run.runId, tally);
      const neighbour = GRAPH_CALLS.includes(call.name) ? 'graph' : 'messagemedia';
      tally[neighbour] += 1;
      const limit = limitsOf(run.runId, tally)[neighbour];
      if (tally[neighbour] > limit) {
        violate(sim, 'I8', `the run has made ${tally[neighbour]} calls to ${neighbour}, of ${limit} at most`);
      }
    },
    triedAgain(worker, neighbour, failures) {
      if (failures < MOST_TRIES[neighbour]) return;
      violate(sim, 'I8', `${worker.name} makes a call to ${neighbour} that has failed ${failures} times in a row`);
    },
    slept(who, ms) {
      if (ms > LONGEST_SLEEP_MS) violate(sim, 'I8', `${who} sleeps for ${ms} ms instead of sending a message`);
    },
  };
}
