import fc from 'fast-check';
import { settleNumbers, wishOf, type NumberWish, type Settlement } from '../../../src/core/plan/settle-numbers.ts';
import { anOperation } from '../../support/plan.ts';

function aWish(personId: string, wants: string, holds?: string, changes: Partial<NumberWish> = {}): NumberWish {
  const held = holds === undefined ? {} : { holds };
  return { personId, wants, ...held, byClaim: false, takenOutside: false, remakable: true, ...changes };
}

const waitingOf = ({ waiting }: Settlement): Record<string, string> => Object.fromEntries(waiting);
const ranksOf = ({ rank }: Settlement): Record<string, number> => Object.fromEntries(rank);
const breakersOf = ({ ringBreakers }: Settlement): Record<string, number> => Object.fromEntries(ringBreakers);

/** Who has and wants which number at the start of a round: a number has one holder, in the round or outside. */
interface World {
  readonly wishes: readonly NumberWish[];
  readonly keepers: ReadonlyMap<string, string>;
  readonly outside: ReadonlySet<string>;
}

const NUMBERS = Array.from({ length: 9 }, (_, index) => `n${index}`);

const someWorld: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      role: fc.constantFrom('mover', 'mover', 'mover', 'mover', 'mover', 'newcomer', 'keeper', 'leaver'),
      remakable: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .chain((people) => {
    const indexes = [...people.keys()];
    return fc.record({
      people: fc.constant(people),
      // A permutation makes rings and chains likely, anything else people who want the same number.
      wanted: fc.oneof(
        shuffled(indexes),
        fc.array(fc.nat(NUMBERS.length - 1), { minLength: people.length, maxLength: people.length }),
      ),
      held: shuffled(NUMBERS),
      ids: shuffled(NUMBERS),
      outside: fc.subarray(NUMBERS, { maxLength: 3 }),
    });
  })
  .map(({ people, wanted, held, ids, outside: elsewhere }) => {
    const inRound = new Set(people.flatMap(({ role }, at) => (role === 'newcomer' ? [] : [held[at]!])));
    const outside = new Set(elsewhere.filter((number) => !inRound.has(number)));
    const keepers = new Map<string, string>();
    const wishes: NumberWish[] = [];
    for (const [at, { role, remakable }] of people.entries()) {
      const personId = `person-${ids[at]!}`;
      const wants = held[wanted[at]!]!;
      if (role === 'keeper') keepers.set(held[at]!, personId);
      if (role === 'keeper' || role === 'leaver') continue;
      const holds = role === 'mover' ? held[at]! : undefined;
      wishes.push(aWish(personId, wants, holds, { takenOutside: outside.has(wants), remakable }));
    }
    return { wishes, keepers, outside };
  });

function shuffled<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}

const movers = ({ wishes }: World): readonly NumberWish[] => wishes.filter(({ wants, holds }) => wants !== holds);

function rings(going: readonly NumberWish[]): NumberWish[][] {
  const holderOf = new Map(going.map((wish) => [wish.holds, wish]));
  const found = new Map<string, NumberWish[]>();
  for (const wish of going) {
    const ring = [wish];
    let next = holderOf.get(wish.wants);
    for (; next !== undefined && !ring.includes(next); next = holderOf.get(next.wants)) ring.push(next);
    if (next !== wish) continue;
    const members = ring.map(({ personId }) => personId).toSorted();
    found.set(members.join(), ring);
  }
  return [...found.values()];
}

/** Carries the settlement out wave by wave, on what was so at the wave's start; throws when a number is not free. */
function handOver(world: World, { waiting, rank, ringBreakers }: Settlement): Map<string, string> {
  const owners = new Map<string, string>([...world.outside].map((number) => [number, 'outside']));
  for (const [number, personId] of world.keepers) owners.set(number, personId);
  for (const { holds, personId } of world.wishes) if (holds !== undefined) owners.set(holds, personId);
  const going = movers(world).filter(({ personId }) => !waiting.has(personId));
  const waveOf = ({ personId }: NumberWish): number => ringBreakers.get(personId) ?? rank.get(personId)!;
  for (let wave = 0; wave <= going.length; wave += 1) {
    const before = new Map(owners);
    for (const wish of going) {
      const { personId, wants, holds } = wish;
      const isBreaker = ringBreakers.has(personId);
      if (isBreaker && wave === 0) owners.delete(holds!);
      if (waveOf(wish) !== wave) continue;
      if (before.has(wants)) throw new Error(`${wants} is refused to ${personId} in wave ${wave}.`);
      owners.set(wants, personId);
      if (holds !== undefined && !isBreaker) owners.delete(holds);
    }
  }
  return owners;
}

