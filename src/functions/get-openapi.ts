import type { HttpHandler } from '@azure/functions';
import { buildOpenApi } from './openapi.ts';

/** GET /openapi.json: this API, built from its schemas when first asked for. */
export function createGetOpenApi(): HttpHandler {
  let document: string | undefined;
  return () => {
    document ??= JSON.stringify(buildOpenApi());
    return { headers: { 'content-type': 'application/json' }, body: document };
  };
}
