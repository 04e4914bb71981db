import type { HttpHandler } from '@azure/functions';
import { runIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { viewRun } from './run-view.ts';
import type { Services } from './services.ts';

/** GET /runs/{runId}: one run. */
export function createGetRun(services: Services): HttpHandler {
  return answering(services, 'get-run', async (request, log) => {
    const runId = runIdOf(request);
    const engine = await services.engine(log);
    return { jsonBody: viewRun(await services.useCases.readRun(engine, runId)) };
  });
}
