import type { SimRequest, SimResponse } from '../simulator/server.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import type { GroupMember, GroupStore } from './group-store.ts';
import { USER } from './user-properties.ts';

/** How a group that hides its members answers an app that may not see them: with none, or with no more than their ids. */
export type HiddenMode = 'left-out' | 'without-type';

export interface GroupService {
  readonly groups: GroupStore;
  readonly users: DirectoryStore;
  readonly now: () => number;
  readonly origin: () => string;
  readonly options: {
    readonly hiddenMembers: HiddenMode;
    readonly wrongHostNextLink: string | undefined;
    readonly nextLinkLoop: boolean;
  };
}

/** What the app may see, besides the group itself. */
export interface Sight {
  readonly hiddenMembers: boolean;
  readonly users: boolean;
}

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 999;
const PAGE_LIFETIME_MS = 10 * 60_000;
const GROUP_PROPERTIES = ['id', 'displayName', 'visibility'] as const;

/** Answers `GET /{version}/groups/{id}`. */
export function answerGroup(service: GroupService, contextBase: string, id: string, request: SimRequest): SimResponse {
  const group = service.groups.get(id) ?? refuseUnknown(id);
  const select = request.query.get('$select')?.split(',') ?? GROUP_PROPERTIES;
  const shown = GROUP_PROPERTIES.filter((name) => select.includes(name)).map((name) => [name, group[name]]);
  return {
    status: 200,
    body: { '@odata.context': `${contextBase}#groups(${select.join(',')})/$entity`, ...Object.fromEntries(shown), id },
  };
}

/** Answers `GET /{version}/groups/{id}/members` and `/transitiveMembers`, by pages whose tokens last ten minutes. */
export function answerMembers(
  service: GroupService,
  path: { readonly version: string; readonly id: string; readonly transitive: boolean },
  sight: Sight,
  request: SimRequest,
): SimResponse {
  const { groups } = service;
  if (groups.get(path.id) === undefined) refuseUnknown(path.id);
  const size = pageSize(request.query.get('$top'));
  const from = positionOf(service, request.query.get('$skiptoken'));
  const visible = groups
    .members(path.id, path.transitive)
    // v1.0 leaves service principals out.
    .filter(({ type }) => type !== 'servicePrincipal')
    .filter(({ hidden }) => !hidden || sight.hiddenMembers || service.options.hiddenMembers === 'without-type');
  const select = request.query.get('$select')?.split(',');
  const value = visible.slice(from, from + size).map((member) => toWire(service, member, sight, select));
  const isEnd = from + size >= visible.length;
  const next = isEnd ? {} : { '@odata.nextLink': nextLink(service, path, request, from + size) };
  const context = `${service.origin()}/${path.version}/$metadata#directoryObjects`;
  return { status: 200, body: { '@odata.context': context, ...next, value } };
}

function toWire(
  service: GroupService,
  { id, type, hidden }: GroupMember,
  sight: Sight,
  select: readonly string[] | undefined,
): object {
  if (hidden && !sight.hiddenMembers) return { id };
  const shown: Record<string, unknown> = { '@odata.type': `#microsoft.graph.${type}`, id };
  if (type !== 'user') return shown;
  const attributes = service.users.get(id)?.attributes ?? {};
  for (const name of select ?? USER.defaultProperties) {
    if (name !== 'id') shown[name] = sight.users ? (attributes[name] ?? USER.unsetValue(name)) : null;
  }
  return shown;
}

function pageSize(top: string | null): number {
  if (top === null) return DEFAULT_PAGE_SIZE;
  const size = Number(top);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  return refuse(
    400,
    'Request_UnsupportedQuery',
    `Invalid page size specified: '${top}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`,
  );
}

function positionOf(service: GroupService, token: string | null): number {
  if (token === null) return 0;
  const [from, issuedAt] = Buffer.from(token, 'base64url').toString().split(' ').map(Number);
  if (from === undefined || issuedAt === undefined || Number.isNaN(from + issuedAt)) {
    refuse(400, 'Request_BadRequest', 'The specified page token value is invalid.');
  }
  if (service.now() - issuedAt > PAGE_LIFETIME_MS) {
    const message = 'The specified page token value has expired and can no longer be included in your request.';
    refuse(400, 'Directory_ExpiredPageToken', message);
  }
  return from;
}

function nextLink(
  service: GroupService,
  path: { readonly version: string; readonly id: string; readonly transitive: boolean },
  request: SimRequest,
  from: number,
): string {
  const { wrongHostNextLink, nextLinkLoop } = service.options;
  const followed = request.query.get('$skiptoken');
  const token =
    nextLinkLoop && followed !== null ? followed : Buffer.from(`${from} ${service.now()}`).toString('base64url');
  // Unlike a delta link this one repeats what was asked for.
  const query = ['$select', '$top'].flatMap((name) => {
    const value = request.query.get(name);
    return value === null ? [] : [`${name}=${value}`];
  });
  const origin = wrongHostNextLink === undefined ? service.origin() : `https://${wrongHostNextLink}`;
  const segment = path.transitive ? 'transitiveMembers' : 'members';
  return `${origin}/${path.version}/groups/${path.id}/${segment}?${[...query, `$skiptoken=${token}`].join('&')}`;
}

function refuseUnknown(id: string): never {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return refuse(404, 'Request_ResourceNotFound', message);
}
