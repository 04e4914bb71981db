import { createAccessTokens } from '../../local/entra-graph/access-tokens.ts';
import { createTenantState } from '../../local/entra-graph/admin.ts';
import type { EntraGraphAdmin } from '../../local/entra-graph/admin.ts';
import type { UserAttributes } from '../../local/entra-graph/directory-store.ts';
import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { createHandler } from '../../local/entra-graph/routes.ts';
import { createTenant } from '../../local/entra-graph/tenant.ts';
import { createFaults } from '../../local/simulator/faults.ts';
import { seededRandom } from '../../local/simulator/random.ts';
import type { SimRequest, SimResponse } from '../../local/simulator/server.ts';
import type { EntraTokens } from '../../src/adapters/graph/entra-tokens.ts';
import { createGraphCalls } from '../../src/adapters/graph/graph-calls.ts';
import { createGraphDirectory } from '../../src/adapters/graph/graph-directory.ts';
import { GraphWireFailure } from '../../src/adapters/graph/graph-transport.ts';
import type { GraphRequest, GraphTransport } from '../../src/adapters/graph/graph-transport.ts';
import { createPace } from '../../src/core/pace.ts';
import type { Clock, Directory, Log } from '../../src/core/ports.ts';
import { NO_METER } from '../../src/core/traffic.ts';
import { carryOut, NoAnswer, textOf } from './memory-calls.ts';
import type { MemoryHooks } from './memory-calls.ts';

export interface MemoryDirectoryOptions extends MemoryHooks {
  /** Delta tokens age by it, and waits between tries pass on it; without faults there are none. */
  readonly clock: Clock;
  /** Told when the directory is left alone for a while. */
  readonly log?: Log;
  readonly users?: readonly UserAttributes[];
  /** Default 200, as observed. */
  readonly pageSize?: number;
  /** Decides the order of pages and of batches' answers. */
  readonly seed?: number;
}

/** What the tenant's administrators do; there is no secret here that could be rotated. */
type MemoryAdmin = Omit<EntraGraphAdmin, 'rotateSecret' | 'expireSecrets' | 'setTokenLifetime'>;

/** A Directory without sockets, and the tenant behind it. */
export interface MemoryDirectory extends Directory {
  readonly admin: MemoryAdmin;
  /** The app's permission to read users is taken away, in the midst of a chain too. */
  revoke(): void;
  restorePermission(): void;
  /** The same tenant as another worker sees it: with its own hooks, retry budget and breaker. */
  through(hooks: MemoryHooks): Directory;
}

const ORIGIN = 'https://directory.example.com';
const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = 'memory-client';
const PERMISSION = 'User.Read.All';
const DEFAULT_PAGE_SIZE = 200;
const WRITES_PER_SECOND = 10;
const ALL_ROLES = [...READING_ROLES, ...WRITING_ROLES];
const NO_LOG: Log = { event: () => undefined };

/** The simulated tenant as a Directory: the adapter's own readers, judges and retries over a transport in memory. */
export function createMemoryDirectory(options: MemoryDirectoryOptions): MemoryDirectory {
  const { clock, seed = 1, log = NO_LOG } = options;
  const tenant = createMemoryTenant(options);
  const random = seededRandom(seed);
  const through = (hooks: MemoryHooks): Directory => {
    const graph = createGraphCalls({
      transport: transportTo(tenant.handle, hooks),
      tokens: tenant.tokens,
      clock,
      random,
      throttlePriority: 'Low',
      log,
      meter: NO_METER,
    });
    return createGraphDirectory(graph, ORIGIN, createPace({ perSecond: WRITES_PER_SECOND, clock }));
  };
  return {
    ...through(options),
    admin: tenant.admin,
    revoke: () => tenant.admin.dropRole(PERMISSION),
    restorePermission: () => tenant.admin.grantRole(PERMISSION),
    through,
  };
}

interface MemoryTenant {
  readonly admin: MemoryAdmin;
  readonly tokens: EntraTokens;
  readonly handle: (request: SimRequest) => SimResponse;
}

function createMemoryTenant(options: MemoryDirectoryOptions): MemoryTenant {
  const { clock, seed = 1, users = [], pageSize = DEFAULT_PAGE_SIZE } = options;
  // Tokens can be aged alone, so the tenant's clock may run ahead of everybody else's.
  let ahead = 0;
  const tenantClock = { now: () => clock.now() + ahead, advance: (ms: number) => void (ahead += ms) };
  const accessTokens = createAccessTokens(TENANT, () => tenantClock.now());
  const faults = createFaults(seed);
  const state = createTenantState('', ALL_ROLES, pageSize);
  const { admin, services } = createTenant({
    tenantId: TENANT,
    clientId: CLIENT,
    state,
    tokens: accessTokens,
    clock: tenantClock,
    managedIdentity: { header: '', principalId: '' },
    tokenLength: 0,
    tokenNow: () => tenantClock.now(),
    origin: () => ORIGIN,
    faults: () => faults,
    random: seededRandom(seed),
    users,
  });
  const issue = (roles: readonly string[]): string =>
    accessTokens.issue({ audience: 'https://localhost', clientId: CLIENT, roles, expiresAt: Number.MAX_SAFE_INTEGER });
  return { admin, tokens: tokensFrom(issue, () => [...state.roles]), handle: createHandler(services) };
}

// A token here is never older than what the app was last granted.
function tokensFrom(issue: (roles: readonly string[]) => string, roles: () => readonly string[]): EntraTokens {
  let current: { readonly token: string; readonly granted: string } | undefined;
  return {
    async get() {
      const granted = roles().join(' ');
      if (current?.granted !== granted) current = { token: issue(roles()), granted };
      return current.token;
    },
    async renew() {
      current = undefined;
    },
  };
}

function transportTo(handle: MemoryTenant['handle'], hooks: MemoryHooks): GraphTransport {
  return {
    async send(request, token) {
      const name = operationOf(request);
      const effect = (): SimResponse => handle(simRequest(request, token));
      const isWrite = request.method === 'PATCH';
      const response = await carryOut(hooks, { name, isWrite }, effect).catch(rethrowAsWireFailure);
      return { status: response.status, headers: new Headers({ ...response.headers }), text: textOf(response) };
    },
  };
}

/** `$batch`, or the path without the keys in it: `users/delta`, `groups/transitiveMembers`; a write is `updateUser`. */
function operationOf({ method, url }: GraphRequest): string {
  if (method === 'PATCH') return 'updateUser';
  const segments = new URL(url).pathname.split('/').slice(2);
  return segments.filter((segment, at) => at % 2 === 0 || segment === 'delta').join('/');
}

function simRequest({ method, url, body, headers }: GraphRequest, token: string): SimRequest {
  const { pathname, search, searchParams } = new URL(url);
  return {
    method,
    path: pathname,
    query: searchParams,
    target: pathname + search,
    headers: { ...lowerCased(headers), authorization: `Bearer ${token}` },
    body: body === undefined ? '' : JSON.stringify(body),
    json: () => body,
  };
}

// As the wire gives them to whoever receives them.
function lowerCased(headers: GraphRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function rethrowAsWireFailure(error: unknown): never {
  throw error instanceof NoAnswer ? new GraphWireFailure(error.timedOut, error) : error;
}
