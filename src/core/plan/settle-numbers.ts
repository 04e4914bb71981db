import type { Operation } from './operation.ts';

/** A person's wish for a number, reduced to what settling needs. */
export interface NumberWish {
  readonly personId: string;
  /** Pseudonym of the number wanted. */
  readonly wants: string;
  /** Pseudonym of the number that the person's link carries, or that only a claim says is theirs. */
  readonly holds?: string;
  /** Pseudonyms of numbers that may be on the person's contact by a write whose answer is missing. */
  readonly mayHold?: readonly string[];
  /** The person has no contact yet: a claim of an earlier try is all that speaks for them. */
  readonly byClaim: boolean;
  /** Somebody outside this round who has the number and has not let go. */
  readonly takenOutside: boolean;
  /** The contact may be deleted and made anew to free its number. */
  readonly remakable: boolean;
}

export interface Settlement {
  /** People who do not get the number they want in this round, with the number they wait for. */
  readonly waiting: ReadonlyMap<string, string>;
  /** How many hand-overs have to happen before this person's (0 = none): a wave each. */
  readonly rank: ReadonlyMap<string, number>;
  /** In a ring of people who pass numbers on, the one that first lets go of a number and takes the new one last. */
  readonly ringBreakers: ReadonlyMap<string, number>;
}

export function wishOf(
  operation: Operation,
  remakable: boolean,
  mayHold: readonly string[] = [],
): NumberWish | undefined {
  if (operation.phoneKey === undefined || operation.kind === 'none') return undefined;
  return {
    personId: operation.personId,
    wants: operation.phoneKey,
    ...(operation.heldPhoneKey === undefined ? {} : { holds: operation.heldPhoneKey }),
    ...(mayHold.length === 0 ? {} : { mayHold }),
    byClaim: operation.kind === 'create' || operation.kind === 'adopt',
    takenOutside: operation.claimedBy?.active === true,
    remakable,
  };
}

/**
 * Gives every number to one person: the link that holds it and still wants it, else a ring, else the smallest person id.
 * `wishes` are of people whose operations go ahead; `keepers` hold a number and keep it (unchanged, held, waiting).
 * A person who does not get a new number keeps the old one, so others may have to wait in turn: repeated until stable.
 */
export function settleNumbers(wishes: readonly NumberWish[], keepers: ReadonlyMap<string, string>): Settlement {
  const kept = new Map(keepers);
  const holding = wishes.filter(({ wants, holds, mayHold }) => holds === wants || mayHold?.includes(wants) === true);
  for (const wish of holding) if (wish.holds === wish.wants && !wish.byClaim) kept.set(wish.wants, wish.personId);
  // A leaver who is back has the number by link, while a claim may say that somebody was about to take it over.
  for (const wish of holding) if (!kept.has(wish.wants)) kept.set(wish.wants, wish.personId);
  const movers = wishes
    .filter((wish) => wish.holds !== wish.wants || kept.get(wish.wants) !== wish.personId)
    .toSorted(byPersonId);
  // A number goes round in a ring or stays where it is: nobody outside the ring could get it.
  const inRing = ringsAmong(movers, kept);
  const waiting = distribute(
    [...movers.filter((wish) => inRing.has(wish.personId)), ...movers.filter((wish) => !inRing.has(wish.personId))],
    kept,
  );
  return { waiting, ...rankHandOvers(movers.filter((wish) => !waiting.has(wish.personId))) };
}

/** Whoever wants the number of somebody who wants the number of … who wants theirs, and nobody outside keeps one of these. */
function ringsAmong(movers: readonly NumberWish[], kept: ReadonlyMap<string, string>): ReadonlySet<string> {
  const holderOf = new Map(movers.flatMap((wish) => (wish.holds === undefined ? [] : [[wish.holds, wish] as const])));
  const next = ({ wants, takenOutside }: NumberWish): NumberWish | undefined =>
    takenOutside || kept.has(wants) ? undefined : holderOf.get(wants);
  const rings = new Set<string>();
  const seen = new Set<string>();
  for (const wish of movers) {
    const path = new Map<string, number>();
    const people: string[] = [];
    let one: NumberWish | undefined = wish;
    for (; one !== undefined && !seen.has(one.personId); one = next(one)) {
      seen.add(one.personId);
      path.set(one.personId, people.length);
      people.push(one.personId);
    }
    const begin = one === undefined ? undefined : path.get(one.personId);
    if (begin !== undefined) for (const personId of people.slice(begin)) rings.add(personId);
  }
  return rings;
}

/** Whoever comes first gets a number that nobody keeps; who does not keeps the former one: repeated until stable. */
function distribute(movers: readonly NumberWish[], keepers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const kept = new Map(keepers);
  const waiting = new Map<string, string>();
  for (let settled = false; !settled;) {
    settled = true;
    const taken = new Set<string>();
    for (const one of movers) {
      const { personId, wants, takenOutside } = one;
      if (waiting.has(personId)) continue;
      const holder = kept.get(wants);
      const isKept = takenOutside || (holder !== undefined && holder !== personId);
      if (!isKept && !taken.has(wants)) {
        taken.add(wants);
        continue;
      }
      waiting.set(personId, wants);
      for (const number of numbersOf(one)) if (number !== wants) kept.set(number, personId);
      settled = false;
    }
  }
  return waiting;
}

/** The numbers that the person has, for all that is known. */
export function numbersOf({
  holds,
  mayHold = [],
}: {
  readonly holds?: string | undefined;
  readonly mayHold?: readonly string[];
}): readonly string[] {
  return holds === undefined ? mayHold : [holds, ...mayHold];
}

function byPersonId(a: NumberWish, b: NumberWish): number {
  // Stryker disable next-line EqualityOperator: a person has one wish
  return a.personId < b.personId ? -1 : 1;
}

/**
 * Everybody comes after the one whose number they take. The people who pass numbers on form chains, which begin with
 * somebody whose new number nobody here has to let go of, and rings, which need somebody to begin them.
 */
function rankHandOvers(going: readonly NumberWish[]): Pick<Settlement, 'rank' | 'ringBreakers'> {
  const rank = new Map<string, number>();
  const ringBreakers = new Map<string, number>();
  const letGo = new Set(going.map((wish) => wish.holds));
  const wanterOf = new Map<string | undefined, NumberWish>(going.map((wish) => [wish.wants, wish]));
  const rankFrom = (first: NumberWish): readonly NumberWish[] => {
    const passed: NumberWish[] = [];
    for (let one: NumberWish | undefined = first; one !== undefined && !rank.has(one.personId);) {
      rank.set(one.personId, passed.length);
      passed.push(one);
      one = wanterOf.get(one.holds);
    }
    return passed;
  };

  for (const wish of going) if (!letGo.has(wish.wants)) rankFrom(wish);
  // Only a contact that we created may be made anew; without one, anybody tries and a refusal becomes a conflict.
  const breakersFirst = [...going.filter((wish) => wish.remakable), ...going];
  for (const wish of breakersFirst) {
    if (!rank.has(wish.personId)) ringBreakers.set(wish.personId, rankFrom(wish).length);
  }
  return { rank, ringBreakers };
}
