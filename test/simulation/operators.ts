import { SyncError } from '../../src/core/errors.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { approveRun, rejectRun } from '../../src/core/run/decide-run.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { cancelRun } from '../../src/core/run/cancel-run.ts';
import { EVENT_TEMPLATE } from '../../src/core/consent/read-event.ts';
import { pauseSync, resumeSync } from '../../src/core/run/pause-sync.ts';
import { receiveOptOut } from '../../src/core/run/receive-opt-out.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { startRunOnce } from '../../src/core/run/start-run-once.ts';
import { tick } from '../../src/core/run/tick.ts';
import { engineOf } from './engine-of.ts';
import { runOf, runsOf, stateOf } from './books.ts';
import { dice, fire, violate } from './sim.ts';
import type { Instance, Sim, Worker } from './sim.ts';
import { hireWorker } from './worker.ts';
import { mobile } from '../support/story-people.ts';

const SILENT = { event: () => undefined };

export function anyInstance(sim: Sim): Instance {
  return sim.instances[dice(sim.random, sim.instances.length)]!;
}

/** One invocation that no queue repeats: the timer's, or somebody's request. */
function invoke(sim: Sim, what: string, work: (engine: Engine) => Promise<unknown>): void {
  const worker = hireWorker(sim, anyInstance(sim), what);
  void finish(sim, worker, work(engineOf(sim, worker, SILENT)));
}

async function finish(sim: Sim, worker: Worker, work: Promise<unknown>): Promise<void> {
  const end = work.catch((error: unknown) => {
    // A request that is refused is answered; the timer comes again.
    if (!(error instanceof SyncError)) sim.watch.thrown(worker, error);
    sim.tell(() => `${worker.name} ends with ${error instanceof Error ? error.message : 'no error'}`);
  });
  await Promise.race([end, worker.died]);
  sim.workers.delete(worker);
}

export function runTick(sim: Sim): void {
  invoke(sim, 'tick', tick);
}

export function startByHand(sim: Sim, mode: 'delta' | 'full', dryRun: boolean): void {
  invoke(sim, 'start-run', (engine) => startRun(engine, { mode, dryRun, trigger: 'http' }));
}

/** A caller who got no answer asks again under the same key: one run, whatever becomes of the two requests. */
export function startTwice(sim: Sim): void {
  const key = `key ${sim.scheduler.steps()}`;
  const started = new Set<string>();
  for (let asked = 0; asked < 2; asked += 1) {
    invoke(sim, 'start-run', async (engine) => {
      const { runId } = await startRunOnce(engine, { mode: 'delta', dryRun: false, trigger: 'http' }, key);
      started.add(runId);
      if (started.size > 1) violate(sim, 'defect', `one key started the runs ${[...started].join(' and ')}`);
    });
  }
}

/** MessageMedia tries an event again, a minute apart. */
const MOST_DELIVERIES = 6;
const DELIVERED_AGAIN_MS = 60_000;

/**
 * The owner of a number replies STOP, in an account that keeps no preference by number: the app is told, and told
 * again for as long as it does not answer. Nobody but the app makes the contacts agree.
 */
export function replyStop(sim: Sim, number: number): void {
  const phone = mobile(number);
  const event = EVENT_TEMPLATE.replace('$sourceAddress', phone).replaceAll(/\$!?\w+/g, `n-${sim.scheduler.steps()}`);
  const deliver = (delivery: number): void => {
    let isTaken = false;
    invoke(sim, 'receive-webhook', async (engine) => {
      await receiveOptOut(engine, event);
      isTaken = true;
      sim.watch.told.add(phone);
    });
    sim.later(DELIVERED_AGAIN_MS, () => {
      if (!isTaken && delivery < MOST_DELIVERIES) deliver(delivery + 1);
    });
  };
  deliver(1);
}

export function cancel(sim: Sim): boolean {
  const runId = stateOf(sim)?.lease?.runId;
  if (runId === undefined || runOf(sim, runId) === undefined) return false;
  invoke(sim, 'cancel', (engine) => cancelRun(engine, runId));
  return true;
}

export function pauseTicks(sim: Sim): void {
  invoke(sim, 'pause', pauseSync);
}

export function resumeTicks(sim: Sim): void {
  if (stateOf(sim)?.paused === undefined) return;
  fire(sim, 'resumed');
  invoke(sim, 'resume', resumeSync);
}

/** Somebody approves the whole plan of the newest dry run. */
export function approvePlan(sim: Sim): boolean {
  const run = runsOf(sim).findLast(
    ({ dryRun, planHash, decision, finishedAt }) =>
      dryRun && planHash !== undefined && decision === undefined && finishedAt !== undefined,
  );
  if (run?.planHash === undefined) return false;
  const { runId, planHash } = run;
  sim.watch.approvals.approved(runId);
  invoke(sim, 'approve-plan', (engine) => approveRun(engine, runId, planHash));
  return true;
}

/** Runs whose holds nobody has decided about, oldest first. */
export function undecidedRuns(sim: Sim): readonly RunRow[] {
  return runsOf(sim).filter(
    ({ state, decision, planHash }) => state === 'held' && decision === undefined && planHash !== undefined,
  );
}

/** Somebody looks at the newest run that holds something, and decides about exactly what it shows. */
export function decide(sim: Sim, how: 'approve' | 'reject', run = undecidedRuns(sim).at(-1)): void {
  if (run?.planHash === undefined) return;
  const { runId, planHash } = run;
  fire(sim, how === 'approve' ? 'approved' : 'rejected');
  if (how === 'approve') sim.watch.approvals.approved(runId);
  invoke(sim, how, (engine) => (how === 'approve' ? approveRun : rejectRun)(engine, runId, planHash));
}
