import type { CallScope } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { isMissing, notAboutAddress } from './missing.ts';
import { USERS } from './users.ts';

/** The id of the user with this UPN; undefined when there is none, or when it cannot be one. */
export async function findPersonByUpn(
  graph: GraphCalls,
  origin: string,
  upn: string,
  scope: CallScope,
): Promise<string | undefined> {
  if (!/^[^\s/@]+@[^\s/@]+$/.test(upn)) return undefined;
  const url = `${origin}/v1.0/users/${encodeURIComponent(upn)}?$select=id`;
  try {
    return await graph.call({ name: USERS.item, url, read: readId }, scope);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw notAboutAddress(error, USERS.item);
  }
}

function readId(json: unknown): string | undefined {
  return isObject(json) && typeof json['id'] === 'string' && json['id'] !== '' ? json['id'] : undefined;
}
