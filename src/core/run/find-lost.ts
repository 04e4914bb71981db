import type { Application } from './apply-case.ts';
import { forgetField, forgetList, knownFields, knownLists } from './list-rows.ts';
import { changeState } from './state-row.ts';

/**
 * Ids of lists and custom fields that we know and MessageMedia no longer has: somebody deleted them by hand. They are
 * forgotten, and the next run is a full one, which makes them anew. Looked up once a batch. Throws NeighbourError.
 */
export function findLost(app: Application): Promise<ReadonlySet<string>> {
  app.lost ??= lookForLost(app);
  return app.lost;
}

async function lookForLost(app: Application): Promise<ReadonlySet<string>> {
  const { engine, guard, run } = app;
  const standing = [...(await engine.contactBook.listLists(guard)), ...(await engine.contactBook.listFields(guard))];
  const ids = new Set(standing.map(({ id }) => id));
  const isLost = ([, id]: readonly [string, string]): boolean => !ids.has(id);
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
  return new Set([...lists, ...fields, ...prepared.filter(isLost)].map(([, id]) => id));
}
