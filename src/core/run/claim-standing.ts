import type { Link } from '../plan/link.ts';
import type { Engine } from './engine.ts';
import { fetchClaims, fetchPeople, personKey } from './person-rows.ts';

/**
 * What a claim on a number is worth.
 * - `held`: the holder's contact carries the number, and the holder is on the lists.
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
}

/** How the claims on numbers stand, by pseudonym; numbers that nobody claims are absent. */
export async function readClaimStandings(
  engine: Engine,
  phoneKeys: readonly string[],
): Promise<Map<string, ClaimStanding>> {
  const claims = await fetchClaims(engine, [...new Set(phoneKeys)]);
  const holders = await fetchPeople(engine, [...new Set([...claims.values()].map((claim) => claim.personId))]);
  const carrying = ([phoneKey, { personId }]: readonly [string, { readonly personId: string }]): Link | undefined => {
    const link = holders.get(personId)?.link;
    return link?.phoneKey === phoneKey ? link : undefined;
  };
  const idle = [...claims].filter((claim) => carrying(claim) === undefined).map(([, { personId }]) => personId);
  const pending = await engine.tables.people.getMany(engine.config.name, [...new Set(idle)].map(personKey.pending));
  return new Map(
    [...claims].map((claim): [string, ClaimStanding] => {
      const [phoneKey, { personId }] = claim;
      const link = carrying(claim);
      if (link !== undefined) return [phoneKey, { personId, link, state: link.left === undefined ? 'held' : 'kept' }];
      return [phoneKey, { personId, state: pending.has(personKey.pending(personId)) ? 'open' : 'lapsed' }];
    }),
  );
}
