import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { answerDelta } from './delta-route.ts';
import type { DeltaService } from './delta-service.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import { answerGroup, answerMembers } from './group-routes.ts';
import type { GroupService } from './group-routes.ts';
import { answerMailbox } from './mailbox-routes.ts';
import type { MailboxService } from './mailbox-routes.ts';
import { answerObject } from './object-route.ts';
import { ROLES } from './roles.ts';
import { answerUserList } from './user-list-route.ts';

export interface ReadServices {
  readonly deltaService: DeltaService;
  readonly users: DirectoryStore;
  readonly orgContacts: DirectoryStore;
  /** Groups have no changes here: the stream exists to show what its tokens do in the wrong place. */
  readonly groupChanges: DirectoryStore;
  readonly groupService: GroupService;
  readonly mailboxService: MailboxService;
  /** The roles the caller has at the moment: in the token, and still granted. */
  readonly rolesOf: (request: SimRequest) => ReadonlySet<string>;
}

type Need = Exclude<keyof typeof ROLES, 'phoneWrites' | 'userWrites'>;

const DELTA = /^(?:microsoft\.graph\.)?delta(?:\(\))?$/;

/** Answers what can be read; undefined when there is no such route. */
export function readRoute(
  services: ReadServices,
  version: string,
  resource: string,
  request: SimRequest,
): SimResponse | undefined {
  // A key is written `/users/{key}` or `/users('{key}')`.
  const [collection, ...rest] = resource
    .replaceAll(/\('([^']+)'\)/g, '/$1')
    .split('/')
    .map(decodeURIComponent);
  if (collection === 'groups' && !DELTA.test(rest[0] ?? '')) return groupRoute(services, version, rest, request);
  if (collection === 'users' && rest[1] === 'contactFolders') {
    requireMailboxRole(services, request);
    return answerMailbox(services.mailboxService, version, [rest[0] ?? '', ...rest.slice(2)], request);
  }
  if (collection === 'users' && rest.length === 0) {
    requireRole(services, request, 'users');
    return answerUserList(services.users, `${services.deltaService.origin()}/${version}`, request);
  }
  const source = sourceOf(services, collection);
  const [key] = rest;
  if (source === undefined || key === undefined || rest.length > 1) return undefined;
  requireRole(services, request, source.need);
  const { path, store } = source;
  if (DELTA.test(key)) return answerDelta(services.deltaService, version, { stream: path, path, store }, request);
  return answerObject(source, contextBase(services, version), key, request);
}

function sourceOf(services: ReadServices, collection: string | undefined) {
  const sources: Readonly<Record<string, { readonly need: Need; readonly store: DirectoryStore }>> = {
    users: { need: 'users', store: services.users },
    contacts: { need: 'orgContacts', store: services.orgContacts },
    groups: { need: 'groups', store: services.groupChanges },
  };
  const source = sources[collection ?? ''];
  return source === undefined ? undefined : { ...source, path: collection ?? '' };
}

function groupRoute(
  services: ReadServices,
  version: string,
  [id, segment, ...more]: readonly string[],
  request: SimRequest,
): SimResponse | undefined {
  if (id === undefined || more.length > 0) return undefined;
  requireRole(services, request, 'groups');
  const { groupService } = services;
  if (segment === undefined) return answerGroup(groupService, contextBase(services, version), id, request);
  if (segment !== 'members' && segment !== 'transitiveMembers') return undefined;
  const sight = { hiddenMembers: has(services, request, 'hiddenMembers'), users: has(services, request, 'users') };
  return answerMembers(groupService, { version, id, transitive: segment === 'transitiveMembers' }, sight, request);
}

function contextBase({ deltaService }: ReadServices, version: string): string {
  return `${deltaService.origin()}/${version}/$metadata`;
}

function has(services: ReadServices, request: SimRequest, need: Need): boolean {
  const roles = services.rolesOf(request);
  return ROLES[need].some((role) => roles.has(role));
}

function requireRole(services: ReadServices, request: SimRequest, need: Need): void {
  if (has(services, request, need)) return;
  refuse(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

// Exchange refuses in words of its own.
function requireMailboxRole(services: ReadServices, request: SimRequest): void {
  if (has(services, request, 'mailboxes')) return;
  refuse(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
}
