import type { HttpHandler } from '@azure/functions';
import { AdoptBody } from './request-schemas.ts';
import { parseBody } from './parse-request.ts';
import { answering } from './problem.ts';
import { acceptRun } from './run-view.ts';
import type { Services } from './services.ts';

/** POST /adopt: a full run that reads the whole account besides, so that contacts are matched by their marker, too. */
export function createAdoptAccount(services: Services): HttpHandler {
  return answering(services, 'adopt-account', async (request, log) => {
    const { dryRun, reason } = await parseBody(request, AdoptBody);
    const asked = { dryRun, ...(reason !== undefined && { reason }) };
    return acceptRun(request, await services.useCases.adoptAccount(await services.engine(log), asked));
  });
}
