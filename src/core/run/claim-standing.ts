import type { Link } from '../plan/link.ts';
import type { Engine } from './engine.ts';
import { fetchClaims, fetchPending, fetchPeople, namedBy } from './person-rows.ts';
import type { HeldPending, PersonRow, PhoneClaim } from './person-rows.ts';

/**
 * What a claim on a number is worth.
 * - `held`: the holder's contact carries the number, and the holder is on the lists, or back and held.
 * - `kept`: the holder left; the contact that carries the number may be taken over.
 * - `open`: nobody's contact is known to carry it, but its holder has something pending that may need it.
 * - `lapsed`: left behind by somebody who wants it no more.
 */
export type ClaimState = 'held' | 'kept' | 'open' | 'lapsed';

export interface ClaimStanding {
  readonly personId: string;
  readonly state: ClaimState;
  /** The holder's link, when it carries the number. */
  readonly link?: Link;
  /** Whose contact carried the number before a hand-over to the holder, of which nobody knows how far it came. */
  readonly former?: ClaimStanding;
}

/** How a claim stands for somebody who wants the number: the holder has to do with whoever had it before. */
export function standingFor(personId: string, claim: ClaimStanding | undefined): ClaimStanding | undefined {
  return claim?.personId === personId && claim.former !== undefined ? claim.former : claim;
}

interface Known {
  readonly people: ReadonlyMap<string, PersonRow>;
  readonly waiting: ReadonlyMap<string, HeldPending>;
}

function linkCarrying({ people }: Pick<Known, 'people'>, phoneKey: string, personId: string): Link | undefined {
  const link = people.get(personId)?.link;
  return link?.phoneKey === phoneKey ? link : undefined;
}

function standingOf(known: Known, phoneKey: string, { personId, from }: PhoneClaim): ClaimStanding {
  const own = linkCarrying(known, phoneKey, personId);
  if (own !== undefined) return heldBy(known, personId, own);
  const link = from === undefined ? undefined : linkCarrying(known, phoneKey, from);
  const former = link === undefined ? undefined : heldBy(known, from!, link);
  const pending = known.waiting.get(personId)?.pending;
  // The answer to a write is missing: the number may be on the holder's contact.
  const isTried = pending?.tried?.some((one) => one.phoneKey === phoneKey) === true;
  if (former !== undefined) return isTried && former.state === 'kept' ? { personId, state: 'open', former } : former;
  return { personId, state: pending === undefined ? 'lapsed' : 'open' };
}

function heldBy({ waiting }: Known, personId: string, link: Link): ClaimStanding {
  const pending = waiting.get(personId)?.pending;
  // Back, and only held: whoever's change is held keeps the number.
  const isBack = pending?.outcome === 'held' && pending.cause === undefined && pending.reason !== 'held-removal';
  return { personId, link, state: link.left === undefined || isBack ? 'held' : 'kept' };
}

/** How the claims on numbers stand, by pseudonym; numbers that nobody claims are absent. */
export async function readClaimStandings(
  engine: Engine,
  phoneKeys: readonly string[],
): Promise<Map<string, ClaimStanding>> {
  const claims = await fetchClaims(engine, [...new Set(phoneKeys)]);
  const people = await fetchPeople(engine, namedBy(claims.values()));
  const unsettled = [...claims].filter(([phoneKey, { personId }]) => {
    const link = linkCarrying({ people }, phoneKey, personId);
    return link === undefined || link.left !== undefined;
  });
  const waiting = await fetchPending(engine, namedBy(unsettled.map(([, claim]) => claim)));
  return new Map([...claims].map(([phoneKey, claim]) => [phoneKey, standingOf({ people, waiting }, phoneKey, claim)]));
}
