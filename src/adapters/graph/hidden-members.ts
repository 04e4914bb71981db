import type { NeighbourError } from '../../core/errors.ts';
import type { CallScope } from '../../core/ports.ts';
import { accessDenied } from '../access-denied.ts';
import { readItems } from './batch-items.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';

const HIDDEN = 'hiddenmembership';
const NAME = 'groups/{id}';

/** The refusal for a group that shows less than it has. */
export function hiddenMembers(name: string): NeighbourError {
  return accessDenied('graph', `Microsoft Graph hides who is in the group (${name}).`, {
    access: 'permission-missing',
    cure: 'Give the app the application permission Member.Read.Hidden and consent to it. If it has it, the group is empty.',
  });
}

/**
 * Throws when one of the groups hides its members and shows none. With the permission they are shown, so a hidden
 * group that shows somebody is believed.
 */
export async function refuseHidden(
  graph: GraphCalls,
  origin: string,
  groupIds: readonly string[],
  hasMembers: (groupId: string) => Promise<boolean>,
  scope: CallScope,
): Promise<void> {
  const urlOf = (id: string): string => `/groups/${encodeURIComponent(id)}?$select=id,visibility`;
  const wanted = { name: NAME, keys: groupIds, urlOf, read: readVisibility };
  for (const [id, visibility] of await readItems(graph, origin, wanted, scope)) {
    if (visibility === HIDDEN && !(await hasMembers(id))) throw hiddenMembers(NAME);
  }
}

function readVisibility(json: unknown): string | undefined {
  if (!isObject(json) || !('visibility' in json)) return undefined;
  const { visibility } = json;
  return typeof visibility === 'string' ? visibility.toLowerCase() : '';
}
