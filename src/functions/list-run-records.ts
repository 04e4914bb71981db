import type { HttpHandler } from '@azure/functions';
import { ListRecordsQuery } from './request-schemas.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import { parseQuery, runIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { viewRecord } from './record-view.ts';
import type { Services } from './services.ts';

/**
 * GET /runs/{runId}/records: a row per person. Values are masked unless `reveal=true`: where no roles are believed,
 * whoever holds this function's key may ask for them, so the key of this function is the one to guard.
 */
export function createListRunRecords(services: Services): HttpHandler {
  return answering(services, 'list-run-records', async (request, log, caller) => {
    const runId = runIdOf(request);
    const { outcome, operation, department, adoption, impact, limit, cursor, reveal } = parseQuery(
      request,
      ListRecordsQuery,
    );
    if (reveal === 'true') caller.needs(HTTP_ROUTES['list-run-records'].elevated.role);
    const engine = await services.engine(log);
    const page = await services.useCases.listRecords(engine, runId, {
      limit,
      ...(outcome !== undefined && { outcome }),
      ...(operation !== undefined && { operation }),
      ...(department !== undefined && { department }),
      ...(adoption !== undefined && { adoption }),
      ...(impact !== undefined && { impact }),
      ...(cursor !== undefined && { cursor }),
    });
    const items = page.items.map((record) => viewRecord(record, { reveal: reveal === 'true' }));
    return { jsonBody: { items, nextCursor: page.nextCursor } };
  });
}
