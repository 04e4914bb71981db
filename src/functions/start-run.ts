import type { HttpHandler } from '@azure/functions';
import { RunRequestBody } from './request-schemas.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import { idempotencyKeyOf, parseBody } from './parse-request.ts';
import { answering } from './problem.ts';
import { acceptRun } from './run-view.ts';
import type { Services } from './services.ts';

/** POST /runs: queues a run and answers where to follow it. The same request under one Idempotency-Key starts one run. */
export function createStartRun(services: Services): HttpHandler {
  return answering(services, 'start-run', async (request, log, caller) => {
    const key = idempotencyKeyOf(request);
    const { mode, dryRun, reason, departments, people } = await parseBody(request, RunRequestBody);
    if (!dryRun) caller.needs(HTTP_ROUTES['start-run'].elevated.role);
    const engine = await services.engine(log);
    const { startRun, startRunOnce, findPeople } = services.useCases;
    const isForSome = departments !== undefined || people !== undefined;
    const asked = {
      mode,
      dryRun,
      trigger: 'http',
      ...(reason !== undefined && { reason }),
      ...(isForSome && { only: { departments: departments ?? [], ...(await findPeople(engine, people ?? [])) } }),
    } as const;
    return acceptRun(request, await (key === undefined ? startRun(engine, asked) : startRunOnce(engine, asked, key)));
  });
}
