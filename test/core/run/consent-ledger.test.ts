import type { OptOut } from '../../../src/core/consent/opt-out.ts';
import { RowConflict } from '../../../src/core/ports.ts';
import {
  enterEvent,
  enterFound,
  isLedgerEmpty,
  purgeEvents,
  readConsents,
  sendErrands,
} from '../../../src/core/run/consent-ledger.ts';
import { hasErrands } from '../../../src/core/run/keep-consent.ts';
import type { TestEngine } from '../../support/run.ts';
import { anEngine } from '../../support/run.ts';
import { mobile } from '../../support/story-people.ts';

const HOUR_MS = 3_600_000;

function found(n: number, at = 1_000): OptOut {
  return { phone: mobile(n), source: 'contact', at, evidence: { contactId: `contact-${n}` } };
}

function said(n: number, event: string, at = 2_000): OptOut {
  return { phone: mobile(n), source: 'webhook', at, evidence: { event } };
}

function keysOf({ tables }: TestEngine, prefix = ''): readonly string[] {
  return tables
    .rows('consent')
    .map(({ key }) => key)
    .filter((key) => key.startsWith(prefix));
}

const keyOf = ({ digest }: TestEngine, n: number): string => digest.pseudonym(mobile(n));

describe('enterFound', () => {
  it('enters each number once, with its evidence and an errand, and says how many were new', async () => {
    const engine = anEngine();

    expect(await enterFound(engine, [found(1), found(1), found(2)])).toBe(2);
    expect(await enterFound(engine, [found(1, 9_000), found(3)])).toBe(1);

    expect(keysOf(engine)).toHaveLength(9);
    const consents = await readConsents(engine, [keyOf(engine, 1), keyOf(engine, 2), keyOf(engine, 4)]);
    expect([...consents.keys()]).toEqual([keyOf(engine, 1), keyOf(engine, 2)]);
    expect(consents.get(keyOf(engine, 1))).toMatchObject({ since: 1_000, source: 'contact' });
  });

  it('enters more than one write can hold', async () => {
    const engine = anEngine();

    await enterFound(
      engine,
      Array.from({ length: 100 }, (_, n) => found(n)),
    );

    expect(keysOf(engine, 'errand:')).toHaveLength(100);
  });

  it('lets another worker be faster, and enters the others all the same', async () => {
    let isFirst = true;
    const engine: TestEngine = anEngine({
      onEffect: async (effect) => {
        if (!isFirst || effect !== 'before consent.write') return;
        isFirst = false;
        await enterEvent(engine, said(2, 'e-1'), 'e-1');
      },
    });

    await enterFound(engine, [found(1), found(2), found(3)]);

    const consents = await readConsents(
      engine,
      [1, 2, 3].map((n) => keyOf(engine, n)),
    );
    expect([...consents.values()].map(({ source }) => source)).toEqual(['contact', 'webhook', 'contact']);
  });

  it('keeps no number in clear outside the errands', async () => {
    const engine = anEngine();
    await enterFound(engine, [found(1)]);
    await enterEvent(engine, said(2, 'e-1'), 'e-1');

    const others = engine.tables.rows('consent').filter(({ key }) => !key.startsWith('errand:'));

    expect(JSON.stringify(others)).not.toMatch(/450\d{6}/);
  });
});

describe('enterEvent', () => {
  it('enters an event once, and adds its evidence to a number that opted out before', async () => {
    const engine = anEngine();
    await enterFound(engine, [found(1)]);

    expect(await enterEvent(engine, said(1, 'e-1'), 'e-1')).toBe('entered');
    const before = engine.tables.rows('consent');
    expect(await enterEvent(engine, said(1, 'e-1', 9_000), 'e-1')).toBe('repeated');

    expect(engine.tables.rows('consent')).toEqual(before);
    expect(keysOf(engine, `${keyOf(engine, 1)}-webhook-`)).toHaveLength(1);
    const consents = await readConsents(engine, [keyOf(engine, 1)]);
    expect([...consents.values()]).toMatchObject([{ source: 'contact', since: 1_000 }]);
  });

  it('adds nothing for an event that comes again after a day', async () => {
    const engine = anEngine();
    await enterEvent(engine, said(1, 'e-1', 0), 'e-1');
    await purgeEvents(engine, 24 * HOUR_MS);
    expect(keysOf(engine, 'seen:')).toEqual([]);

    expect(await enterEvent(engine, said(1, 'e-1', 25 * HOUR_MS), 'e-1')).toBe('repeated');
    expect(keysOf(engine, 'seen:')).toEqual([]);
  });

  it('enters the number when another worker enters it at the same moment', async () => {
    let isFirst = true;
    const engine: TestEngine = anEngine({
      onEffect: async (effect) => {
        if (!isFirst || effect !== 'before consent.write') return;
        isFirst = false;
        await enterFound(engine, [found(1)]);
      },
    });

    expect(await enterEvent(engine, said(1, 'e-1'), 'e-1')).toBe('entered');
    expect(keysOf(engine, 'seen:')).toHaveLength(1);
  });

  it('gives up on a row that keeps changing', async () => {
    const engine = anEngine();
    const consent = { ...engine.tables.consent, write: () => Promise.reject(new RowConflict('another')) };

    await expect(
      enterEvent({ ...engine, tables: { ...engine.tables, consent } }, said(1, 'e-1'), 'e-1'),
    ).rejects.toBeInstanceOf(RowConflict);
  });

  it('throws what storage throws', async () => {
    const engine = anEngine();
    const consent = { ...engine.tables.consent, write: () => Promise.reject(new Error('storage is away')) };
    const broken = { ...engine, tables: { ...engine.tables, consent } };

    await expect(enterEvent(broken, said(1, 'e-1'), 'e-1')).rejects.toThrow('storage is away');
    await expect(enterFound(broken, [found(1)])).rejects.toThrow('storage is away');
  });
});

describe('purgeEvents', () => {
  it('forgets events after a day, and never the evidence', async () => {
    const engine = anEngine();
    await enterEvent(engine, said(1, 'e-1', 0), 'e-1');
    await enterEvent(engine, said(2, 'e-2', HOUR_MS), 'e-2');
    const evidence = keysOf(engine).filter((key) => !key.startsWith('seen:'));

    await purgeEvents(engine, 24 * HOUR_MS);

    expect(keysOf(engine, 'seen:')).toEqual(['seen:e-2']);
    expect(keysOf(engine).filter((key) => !key.startsWith('seen:'))).toEqual(evidence);
  });
});

describe('errands', () => {
  it('are due from when they were sent', async () => {
    const engine = anEngine();
    expect(await hasErrands(engine, engine.clock.now())).toBe(false);
    expect(await isLedgerEmpty(engine)).toBe(true);

    await sendErrands(engine, [mobile(1), mobile(1), mobile(2)]);

    expect(keysOf(engine)).toHaveLength(2);
    expect(await hasErrands(engine, engine.clock.now() - 1)).toBe(false);
    expect(await hasErrands(engine, engine.clock.now())).toBe(true);
    expect(await isLedgerEmpty(engine)).toBe(false);
  });
});
