import path from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { bundleSimulation } from './bundle-simulation.ts';
import { addTo, createTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { createThreadPool } from './thread-pool.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    first: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
  },
});

/** Failing seeds that are shortened and shown: one shows what is wrong, a hundred hide it. */
const SHOWN = 3;

async function simulate(first: number, seeds: number, workers: number): Promise<void> {
  const startedAt = performance.now();
  const program = await bundleSimulation(path.join(import.meta.dirname, '../..'));
  const pool = createThreadPool(program, workers);
  const tally = createTally();
  await pool.tell(first, seeds, (told) => {
    addTo(tally, told);
    const [broken] = told.violations;
    // At once: a night that is cut short must not lose what it found.
    if (broken !== undefined) process.stdout.write(`\nseed ${told.seed} breaks ${broken.invariant}: ${broken.words}\n`);
    if (tally.histories % 100 === 0 || tally.histories === seeds) showProgress(tally, seeds, startedAt);
  });
  process.stdout.write('\n');
  showSummary(tally, startedAt);
  for (const { seed } of tally.failing.slice(0, SHOWN)) console.log(`\n${await pool.shorten(seed, values.trace)}`);
  if (tally.failing.length > 0) {
    console.log(`\n${tally.failing.length} seeds fail: ${tally.failing.map(({ seed }) => seed).join(', ')}`);
    process.exitCode = 1;
  }
  await pool.close();
}

function perSecond({ histories }: Tally, startedAt: number): string {
  return ((1000 * histories) / (performance.now() - startedAt)).toFixed(1);
}

function showProgress(tally: Tally, seeds: number, startedAt: number): void {
  const share = Math.floor((100 * tally.histories) / seeds);
  const rate = perSecond(tally, startedAt);
  process.stdout.write(
    `\r${tally.histories} of ${seeds} (${share} %), ${rate} a second, ${tally.failing.length} fail `,
  );
}

function showSummary(tally: Tally, startedAt: number): void {
  const summary = new Table({ head: ['histories', 'steps', 'a second', 'failing'] });
  summary.push([tally.histories, tally.steps, perSecond(tally, startedAt), tally.failing.length]);
  const promises = new Table({ head: ['promise', 'histories that break it'] });
  promises.push(...tally.broken);
  for (const table of [summary, promises]) console.log(table.toString());
  console.log(`\nhow often each fault fired:\n${columnsOf([...tally.fired]).join('\n')}`);
}

/** Two faults a line: there are a hundred. */
function columnsOf(counts: readonly (readonly [name: string, count: number])[]): string[] {
  const cells = counts.map(([name, count]) => `${name.padEnd(42)} ${String(count).padStart(8)}`);
  const half = Math.ceil(cells.length / 2);
  return cells.slice(0, half).map((cell, at) => `${cell}    ${cells[half + at] ?? ''}`);
}

await simulate(Number(values.first), Number(values.seeds), Number(values.workers));
