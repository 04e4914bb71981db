import { NeighbourError } from '../../core/errors.ts';
import type { BlockedPage, CallScope } from '../../core/ports.ts';
import { isObject } from './answers.ts';
import type { Exchange } from './exchange.ts';

/** The account's blocked numbers. Read only: nothing here ever takes a number off. */
export const BLOCKED = '/v1/number_authorisation/mt/blacklist';

const NAME = 'ListAllBlockedNumbers';
const NUMBER = /^\+?[1-9]\d{5,14}$/;

/**
 * Pages of blocked numbers, as many a page as MessageMedia likes. Where a page begins is known by the query that the
 * page before names: the vendor documents it as `page` in one place and as `token` in another.
 */
export async function* blockedPages(
  exchange: Exchange,
  path: string,
  scope: CallScope,
  from: string | undefined,
): AsyncGenerator<BlockedPage> {
  const seen = new Set<string>();
  for (let token = from; ;) {
    if (token !== undefined) seen.add(token);
    const target: string = token === undefined ? path : `${path}?${token}`;
    const page: BlockedPage = await exchange.call(
      { name: NAME, method: 'GET', path: target, read: readBlocked },
      scope,
    );
    yield page;
    token = page.nextPageToken;
    if (token === undefined) return;
    if (seen.has(token)) throw new NeighbourError('messagemedia', 'unexpected-answer', `${NAME} answers in circles.`);
  }
}

/** A Getnumberauthorisationblacklistresponse; undefined when it is not what the contract says. */
export function readBlocked(json: unknown): BlockedPage | undefined {
  if (!isObject(json) || !Array.isArray(json['numbers'])) return undefined;
  const listed: readonly unknown[] = json['numbers'];
  // Sender names can be blocked, too: they are nobody's number.
  const numbers = listed.map(String).filter((number) => NUMBER.test(number));
  const nextPageToken = nextQuery(json['pagination']);
  return {
    numbers: numbers.map((number) => `+${number.replace('+', '')}`),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
}

/** Only the query of the next address is used: the host and the path are ours. */
function nextQuery(pagination: unknown): string | undefined {
  if (!isObject(pagination)) return undefined;
  const { next_uri: next, page } = pagination;
  if (typeof next === 'string' && next !== '') {
    const query = next.slice(next.indexOf('?') + 1);
    return next.includes('?') && query !== '' ? query : undefined;
  }
  return typeof page === 'string' && page !== '' ? `page=${encodeURIComponent(page)}` : undefined;
}
