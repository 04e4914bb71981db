import type { ContactWrite } from '../people/contact.ts';
import type { Application } from './apply-case.ts';
import { forgetField, forgetList, knownFields, knownLists } from './list-rows.ts';
import { changeState } from './state-row.ts';

/** What MessageMedia has of lists and custom fields, and which of those that we know or prepared it has not. */
export interface Lost {
  readonly standing: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/**
 * Ids of lists and custom fields that we know and MessageMedia no longer has: somebody deleted them by hand. They are
 * forgotten, and the next run is a full one, which makes them anew. Looked up once a batch. Throws NeighbourError.
 */
export async function findLost(app: Application): Promise<ReadonlySet<string>> {
  app.lost ??= lookForLost(app);
  return (await app.lost).lost;
}

/**
 * A contact to be made, without lists and custom fields that it was to keep and that are gone; undefined when it names
 * none of these. Throws NeighbourError.
 */
export async function withoutGone(app: Application, write: ContactWrite): Promise<ContactWrite | undefined> {
  app.lost ??= lookForLost(app);
  const { standing, lost } = await app.lost;
  const isGone = (id: string): boolean => !standing.has(id) && !lost.has(id);
  const { lists = [], customFields = [] } = write;
  if (!lists.some(isGone) && !customFields.some(({ id }) => isGone(id))) return undefined;
  return {
    ...write,
    lists: lists.filter((id) => !isGone(id)),
    customFields: customFields.filter(({ id }) => !isGone(id)),
  };
}

async function lookForLost({ engine, guard, run }: Application): Promise<Lost> {
  const all = [...(await engine.contactBook.listLists(guard)), ...(await engine.contactBook.listFields(guard))];
  const standing = new Set(all.map(({ id }) => id));
  const isLost = ([, id]: readonly [string, string]): boolean => !standing.has(id);
  const lists = Object.entries(await knownLists(engine)).filter(isLost);
  const fields = Object.entries(await knownFields(engine)).filter(isLost);
  for (const [key] of lists) await forgetList(engine, key);
  for (const [mergeTag] of fields) await forgetField(engine, mergeTag);
  if (lists.length + fields.length > 0) {
    await changeState(engine, (state) => ({
      ...state,
      fullRunReason: { code: 'list-missing', at: engine.clock.now(), runId: run.runId },
    }));
  }
  // Another worker may have forgotten them already: the run still goes by what it prepared.
  const prepared = [...Object.entries(run.resolved?.lists ?? {}), ...Object.entries(run.resolved?.fields ?? {})];
  const lost = new Set([...lists, ...fields, ...prepared.filter(isLost)].map(([, id]) => id));
  return { standing, lost };
}
