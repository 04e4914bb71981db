import type { HttpHandler } from '@azure/functions';
import { createDecideRun } from './decide-run.ts';
import type { Services } from './services.ts';

/** POST /runs/{runId}/reject: what the run holds is not applied. */
export function createRejectRun(services: Services): HttpHandler {
  return createDecideRun(services, 'reject-run', services.useCases.rejectRun);
}
