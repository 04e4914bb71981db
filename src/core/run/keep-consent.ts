import { heedOptOuts } from '../consent/contact-channels.ts';
import { consentKey, laterErrand } from '../consent/consent-rows.ts';
import type { Errand } from '../consent/consent-rows.ts';
import { NeighbourError } from '../errors.ts';
import type { Contact } from '../people/contact.ts';
import { isExcludedFound } from '../people/exclude.ts';
import { RowConflict } from '../ports.ts';
import type { RowChange, StoredRow } from '../ports.ts';
import { readBlockedNumbers } from './blocked-numbers.ts';
import type { Engine } from './engine.ts';
import { ignoreConflict } from './ignore-conflict.ts';
import { hasUnwritableChannel, writableChannels } from './merge-channels.ts';
import type { Directive, RunWork } from './run-work.ts';
import { wakeOptedOut } from './wake-opted-out.ts';

/** Numbers looked up at once: MessageMedia's limit for one call. */
const ERRANDS_AT_ONCE = 100;
/** After each try that failed; then every six hours. */
const LATER_MS = [15, 60].map((minutes) => minutes * 60_000);
const LATEST_MS = 6 * 3_600_000;

/**
 * A phase of a run that begins with consent: the blocked numbers are read once a day, and numbers that opted out are
 * unsubscribed wherever the account has them, before anything else is read or planned. Trouble with MessageMedia is
 * told and left to the next run: people are no worse off for it, because every write heeds the ledger.
 */
export function afterConsent(step: (work: RunWork) => Promise<Directive>): (work: RunWork) => Promise<Directive> {
  return async (work) => {
    if (work.run().dryRun || work.run().consentKept === true) return step(work);
    const isDone = await patiently(work, async () => (await readBlockedNumbers(work)) && (await doErrands(work)));
    if (!isDone) return 'yield';
    await work.update({ consentKept: true });
    return step(work);
  };
}

/** A phase before which the opt-outs that the run itself found are carried into the account. */
export function afterErrands(step: (work: RunWork) => Promise<Directive>): (work: RunWork) => Promise<Directive> {
  return async (work) => {
    const isDone = work.run().dryRun || (await patiently(work, () => doErrands(work)));
    return isDone ? step(work) : 'yield';
  };
}

/** False when the slice was over first. */
async function patiently(work: RunWork, keep: () => Promise<boolean>): Promise<boolean> {
  try {
    return await keep();
  } catch (error) {
    if (!(error instanceof NeighbourError) || error.neighbour !== 'messagemedia') throw error;
    const { failure, neighbour } = error;
    work.engine.log.event('consent.deferred', { runId: work.run().runId, neighbour, failure });
    return true;
  }
}

async function doErrands(work: RunWork): Promise<boolean> {
  const { engine } = work;
  const { consent } = engine.tables;
  const now = engine.clock.now();
  for await (const rows of consent.scan(engine.config.name, consentKey.errand(''), { pageSize: ERRANDS_AT_ONCE })) {
    const due = rows.filter(({ facets }) => Number(facets['due']) <= now);
    if (due.length === 0) continue;
    if (work.isSliceOver()) return false;
    await doSome(work, due);
  }
  return true;
}

async function doSome(work: RunWork, rows: readonly StoredRow[]): Promise<void> {
  const { engine, guard } = work;
  const phones = new Set(rows.map(({ body }) => (body as Errand).phone));
  try {
    const contacts = await engine.contactBook.findByNumbers([...phones], guard);
    const changed = await unsubscribeAll(work, contacts, phones);
    await wakeOptedOut(work, phones);
    engine.log.event('consent.carried', { runId: work.run().runId, optOuts: rows.length, contacts: changed });
  } catch (error) {
    if (error instanceof NeighbourError && error.neighbour === 'messagemedia') {
      await settle(
        work,
        rows.map((row) => postponed(row, engine.clock.now())),
      );
    }
    throw error;
  }
  await settle(
    work,
    rows.map(({ key, etag }) => ({ kind: 'delete', key, etag })),
  );
}

/** Answers how many contacts were written. One that cannot be written is left as it is, and told: the others go on. */
async function unsubscribeAll(
  work: RunWork,
  contacts: readonly Contact[],
  phones: ReadonlySet<string>,
): Promise<number> {
  const { engine, run } = work;
  let changed = 0;
  for (const contact of contacts) {
    const isOpen = contact.channels.some(
      ({ channelId, subscriptionState }) => phones.has(channelId) && subscriptionState !== 'UNSUBSCRIBED',
    );
    if (!isOpen || isExcludedFound(contact, run().config)) continue;
    const result = await unsubscribe(work, contact, phones);
    if (result === 'done') changed += 1;
    if (result !== 'refused') continue;
    engine.log.event('consent.unwritable', { runId: run().runId, contactId: contact.id });
  }
  return changed;
}

/** `gone`: the contact was deleted meanwhile. `refused`: it cannot be written back whole, or MessageMedia will not have it. */
async function unsubscribe(
  { engine, guard }: RunWork,
  contact: Contact,
  phones: ReadonlySet<string>,
): Promise<'done' | 'gone' | 'refused'> {
  if (hasUnwritableChannel(contact)) return 'refused';
  const channels = heedOptOuts(writableChannels(contact), (phone) => phones.has(phone));
  try {
    await engine.contactBook.updateContact(contact.id, { native: {}, channels }, guard);
    return 'done';
  } catch (error) {
    if (!(error instanceof NeighbourError)) throw error;
    if (error.failure === 'not-found') return 'gone';
    // About this contact alone: a number that is on several, in an account that does not want that.
    if (error.failure === 'conflict' || error.failure === 'invalid') return 'refused';
    throw error;
  }
}

function postponed({ key, etag, body }: StoredRow, now: number): RowChange {
  const errand = body as Errand;
  const phoneKey = key.slice(consentKey.errand('').length);
  return { kind: 'replace', row: laterErrand(phoneKey, errand, now + (LATER_MS[errand.tries] ?? LATEST_MS)), etag };
}

/** An errand that somebody sent anew meanwhile stays. */
async function settle({ engine, guard }: RunWork, changes: readonly RowChange[]): Promise<void> {
  const { consent } = engine.tables;
  await guard.ensure();
  try {
    await consent.write(engine.config.name, changes);
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    for (const change of changes) await consent.write(engine.config.name, [change]).catch(ignoreConflict);
  }
}

/** Whether a number that opted out still has to be carried into the account: a run is due for it. */
export async function hasErrands({ tables, config }: Engine, now: number): Promise<boolean> {
  for await (const rows of tables.consent.scan(config.name, consentKey.errand(''), { facetsOnly: true })) {
    if (rows.some(({ facets }) => Number(facets['due']) <= now)) return true;
  }
  return false;
}