describe('wishOf', () => {
  it.each([
    ['nothing is to be done', anOperation({ kind: 'none', phoneKey: 'n1' })],
    ['the operation wants no number', anOperation({ kind: 'remove', heldPhoneKey: 'n1' })],
  ])('is none when %s', (_name, operation) => {
    expect(wishOf(operation, true)).toBeUndefined();
  });

  it('tells what is wanted and held', () => {
    const operation = anOperation({ personId: 'ada', phoneKey: 'n1', heldPhoneKey: 'n2' });

    expect(wishOf(operation, false)).toEqual(aWish('ada', 'n1', 'n2', { remakable: false }));
  });

  it.each([
    ['create', true],
    ['adopt', true],
    ['update', false],
    ['restore', false],
  ] as const)('knows whether a contact or only a claim has the number: %s', (kind, byClaim) => {
    const operation = anOperation({ kind, personId: 'ada', phoneKey: 'n1', heldPhoneKey: 'n1' });

    expect(wishOf(operation, true)?.byClaim).toBe(byClaim);
  });

  it.each([
    [true, true],
    [false, false],
  ])('is taken outside when the claim on the number is active: %j', (active, takenOutside) => {
    const operation = anOperation({ personId: 'ada', phoneKey: 'n1', claimedBy: { personId: 'bob', active } });

    expect(wishOf(operation, true)).toStrictEqual(aWish('ada', 'n1', undefined, { takenOutside }));
  });
});

