import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { parseSelect } from './delta-query.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import { DEFAULT_PROPERTIES, unsetValue } from './user-properties.ts';

/** Answers `GET /{version}/users/{id or UPN}`; what was never set is shown as null (collections: empty). */
export function answerUser(store: DirectoryStore, contextBase: string, key: string, request: SimRequest): SimResponse {
  const select = parseSelect(request.query.get('$select'), false) ?? DEFAULT_PROPERTIES;
  const record = store.findLive(key);
  if (record === undefined) {
    const message = `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`;
    refuse(404, 'Request_ResourceNotFound', message);
  }
  const user: Record<string, unknown> = {};
  for (const name of select) user[name] = record.attributes[name] ?? unsetValue(name);
  return {
    status: 200,
    body: { '@odata.context': `${contextBase}#users(${select.join(',')})/$entity`, ...user, id: record.id },
  };
}
