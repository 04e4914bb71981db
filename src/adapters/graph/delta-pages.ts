import { NeighbourError } from '../../core/errors.ts';
import type { DirectoryEntry } from '../../core/people/person.ts';
import type { CallScope, DirectoryPage } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { checkLink, checkProgress } from './links.ts';
import { readEntry } from './people-source.ts';
import type { PeopleSource } from './people-source.ts';

/** The pages of one chain. Links are checked before a page is given out: they are stored and followed later. */
export async function* readDeltaPages(
  graph: GraphCalls,
  origin: string,
  source: PeopleSource,
  from: { readonly link?: string; readonly select: readonly string[] },
  scope: CallScope,
): AsyncGenerator<DirectoryPage> {
  const check = (link: string): void => checkLink(link, origin, source.ownsLink, source.chain);
  if (isOutdated(source, from.link)) throw outdated(source);
  let url = from.link ?? firstUrl(origin, source, source.chainQuery(from.select));
  const followed = new Set<string>();
  for (;;) {
    check(url);
    followed.add(url);
    const page = await readPage(graph, source, url, from.select, scope);
    const onward = page.nextLink ?? page.deltaLink;
    if (onward !== undefined) check(onward);
    if (page.nextLink === undefined) {
      yield page;
      return;
    }
    checkProgress(page.nextLink, followed, source.chain);
    yield page;
    url = page.nextLink;
  }
}

function isOutdated(source: PeopleSource, link: string | undefined): boolean {
  if (source.isOutdated === undefined || link === undefined || !URL.canParse(link)) return false;
  return source.isOutdated(new URL(link).pathname);
}

/** The chain of a place where these people no longer are: another one has to be started. */
export function outdated(source: Pick<PeopleSource, 'chain'>): NeighbourError {
  const message = `The stored link of ${source.chain} is of a folder that was replaced since.`;
  return new NeighbourError('graph', 'resync', message);
}

/** One cheap call that needs the same permission as a whole read. */
export async function checkDelta(
  graph: GraphCalls,
  origin: string,
  source: PeopleSource,
  scope: CallScope,
): Promise<void> {
  const url = firstUrl(origin, source, '$select=id&$deltatoken=latest');
  await graph.call({ name: source.chain, url, read: (json) => toPage(json, source, []) }, scope);
}

function firstUrl(origin: string, source: PeopleSource, query: string): string {
  return `${origin}/v1.0${source.path}/delta?${query}`;
}

function readPage(
  graph: GraphCalls,
  source: PeopleSource,
  url: string,
  select: readonly string[],
  scope: CallScope,
): Promise<DirectoryPage> {
  const { chain: name, headers, gate } = source;
  const read = (json: unknown) => toPage(json, source, select);
  const delta = { hasToken: hasToken(url) };
  const ask = () => graph.call({ name, url, delta, read, ...(headers === undefined ? {} : { headers }) }, scope);
  return gate === undefined ? ask() : gate(ask);
}

function hasToken(url: string): boolean {
  return /[?&]\$?(delta|skip)token=/i.test(decodeURIComponent(new URL(url).search));
}

function toPage(json: unknown, source: PeopleSource, select: readonly string[]): DirectoryPage | undefined {
  if (!isObject(json) || !Array.isArray(json['value'])) return undefined;
  const nextLink = json['@odata.nextLink'];
  const deltaLink = json['@odata.deltaLink'];
  const entries: DirectoryEntry[] = [];
  for (const item of json['value']) {
    const entry = readEntry(item, source, select);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  if (typeof nextLink === 'string' && deltaLink === undefined) return { entries, nextLink };
  if (typeof deltaLink === 'string' && nextLink === undefined) return { entries, deltaLink };
  return undefined;
}
