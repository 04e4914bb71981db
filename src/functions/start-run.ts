import type { HttpHandler } from '@azure/functions';
import { RunRequestBody } from './api-schemas.ts';
import { parseBody } from './parse-request.ts';
import { answering } from './problem.ts';
import { acceptRun } from './run-view.ts';
import type { Services } from './services.ts';

/** POST /runs: queues a run and answers where to follow it. */
export function createStartRun(services: Services): HttpHandler {
  return answering(async (request, log) => {
    const { mode, dryRun, reason } = await parseBody(request, RunRequestBody);
    const engine = await services.engine(log);
    const run = await services.useCases.startRun(engine, {
      mode,
      dryRun,
      trigger: 'http',
      ...(reason !== undefined && { reason }),
    });
    return acceptRun(request, run);
  });
}
