import type { HttpHandler } from '@azure/functions';
import { createDecideRun } from './decide-run.ts';
import type { Services } from './services.ts';

/** POST /runs/{runId}/approve: lets what the run holds be applied, if it is still planned identically. */
export function createApproveRun(services: Services): HttpHandler {
  return createDecideRun(services, 'approve-run', services.useCases.approveRun);
}