describe('settleNumbers', () => {
  it('lets whoever has a number on their contact keep it from somebody who has only claimed it', () => {
    const back = aWish('bob', 'n1', 'n1');
    const claiming = aWish('ada', 'n1', 'n1', { byClaim: true });

    for (const wishes of [
      [back, claiming],
      [claiming, back],
    ]) {
      expect(settleNumbers(wishes, new Map())).toMatchObject({ waiting: new Map([['ada', 'n1']]), rank: new Map() });
    }
  });

  it('lets a claim of an earlier try count against everybody else', () => {
    const claiming = aWish('bob', 'n1', 'n1', { byClaim: true });

    expect(settleNumbers([aWish('ada', 'n1'), claiming], new Map()).waiting).toEqual(new Map([['ada', 'n1']]));
    expect(settleNumbers([claiming], new Map([['n1', 'cleo']])).waiting).toEqual(new Map([['bob', 'n1']]));
  });

  it('lets the smallest id of those who share a new number have it', () => {
    const settlement = settleNumbers([aWish('bob', 'n1'), aWish('ada', 'n1'), aWish('cleo', 'n1')], new Map());

    expect(waitingOf(settlement)).toEqual({ bob: 'n1', cleo: 'n1' });
    expect(ranksOf(settlement)).toEqual({ ada: 0 });
  });

  it.each<[string, NumberWish[], Map<string, string>]>([
    ['who holds it and still wants it', [aWish('ada', 'n1'), aWish('zoe', 'n1', 'n1')], new Map()],
    ['who is not touched in this round', [aWish('ada', 'n1')], new Map([['n1', 'zoe']])],
    ['outside the round', [aWish('ada', 'n1', undefined, { takenOutside: true })], new Map()],
  ])('leaves a number with the person %s', (_name, wishes, keepers) => {
    expect(waitingOf(settleNumbers(wishes, keepers))).toEqual({ ada: 'n1' });
  });

  it('keeps a number for somebody who wants it and has it by claim alone', () => {
    const settlement = settleNumbers([aWish('ada', 'n1', 'n2')], new Map([['n1', 'ada']]));

    expect(waitingOf(settlement)).toEqual({});
    expect(ranksOf(settlement)).toEqual({ ada: 0 });
  });

  it('gives nobody a number by a claim on it that is let go in vain', () => {
    const claiming = aWish('bob', 'n1', 'n1', { byClaim: true });
    const owner = aWish('cleo', 'n1', 'n2');

    const settlement = settleNumbers([claiming, owner], new Map([['n1', 'cleo']]));

    expect(waitingOf(settlement)).toEqual({ bob: 'n1' });
    expect(ranksOf(settlement)).toEqual({ cleo: 0 });
  });

  it('lets everybody behind somebody who waits wait too', () => {
    const wishes = [aWish('ada', 'n1', 'n2'), aWish('bob', 'n2', 'n3'), aWish('cleo', 'n3', 'n4')];

    expect(waitingOf(settleNumbers(wishes, new Map([['n1', 'zoe']])))).toEqual({ ada: 'n1', bob: 'n2', cleo: 'n3' });
  });

  it('ranks a chain from the number that is free', () => {
    const wishes = [aWish('ada', 'n3', 'n4'), aWish('bob', 'n2', 'n3'), aWish('cleo', 'n1', 'n2')];

    expect(ranksOf(settleNumbers(wishes, new Map()))).toEqual({ cleo: 0, bob: 1, ada: 2 });
  });

  it.each([
    ['the smallest id of those made by us', [false, true, true], 'bob', { bob: 0, ada: 1, cleo: 2 }],
    ['the smallest id when none was made by us', [false, false, false], 'ada', { ada: 0, cleo: 1, bob: 2 }],
  ])('breaks a ring at %s', (_name, remakable, breaker, ranks) => {
    const [first, second, third] = remakable.map((one) => ({ remakable: one }));
    const wishes = [
      aWish('cleo', 'n1', 'n3', third),
      aWish('ada', 'n2', 'n1', first),
      aWish('bob', 'n3', 'n2', second),
    ];

    const settlement = settleNumbers(wishes, new Map());

    expect(breakersOf(settlement)).toEqual({ [breaker]: 3 });
    expect(ranksOf(settlement)).toEqual(ranks);
  });

  it('comes to an end even when two people hold the same number', () => {
    const wishes = [aWish('ada', 'n2', 'n1'), aWish('bob', 'n1', 'n2'), aWish('cleo', 'n3', 'n1')];

    expect([...settleNumbers(wishes, new Map()).rank.keys()].toSorted()).toEqual(['ada', 'bob', 'cleo']);
  });

  it('gives every number to at most one person, and refuses nobody on the way there', () => {
    fc.assert(
      fc.property(someWorld, (world) => {
        const settlement = settleNumbers(world.wishes, world.keepers);

        const owners = handOver(world, settlement);

        for (const { personId, wants, holds } of world.wishes) {
          const number = settlement.waiting.has(personId) ? holds : wants;
          if (number !== undefined) expect(owners.get(number)).toBe(personId);
        }
        for (const [number, personId] of world.keepers) expect(owners.get(number)).toBe(personId);
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a number from somebody who holds it and still wants it', () => {
    fc.assert(
      fc.property(someWorld, ({ wishes, keepers }) => {
        const { waiting, rank } = settleNumbers(wishes, keepers);

        for (const { personId, wants, holds } of wishes) {
          if (wants === holds) expect([waiting.has(personId), rank.has(personId)]).toEqual([false, false]);
        }
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(
        someWorld.chain((world) => fc.tuple(fc.constant(world), shuffled(world.wishes))),
        ([{ wishes, keepers }, inOtherOrder]) => {
          expect(settleNumbers(inOtherOrder, new Map([...keepers].toReversed()))).toEqual(
            settleNumbers(wishes, keepers),
          );
        },
      ),
    );
  });

  it('lets nobody wait without somebody who has or gets the number', () => {
    fc.assert(
      fc.property(someWorld, (world) => {
        const { waiting } = settleNumbers(world.wishes, world.keepers);

        for (const [personId, number] of waiting) {
          const others = world.wishes.filter((wish) => wish.personId !== personId);
          const keeps = (wish: NumberWish): boolean => waiting.has(wish.personId) || wish.holds === wish.wants;
          const isKept = others.some((wish) => wish.holds === number && keeps(wish));
          const isGiven = others.some((wish) => wish.wants === number && !waiting.has(wish.personId));
          expect(isKept || isGiven || world.keepers.has(number) || world.outside.has(number)).toBe(true);
        }
      }),
    );
  });

  it('gives a number to the smallest id of those who can have it', () => {
    fc.assert(
      fc.property(someWorld, ({ wishes, keepers, ...world }) => {
        const { waiting } = settleNumbers(wishes, keepers);

        for (const { personId, wants, holds } of movers({ wishes, keepers, ...world })) {
          if (waiting.has(personId)) continue;
          const smaller = wishes.filter((wish) => wish.wants === wants && wish.personId < personId);
          // Only a ring goes before a smaller id: without its winner, who then keeps the old number, nobody lets go.
          const without = wishes.filter((wish) => wish.personId !== personId);
          const kept = holds === undefined ? keepers : new Map([...keepers, [holds, personId]]);
          const rest = settleNumbers(without, kept);
          for (const wish of smaller) expect(rest.waiting.get(wish.personId)).toBe(wants);
        }
      }),
    );
  });

  it('lets two people swap although a smaller id wants one of the numbers', () => {
    const wish = (personId: string, wants: string, holds?: string): NumberWish => ({
      personId,
      wants,
      ...(holds === undefined ? {} : { holds }),
      byClaim: false,
      takenOutside: false,
      remakable: true,
    });

    const { waiting } = settleNumbers([wish('1', 'a'), wish('2', 'b', 'a'), wish('3', 'a', 'b')], new Map());

    expect([...waiting]).toEqual([['1', 'a']]);
  });

  it('lets two people swap although smaller ids without a contact want both of the numbers', () => {
    const wishes = [aWish('a', 'n2'), aWish('b', 'n1'), aWish('c', 'n2', 'n1'), aWish('d', 'n1', 'n2')];

    expect(waitingOf(settleNumbers(wishes, new Map()))).toEqual({ a: 'n2', b: 'n1' });
  });

  it('ranks everybody behind the person whose number they take, but for those who break a ring', () => {
    fc.assert(
      fc.property(someWorld, (world) => {
        const { waiting, rank, ringBreakers } = settleNumbers(world.wishes, world.keepers);
        const going = movers(world).filter(({ personId }) => !waiting.has(personId));

        expect([...rank.keys()].toSorted()).toEqual(going.map(({ personId }) => personId).toSorted());
        for (const { personId, wants } of going) {
          const holder = going.find(({ holds }) => holds === wants);
          const expected = holder === undefined || ringBreakers.has(personId) ? 0 : rank.get(holder.personId)! + 1;
          expect(rank.get(personId)).toBe(expected);
        }
      }),
    );
  });

  it('breaks every ring at exactly one person, and at somebody whose contact we made when there is one', () => {
    fc.assert(
      fc.property(someWorld, (world) => {
        const { waiting, ringBreakers } = settleNumbers(world.wishes, world.keepers);
        const going = movers(world).filter(({ personId }) => !waiting.has(personId));

        const expected = rings(going).map((ring) => {
          const candidates = ring.some(({ remakable }) => remakable) ? ring.filter(({ remakable }) => remakable) : ring;
          return [candidates.map(({ personId }) => personId).toSorted()[0]!, ring.length];
        });
        expect(Object.fromEntries(ringBreakers)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('finds rings and chains among the worlds it is tested on', () => {
    const worlds = fc.sample(someWorld, { numRuns: 300, seed: 1 });
    const settlements = worlds.map((world) => settleNumbers(world.wishes, world.keepers));

    expect(settlements.some(({ ringBreakers }) => ringBreakers.size > 1)).toBe(true);
    expect(settlements.some(({ ringBreakers }) => Math.max(...ringBreakers.values()) >= 3)).toBe(true);
    expect(settlements.some(({ rank }) => Math.max(...rank.values()) >= 3)).toBe(true);
    expect(settlements.some(({ waiting }) => waiting.size >= 3)).toBe(true);
  });
});
