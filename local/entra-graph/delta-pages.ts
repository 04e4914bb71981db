import { seededRandom } from '../simulator/random.ts';
import { changeEntry, wholeEntry } from './delta-entries.ts';
import type { DeltaEntry } from './delta-entries.ts';
import type { ChainPosition, DeltaQuery } from './delta-token.ts';
import type { Change, DirectoryStore, UserRecord } from './directory-store.ts';

/** How the simulated service behaves where the real one is free to choose. All may be set at any time. */
export interface DeltaOptions {
  pageSize: number;
  /** Changed people come with the changed properties only; otherwise with all selected ones that were ever set. */
  sparse: boolean;
  /** Share (0 to 1) of pages that are empty but have a next link. */
  emptyPages: number;
  /** Share (0 to 1) of entries that appear a second time, on the next page. */
  duplicates: number;
  /** Every change is an entry of its own, with the values of its time, instead of one entry a person. */
  splitEntries: boolean;
  /** Which deleted people a first chain shows: none, those in the recycle bin, or also those gone for good. */
  initialTombstones: 'none' | 'soft' | 'all';
  /** Where changes made during a chain appear. */
  midChainChanges: 'same-chain' | 'next-round' | 'both';
  /** Ids that a slow replica does not show: left out of delta pages, found when read by id. */
  readonly hidden: ReadonlySet<string>;
}

export interface DeltaPage {
  readonly entries: readonly DeltaEntry[];
  /** The chain goes on there … */
  readonly next?: ChainPosition;
  /** … or ends, and the next round shows what is newer than this. */
  readonly since?: number;
}

/** The opening position of a chain over everybody, as of now. */
export function startOfObjects(store: DirectoryStore, seed: number): ChainPosition {
  return { phase: 'objects', position: 0, count: store.size(), from: 0, to: store.head(), seed, step: 0 };
}

/** The opening position of a chain over the changes after `since`, as of now. */
export function startOfChanges(store: DirectoryStore, since: number, seed: number): ChainPosition {
  return { phase: 'changes', position: 0, count: 0, from: since, to: store.head(), seed, step: 0 };
}

/** One page of a chain. The same position gives the same people again, with values as they are by then. */
export function pageAt(store: DirectoryStore, query: DeltaQuery, at: ChainPosition, options: DeltaOptions): DeltaPage {
  if (draw(at.seed, `empty ${at.step}`) < options.emptyPages)
    return { entries: [], next: { ...at, step: at.step + 1 } };
  const source =
    at.phase === 'objects' ? objectSource(store, query, at, options) : changeSource(store, query, at, options);
  const { entries, end } = take(source, at.position, options.pageSize);
  const repeated = repeatedEntries(source, at, options);
  const page = [...repeated, ...entries];
  if (end < source.length) return { entries: page, next: { ...at, position: end, step: at.step + 1 } };
  const more = changesDuringChain(store, at, options);
  return more === undefined ? { entries: page, since: endOfChain(at, options) } : { entries: page, next: more };
}

interface Source {
  readonly length: number;
  /** Undefined where the position shows nothing. */
  entry(position: number): DeltaEntry | undefined;
}

function take(source: Source, start: number, size: number): { entries: DeltaEntry[]; end: number } {
  const entries: DeltaEntry[] = [];
  let end = start;
  while (end < source.length && entries.length < size) {
    const entry = source.entry(end);
    if (entry !== undefined) entries.push(entry);
    end += 1;
  }
  return { entries, end };
}

function objectSource(store: DirectoryStore, query: DeltaQuery, at: ChainPosition, options: DeltaOptions): Source {
  const permute = permutation(at.count, at.seed);
  const ids = query.ids;
  const record = (position: number): UserRecord | undefined =>
    ids === undefined ? store.at(permute(position)) : store.get(ids[position] ?? '');
  return {
    length: ids === undefined ? at.count : ids.length,
    entry(position) {
      const found = record(position);
      if (found === undefined || options.hidden.has(found.id)) return undefined;
      if (found.removed === undefined) return wholeEntry(store, found, query.select);
      const shown =
        options.initialTombstones === 'all' || (options.initialTombstones === 'soft' && found.removed === 'changed');
      return shown ? { id: found.id, '@removed': { reason: found.removed } } : undefined;
    },
  };
}

function changeSource(store: DirectoryStore, query: DeltaQuery, at: ChainPosition, options: DeltaOptions): Source {
  const groups = changeGroups(store, at.from, at.to, options.splitEntries);
  return {
    length: groups.length,
    entry(position) {
      const group = groups[position] ?? [];
      const id = group[0]?.id ?? '';
      if (options.hidden.has(id)) return undefined;
      if (query.ids !== undefined && !query.ids.includes(id)) return undefined;
      return changeEntry(store, group, query.select, options.sparse);
    },
  };
}

// Every page of a chain asks for the same groups: without this a round of 100,000 changes would be regrouped 500 times.
const groupCache = new WeakMap<DirectoryStore, { key: string; groups: readonly (readonly Change[])[] }>();

function changeGroups(store: DirectoryStore, from: number, to: number, split: boolean): readonly (readonly Change[])[] {
  const key = `${from} ${to} ${split}`;
  const cached = groupCache.get(store);
  if (cached?.key === key) return cached.groups;
  const changes = store.changes(from, to);
  const groups = split ? changes.map((change) => [change]) : [...Map.groupBy(changes, (change) => change.id).values()];
  groupCache.set(store, { key, groups });
  return groups;
}

function repeatedEntries(source: Source, at: ChainPosition, options: DeltaOptions): DeltaEntry[] {
  if (options.duplicates === 0) return [];
  const previous = take(source, Math.max(0, at.position - options.pageSize), options.pageSize).entries;
  return at.position === 0 ? [] : previous.filter((entry) => draw(at.seed, `repeat ${entry.id}`) < options.duplicates);
}

function changesDuringChain(
  store: DirectoryStore,
  at: ChainPosition,
  options: DeltaOptions,
): ChainPosition | undefined {
  const head = store.head();
  if (options.midChainChanges === 'next-round' || at.startedAtSeq !== undefined || head === at.to) return undefined;
  return { ...at, phase: 'changes', position: 0, from: at.to, to: head, startedAtSeq: at.to, step: at.step + 1 };
}

function endOfChain(at: ChainPosition, options: DeltaOptions): number {
  return options.midChainChanges === 'both' ? (at.startedAtSeq ?? at.to) : at.to;
}

// i → (a·i + b) mod n visits everybody once in a jumbled order, and no order has to be kept between two pages.
function permutation(count: number, seed: number): (position: number) => number {
  const random = seededRandom(seed);
  const offset = Math.floor(random() * count);
  let factor = Math.max(1, Math.floor(random() * count));
  while (greatestCommonDivisor(factor, count) !== 1) factor += 1;
  return (position) => (factor * position + offset) % count;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

// A draw that is the same each time it is made for the same thing, so that a replayed link gives the same page.
function draw(seed: number, about: string): number {
  let mixed = seed;
  for (const char of about) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193);
  return seededRandom(mixed)();
}
