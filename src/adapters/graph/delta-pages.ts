import { NeighbourError } from '../../core/errors.ts';
import type { AttributeValue, DirectoryEntry } from '../../core/people/person.ts';
import type { CallScope, DirectoryPage } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';

// The name of the function and its long forms; the links of another stream (groups, contacts) are accepted by
// Graph without a word and answer nothing, so they must not get that far.
const USERS_DELTA = /\/users\/(microsoft\.graph\.)?delta(\(\))?$/;

/** The pages of one users/delta chain. Links are checked before a page is given out: they are stored and followed later. */
export async function* readDeltaPages(
  graph: GraphCalls,
  origin: string,
  from: { readonly link?: string; readonly select: readonly string[] },
  scope: CallScope,
): AsyncGenerator<DirectoryPage> {
  let url = from.link ?? firstUrl(origin, from.select);
  const seen = new Set<string>();
  for (;;) {
    checkLink(url, origin);
    seen.add(url);
    const page = await graph.call(
      { name: 'users/delta', url, delta: { hasToken: hasToken(url) }, read: readPage },
      scope,
    );
    const onward = page.nextLink ?? page.deltaLink;
    if (onward !== undefined) checkLink(onward, origin);
    if (page.nextLink === undefined) {
      yield page;
      return;
    }
    if (seen.has(page.nextLink)) throw unexpected('The pages of users/delta go in circles: a next link was repeated.');
    yield page;
    url = page.nextLink;
  }
}

/** One cheap call that needs the same permission as a whole read. */
export async function checkDelta(graph: GraphCalls, origin: string, scope: CallScope): Promise<void> {
  const url = `${origin}/v1.0/users/delta?$select=id&$deltatoken=latest`;
  await graph.call({ name: 'users/delta', url, read: readPage }, scope);
}

function firstUrl(origin: string, select: readonly string[]): string {
  return `${origin}/v1.0/users/delta?$select=${selectList(select)}`;
}

/** The value of `$select`; `id` is named because only the change chain always sends it. */
export function selectList(select: readonly string[]): string {
  return [...new Set(['id', ...select])].map(encodeURIComponent).join(',');
}

function checkLink(link: string, origin: string): void {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const hasCredentials = url !== undefined && (url.username !== '' || url.password !== '');
  if (url?.protocol === 'https:' && url.origin === origin && !hasCredentials && USERS_DELTA.test(url.pathname)) return;
  throw unexpected('A link of users/delta leads somewhere else; it was not followed and no token was sent.');
}

function hasToken(url: string): boolean {
  return /[?&]\$?(delta|skip)token=/i.test(decodeURIComponent(new URL(url).search));
}

function unexpected(message: string): NeighbourError {
  return new NeighbourError('graph', 'unexpected-answer', message);
}

function readPage(json: unknown): DirectoryPage | undefined {
  if (!isObject(json) || !Array.isArray(json['value'])) return undefined;
  const nextLink = json['@odata.nextLink'];
  const deltaLink = json['@odata.deltaLink'];
  const entries: DirectoryEntry[] = [];
  for (const item of json['value']) {
    const entry = readEntry(item);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  if (typeof nextLink === 'string' && deltaLink === undefined) return { entries, nextLink };
  if (typeof deltaLink === 'string' && nextLink === undefined) return { entries, deltaLink };
  return undefined;
}

/** One directory object as Graph sends it; undefined when it has no id. */
export function readEntry(json: unknown): DirectoryEntry | undefined {
  if (!isObject(json) || typeof json['id'] !== 'string' || json['id'] === '') return undefined;
  const removed = readRemoved(json);
  return { id: json['id'], ...(removed === undefined ? {} : { removed }), attributes: readAttributes(json) };
}

function readRemoved(json: Json): DirectoryEntry['removed'] {
  const removed = json['@removed'];
  if (removed === undefined) return undefined;
  // A removal of a kind we do not know counts as the one that can be undone.
  return isObject(removed) && removed['reason'] === 'deleted' ? 'deleted' : 'changed';
}

function readAttributes(json: Json): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(json)) {
    // `@removed`, `@odata.type` and `mobilePhone@odata.context` describe the object and its values.
    if (name === 'id' || name.startsWith('@') || name.includes('@odata.')) continue;
    // What JSON.parse gives is an AttributeValue by construction.
    attributes[name] = value as AttributeValue;
  }
  return attributes;
}
