import type { Operation } from './operation.ts';

/** A person's wish for a number, reduced to what settling needs. */
export interface NumberWish {
  readonly personId: string;
  /** Pseudonym of the number wanted. */
  readonly wants: string;
  /** Pseudonym of the number that the person's link carries, or that only a claim says is theirs. */
  readonly holds?: string;
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

export function wishOf(operation: Operation, remakable: boolean): NumberWish | undefined {
  if (operation.phoneKey === undefined || operation.kind === 'none') return undefined;
  return {
    personId: operation.personId,
    wants: operation.phoneKey,
    ...(operation.heldPhoneKey === undefined ? {} : { holds: operation.heldPhoneKey }),
    byClaim: operation.kind === 'create' || operation.kind === 'adopt',
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
  const kept = new Map(keepers);
  const holding = wishes.filter((wish) => wish.holds === wish.wants);
  for (const wish of holding) if (!wish.byClaim) kept.set(wish.wants, wish.personId);
  // A leaver who is back has the number by link, while a claim may say that somebody was about to take it over.
  for (const wish of holding) if (!kept.has(wish.wants)) kept.set(wish.wants, wish.personId);
  const movers = wishes
    .filter((wish) => wish.holds !== wish.wants || kept.get(wish.wants) !== wish.personId)
    .toSorted(byPersonId);
  const outOfReach = new Set<string>();
  for (;;) {
    const { waiting, preferred } = distribute(movers, kept, outOfReach);
    // Somebody was preferred for a number that then nobody let go of: another one may pass it round with its holder.
    const inVain = movers.find(({ personId }) => preferred.has(personId) && waiting.has(personId));
    if (inVain === undefined) {
      return { waiting, ...rankHandOvers(movers.filter((wish) => !waiting.has(wish.personId))) };
    }
    outOfReach.add(inVain.personId);
  }
}

interface Distribution {
  readonly waiting: ReadonlyMap<string, string>;
  /** Who was preferred to others for a number. */
  readonly preferred: ReadonlySet<string>;
}

/** One attempt, in which whoever is out of reach of their number keeps the old one from the start. */
function distribute(
  movers: readonly NumberWish[],
  keepers: ReadonlyMap<string, string>,
  outOfReach: ReadonlySet<string>,
): Distribution {
  const kept = new Map(keepers);
  const waiting = new Map<string, string>();
  const preferred = new Set<string>();
  const wait = ({ personId, wants, holds }: NumberWish): void => {
    waiting.set(personId, wants);
    // Stryker disable next-line ConditionalExpression: nobody wants the number that somebody without one holds
    if (holds !== undefined && holds !== wants) kept.set(holds, personId);
  };
  for (const wish of movers) if (outOfReach.has(wish.personId)) wait(wish);
  for (let settled = false; !settled;) {
    settled = true;
    const takenBy = new Map<string, string>();
    for (const wish of movers) {
      if (waiting.has(wish.personId)) continue;
      const holder = kept.get(wish.wants);
      const winner = takenBy.get(wish.wants);
      const isKept = wish.takenOutside || (holder !== undefined && holder !== wish.personId);
      if (!isKept) {
        if (winner === undefined) {
          takenBy.set(wish.wants, wish.personId);
          continue;
        }
        preferred.add(winner);
      }
      wait(wish);
      settled = false;
    }
  }
  return { waiting, preferred };
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
