import { isActive } from '../../src/core/run/run-row.ts';
import { findRun } from '../../src/core/run/run-rows.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import { mortalWorker } from './mortal-worker.ts';
import type { MortalWorker, OnWork } from './mortal-worker.ts';
import { deliver } from './story.ts';
import type { Story } from './story.ts';
import type { ContactView } from './story-checks.ts';
import { contactsOf } from './story-checks.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const TICK_MS = 5 * MINUTE_MS;
/** More than any story's bad luck: an error of its own that comes back with every delivery. */
const MAX_FAILURES = 500;

export interface Weather {
  /** Ticks to go through at least, whether there is work or not. */
  readonly ticks?: number;
  /** After so many ticks without an end the story has failed. */
  readonly maxTicks?: number;
  readonly until?: () => boolean | Promise<boolean>;
}

/** Every worker of the story can die or pause at its effects from now on; answers the workers hired so far. */
export function employMortals(story: Story, onWork: OnWork): MortalWorker[] {
  const hired: MortalWorker[] = [];
  story.employ = (engine) => {
    const worker = mortalWorker(engine, onWork);
    hired.push(worker);
    return worker;
  };
  story.settle = async () => {
    await Promise.all(hired.splice(0).map((worker) => worker.settled()));
  };
  return hired;
}

/** The worker that comes to the effect the `nth` time falls asleep there, until it is woken. */
export function pauseAt(story: Story, effect: string, nth: number): { asleep: Promise<void>; wake: () => void } {
  let seen = 0;
  let wake: () => void = () => undefined;
  let fallAsleep: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const asleep = new Promise<void>((resolve) => (fallAsleep = resolve));
  employMortals(story, async (what) => {
    if (!what.startsWith(effect) || ++seen !== nth) return;
    fallAsleep();
    await woken;
  });
  return { asleep, wake: () => wake() };
}

async function isAnybodyAtWork(story: Story): Promise<boolean> {
  const { lease } = await readState(story.engine());
  if (lease === undefined) return false;
  const found = await findRun(story.engine(), lease.runId);
  return found === undefined || isActive(found.run);
}

/** Works off the queues while the timer ticks every five minutes, as in the real app, until no run is under way. */
export async function weather(story: Story, { ticks = 0, maxTicks = 300, until }: Weather = {}): Promise<void> {
  let ticked = 0;
  let nextTickAt = story.clock.now() + TICK_MS;
  for (;;) {
    if (until !== undefined && (await until())) return;
    if (story.failures.length > MAX_FAILURES) {
      throw new Error('Deliveries go on failing.', { cause: story.failures.at(-1) });
    }
    const worked = await Promise.all([
      deliver(story, 'sync-runs'),
      deliver(story, 'sync-batches'),
      deliver(story, 'sync-batches'),
    ]);
    if (worked.some(Boolean)) continue;
    await story.settle?.();
    const waiting = [...story.queue.waiting('sync-runs'), ...story.queue.waiting('sync-batches')];
    if (waiting.length === 0 && ticked >= ticks && !(await isAnybodyAtWork(story))) return;
    const next = Math.min(nextTickAt, ...waiting.map(({ visibleAt }) => visibleAt));
    await story.clock.advance(Math.max(1, next - story.clock.now()));
    if (story.clock.now() < nextTickAt) continue;
    if (++ticked > maxTicks) throw new Error('The run never ended.');
    nextTickAt += TICK_MS;
    await tick(story.engine());
  }
}

/** Lets the timer go on until nobody waits for a next try: at most `hours`. */
export async function untilNobodyWaits(story: Story, hours = 48): Promise<void> {
  const end = story.clock.now() + hours * HOUR_MS;
  const isWaiting = (): boolean =>
    story.tables.rows('people').some(({ key, facets }) => key.startsWith('pending:') && Number(facets['due']) > 0);
  while (isWaiting() && story.clock.now() < end) await weather(story, { ticks: 1 });
}

export interface EndState {
  readonly contacts: readonly Omit<ContactView, 'id'>[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly fields: readonly string[];
}

/** What the account looks like, ids apart: the same for two tellings of one story. */
export function endStateOf(story: Story): EndState {
  const { lists, customFields } = story.messageMedia.account.snapshot();
  const contacts = contactsOf(story);
  const numberOf = new Map(contacts.map(({ id, numbers }) => [id, numbers.join(' ')]));
  return {
    contacts: contacts
      .map(({ id: _id, ...view }) => ({ ...view, numbers: view.numbers.toSorted() }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    lists: Object.fromEntries(
      lists.map(({ name, contactIds }) => [name, contactIds.map((id) => numberOf.get(id) ?? '?').toSorted()]),
    ),
    fields: customFields.map(({ mergeTag }) => mergeTag).toSorted(),
  };
}
