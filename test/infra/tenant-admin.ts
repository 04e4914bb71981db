import { randomUUID } from 'node:crypto';
import { startSimulator, type SimRequest, type SimResponse, type Simulator } from '../../local/simulator/server.ts';
import type { TlsIdentity } from '../../local/simulator/tls.ts';

const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** What an administrator sees of a tenant and a vault, as far as the grants go. */
export interface TenantAdmin extends Simulator {
  /** Object ids of service principals by client id; Graph's own is among them. */
  readonly servicePrincipals: Map<string, string>;
  readonly graphRoles: readonly { readonly id: string; readonly value: string }[];
  readonly assignments: { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string }[];
  /** App registrations by client id. */
  readonly applications: Map<string, { readonly id: string; appRoles: unknown[]; readonly credentials: unknown[] }>;
  readonly secrets: Map<string, string>;
  readonly deletedSecrets: Set<string>;
  /** Paths that begin so are answered 403. */
  readonly forbidden: string[];
  /** Role names of Graph that the principal has. */
  rolesOf(principalId: string): readonly string[];
}

interface Parts {
  readonly servicePrincipals: TenantAdmin['servicePrincipals'];
  readonly graphRoles: TenantAdmin['graphRoles'];
  readonly assignments: TenantAdmin['assignments'];
  readonly applications: TenantAdmin['applications'];
  readonly secrets: TenantAdmin['secrets'];
  readonly deletedSecrets: TenantAdmin['deletedSecrets'];
  readonly forbidden: string[];
}

const ROLE_NAMES = [
  'User.Read.All',
  'GroupMember.Read.All',
  'OrgContact.Read.All',
  'Contacts.Read',
  'Contacts.ReadWrite',
  'User-Phone.ReadWrite.All',
  'User.ReadUpdate.All',
  'User.ReadWrite.All',
  'Mail.Send',
];

/** Starts Graph's administration and a vault's on one server; every call has to carry `Bearer token`. */
export async function startTenantAdmin(tls: TlsIdentity): Promise<TenantAdmin> {
  const parts: Parts = {
    servicePrincipals: new Map([[GRAPH_APP_ID, randomUUID()]]),
    graphRoles: ROLE_NAMES.map((value) => ({ id: randomUUID(), value })),
    assignments: [],
    applications: new Map(),
    secrets: new Map(),
    deletedSecrets: new Set(),
    forbidden: [],
  };
  const simulator = await startSimulator({ name: 'tenant-admin', tls, handle: (request) => answer(parts, request) });
  const rolesOf = (principalId: string): readonly string[] =>
    parts.assignments
      .filter((one) => one.principalId === principalId)
      .map((one) => parts.graphRoles.find(({ id }) => id === one.appRoleId)?.value ?? one.appRoleId)
      .toSorted();
  return Object.assign(simulator, { ...parts, rolesOf });
}

function answer(parts: Parts, request: SimRequest): SimResponse {
  if (request.headers['authorization'] !== 'Bearer token') return failure(401, 'InvalidAuthenticationToken');
  const path = decodeURIComponent(request.path);
  if (parts.forbidden.some((start) => path.startsWith(start))) return failure(403, 'Authorization_RequestDenied');
  const [, kind = '', key = '', rest = ''] =
    /^\/(?:v1\.0\/)?(\w+)(?:\(appId='([^']+)'\))?(?:\/(.*))?$/.exec(path) ?? [];
  if (kind === 'secrets' || kind === 'deletedsecrets') return vault(parts, request, kind, rest);
  if (kind === 'servicePrincipals') return servicePrincipals(parts, request, key, rest);
  if (kind === 'applications') return applications(parts, request, key, rest);
  return failure(400, 'BadRequest');
}

function servicePrincipals(parts: Parts, request: SimRequest, appId: string, rest: string): SimResponse {
  const [principalId = '', list] = rest.split('/');
  if (request.method === 'POST' && rest === '') {
    const { appId: clientId } = request.json() as { readonly appId: string };
    const id = randomUUID();
    parts.servicePrincipals.set(clientId, id);
    return { status: 201, body: { id } };
  }
  if (list === 'appRoleAssignments') return assignments(parts, request, principalId);
  const id = parts.servicePrincipals.get(appId);
  return id === undefined
    ? failure(404, 'Request_ResourceNotFound')
    : { status: 200, body: { id, appRoles: appId === GRAPH_APP_ID ? parts.graphRoles : [] } };
}

/** Two to a page, so that whoever does not read on grants twice, which Graph refuses. */
function assignments(parts: Parts, request: SimRequest, principalId: string): SimResponse {
  const own = parts.assignments.filter((one) => one.principalId === principalId);
  if (request.method === 'POST') {
    const added = request.json() as Parts['assignments'][number];
    if (own.some(({ appRoleId }) => appRoleId === added.appRoleId)) return failure(400, 'Request_BadRequest');
    parts.assignments.push(added);
    return { status: 201, body: added };
  }
  const skip = Number(request.query.get('$skip') ?? 0);
  const next = `https://${request.headers['host']}${request.path}?$skip=${skip + 2}`;
  const more = skip + 2 < own.length ? { '@odata.nextLink': next } : {};
  return { status: 200, body: { value: own.slice(skip, skip + 2), ...more } };
}

function applications(parts: Parts, request: SimRequest, appId: string, rest: string): SimResponse {
  const found = parts.applications.get(appId) ?? [...parts.applications.values()].find(({ id }) => id === rest);
  if (found === undefined) return failure(404, 'Request_ResourceNotFound');
  if (rest === 'federatedIdentityCredentials' && request.method === 'GET') {
    return { status: 200, body: { value: found.credentials } };
  }
  if (rest === 'federatedIdentityCredentials') {
    found.credentials.push(request.json());
    return { status: 201, body: {} };
  }
  if (request.method === 'GET') return { status: 200, body: { id: found.id, appRoles: found.appRoles } };
  found.appRoles = (request.json() as { readonly appRoles: unknown[] }).appRoles;
  return { status: 204 };
}

function vault(parts: Parts, request: SimRequest, kind: string, name: string): SimResponse {
  if (!request.query.has('api-version')) return failure(400, 'BadParameter');
  if (kind === 'deletedsecrets') {
    return parts.deletedSecrets.has(name) ? { status: 200, body: { name } } : failure(404, 'SecretNotFound');
  }
  if (request.method === 'PUT') {
    if (parts.deletedSecrets.has(name)) return failure(409, 'ObjectIsDeletedButRecoverable');
    parts.secrets.set(name, (request.json() as { readonly value: string }).value);
  }
  return parts.secrets.has(name) ? { status: 200, body: { id: name } } : failure(404, 'SecretNotFound');
}

function failure(status: number, code: string): SimResponse {
  return { status, body: { error: { code, message: `The simulated tenant answers ${status}.` } } };
}
