import type { Link } from '../plan/link.ts';
import type { Engine } from './engine.ts';
import { fetchClaims, fetchPeople, personKey } from './person-rows.ts';
import type { PersonRow, PhoneClaim } from './person-rows.ts';

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
}

type Holders = ReadonlyMap<string, PersonRow>;

function carriedBy(holders: Holders, phoneKey: string, personId: string | undefined): Link | undefined {
  const link = personId === undefined ? undefined : holders.get(personId)?.link;
  return link?.phoneKey === phoneKey ? link : undefined;
}

/** Whose contact carries the number: the claim's holder's, or still that of whoever had it before a hand-over failed. */
function carrierOf(
  holders: Holders,
  phoneKey: string,
  { personId, from }: PhoneClaim,
): { personId: string; link?: Link } {
  const own = carriedBy(holders, phoneKey, personId);
  if (own !== undefined) return { personId, link: own };
  const former = carriedBy(holders, phoneKey, from);
  return former === undefined ? { personId } : { personId: from!, link: former };
}

/** How the claims on numbers stand, by pseudonym; numbers that nobody claims are absent. */
export async function readClaimStandings(
  engine: Engine,
  phoneKeys: readonly string[],
): Promise<Map<string, ClaimStanding>> {
  const claims = [...(await fetchClaims(engine, [...new Set(phoneKeys)]))];
  const named = claims.flatMap(([, { personId, from }]) => (from === undefined ? [personId] : [personId, from]));
  const holders = await fetchPeople(engine, [...new Set(named)]);
  const carriers = claims.map(([phoneKey, claim]) => [phoneKey, carrierOf(holders, phoneKey, claim)] as const);
  const idle = carriers.flatMap(([, { personId, link }]) =>
    link?.left === undefined && link !== undefined ? [] : [personId],
  );
  const pending = await engine.tables.people.getMany(engine.config.name, [...new Set(idle)].map(personKey.pending));
  return new Map(
    carriers.map(([phoneKey, { personId, link }]): [string, ClaimStanding] => {
      const waits = pending.get(personKey.pending(personId));
      if (link === undefined) return [phoneKey, { personId, state: waits === undefined ? 'lapsed' : 'open' }];
      // Back, and only held: whoever's change is held keeps the number.
      const isBack = waits?.facets['outcome'] === 'held' && waits.facets['removal'] !== true;
      return [phoneKey, { personId, link, state: link.left === undefined || isBack ? 'held' : 'kept' }];
    }),
  );
}
