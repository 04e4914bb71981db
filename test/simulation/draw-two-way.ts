import { seededRandom } from '../../local/simulator/random.ts';
import type { Random } from '../../local/simulator/random.ts';
import { drawHistory } from './draw-history.ts';
import { drawWriteMishap } from './draw-mishaps.ts';
import { pick } from './draw-world.ts';
import type { History, Occurrence, SyncSection, World } from './history.ts';
import { dice } from './sim.ts';

/** From this seed on, both sides are written: what the seeds below it stand for does not change with it. */
export const TWO_WAY_SEEDS = 10_000_000_001;

/** The history of a seed, one way or both. */
export function drawAny(seed: number): History {
  return seed < TWO_WAY_SEEDS ? drawHistory(seed) : drawTwoWayHistory(seed);
}

const NAMES = { contact_name: { owner: 'either' } };
const MAILS = { email: { owner: 'either', conflict: 'messaging' } };
const NUMBERS = { phone_number: { owner: 'either' } };
const OWNERS = [NAMES, MAILS, { ...NAMES, ...MAILS }, { ...NAMES, ...MAILS, ...NUMBERS }, { ...MAILS, ...NUMBERS }];

function bothWays(section: SyncSection, owners: SyncSection): SyncSection {
  const mapped = new Set(Object.values(section['mapping'] as Readonly<Record<string, string>>));
  const kept = Object.entries(owners).filter(([field]) => mapped.has(field));
  return { ...section, direction: 'bidirectional', owners: Object.fromEntries(kept) };
}

function drawEdit(random: Random, { people }: World, spanMs: number): Occurrence {
  const what = pick(random, ['name', 'name', 'mail', 'mail', 'number'] as const);
  const n = 1 + dice(random, people.length);
  // A number of their own: nobody makes two contacts with one number.
  const value = what === 'number' ? 200 + 10 * n + dice(random, 2) : 10 + dice(random, 9);
  return { when: { at: dice(random, spanMs) }, what: { do: 'edit-shared', n, what, value } };
}

/** Where numbers belong to both sides, a number that the directory loses stays the person's: nobody else can have it. */
function keepsNumber({ what }: Occurrence): boolean {
  if (what.do === 'renumber') return what.number !== null;
  return what.do !== 'hand-over' && !(what.do === 'everybody' && what.change === 'no-phone');
}

/** A history one way, with a mapping that shares fields, edits of contacts, and a directory that shows writes late. */
function drawTwoWayHistory(seed: number): History {
  const { world, occurrences } = drawHistory(seed - TWO_WAY_SEEDS + 1);
  const random = seededRandom(seed * 11 + 5);
  const owners = pick(random, OWNERS);
  const spanMs = Math.max(...occurrences.map(({ when }) => ('at' in when ? when.at : 0)));
  const edits = Array.from({ length: 3 + dice(random, 6) }, () => drawEdit(random, world, spanMs));
  const mishaps = Array.from({ length: dice(random, 3) }, () => drawWriteMishap(random));
  return {
    seed,
    world: {
      ...world,
      directory: {
        ...world.directory,
        writeDelayMs: pick(random, [0, 90_000, 8 * 60_000]),
        writeShowsOldFirst: dice(random, 2) === 0,
      },
      syncs: world.syncs.map((section) => bothWays(section, owners)),
    },
    occurrences: [
      ...occurrences.filter((one) => !('phone_number' in owners) || keepsNumber(one)),
      ...edits,
      ...mishaps,
    ],
  };
}
