import type { HttpHandler } from '@azure/functions';
import { ListRecordsQuery } from './api-schemas.ts';
import { parseQuery, runIdOf } from './parse-request.ts';
import { answering } from './problem.ts';
import { viewRecord } from './record-view.ts';
import type { Services } from './services.ts';

/**
 * GET /runs/{runId}/records: a row per person. Values are masked unless `reveal=true`: while the app knows no roles,
 * whoever holds this function's key may ask for them, so the key of this function is the one to guard.
 */
export function createListRunRecords(services: Services): HttpHandler {
  return answering(async (request, log) => {
    const runId = runIdOf(request);
    const { outcome, operation, department, limit, cursor, reveal } = parseQuery(request, ListRecordsQuery);
    const engine = await services.engine(log);
    const page = await services.useCases.listRecords(engine, runId, {
      limit,
      ...(outcome !== undefined && { outcome }),
      ...(operation !== undefined && { operation }),
      ...(department !== undefined && { department }),
      ...(cursor !== undefined && { cursor }),
    });
    const items = page.items.map((record) => viewRecord(record, { reveal: reveal === 'true' }));
    return { jsonBody: { items, nextCursor: page.nextCursor } };
  });
}
