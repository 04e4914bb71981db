import type { HttpHandler } from '@azure/functions';
import { NoFieldsBody } from './request-schemas.ts';
import { parseBody, runIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { acceptRun } from './run-view.ts';
import type { Services } from './services.ts';

/** POST /runs/{runId}/cancel: ends a run early, once the batches under way are finished. */
export function createCancelRun(services: Services): HttpHandler {
  return answering(services, 'cancel-run', async (request, log) => {
    const runId = runIdOf(request);
    await parseBody(request, NoFieldsBody);
    return acceptRun(request, await services.useCases.cancelRun(await services.engine(log), runId));
  });
}
