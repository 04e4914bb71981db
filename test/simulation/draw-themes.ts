import type { Random } from '../../local/simulator/random.ts';
import { drawNumber, pick } from './draw-world.ts';
import type { Effect } from './fault-names.ts';
import type { Deed, Occurrence, World } from './history.ts';
import { dice } from './sim.ts';

type Theme = (random: Random, world: World, spanMs: number) => readonly Occurrence[];

const MINUTE_MS = 60_000;
const WORK: readonly Effect[] = [
  'contact creation',
  'contact change',
  'claim row',
  'person row',
  'outcome row',
  'membership change',
];

/** A worker stands still, and meanwhile its run is stopped: it wakes beside the next one. */
const stoppedZombie: Theme = (random) => {
  const when = { nth: 1 + dice(random, 3), of: pick(random, WORK) };
  const stop = pick<Deed>(random, [
    { do: 'configure', sync: 1 },
    { do: 'cancel' },
    { do: 'revoke', forMs: 2 * MINUTE_MS },
  ]);
  return [
    { when, what: stop },
    { when, what: { do: 'pause', ms: pick(random, [130_000, 400_000, 700_000]) } },
  ];
};

/** Numbers are passed on while the contacts cannot be changed. */
const hamperedHandOver: Theme = (random, world, spanMs) => {
  const at = dice(random, spanMs);
  const count = world.people.length;
  const who = (): number => 1 + dice(random, count);
  return [
    { when: { at }, what: { do: pick(random, ['swap', 'hand-over'] as const), n: who(), to: who() } },
    { when: { at: at + 1 }, what: { do: 'renumber', n: who(), number: drawNumber(random, count) } },
    { when: { at: at + 2 }, what: { do: 'start', mode: 'delta', dryRun: false } },
    { when: { at: at + 3 }, what: { do: 'storm', answer: 'status 503', forMs: dice(random, 3) * MINUTE_MS } },
    {
      when: { nth: 1 + dice(random, 3), of: pick(random, WORK) },
      what: { do: 'renumber', n: who(), number: drawNumber(random, count) },
    },
  ];
};

/** Something big happens, is held, is decided about, and changes again before it is applied. */
const decidedHold: Theme = (random, world, spanMs) => {
  const at = dice(random, spanMs);
  return [
    {
      when: { at },
      what: { do: 'everybody', change: pick(random, ['leaves', 'no-phone', 'other-department'] as const) },
    },
    { when: { at: at + MINUTE_MS }, what: { do: 'start', mode: 'delta', dryRun: dice(random, 3) === 0 } },
    { when: { at: at + 2 * MINUTE_MS }, what: { do: 'rename', n: 1 + dice(random, world.people.length), name: 30 } },
    {
      when: { at: at + 3 * MINUTE_MS },
      what: { do: pick(random, ['approve', 'approve', 'approve-plan', 'reject'] as const) },
    },
    { when: { at: at + 4 * MINUTE_MS }, what: { do: 'restore', n: 1 + dice(random, world.people.length) } },
  ];
};

/** The directory falls short, more than once. */
const shortReads: Theme = (random, world, spanMs) => {
  const at = dice(random, spanMs);
  const short = pick<Deed>(random, [
    { do: 'empty-directory', forMs: 8 * MINUTE_MS },
    { do: 'short-read', n: 1 + dice(random, world.people.length), forMs: 8 * MINUTE_MS },
    { do: 'other-tenant', forMs: 8 * MINUTE_MS },
  ]);
  return [
    { when: { at }, what: short },
    { when: { at: at + MINUTE_MS }, what: { do: 'start', mode: 'full', dryRun: false } },
    { when: { at: at + 9 * MINUTE_MS }, what: { do: 'start', mode: 'full', dryRun: false } },
  ];
};

/** The permission goes while the pages are read. */
const refusedChain: Theme = (random) => [
  { when: { nth: 2 + dice(random, 6), of: 'directory page' }, what: { do: 'revoke', forMs: 3 * MINUTE_MS } },
];

const THEMES: readonly Theme[] = [stoppedZombie, hamperedHandOver, decidedHold, shortReads, refusedChain];

/** Things that seldom meet by chance, and are bad together. */
export function drawTheme(random: Random, world: World, spanMs: number): readonly Occurrence[] {
  return pick(random, THEMES)(random, world, spanMs);
}
