import type { Operation } from './operation.ts';

/** A person's wish for a number, reduced to what settling needs. */
export interface NumberWish {
  readonly personId: string;
  /** Pseudonym of the number wanted. */
  readonly wants: string;
  /** Pseudonym of the number that the person's link carries, when there is one. */
  readonly holds?: string;
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

export function wishOf(operation: Operation, remakable: boolean): NumberWish | undefined {
  if (operation.phoneKey === undefined || operation.kind === 'none') return undefined;
  return {
    personId: operation.personId,
    wants: operation.phoneKey,
    ...(operation.heldPhoneKey === undefined ? {} : { holds: operation.heldPhoneKey }),
    takenOutside: operation.claimedBy?.active === true,
    remakable,
  };
}

/**
 * Gives every number to one person: the link that holds it and still wants it, else the smallest person id.
 * `wishes` are of people whose operations go ahead; `keepers` hold a number and keep it (unchanged, held, waiting).
 * A person who does not get a new number keeps the old one, so others may have to wait in turn: repeated until stable.
 */
export function settleNumbers(wishes: readonly NumberWish[], keepers: ReadonlyMap<string, string>): Settlement {
  const waiting = new Map<string, string>();
  const kept = new Map(keepers);
  for (const wish of wishes) if (wish.holds === wish.wants) kept.set(wish.wants, wish.personId);
  const movers = wishes.filter((wish) => wish.holds !== wish.wants).toSorted(byPersonId);

  for (let settled = false; !settled;) {
    settled = true;
    const taken = new Set<string>();
    for (const wish of movers) {
      if (waiting.has(wish.personId)) continue;
      const holder = kept.get(wish.wants);
      const blocked = wish.takenOutside || (holder !== undefined && holder !== wish.personId) || taken.has(wish.wants);
      if (!blocked) {
        taken.add(wish.wants);
        continue;
      }
      waiting.set(wish.personId, wish.wants);
      if (wish.holds !== undefined) kept.set(wish.holds, wish.personId);
      settled = false;
    }
  }
  const going = movers.filter((wish) => !waiting.has(wish.personId));
  return { waiting, ...rankHandOvers(going) };
}

function byPersonId(a: NumberWish, b: NumberWish): number {
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
  const wanterOf = new Map(going.map((wish) => [wish.wants, wish]));
  const rankFrom = (first: NumberWish): readonly NumberWish[] => {
    const passed: NumberWish[] = [];
    for (let one: NumberWish | undefined = first; one !== undefined && !rank.has(one.personId);) {
      rank.set(one.personId, passed.length);
      passed.push(one);
      one = one.holds === undefined ? undefined : wanterOf.get(one.holds);
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
