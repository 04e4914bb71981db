import type { HttpHandler } from '@azure/functions';
import { buildOpenApi } from './openapi.ts';
import { answering } from './problem.ts';
import type { Services } from './services.ts';

/** GET /openapi.json: this API, built from its schemas when first asked for. */
export function createGetOpenApi(services: Services): HttpHandler {
  let document: object | undefined;
  return answering(services, 'get-openapi', async () => {
    document ??= buildOpenApi();
    return { headers: { 'content-type': 'application/json' }, jsonBody: document };
  });
}
