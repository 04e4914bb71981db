import type { HttpHandler } from '@azure/functions';
import { NoFieldsBody } from './request-schemas.ts';
import type { ErasureView } from './api-schemas.ts';
import { parseBody, personIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import type { Services } from './services.ts';

/** POST /people/{personId}/erase: forgets a person in our tables, evidence of consent excepted. */
export function createErasePerson(services: Services): HttpHandler {
  return answering(services, 'erase-person', async (request, log) => {
    const personId = personIdOf(request);
    await parseBody(request, NoFieldsBody);
    const { rows, kept } = await services.useCases.erasePerson(await services.engine(log), personId);
    return { jsonBody: { personId, rows, kept: [...kept] } satisfies ErasureView };
  });
}
