import type { Case } from './apply-case.ts';
import type { Engine } from './engine.ts';
import { fetchClaims } from './person-rows.ts';

/**
 * Numbers on the contact that came there by a write whose answer was lost, or that MessageMedia added to the former one:
 * the person's claim knows them, nobody else wants them.
 */
export async function findStrays(engine: Engine, { operation, link, contact }: Case): Promise<Case['strays']> {
  const others = (contact?.channels ?? []).filter(
    ({ type, channelId }) => type === 'SMS' && channelId !== operation.phone && channelId !== link?.phone,
  );
  if (others.length === 0) return [];
  const phones = new Map(others.map(({ channelId }) => [engine.digest.pseudonym(channelId), channelId]));
  const claims = await fetchClaims(engine, [...phones.keys()]);
  return [...claims]
    .filter(([, claim]) => claim.personId === operation.personId)
    .map(([phoneKey, { etag }]) => ({ phone: phones.get(phoneKey)!, phoneKey, etag }));
}
