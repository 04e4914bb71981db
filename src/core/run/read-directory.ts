import { NeighbourError } from '../errors.ts';
import { isCanary } from '../people/canaries.ts';
import { definitelyOutOfScope } from '../people/scope.ts';
import type { DirectoryEntry } from '../people/person.ts';
import type { DirectoryPage } from '../ports.ts';
import { noteAlerts } from './alerts.ts';
import { fetchPart, insertPart, partIndex, partKey } from './parts.ts';
import type { PageEntry, PagePart } from './parts.ts';
import { knownPeople } from './person-rows.ts';
import type { Directive, RunWork } from './run-work.ts';
import { changeState } from './state-row.ts';

/** Chains begun in one run before it gives up: the first, and restarts that Graph asked for. */
const MAX_CHAINS = 4;

interface Position {
  readonly index: number;
  readonly link?: string;
  readonly ended?: string;
  readonly seenLinks: Set<string>;
}

async function findPosition(work: RunWork): Promise<Position> {
  const { engine, run } = work;
  const seenLinks = new Set<string>();
  let last: { key: string; index: number } | undefined;
  for await (const page of engine.tables.parts.scan(run().runId, partKey.pages(run().chain), { facetsOnly: true })) {
    for (const row of page) {
      seenLinks.add(String(row.facets['next']));
      last = { key: row.key, index: partIndex(row) };
    }
  }
  if (last === undefined) {
    const { startLink } = run();
    return startLink === undefined ? { index: 0, seenLinks } : { index: 0, link: startLink, seenLinks };
  }
  const body = await fetchPart<PagePart>(engine, run().runId, last.key);
  if (body.deltaLink !== undefined) return { index: last.index + 1, ended: body.deltaLink, seenLinks };
  return { index: last.index + 1, link: body.nextLink!, seenLinks };
}

/** In a full round everybody is shown whole: who is out of scope, and nobody we know, need not be carried along. */
function reduceEntries(work: RunWork, entries: readonly DirectoryEntry[], known: ReadonlySet<string>): PageEntry[] {
  const { config } = work.engine;
  const now = work.run().createdAt;
  const isNobodys = ({ id, removed, attributes }: DirectoryEntry): boolean =>
    !known.has(id) &&
    removed === undefined &&
    !isCanary(attributes, config.protection.canaries) &&
    definitelyOutOfScope(attributes, config, now);
  return entries.map((entry) => (isNobodys(entry) ? { id: entry.id, reduced: true } : entry));
}

async function storePage(
  work: RunWork,
  index: number,
  page: DirectoryPage,
  known: ReadonlySet<string>,
): Promise<PagePart> {
  const { engine, run } = work;
  const entries = run().mode === 'full' ? reduceEntries(work, page.entries, known) : page.entries;
  const { nextLink, deltaLink } = page;
  const body: PagePart = {
    entries,
    ...(nextLink === undefined ? {} : { nextLink }),
    ...(deltaLink === undefined ? {} : { deltaLink }),
  };
  const next = nextLink === undefined ? '' : engine.digest.hash(nextLink);
  return insertPart(engine, run().runId, { key: partKey.page(run().chain, index), facets: { next }, body });
}

async function readOn(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const start = await findPosition(work);
  if (start.ended !== undefined) return finishReading(work, start.ended);

  const known = run().mode === 'full' ? await knownPeople(engine) : new Set<string>();
  let { index } = start;
  const from = start.link === undefined ? { select: engine.select } : { link: start.link, select: engine.select };
  for await (const page of engine.directory.deltaPages(from, work.guard)) {
    const stored = await storePage(work, index, page, known);
    index += 1;
    if (stored.deltaLink !== undefined) return finishReading(work, stored.deltaLink);
    // Another worker stored this page from another answer: go on from what stands, not from what we hold.
    if (stored.nextLink !== page.nextLink) return 'again';
    const next = engine.digest.hash(stored.nextLink!);
    if (start.seenLinks.has(next)) {
      throw new NeighbourError('graph', 'unexpected-answer', 'The directory sent a next link that it had sent before.');
    }
    start.seenLinks.add(next);
    if (work.isSliceOver()) return 'yield';
  }
  throw new NeighbourError('graph', 'unexpected-answer', 'The chain of pages ended without a delta link.');
}

async function finishReading(work: RunWork, deltaLink: string): Promise<Directive> {
  await work.update({ phase: 'split', deltaLink });
  return 'again';
}

/** Follows the delta chain page by page; each page is stored with its link before the next one is asked for. */
export async function readDirectory(work: RunWork): Promise<Directive> {
  try {
    return await readOn(work);
  } catch (error) {
    const { run, engine } = work;
    const isResync = error instanceof NeighbourError && error.failure === 'resync';
    if (!isResync || run().chain >= MAX_CHAINS) throw error;
    await work.update({ mode: 'full', chain: run().chain + 1, startLink: undefined });
    if (!run().dryRun) {
      const { runId } = run();
      const code = error.detail.neighbourCode ?? 'resync';
      await changeState(engine, (state) => ({ ...state, resync: { code, runId } }));
      await noteAlerts(engine);
    }
    return 'again';
  }
}
