import type { CallScope } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { checkLink, checkProgress } from './links.ts';

interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextLink: string | undefined;
}

/** A list that Graph answers in pages. */
export interface List<T> {
  readonly name: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ownsLink: (pathname: string) => boolean;
  /** Undefined = not what the API promises. */
  readonly read: (json: unknown) => T | undefined;
}

/** The pages of a list to its end. Every next link is checked before it is followed. */
export async function* listPages<T>(
  graph: GraphCalls,
  origin: string,
  list: List<T>,
  scope: CallScope,
): AsyncGenerator<readonly T[]> {
  const { name, headers } = list;
  const read = (json: unknown) => readPage(json, list.read);
  const followed = new Set<string>();
  let url: string | undefined = list.url;
  while (url !== undefined) {
    followed.add(url);
    const page: ListPage<T> = await graph.call(
      { name, url, read, ...(headers === undefined ? {} : { headers }) },
      scope,
    );
    if (page.nextLink !== undefined) {
      checkLink(page.nextLink, origin, list.ownsLink, name);
      checkProgress(page.nextLink, followed, name);
    }
    yield page.items;
    url = page.nextLink;
  }
}

function readPage<T>(json: unknown, readItem: List<T>['read']): ListPage<T> | undefined {
  if (!isObject(json) || !Array.isArray(json['value'])) return undefined;
  const items: T[] = [];
  for (const entry of json['value']) {
    const item = readItem(entry);
    if (item === undefined) return undefined;
    items.push(item);
  }
  const nextLink = json['@odata.nextLink'];
  if (nextLink !== undefined && typeof nextLink !== 'string') return undefined;
  return { items, nextLink };
}
