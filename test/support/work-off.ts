import { compareWithOracle } from '../../local/oracle.ts';
import { NeighbourError } from '../../src/core/errors.ts';
import { abandonRun, advanceRun } from '../../src/core/run/advance-run.ts';
import { abandonBatch, processBatch } from '../../src/core/run/process-batch.ts';
import type { RunMode, RunRow } from '../../src/core/run/run-row.ts';
import { isActive } from '../../src/core/run/run-row.ts';
import { fetchRun, findRun } from '../../src/core/run/run-rows.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import {
  expectBalancedBooks,
  expectNobodyWaitsButForNumbers,
  expectNothingTwice,
  isAnybodyDue,
  readAll,
} from './books.ts';
import type { StorageSync } from './storage-sync.ts';
import { Crash } from './story.ts';

const HANDLERS = {
  'sync-runs': [advanceRun, abandonRun],
  'sync-batches': [processBatch, abandonBatch],
} as const;
const MAX_DELIVERIES = 5;
const BACK_AFTER_FAILURE_MS = 10_000;
const TICK_MS = 5 * 60_000;
const AT_ONCE = 3;
const MAX_TICKS = 300;

/** One delivery as the Functions host makes it: deleted on success, back after a while on failure, poison in the end. */
async function deliver(sync: StorageSync): Promise<boolean> {
  const { mailbox, clock, engine } = sync;
  const letter = await mailbox.take(clock.now());
  if (letter === undefined) return false;
  const [handle, abandon] = HANDLERS[letter.queue];
  if (letter.dequeueCount > MAX_DELIVERIES) {
    await abandon(engine, letter.message);
    await mailbox.done(letter);
    return true;
  }
  const worker = sync.hire();
  try {
    await Promise.race([handle(worker.engine, letter.message), worker.died]);
    await sync.onWork?.('before message deleted');
    await mailbox.done(letter);
  } catch (error) {
    if (!(error instanceof Crash)) sync.failures.push(error);
    const backAfterMs = error instanceof Crash ? error.returnsAfterMs : BACK_AFTER_FAILURE_MS;
    await mailbox.release(letter, clock.now() + backAfterMs);
  }
  return true;
}

async function isAnybodyAtWork({ engine }: StorageSync): Promise<boolean> {
  const { lease } = await readState(engine);
  if (lease === undefined) return false;
  const found = await findRun(engine, lease.runId);
  return found === undefined || isActive(found.run);
}

/** Works off the queues while the timer ticks, letting time pass to whatever comes next, until no run is under way. */
async function workOff(sync: StorageSync): Promise<void> {
  const { clock, mailbox, engine } = sync;
  let nextTickAt = clock.now() + TICK_MS;
  for (let ticked = 0; ticked < MAX_TICKS;) {
    const worked = await Promise.all(Array.from({ length: AT_ONCE }, () => deliver(sync)));
    if (worked.some(Boolean)) continue;
    await sync.settle();
    const due = await mailbox.nextDue();
    if (due === undefined && !(await isAnybodyAtWork(sync))) return;
    await clock.advance(Math.max(1, Math.min(nextTickAt, due ?? nextTickAt) - clock.now()));
    if (clock.now() < nextTickAt) continue;
    ticked += 1;
    nextTickAt += TICK_MS;
    await tick(engine);
  }
  throw new Error('The run never ended.');
}

/** Starts a run, which may take several tries when starters die or storage gives up on them, and works until it has ended. */
export async function runToTheEnd(sync: StorageSync, mode: RunMode): Promise<RunRow> {
  const { engine } = sync;
  const { lastRun: before } = await readState(engine);
  for (;;) {
    const starter = sync.hire();
    try {
      await Promise.race([startRun(starter.engine, { mode, dryRun: false, trigger: 'http' }), starter.died]);
    } catch (error) {
      if (!(error instanceof Crash) && !isOfStorage(error)) throw error;
    }
    await workOff(sync);
    const { lastRun } = await readState(engine);
    if (lastRun !== undefined && lastRun.runId !== before?.runId) return (await fetchRun(engine, lastRun.runId)).run;
  }
}

/** Storage did not answer in all its tries: the host delivers the message again. */
export function isOfStorage(error: unknown): boolean {
  return error instanceof NeighbourError && error.neighbour === 'storage' && error.failure === 'unavailable';
}

/** Lets the timer go on until nobody waits for a next try. */
export async function untilNobodyIsDue(sync: StorageSync): Promise<void> {
  for (let hours = 0; hours < 48; hours += 1) {
    if (!isAnybodyDue(await readAll(sync.engine.tables.people, sync.engine.config.name))) return;
    await sync.clock.advance(3_600_000);
    await tick(sync.engine);
    await workOff(sync);
  }
  throw new Error('Somebody waits for ever.');
}

/** The account is what the directory asks for, the books balance, nobody waits, nothing is left in the queues. */
export async function expectAllIsWell(sync: StorageSync): Promise<void> {
  const { engine, directory, book, mailbox, written, handMade } = sync;
  const rows = await readAll(engine.tables.people, engine.config.name);
  const account = book.account.snapshot();
  const question = { users: directory.admin.users(), sync: written, account, handMade };
  expect(compareWithOracle(question)).toEqual([]);
  expectNobodyWaitsButForNumbers(rows);
  expectNothingTwice(account);
  expectBalancedBooks(rows);
  expect(book.violations).toEqual([]);
  expect(book.subscribedWrites).toEqual([]);
  expect(await mailbox.nextDue()).toBeUndefined();
}

/** One more full run finds nothing to do and writes nothing. */
export async function expectRest(sync: StorageSync): Promise<void> {
  const writes = sync.book.writes.length;

  const { counts } = await runToTheEnd(sync, 'full');

  expect(counts).toMatchObject({ created: 0, adopted: 0, updated: 0, moved: 0, removed: 0, restored: 0, failed: 0 });
  expect(sync.book.writes.slice(writes)).toEqual([]);
  await expectAllIsWell(sync);
}
