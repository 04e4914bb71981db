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
  return a.personId < b.personId ? -1 : a.personId > b.personId ? 1 : 0;
}

function rankHandOvers(going: readonly NumberWish[]): Pick<Settlement, 'rank' | 'ringBreakers'> {
  const holderOf = new Map<string, NumberWish>();
  for (const wish of going) if (wish.holds !== undefined) holderOf.set(wish.holds, wish);
  const rank = new Map<string, number>();
  const ringBreakers = new Map<string, number>();
  for (const wish of going) {
    if (rank.has(wish.personId)) continue;
    const path: NumberWish[] = [];
    const onPath = new Set<string>();
    let next: NumberWish | undefined = wish;
    while (next !== undefined && !rank.has(next.personId) && !onPath.has(next.personId)) {
      path.push(next);
      onPath.add(next.personId);
      next = holderOf.get(next.wants);
    }
    let depth = next === undefined ? 0 : (rank.get(next.personId) ?? -1) + 1;
    if (next !== undefined && onPath.has(next.personId)) {
      const ring = path.slice(path.indexOf(next));
      // Only a contact that we created may be made anew; without one, anybody tries and a refusal becomes a conflict.
      const breaker = ring.filter((one) => one.remakable).toSorted(byPersonId)[0] ?? ring.toSorted(byPersonId)[0]!;
      ringBreakers.set(breaker.personId, ring.length);
      rank.set(breaker.personId, 0);
      // The breaker's old number goes to the one who wants it, and so on around the ring.
      const wanterOf = new Map(ring.map((one) => [one.wants, one]));
      let follower = wanterOf.get(breaker.holds!);
      for (let step = 1; follower !== undefined && follower !== breaker; step += 1) {
        rank.set(follower.personId, step);
        follower = wanterOf.get(follower.holds!);
      }
      path.splice(path.indexOf(next));
      depth = rank.get(next.personId)! + 1;
    }
    for (const one of path.toReversed()) {
      rank.set(one.personId, depth);
      depth += 1;
    }
  }
  return { rank, ringBreakers };
}
