import type { HttpHandler } from '@azure/functions';
import { viewExplanation } from './explanation-view.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import { parseBody, parseQuery } from './parse-request.ts';
import { answering } from './problem.ts';
import { LookupBody, RevealQuery } from './request-schemas.ts';
import type { Services } from './services.ts';

/** POST /people/lookup: the same by user principal name or number. Addresses are logged, so neither ever stands in one. */
export function createLookupPerson(services: Services): HttpHandler {
  return answering(services, 'lookup-person', async (request, log, caller) => {
    const { upn, number } = await parseBody(request, LookupBody);
    const { reveal } = parseQuery(request, RevealQuery);
    if (reveal === 'true') caller.needs(HTTP_ROUTES['lookup-person'].elevated.role);
    const lookup = upn === undefined ? { number: number! } : { upn };
    const explanation = await services.useCases.lookUpPerson(await services.engine(log), lookup);
    return { jsonBody: viewExplanation(explanation, { reveal: reveal === 'true' }) };
  });
}
