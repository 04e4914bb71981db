import { drawHistory } from './draw-history.ts';
import type { History } from './history.ts';
import { KEPT_HISTORIES } from './kept-histories.ts';
import { bundleHunt, sourceOf } from './mutants-bundle.ts';
import { TELLING_HISTORIES } from './mutants-histories.ts';
import { startHunt } from './mutants-hunt.ts';
import type { Hunt } from './mutants-hunt.ts';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutants.ts';

const HISTORIES: ReadonlyMap<string, History> = new Map(
  [...KEPT_HISTORIES, ...TELLING_HISTORIES].map(({ name, history }) => [name, history]),
);
/** Whom the history of their name does not tell on any more, one of so many others has to. */
const MORE_HISTORIES = 100;

function* historiesFor({ history }: Mutant): Generator<History> {
  yield HISTORIES.get(history)!;
  for (let seed = 1; seed <= MORE_HISTORIES; seed += 1) yield drawHistory(seed);
}

/** The history that breaks one of the promises that the mutant is there to break, and that the engine comes through. */
async function findTelling(mutant: Mutant, hunt: Hunt, engine: Hunt): Promise<History | undefined> {
  for (const history of historiesFor(mutant)) {
    const { violations } = await hunt.tell(history);
    const isTold = violations.some(({ invariant }) => mutant.breaks.includes(invariant));
    if (isTold && (await engine.tell(history)).violations.length === 0) return history;
  }
  return undefined;
}

describe('a mutant of the engine', () => {
  let engine: Hunt;

  beforeAll(async () => {
    engine = startHunt(await bundleHunt());
  });

  afterAll(() => engine.end());

  it.each(MUTANTS)('differs from the engine in one place: $name', async (mutant) => {
    const source = await sourceOf(mutant);

    expect(source.split(mutant.find)).toHaveLength(2);
    expect(mutant.replace).not.toBe(mutant.find);
    expect(HISTORIES.has(mutant.history)).toBe(true);
  });

  it.each(TELLING_HISTORIES)('is told on by a history that the engine comes through: $name', async (told) => {
    const { violations, fired } = await engine.tell(told.history);

    expect(violations).toEqual([]);
    expect(told.shows.filter((fault) => fired[fault] === 0)).toEqual([]);
  });

  it.each(MUTANTS)('is noticed: $name', async (mutant) => {
    const hunt = startHunt(await bundleHunt(mutant));

    const telling = await findTelling(mutant, hunt, engine).finally(() => hunt.end());

    expect(telling).toBeDefined();
  });

  it.each(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10'] as const)('stands for %s', (invariant) => {
    expect(MUTANTS.filter(({ breaks }) => breaks.includes(invariant))).not.toEqual([]);
  });
});
