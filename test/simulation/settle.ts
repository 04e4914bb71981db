import type { RunRow } from '../../src/core/run/run-row.ts';
import { isActive } from '../../src/core/run/run-row.ts';
import { userId } from '../support/story-people.ts';
import { show } from './deeds.ts';
import { decide, resumeTicks, runTick, undecidedRuns } from './operators.ts';
import { named, somebody } from './people.ts';
import { hasErrands, pendingOf, runOf, stateOf } from './books.ts';
import { TENANT, violate } from './sim.ts';
import type { Sim } from './sim.ts';
import { tell } from './tell.ts';
import { rejectedBesideHandMade } from './undecided.ts';
import type { Timers } from './tell.ts';

const TICK_MS = 300_000;
const FIRST_NEWCOMER = 80;
/** Ticks until everything has come to rest: weeks of daily tries, and hours of five-minute ones. */
const MOST_TICKS = 400;
/** Whoever waits for a contact that is not ours is looked at every day, for ever: two more looks are enough. */
const LOOKS = 2;

function activeRun(sim: Sim): RunRow | undefined {
  const lease = stateOf(sim)?.lease;
  const run = runOf(sim, lease?.runId);
  return run !== undefined && isActive(run) ? run : undefined;
}

/** The faults are over: everything works again, and everybody has the same configuration. */
export function calmDown(sim: Sim): void {
  const { weather, directory, instances } = sim;
  sim.tell(() => 'the faults are over');
  sim.moments.disarm();
  weather.storm = undefined;
  weather.tenantId = TENANT;
  directory.restorePermission();
  for (const id of sim.watch.everKnown()) show(sim, id);
  for (const instance of instances) instance.configuration = instances[0]!.configuration;
  for (const [department, renamedId] of sim.watch.structure.lists) {
    if (renamedId !== undefined) sim.book.account.renameList(renamedId, department);
    if (renamedId !== undefined) sim.watch.handMade.changeList(renamedId, department);
  }
  resumeTicks(sim);
  sim.watch.somethingChanged();
}

/** Ticks on in virtual time until no run is under way, no message is left and, if `patient`, nobody waits for a next try. */
export async function comeToRest(sim: Sim, timers: Timers, { patient = true } = {}): Promise<void> {
  const looks = new Map<string, Set<number>>();
  const drain = (): Promise<void> => tell(sim, { timers, isOver: () => isDrained(sim) });
  let isQuiet = false;
  for (let ticks = 0; ticks < MOST_TICKS; ticks += 1) {
    await drain();
    if (sim.violations.length > 0) return;
    const due = pendingOf(sim).filter((pending) => {
      if (pending.dueAt === undefined || !patient) return false;
      const seen = (looks.get(pending.personId) ?? new Set<number>()).add(pending.dueAt);
      looks.set(pending.personId, seen);
      return pending.outcome !== 'skipped' || seen.size <= LOOKS;
    });
    const isWaiting = due.length > 0 || (patient && hasErrands(sim));
    const isAtRest = activeRun(sim) === undefined && !isWaiting;
    // One more tick when all is quiet: an approval may be waiting for it.
    if (isAtRest && isQuiet) return;
    isQuiet = isAtRest;
    const next = activeRun(sim) === undefined && due.length > 0 ? Math.min(...due.map(({ dueAt }) => dueAt!)) : 0;
    sim.scheduler.passTo(Math.max(next + 1, sim.scheduler.now() + TICK_MS));
    runTick(sim);
  }
  const why = pendingOf(sim).map(({ personId, outcome, reason }) => `${personId} ${outcome} ${reason}`);
  violate(sim, 'I1', `it never comes to rest: run ${activeRun(sim)?.phase ?? 'none'}, ${why.join(', ')}`);
}

function isDrained(sim: Sim): boolean {
  const isEmpty = (queue: 'sync-runs' | 'sync-batches'): boolean => sim.queue.waiting(queue).length === 0;
  return (
    sim.workers.size === 0 && sim.scheduler.nextAt() === undefined && isEmpty('sync-runs') && isEmpty('sync-batches')
  );
}

/** Somebody decides about what is held, again and again, as far as anything is. */
export async function decideHolds(sim: Sim, timers: Timers): Promise<void> {
  const { operator } = sim.history.world;
  if (operator === 'waits') return;
  for (let rounds = 0; rounds < 6 && undecidedRuns(sim).length > 0 && sim.violations.length === 0; rounds += 1) {
    for (const run of undecidedRuns(sim)) {
      decide(sim, operator === 'approves' ? 'approve' : 'reject', run);
      await comeToRest(sim, timers);
    }
  }
}

/**
 * What was changed by hand, the engine sees when it next has something to write there. So that everything can be held
 * against the oracle in the end, the directory gives it a reason: one way means that nobody reads the account to find out.
 */
export function touchAll(sim: Sim): boolean {
  const { admin } = sim.directory;
  const { watch } = sim;
  const { lists, isFieldGone } = watch.structure;
  const present = admin.users();
  const unseen = rejectedBesideHandMade(sim);
  const touched = present.filter(({ id }) => isFieldGone || watch.touched.has(id) || unseen.has(id));
  for (const [at, { id }] of touched.entries()) {
    admin.updateUser(id, named(Number(id.slice(-12)), 900 + at));
    watch.personChanged(id);
  }
  // A list that is gone is found by whoever joins it: somebody new, with a number that nobody else wants.
  for (const [at, department] of [...lists.keys()].entries()) {
    const n = FIRST_NEWCOMER + at;
    if (watch.isKnown(userId(n))) continue;
    admin.createUser(somebody(n, n, department));
    watch.personChanged(userId(n));
  }
  watch.somethingChanged();
  return touched.length > 0 || lists.size > 0;
}
