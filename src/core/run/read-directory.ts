import { NeighbourError } from '../errors.ts';
import { isCanary } from '../people/canaries.ts';
import { streamsOf } from '../config/people-streams.ts';
import type { NamedStream } from '../config/people-streams.ts';
import { definitelyOutOfScope } from '../people/scope.ts';
import type { DirectoryEntry } from '../people/person.ts';
import type { DirectoryPage } from '../ports.ts';
import { noteAlerts } from './alerts.ts';
import { fetchMemberships, groupsWith, memberOf, readGroups, readGroupsAnew } from './memberships.ts';
import type { Memberships } from './memberships.ts';
import { fetchPart, insertPart, partIndex, partKey } from './parts.ts';
import type { PageEntry, PagePart } from './parts.ts';
import { knownPeople } from './person-rows.ts';
import { readsEverybody } from './run-row.ts';
import type { Directive, RunWork } from './run-work.ts';
import { changeState } from './state-row.ts';

/** What is known before a page is looked at. */
interface Before {
  readonly known: ReadonlySet<string>;
  readonly memberships: Memberships;
}

/** Chains begun in one run before it gives up: the first, and restarts that Graph asked for. */
const MAX_CHAINS = 4;

interface Position {
  readonly index: number;
  /** Among the streams of the configuration; behind the last of them, everything was read. */
  readonly stream: number;
  readonly link?: string;
  readonly seenLinks: Set<string>;
}

async function findPosition(work: RunWork, streams: readonly NamedStream[]): Promise<Position> {
  const { engine, run } = work;
  const seenLinks = new Set<string>();
  const begin = (stream: number, index: number): Position => {
    const link = run().startLinks?.[streams[stream]?.name ?? ''];
    return { index, stream, seenLinks, ...(link === undefined ? {} : { link }) };
  };
  let last: { key: string; index: number } | undefined;
  for await (const page of engine.tables.parts.scan(run().runId, partKey.pages(run().chain), { facetsOnly: true })) {
    for (const row of page) {
      seenLinks.add(String(row.facets['next']));
      last = { key: row.key, index: partIndex(row) };
    }
  }
  if (last === undefined) return begin(0, 0);
  const body = await fetchPart<PagePart>(engine, run().runId, last.key);
  const stream = body.stream ?? 0;
  if (body.deltaLink === undefined) return { index: last.index + 1, stream, link: body.nextLink!, seenLinks };
  await noteEnd(work, streams[stream]!, body.deltaLink);
  return begin(stream + 1, last.index + 1);
}

async function noteEnd(work: RunWork, { name }: NamedStream, deltaLink: string): Promise<void> {
  const { deltaLinks } = work.run();
  if (deltaLinks?.[name] !== deltaLink) await work.update({ deltaLinks: { ...deltaLinks, [name]: deltaLink } });
}

/** In a full round everybody is shown whole: who is out of scope, and nobody we know, need not be carried along. */
function reduceEntries(work: RunWork, entries: readonly DirectoryEntry[], { known, memberships }: Before): PageEntry[] {
  const { config } = work.engine;
  const now = work.run().createdAt;
  const isNobodys = ({ id, removed, attributes }: DirectoryEntry): boolean =>
    !known.has(id) &&
    removed === undefined &&
    !isCanary(attributes, config.protection.canaries) &&
    definitelyOutOfScope(attributes, config, { now, isMember: memberOf(groupsWith(memberships, id), config) });
  return entries.map((entry) => (isNobodys(entry) ? { id: entry.id, reduced: true } : entry));
}

async function storePage(
  work: RunWork,
  { index, stream }: Pick<Position, 'index' | 'stream'>,
  page: DirectoryPage,
  before: Before,
): Promise<PagePart> {
  const { engine, run } = work;
  const entries = readsEverybody(run()) ? reduceEntries(work, page.entries, before) : page.entries;
  const { nextLink, deltaLink } = page;
  const body: PagePart = {
    entries,
    ...(stream === 0 ? {} : { stream }),
    ...(nextLink === undefined ? {} : { nextLink }),
    ...(deltaLink === undefined ? {} : { deltaLink }),
  };
  const next = nextLink === undefined ? '' : engine.digest.hash(nextLink);
  return insertPart(engine, run().runId, { key: partKey.page(run().chain, index), facets: { next }, body });
}

/** Reads on from a place in a stream's chain: to the end of the chain, or as far as the slice goes. */
async function readStream(
  work: RunWork,
  start: Position,
  named: NamedStream,
  before: Before,
): Promise<'yield' | 'again'> {
  const { engine } = work;
  const { stream, link, seenLinks } = start;
  let { index } = start;
  const from = { stream: named.stream, select: engine.select, ...(link === undefined ? {} : { link }) };
  for await (const page of engine.directory.deltaPages(from, work.guard)) {
    const stored = await storePage(work, { index, stream }, page, before);
    index += 1;
    // Also when another worker stored this page from another answer: on from what stands, not from what we hold.
    if (stored.deltaLink !== undefined || stored.nextLink !== page.nextLink) return 'again';
    const next = engine.digest.hash(stored.nextLink!);
    if (seenLinks.has(next)) {
      throw new NeighbourError('graph', 'unexpected-answer', 'The directory sent a next link that it had sent before.');
    }
    seenLinks.add(next);
    if (work.isSliceOver()) return 'yield';
  }
  throw new NeighbourError('graph', 'unexpected-answer', 'The chain of pages ended without a delta link.');
}

async function readOn(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const paused = await readGroups(work);
  if (paused !== undefined) return paused;
  const streams = streamsOf(run().config);
  const start = await findPosition(work, streams);
  const named = streams[start.stream];
  if (named === undefined) {
    await work.update({ phase: 'split' });
    return 'again';
  }
  const isFull = readsEverybody(run());
  const known = isFull ? await knownPeople(engine) : new Set<string>();
  const memberships = isFull ? await fetchMemberships(engine, run().memberships) : new Map<string, never>();
  if (memberships === undefined) return readGroupsAnew(work);
  return readStream(work, start, named, { known, memberships });
}

/** Follows the delta chain page by page; each page is stored with its link before the next one is asked for. */
export async function readDirectory(work: RunWork): Promise<Directive> {
  try {
    return await readOn(work);
  } catch (error) {
    const { run, engine } = work;
    const isResync = error instanceof NeighbourError && error.failure === 'resync';
    if (!isResync || run().chain >= MAX_CHAINS) throw error;
    const mode = readsEverybody(run()) ? run().mode : 'full';
    await work.update({ mode, chain: run().chain + 1, startLinks: undefined, deltaLinks: undefined });
    if (!run().dryRun) {
      const { runId } = run();
      const code = error.detail.neighbourCode ?? 'resync';
      await changeState(engine, (state) => ({ ...state, resync: { code, runId } }));
      await noteAlerts(engine);
    }
    return 'again';
  }
}
