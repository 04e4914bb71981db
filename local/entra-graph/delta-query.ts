import type { DeltaQuery } from './delta-token.ts';
import { refuse } from './graph-replies.ts';
import type { ObjectType } from './object-type.ts';

const MAX_FILTERED_IDS = 50;
const ID_TERM = /^\s*id\s+eq\s+'([^']*)'\s*$/i;

/** The query of a chain's first request; `$top`, `$orderby` and `$expand` are ignored, as by the real service. */
export function parseDeltaQuery(stream: string, type: ObjectType, query: URLSearchParams): DeltaQuery {
  const select = parseSelect(query.get('$select'), type, { tracked: true });
  const ids = parseIdFilter(query.get('$filter'));
  if (query.has('$search')) refuse(400, 'Request_UnsupportedQuery', '$search is not supported on a delta query.');
  return { stream, ...(select === undefined ? {} : { select }), ...(ids === undefined ? {} : { ids }) };
}

/** Names of a `$select`; a name that the type does not have, or that cannot be `tracked`, is refused. */
export function parseSelect(
  text: string | null,
  type: ObjectType,
  { tracked }: { readonly tracked: boolean },
): readonly string[] | undefined {
  if (text === null || text.trim() === '') return undefined;
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (type.isTracked(name) || (tracked && type.relations.includes(name))) continue;
    if (!type.isOutsideMainStore(name)) {
      refuse(400, 'Request_BadRequest', `Could not find a property named '${name}' on type '${type.name}'.`);
    }
    if (tracked) refuse(400, 'Request_BadRequest', 'Invalid Request: $select is not supported for these properties');
  }
  return names;
}

function parseIdFilter(text: string | null): readonly string[] | undefined {
  if (text === null) return undefined;
  const ids = text.split(/\s+or\s+/i).map((term) => ID_TERM.exec(term)?.[1]);
  if (ids.length > MAX_FILTERED_IDS || ids.some((id) => id === undefined)) {
    refuse(
      400,
      'Request_UnsupportedQuery',
      `A delta query filters by at most ${MAX_FILTERED_IDS} ids and nothing else.`,
    );
  }
  return ids.filter((id) => id !== undefined);
}
