import type { HttpHandler } from '@azure/functions';
import { ListRunsQuery } from './request-schemas.ts';
import { parseQuery } from './parse-request.ts';
import { answering } from './problem.ts';
import { viewRun } from './run-view.ts';
import type { Services } from './services.ts';

/** GET /runs: the history, newest first. */
export function createListRuns(services: Services): HttpHandler {
  return answering(services, 'list-runs', async (request, log) => {
    const { limit, cursor } = parseQuery(request, ListRunsQuery);
    const engine = await services.engine(log);
    const page = await services.useCases.listRuns(engine, limit, cursor);
    return { jsonBody: { items: page.items.map(viewRun), nextCursor: page.nextCursor } };
  });
}
