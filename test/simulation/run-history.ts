import { seededRandom } from '../../local/simulator/random.ts';
import { createMemoryContactBook } from '../support/memory-contact-book.ts';
import { createMemoryDirectory } from '../support/memory-directory.ts';
import type { MemoryDirectory } from '../support/memory-directory.ts';
import type { Clock } from '../../src/core/ports.ts';
import { createMemoryQueue } from '../support/memory-queue.ts';
import { createMemoryTables } from '../support/memory-tables.ts';
import { mobile } from '../support/story-people.ts';
import { checkRest, checkStillness } from './check-rest.ts';
import { checkBothWays } from './check-both-ways.ts';
import { doDeed } from './deeds.ts';
import { drawAny } from './draw-two-way.ts';
import { isSummerTimeOver } from './draw-world.ts';
import { readConfiguration } from './engine-of.ts';
import { FAULTS } from './fault-names.ts';
import type { FaultName } from './fault-names.ts';
import type { History, Violation } from './history.ts';
import { isMishap, createMoments } from './moments.ts';
import { runTick, startByHand } from './operators.ts';
import { somebody } from './people.ts';
import { createRows } from './rows.ts';
import { createScheduler } from './scheduler.ts';
import { calmDown, comeToRest, decideHolds, touchAll } from './settle.ts';
import { dice, fire, TENANT } from './sim.ts';
import type { Sim } from './sim.ts';
import { createTimers, tell } from './tell.ts';
import type { Timers } from './tell.ts';
import { createWatch } from './watch.ts';

export interface Told {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** How often each fault fired. */
  readonly fired: Readonly<Record<FaultName, number>>;
  readonly steps: number;
  /** Every step in words; empty unless it was asked for. */
  readonly told: readonly string[];
}

export interface TellOptions {
  readonly trace?: boolean;
}

/** A field of their own, of which nothing is known to us. */
const SHOE_SIZE = { shoe_size: '42' };
const TICK_MS = 300_000;
/** After the last timed occurrence the app works on for a while under faults. */
const AFTERWARDS_MS = 20 * 60_000;

/** Tells the history of a seed: the real engine among faults, then in peace, held against every invariant. */
export function runHistory(seed: number, options: TellOptions = {}): Promise<Told> {
  return tellHistory(drawAny(seed), options);
}

/** Tells a history that is given as data: one that was shortened, or one that is kept. */
export async function tellHistory(history: History, { trace = false }: TellOptions = {}): Promise<Told> {
  const timers = createTimers();
  const sim = createSim(history, timers, trace);
  await sufferFaults(sim, timers);
  calmDown(sim);
  await settle(sim, timers);
  if (touchAll(sim)) {
    // The first run finds what is gone, the second is the full one that this asks for.
    await settle(sim, timers);
    await settle(sim, timers);
  }
  if (sim.violations.length === 0) checkRest(sim);
  await checkBothWays(sim, timers);
  await checkStillness(sim, timers);
  if (isSummerTimeOver(history.world.startsAt, sim.scheduler.now())) fire(sim, 'daylight saving');
  const fired = Object.fromEntries(FAULTS.map((name) => [name, sim.fired.get(name) ?? 0])) as Record<FaultName, number>;
  return { seed: history.seed, violations: sim.violations, fired, steps: sim.scheduler.steps(), told: sim.told };
}

/** What is under way ends; then a run sees whatever the directory says by now; then somebody decides what is held. */
async function settle(sim: Sim, timers: Timers): Promise<void> {
  await comeToRest(sim, timers);
  startByHand(sim, 'delta', false);
  await comeToRest(sim, timers);
  await decideHolds(sim, timers);
}

async function sufferFaults(sim: Sim, timers: Timers): Promise<void> {
  const { startsAt } = sim.history.world;
  for (const { at, what } of sim.moments.timed) {
    if (!isMishap(what)) timers.add(startsAt + at, () => sim.doDeed(what));
  }
  const endsAt = startsAt + AFTERWARDS_MS + (sim.moments.timed.at(-1)?.at ?? 0);
  const tickOn = (): void => {
    runTick(sim);
    if (sim.scheduler.now() < endsAt) timers.add(sim.scheduler.now() + TICK_MS, tickOn);
  };
  timers.add(startsAt + 1_000, tickOn);
  await tell(sim, { timers, isOver: () => sim.scheduler.now() >= endsAt });
}

function createSim(history: History, timers: Timers, trace: boolean): Sim {
  const { world } = history;
  const random = seededRandom(history.seed);
  const scheduler = createScheduler(world.startsAt, random);
  const clock: Clock = {
    now: scheduler.now,
    sleep(ms) {
      sim.watch.slept('a call', ms);
      return scheduler.turn(ms);
    },
  };
  const told: string[] = [];
  const ids = seededRandom(history.seed + 1);
  const hex = (): string => dice(ids, 65_536).toString(16).padStart(4, '0');
  const first = readConfiguration(world.syncs[0]!);
  const sim: Sim = {
    history,
    random,
    scheduler,
    moments: createMoments(history),
    rows: createRows(),
    tables: createMemoryTables(),
    queue: createMemoryQueue(clock),
    directory: directoryOf(history, clock, world.people),
    otherDirectory: directoryOf(history, clock, [{ n: 90, number: 90, department: 'Sales' }]),
    book: createMemoryContactBook({
      clock,
      seed: history.seed,
      uniqueNumbers: world.account.uniqueNumbers,
      uniqueListNames: world.account.uniqueListNames,
      namesBadIds: world.account.namesBadIds,
      channelsMode: world.account.mode,
      customFieldsMode: world.account.mode,
    }),
    instances: world.instances.map(({ skewMs }, index) => ({
      index,
      skewMs,
      configuration: first,
      lanes: world.lanes,
    })),
    workers: new Set(),
    weather: { storm: undefined, missing: new Set(), tenantId: TENANT },
    watch: undefined as unknown as Sim['watch'],
    fired: new Map(),
    violations: [],
    told,
    tell: (words) => {
      if (trace) told.push(`+${((scheduler.now() - world.startsAt) / 1000).toFixed(1)} s ${words()}`);
    },
    doDeed: (deed) => doDeed(sim, deed),
    later: (ms, act) => timers.add(scheduler.now() + ms, act),
    nextId: () => hex() + hex() + hex() + hex(),
    newest: { order: 0 },
    configurationOf: (sync) => readConfiguration(world.syncs[sync % world.syncs.length]!),
  };
  for (const { number, list, second } of world.byHand) {
    const channels = second === undefined ? [] : [{ type: 'SMS', channelId: mobile(second) } as const];
    sim.book.account.seedContact({
      number: mobile(number),
      channels,
      note: 'By hand',
      customFields: SHOE_SIZE,
      lists: [list],
    });
  }
  return Object.assign(sim, { watch: createWatch(sim) });
}

function directoryOf(history: History, clock: Clock, people: History['world']['people']): MemoryDirectory {
  const { directory } = history.world;
  const made = createMemoryDirectory({
    clock,
    seed: history.seed,
    pageSize: directory.pageSize,
    users: people.map(({ n, number, department }) => somebody(n, number, department)),
  });
  Object.assign(made.admin.options, directory);
  return made;
}
