import type { OptOut } from '../consent/opt-out.ts';
import { RowConflict } from '../ports.ts';
import { enterFound } from './consent-ledger.ts';
import type { RunWork } from './run-work.ts';

const KEY = 'blocked-numbers';

/** How far the reading of a day has come. */
interface Reading {
  /** UTC, `2026-01-05`. */
  readonly day: string;
  /** Where the next page begins; absent once everything was read. */
  readonly pageToken?: string;
  readonly isDone: boolean;
}

/**
 * Enters the account's blocked numbers into the ledger, once a day. Each page is noted before the next is asked for.
 * False when the slice was over first. Throws NeighbourErrors: the rest is read by the next run of the day.
 */
export async function readBlockedNumbers(work: RunWork): Promise<boolean> {
  const { engine, run, guard } = work;
  const { state } = engine.tables;
  const day = new Date(engine.clock.now()).toISOString().slice(0, 10);
  const row = await state.get(engine.config.name, KEY);
  const last = row?.body as Reading | undefined;
  if (last?.day === day && last.isDone) return true;
  let etag = row?.etag;
  const from = last?.day === day && last.pageToken !== undefined ? { pageToken: last.pageToken } : {};
  let count = 0;
  for await (const { numbers, nextPageToken } of engine.contactBook.blockedNumbers(from, guard)) {
    const at = engine.clock.now();
    count += await enterFound(
      engine,
      numbers.map((phone): OptOut => ({ phone, source: 'blocked-list', at, evidence: {} })),
    );
    const isDone = nextPageToken === undefined;
    await guard.ensure();
    etag = await note(work, isDone ? { day, isDone } : { day, isDone, pageToken: nextPageToken }, etag);
    if (!isDone && work.isSliceOver()) return false;
  }
  if (count > 0) engine.log.event('consent.noted', { runId: run().runId, source: 'blocked-list', optOuts: count });
  return true;
}

/** A worker that lost its claim does not know it yet: whoever has it reads for itself. */
async function note({ engine }: RunWork, body: Reading, etag: string | undefined): Promise<string | undefined> {
  const row = { key: KEY, body };
  try {
    const [written] = await engine.tables.state.write(engine.config.name, [
      etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag },
    ]);
    return written;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    return (await engine.tables.state.get(engine.config.name, KEY))?.etag;
  }
}
