import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleSimulation } from './bundle-simulation.ts';
import { TWO_WAY_SEEDS } from './draw-two-way.ts';
import { FAULTS } from './fault-names.ts';
import { KEPT_HISTORIES } from './kept-histories.ts';
import { PROMISES, withPromiseTable } from './promise-table.ts';
import { runHistory, tellHistory } from './run-history.ts';
import type { Told } from './run-history.ts';
import { addTo, createTally } from './tally.ts';
import { createThreadPool } from './thread-pool.ts';
import type { ThreadPool } from './thread-pool.ts';

const ROOT = path.join(__dirname, '../..');
const GUARANTEES = path.join(ROOT, 'docs/guarantees.md');
const FIXED_SEEDS = 2_000;
const FRESH_SEEDS = 500;
/** Of histories in which both sides are written. */
const TWO_WAY = { fixed: 300, fresh: 100 } as const;
/**
 * No seed is known to fail. A new one that does, one in ten thousand perhaps, is told with its shortest history and must
 * not stop whoever happens to build that day: docs/guarantees.md. Two of 600 are a regression.
 */
const NEW_FINDS = 1;
/** Told in this process and not in a thread: these alone count as covered. */
const COVERED_SEEDS = 100;
const THREADS = 2;
// Ten minutes: the machine may be busy with other tests.
const PATIENCE_MS = 600_000;

/** Another one each time, far from the fixed ones; FIRST_SEED=… tells the same ones again. */
const FIRST_FRESH_SEED = Number(
  process.env['FIRST_SEED'] ?? 1_000_000 + (Math.floor(Date.now() / 1000) % 1_000_000_000),
);

const fixed = createTally();
const fresh = createTally();
const kept = createTally();
const keptByName = new Map<string, Told>();
let pool: ThreadPool;

/** The first failing seed's shortest history: that is what whoever sees the test fail wants to read. */
async function explain({ failing }: typeof fixed): Promise<string> {
  if (failing.length === 0) return '';
  const seeds = failing.map(({ seed, violations }) => `${seed} (${violations[0]?.invariant})`);
  return `${seeds.join(', ')}\n${await pool.shorten(failing[0]!.seed)}`;
}

beforeAll(async () => {
  pool = createThreadPool(await bundleSimulation(ROOT), THREADS);
  for (const { name, history } of KEPT_HISTORIES) {
    const told = await tellHistory(history);
    addTo(kept, told);
    keptByName.set(name, told);
  }
  for (const first of [1, TWO_WAY_SEEDS]) {
    for (let seed = first; seed < first + COVERED_SEEDS; seed += 1) addTo(fixed, await runHistory(seed));
  }
  await pool.tell(1 + COVERED_SEEDS, FIXED_SEEDS - COVERED_SEEDS, (told) => addTo(fixed, told));
  await pool.tell(TWO_WAY_SEEDS + COVERED_SEEDS, TWO_WAY.fixed - COVERED_SEEDS, (told) => addTo(fixed, told));
  await pool.tell(FIRST_FRESH_SEED, FRESH_SEEDS, (told) => addTo(fresh, told));
  await pool.tell(TWO_WAY_SEEDS + FIRST_FRESH_SEED, TWO_WAY.fresh, (told) => addTo(fresh, told));
}, PATIENCE_MS);

afterAll(() => pool.close());

describe('the engine', () => {
  it(
    'keeps every promise in the histories of the fixed seeds',
    async () => {
      expect(await explain(fixed)).toBe('');
      expect(fixed.histories).toBe(FIXED_SEEDS + TWO_WAY.fixed);
    },
    PATIENCE_MS,
  );

  it(
    `keeps every promise in fresh histories, from seed ${FIRST_FRESH_SEED} on`,
    async () => {
      const told = await explain(fresh);
      if (told !== '') process.stderr.write(`${told}\n`);

      expect(fresh.failing.length).toBeLessThanOrEqual(NEW_FINDS);
      expect(fresh.histories).toBe(FRESH_SEEDS + TWO_WAY.fresh);
    },
    PATIENCE_MS,
  );

  it.each(KEPT_HISTORIES)('keeps every promise when $name', ({ name, shows }) => {
    const { violations, fired } = keptByName.get(name)!;

    expect(violations).toEqual([]);
    expect(shows.filter((fault) => fired[fault] === 0)).toEqual([]);
  });
});

describe('the fixed seeds', () => {
  it.each(FAULTS)('show this fault: %s', (fault) => {
    expect(fixed.fired.get(fault)).toBeGreaterThan(0);
  });

  it('tell the same history for the same seed', async () => {
    const tellings: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      await pool.tell(7, 1, ({ steps, fired }) => void tellings.push(JSON.stringify([steps, fired])));
    }

    expect(tellings[1]).toBe(tellings[0]);
  });
});

describe('docs/guarantees.md', () => {
  it('shows what this run has shown', () => {
    const written = readFileSync(GUARANTEES, 'utf8');
    const shown = withPromiseTable(written, PROMISES, {
      fixed,
      freshSeeds: FRESH_SEEDS + TWO_WAY.fresh,
      kept,
      faults: FAULTS.length,
    });
    if (written !== shown && process.env['CI'] === undefined) writeFileSync(GUARANTEES, shown);

    // On a laptop the table has just been written anew; elsewhere: npx jest test/simulation, and commit the file.
    expect(process.env['CI'] === undefined ? shown : written).toBe(shown);
  });
});
