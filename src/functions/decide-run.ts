import type { HttpHandler } from '@azure/functions';
import { DecisionBody } from './request-schemas.ts';
import { parseBody, runIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { acceptRun } from './run-view.ts';
import type { Services } from './services.ts';
import type { UseCases } from './use-cases.ts';

/** What approving and rejecting have in common: the decision names the very plan that was shown, and is answered like a start. */
export function createDecideRun(
  services: Services,
  name: 'approve-run' | 'reject-run',
  decide: UseCases['approveRun' | 'rejectRun'],
): HttpHandler {
  return answering(services, name, async (request, log) => {
    const runId = runIdOf(request);
    const { planHash } = await parseBody(request, DecisionBody);
    const engine = await services.engine(log);
    await decide(engine, runId, planHash);
    return acceptRun(request, await services.useCases.readRun(engine, runId));
  });
}
