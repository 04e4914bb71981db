import type { Attributes, AttributeValue } from '../../core/people/person.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import { selectList } from './people-source.ts';
import type { PeopleSource } from './people-source.ts';

/** The relation to somebody's manager: selected like a property in the chain, expanded when one user is read. */
const MANAGER = 'manager';

/** Users, whose attributes are called what Graph calls them. */
export const USERS: PeopleSource = {
  kind: 'user',
  chain: 'users/delta',
  item: 'users/{id}',
  path: '/users',
  ownsLink: (pathname) => /\/users\/(microsoft\.graph\.)?delta(\(\))?$/.test(pathname),
  chainQuery: (attributes) => `$select=${selectList(attributes)}`,
  itemUrl(id, attributes) {
    const select = `$select=${selectList(attributes.filter((name) => name !== MANAGER))}`;
    const expand = attributes.includes(MANAGER) ? `&$expand=${MANAGER}($select=id)` : '';
    return `/users/${encodeURIComponent(id)}?${select}${expand}`;
  },
  toId: (graphId) => graphId,
  toAttributes(json, attributes) {
    const manager = attributes.includes(MANAGER) ? readManager(json) : undefined;
    return { ...readProperties(json), ...(manager === undefined ? {} : { [MANAGER]: manager }) };
  },
};

function readProperties(json: Json): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(json)) {
    // `@removed`, `@odata.type`, `mobilePhone@odata.context` and `manager@delta` describe the object, or a relation.
    if (name === 'id' || name === MANAGER || name.includes('@')) continue;
    // What JSON.parse gives is an AttributeValue by construction.
    attributes[name] = value as AttributeValue;
  }
  return attributes;
}

/**
 * The manager as `{ id }`, null when there is none any more, undefined when nothing is said: in the chain that means
 * unchanged, in a user who was read by id it means none.
 */
function readManager(json: Json): AttributeValue | undefined {
  const changes = json[`${MANAGER}@delta`];
  if (Array.isArray(changes)) return readManagerChanges(changes);
  const manager = json[MANAGER];
  if (isObject(manager) && typeof manager['id'] === 'string') return { id: manager['id'] };
  return manager === null ? null : undefined;
}

// A change of manager can come as the removal of the old one and the new one, in any order.
function readManagerChanges(changes: readonly unknown[]): AttributeValue | undefined {
  const named = changes.filter(isObject);
  const current = named.findLast((change) => !('@removed' in change));
  if (typeof current?.['id'] === 'string') return { id: current['id'] };
  return named.length === 0 ? undefined : null;
}
