import type { History, Invariant, World } from './history.ts';
import { tellHistory } from './run-history.ts';

/** A history is told no more often than this to shorten it: it is short enough by then. */
const MOST_TELLINGS = 600;

/** Leaves out whatever the same invariant breaks without: occurrences by halves and one by one, then what the world has. */
export async function shortenHistory(history: History, invariant: Invariant): Promise<History> {
  let tellings = 0;
  const stillBreaks = async (shorter: History): Promise<boolean> => {
    tellings += 1;
    if (tellings > MOST_TELLINGS) return false;
    const { violations } = await tellHistory(shorter);
    return violations[0]?.invariant === invariant;
  };
  let shortest = history;
  for (let before = -1; before !== weightOf(shortest);) {
    before = weightOf(shortest);
    shortest = await dropOccurrences(shortest, stillBreaks);
    for (const simplify of SIMPLER) {
      const simpler = { ...shortest, world: simplify(shortest.world) };
      if (weightOf(simpler) < weightOf(shortest) && (await stillBreaks(simpler))) shortest = simpler;
    }
    for (const { n } of shortest.world.people) {
      const people = shortest.world.people.filter((person) => person.n !== n);
      const smaller = { ...shortest, world: { ...shortest.world, people } };
      if (await stillBreaks(smaller)) shortest = smaller;
    }
  }
  return shortest;
}

async function dropOccurrences(
  history: History,
  stillBreaks: (shorter: History) => Promise<boolean>,
): Promise<History> {
  let { occurrences } = history;
  for (let size = Math.ceil(occurrences.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < occurrences.length;) {
      const fewer = [...occurrences.slice(0, at), ...occurrences.slice(at + size)];
      if (await stillBreaks({ ...history, occurrences: fewer })) occurrences = fewer;
      else at += size;
    }
  }
  return { ...history, occurrences };
}

const PLAIN = {
  pageSize: 5,
  sparse: true,
  duplicates: 0,
  emptyPages: 0,
  splitEntries: false,
  initialTombstones: 'none',
  midChainChanges: 'same-chain',
} as const;

const SIMPLER: readonly ((world: World) => World)[] = [
  (world) => ({ ...world, directory: PLAIN }),
  (world) => ({ ...world, byHand: [] }),
  (world) => ({ ...world, instances: [{ skewMs: 0 }] }),
  (world) => ({ ...world, instances: world.instances.map(() => ({ skewMs: 0 })) }),
  (world) => ({ ...world, lanes: 1 }),
  (world) => ({ ...world, syncs: world.syncs.slice(0, 1) }),
];

/** How much there is to tell. */
function weightOf({ occurrences, world }: History): number {
  const { directory, byHand, instances, lanes, syncs, people } = world;
  const skewed = instances.filter(({ skewMs }) => skewMs !== 0).length;
  const isPlain = JSON.stringify(directory) === JSON.stringify(PLAIN);
  const settings = byHand.length + instances.length + skewed + lanes + syncs.length + (isPlain ? 0 : 1);
  return 100 * occurrences.length + 10 * people.length + settings;
}
