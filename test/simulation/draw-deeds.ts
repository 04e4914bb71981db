import type { Random } from '../../local/simulator/random.ts';
import { drawDepartment, drawNumber, pick } from './draw-world.ts';
import type { Deed, World } from './history.ts';
import { dice } from './sim.ts';

type Draw = (random: Random, world: World) => Deed;

const MINUTE_MS = 60_000;

function anybody(random: Random, { people }: World): number {
  return 1 + dice(random, people.length);
}

function numbersOf({ people }: World): number {
  return people.length;
}

function while_(random: Random): number {
  return (1 + dice(random, 30)) * MINUTE_MS;
}

/** What happens in a directory, by how often. */
const DIRECTORY: readonly (readonly [weight: number, draw: Draw])[] = [
  [
    3,
    (r, w) => ({ do: 'join', n: 10 + dice(r, 4), number: drawNumber(r, numbersOf(w)), department: drawDepartment(r) }),
  ],
  [4, (r, w) => ({ do: 'move', n: anybody(r, w), department: drawDepartment(r) })],
  [3, (r, w) => ({ do: 'rename', n: anybody(r, w), name: 1 + dice(r, 9) })],
  [4, (r, w) => ({ do: 'renumber', n: anybody(r, w), number: drawNumber(r, numbersOf(w)) })],
  [3, (r, w) => ({ do: 'swap', n: anybody(r, w), to: anybody(r, w) })],
  [3, (r, w) => ({ do: 'hand-over', n: anybody(r, w), to: anybody(r, w) })],
  [2, (r, w) => ({ do: 'disable', n: anybody(r, w) })],
  [1, (r, w) => ({ do: 'enable', n: anybody(r, w) })],
  [3, (r, w) => ({ do: 'delete', n: anybody(r, w) })],
  [1, (r, w) => ({ do: 'delete-for-good', n: anybody(r, w) })],
  [2, (r, w) => ({ do: 'restore', n: anybody(r, w) })],
  [1, (r) => ({ do: 'everybody', change: pick(r, ['leaves', 'no-phone', 'other-department'] as const) })],
];

const ACCOUNT: readonly (readonly [weight: number, draw: Draw])[] = [
  [3, (r, w) => ({ do: 'edit-contact', n: anybody(r, w), what: pick(r, ['note', 'name', 'list'] as const) })],
  [2, (r, w) => ({ do: 'delete-contact', n: anybody(r, w) })],
  [1, (r, w) => ({ do: 'foreign-contact', number: 1 + dice(r, numbersOf(w) + 2) })],
  [1, (r) => ({ do: 'edit-foreign', index: dice(r, 4) })],
  [
    1,
    (r) => ({
      do: pick(r, ['delete-list', 'rename-list'] as const),
      department: pick(r, ['Sales', 'Support'] as const),
    }),
  ],
  [1, () => ({ do: 'delete-field' })],
  [
    2,
    (r, w) => {
      const number = 1 + dice(r, numbersOf(w));
      // The odd ones in an account that tells its contacts, the even ones in one that leaves that to us.
      return { do: number % 2 === 1 ? 'opt-out' : 'reply-stop', number };
    },
  ],
];

const SURROUNDINGS: readonly (readonly [weight: number, draw: Draw])[] = [
  [2, (r, w) => ({ do: 'hide', n: anybody(r, w), forMs: while_(r) })],
  [2, (r, w) => ({ do: 'short-read', n: anybody(r, w), forMs: while_(r) })],
  [1, (r) => ({ do: 'empty-directory', forMs: while_(r) })],
  [1, (r) => ({ do: 'other-tenant', forMs: while_(r) })],
  [2, (r) => ({ do: 'revoke', forMs: while_(r) })],
  [3, (r) => ({ do: 'expire-tokens', mode: pick(r, ['syncStateNotFound', 'gone', 'badlyFormed'] as const) })],
  [1, (r) => ({ do: 'silence', days: 1 + dice(r, 9) })],
  [
    2,
    (r) => ({
      do: 'storm',
      answer: pick(r, ['429 with Retry-After', '429 without Retry-After', 'status 503', 'connection reset'] as const),
      forMs: (1 + dice(r, 20)) * 30_000,
    }),
  ],
];

const APP: readonly (readonly [weight: number, draw: Draw])[] = [
  [2, (r) => ({ do: 'configure', sync: dice(r, 2) })],
  [2, (r) => ({ do: 'configure', sync: dice(r, 2), instance: dice(r, 2) })],
  [1, (r) => ({ do: 'set-lanes', lanes: 1 + dice(r, 4) })],
  [1, (r) => ({ do: 'redeploy', instance: dice(r, 2) })],
  [2, (r) => ({ do: 'start', mode: 'full', dryRun: dice(r, 2) === 0 })],
  [3, () => ({ do: 'approve' })],
  [1, () => ({ do: 'reject' })],
  [2, () => ({ do: 'cancel' })],
  [1, (r) => ({ do: 'pause-sync', forMs: while_(r) })],
  [2, () => ({ do: 'approve-plan' })],
  [1, () => ({ do: 'start-twice' })],
];

function drawFrom(random: Random, choices: typeof DIRECTORY): Draw {
  let at = dice(
    random,
    choices.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, draw] of choices) {
    at -= weight;
    if (at < 0) return draw;
  }
  return choices[0]![1];
}

/** Something that somebody does: mostly in the directory. */
export function drawDeed(random: Random, world: World): Deed {
  const choices = pick(random, [DIRECTORY, DIRECTORY, DIRECTORY, ACCOUNT, SURROUNDINGS, APP]);
  return drawFrom(random, choices)(random, world);
}
