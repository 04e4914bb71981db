import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { parseSelect } from './delta-query.ts';
import type { DirectoryStore, UserRecord } from './directory-store.ts';
import { refuse } from './graph-replies.ts';

/** Objects of one type, and where they stand below the version. */
export interface ObjectSource {
  readonly path: string;
  readonly store: DirectoryStore;
}

/** Answers `GET /{version}/{path}/{id or UPN}`; what was never set is shown as null (collections: empty). */
export function answerObject(
  { path, store }: ObjectSource,
  contextBase: string,
  key: string,
  request: SimRequest,
): SimResponse {
  const { type } = store;
  const select = parseSelect(request.query.get('$select'), type, { tracked: false }) ?? type.defaultProperties;
  const record = store.findLive(key);
  if (record === undefined) {
    const message = `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`;
    refuse(404, 'Request_ResourceNotFound', message);
  }
  const object: Record<string, unknown> = {};
  for (const name of select) object[name] = record.attributes[name] ?? type.unsetValue(name);
  const context = { '@odata.context': `${contextBase}#${path}(${select.join(',')})/$entity` };
  return { status: 200, body: { ...context, ...object, id: record.id, ...expanded(store, record, request) } };
}

// A relation that leads to nobody is not in the answer.
function expanded(store: DirectoryStore, record: UserRecord, request: SimRequest): object {
  const expand = request.query.get('$expand');
  if (expand === null) return {};
  const [, relation = ''] = /^(\w+)\(\$select=id\)$/.exec(expand) ?? [];
  if (!store.type.relations.includes(relation)) {
    refuse(400, 'Request_UnsupportedQuery', `This simulator does not expand '${expand}'.`);
  }
  const manager = store.findLive(record.managerId ?? '');
  return manager === undefined ? {} : { [relation]: { '@odata.type': '#microsoft.graph.user', id: manager.id } };
}
