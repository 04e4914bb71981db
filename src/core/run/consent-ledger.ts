import { changesFor, consentKey, errandFor, toConsent } from '../consent/consent-rows.ts';
import type { Consent, OptOut } from '../consent/opt-out.ts';
import { RowConflict } from '../ports.ts';
import type { RowChange } from '../ports.ts';
import type { Engine } from './engine.ts';
import { ignoreConflict } from './ignore-conflict.ts';

/** Three rows a number at most, in transactions of at most 100 changes. */
const NUMBERS_A_WRITE = 33;
/** An event is refused as late after minutes: a day is ample. */
const SEEN_MS = 24 * 3_600_000;
/** An event's rows meet others' only for an instant. */
const MAX_TRIES = 5;

type Book = Pick<Engine, 'tables' | 'config' | 'digest'>;

/** How these numbers stand, by their pseudonyms; who never opted out is absent. One point read a number. */
export async function readConsents(
  { tables, config }: Pick<Engine, 'tables' | 'config'>,
  phoneKeys: readonly string[],
): Promise<ReadonlyMap<string, Consent>> {
  const keys = [...new Set(phoneKeys)];
  const rows = await tables.consent.getMany(config.name, keys.map(consentKey.state));
  return new Map(
    keys.flatMap((key) => {
      const row = rows.get(consentKey.state(key));
      return row === undefined ? [] : [[key, toConsent(row)] as const];
    }),
  );
}

/** Whether nobody is in the ledger: then nobody need be looked up in it. */
export async function isLedgerEmpty({ tables, config }: Engine): Promise<boolean> {
  for await (const rows of tables.consent.scan(config.name, '', { facetsOnly: true, pageSize: 1 })) {
    if (rows.length > 0) return false;
  }
  return true;
}

/** Enters numbers that were found to have opted out and that the ledger does not know yet; answers how many those were. */
export async function enterFound(engine: Book, optOuts: readonly OptOut[]): Promise<number> {
  const { tables, config, digest } = engine;
  const byNumber = new Map(optOuts.map((optOut) => [digest.pseudonym(optOut.phone), optOut]));
  const known = await readConsents(engine, [...byNumber.keys()]);
  const unknown = [...byNumber].filter(([phoneKey]) => !known.has(phoneKey)).map(([, optOut]) => optOut);
  for (let at = 0; at < unknown.length; at += NUMBERS_A_WRITE) {
    const chunk = unknown.slice(at, at + NUMBERS_A_WRITE);
    try {
      await tables.consent.write(
        config.name,
        chunk.flatMap((optOut) => changesFor(optOut, undefined, digest)),
      );
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
      for (const optOut of chunk) await enterOne(engine, optOut);
    }
  }
  return unknown.length;
}

/** A conflict means that another worker was faster: then the number is in the ledger, which is all that is wanted. */
async function enterOne({ tables, config, digest }: Book, optOut: OptOut): Promise<void> {
  await tables.consent.write(config.name, changesFor(optOut, undefined, digest)).catch(ignoreConflict);
}

/**
 * Enters what an event said, with the event itself, in one write. `repeated`: this very event was entered before, and
 * nothing is written.
 */
export async function enterEvent(engine: Book, optOut: OptOut, eventHash: string): Promise<'entered' | 'repeated'> {
  const { tables, config, digest } = engine;
  const seen: RowChange = { kind: 'insert', row: { key: consentKey.seen(eventHash), facets: { at: optOut.at } } };
  const phoneKey = digest.pseudonym(optOut.phone);
  for (let attempt = 1; ; attempt += 1) {
    if ((await tables.consent.get(config.name, seen.row.key)) !== undefined) return 'repeated';
    const standing = (await readConsents(engine, [phoneKey])).get(phoneKey);
    try {
      await tables.consent.write(config.name, [seen, ...changesFor(optOut, standing, digest)]);
      return 'entered';
    } catch (error) {
      if (!(error instanceof RowConflict) || attempt >= MAX_TRIES) throw error;
      // The event is remembered for a day, its evidence for good: whoever repeats it later still adds nothing.
      if (standing !== undefined && error.key.startsWith(`${phoneKey}-webhook-`)) return 'repeated';
    }
  }
}

/** Numbers of the ledger that a contact shows as open: to be carried into the account once more. */
export async function sendErrands({ tables, config, digest, clock }: Engine, phones: readonly string[]): Promise<void> {
  const changes = [...new Set(phones)].map((phone) => errandFor(phone, digest, clock.now()));
  for (let at = 0; at < changes.length; at += 100) {
    await tables.consent.write(config.name, changes.slice(at, at + 100));
  }
}

/** Forgets the events that cannot be repeated any more; their evidence stays. */
export async function purgeEvents({ tables, config }: Engine, now: number): Promise<void> {
  for await (const rows of tables.consent.scan(config.name, consentKey.seen(''), { facetsOnly: true, pageSize: 100 })) {
    const over = rows.filter(({ facets }) => now - Number(facets['at']) >= SEEN_MS);
    if (over.length === 0) continue;
    await tables.consent.write(
      config.name,
      over.map(({ key }) => ({ kind: 'delete', key })),
    );
  }
}
