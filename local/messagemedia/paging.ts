import { createHash } from 'node:crypto';
import type { SimResponse } from '../simulator/server.ts';
import { invalidInput } from './answers.ts';

// Small on purpose: who forgets to ask for a page size, or to follow the token, notices at once.
const DEFAULT_PAGE_SIZE = 20;

/**
 * Answers one page of `items`, which are in the order of `sequence`. A token stands for the last item shown and for
 * the filters it was given with, so items deleted between two pages shift nobody; other filters are refused (400).
 */
export function pageAnswer<Item extends { readonly sequence: number }>(
  items: readonly Item[],
  query: URLSearchParams,
  toData: (item: Item) => unknown,
): SimResponse {
  const pageSize = Number(query.get('pageSize') ?? DEFAULT_PAGE_SIZE);
  const after = sequenceOf(query);
  if (pageSize < 1) return refused('pageSize');
  // Tokens backwards are optional in the contract and never given here, so none can be a good one.
  if (after === undefined || query.has('prevPageToken')) return refused('pageToken');
  const first = items.findIndex((item) => item.sequence > after);
  const content = first < 0 ? [] : items.slice(first, first + pageSize);
  const last = content.at(-1);
  const hasMore = last !== undefined && last !== items.at(-1);
  return {
    status: 200,
    body: {
      content: content.map(toData),
      ...(hasMore ? { nextPageToken: tokenFor(last.sequence, query) } : {}),
      totalElements: items.length,
    },
  };
}

function refused(name: string): SimResponse {
  return invalidInput([{ name, code: 'constraint_violation', reason: 'The value was not given by this API.' }]);
}

function tokenFor(sequence: number, query: URLSearchParams): string {
  return Buffer.from(`${sequence} ${filtersOf(query)}`).toString('base64url');
}

/** 0 without a token, undefined for a token of somebody else's making or of other filters. */
function sequenceOf(query: URLSearchParams): number | undefined {
  const token = query.get('nextPageToken');
  if (token === null) return 0;
  const [, sequence, filters] = /^(\d+) (.+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return sequence !== undefined && filters === filtersOf(query) ? Number(sequence) : undefined;
}

// A hash: the token travels in the URL beside the filters, and the URL is bounded.
function filtersOf(query: URLSearchParams): string {
  const filters = new URLSearchParams(query);
  filters.delete('nextPageToken');
  filters.delete('pageSize');
  filters.sort();
  return createHash('sha256').update(filters.toString()).digest('base64url');
}
