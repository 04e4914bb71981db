import type { HttpHandler } from '@azure/functions';
import { viewExplanation } from './explanation-view.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import { parseQuery, personIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { RevealQuery } from './request-schemas.ts';
import type { Services } from './services.ts';

/** GET /people/{personId}: why one person is where they are. Values are masked unless `reveal=true`. */
export function createGetPerson(services: Services): HttpHandler {
  return answering(services, 'get-person', async (request, log, caller) => {
    const personId = personIdOf(request);
    const { reveal } = parseQuery(request, RevealQuery);
    if (reveal === 'true') caller.needs(HTTP_ROUTES['get-person'].elevated.role);
    const explanation = await services.useCases.explainPerson(await services.engine(log), personId);
    return { jsonBody: viewExplanation(explanation, { reveal: reveal === 'true' }) };
  });
}
