import { createAccessTokens } from '../../local/entra-graph/access-tokens.ts';
import { createAdmin, createTenantState } from '../../local/entra-graph/admin.ts';
import type { EntraGraphAdmin } from '../../local/entra-graph/admin.ts';
import { createTokenCodec } from '../../local/entra-graph/delta-token.ts';
import { createDirectoryStore } from '../../local/entra-graph/directory-store.ts';
import type { UserAttributes } from '../../local/entra-graph/directory-store.ts';
import { createHandler } from '../../local/entra-graph/routes.ts';
import { createFaults } from '../../local/simulator/faults.ts';
import { seededRandom } from '../../local/simulator/random.ts';
import type { SimRequest, SimResponse } from '../../local/simulator/server.ts';
import { checkDelta, readDeltaPages } from '../../src/adapters/graph/delta-pages.ts';
import type { EntraTokens } from '../../src/adapters/graph/entra-tokens.ts';
import { createGraphCalls } from '../../src/adapters/graph/graph-calls.ts';
import { GraphWireFailure } from '../../src/adapters/graph/graph-transport.ts';
import type { GraphRequest, GraphTransport } from '../../src/adapters/graph/graph-transport.ts';
import { readPeopleById } from '../../src/adapters/graph/read-people.ts';
import type { Clock, Directory, Log } from '../../src/core/ports.ts';
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
  /** The app's permission is taken away, in the midst of a chain too. */
  revoke(): void;
  restorePermission(): void;
  /** The same tenant as another worker sees it: with its own hooks, retry budget and breaker. */
  through(hooks: MemoryHooks): Directory;
}

const ORIGIN = 'https://directory.example.com';
const TENANT = '11111111-2222-4333-8444-555555555555';
const PERMISSION = 'User.Read.All';
const DEFAULT_PAGE_SIZE = 200;
const NO_LOG: Log = { event: () => undefined };

/** The simulated tenant as a Directory: the adapter's own readers, judges and retries over a transport in memory. */
export function createMemoryDirectory(options: MemoryDirectoryOptions): MemoryDirectory {
  const { clock, seed = 1, log = NO_LOG } = options;
  const tenant = createTenant(options);
  const random = seededRandom(seed);
  const through = (hooks: MemoryHooks): Directory => {
    const graph = createGraphCalls({
      transport: transportTo(tenant.handle, hooks),
      tokens: tenant.tokens,
      clock,
      random,
      throttlePriority: 'Low',
      log,
    });
    return {
      deltaPages: (from, scope) => readDeltaPages(graph, ORIGIN, from, scope),
      readPeople: (ids, select, scope) => readPeopleById(graph, ORIGIN, { ids, select }, scope),
      check: (scope) => checkDelta(graph, ORIGIN, scope),
    };
  };
  return {
    ...through(options),
    admin: tenant.admin,
    revoke: () => tenant.admin.dropRole(PERMISSION),
    restorePermission: () => tenant.admin.grantRole(PERMISSION),
    through,
  };
}

interface Tenant {
  readonly admin: MemoryAdmin;
  readonly tokens: EntraTokens;
  readonly handle: (request: SimRequest) => SimResponse;
}

function createTenant(options: MemoryDirectoryOptions): Tenant {
  const { clock, seed = 1 } = options;
  // Tokens can be aged alone, so the tenant's clock may run ahead of everybody else's.
  let ahead = 0;
  const tenantClock = { now: () => clock.now() + ahead, advance: (ms: number) => void (ahead += ms) };
  const store = createDirectoryStore(() => tenantClock.now());
  for (const user of options.users ?? []) store.create(user);
  const state = createTenantState('', [PERMISSION], options.pageSize ?? DEFAULT_PAGE_SIZE);
  const accessTokens = createAccessTokens(TENANT, () => tenantClock.now());
  const random = seededRandom(seed);
  const unexpected: string[] = [];
  const origin = (): string => ORIGIN;
  const tokenService = {
    tenantId: TENANT,
    clientId: 'memory-client',
    secrets: () => state.secrets,
    roles: () => [...state.roles],
    lifetimeSeconds: () => state.tokenLifetimeSeconds,
    managedIdentity: { header: '' },
    tokens: accessTokens,
    now: () => tenantClock.now(),
    origin,
  };
  const deltaService = {
    store,
    options: state.options,
    codec: createTokenCodec(0),
    now: () => tenantClock.now(),
    origin,
    nextSeed: () => Math.floor(random() * 2_147_483_647),
    epoch: () => state.deltaEpoch,
  };
  const faults = createFaults(seed);
  return {
    admin: createAdmin(state, store, accessTokens, tenantClock),
    tokens: tokensFrom(() =>
      accessTokens.issue({
        audience: 'https://localhost',
        clientId: 'memory-client',
        roles: [PERMISSION],
        expiresAt: Number.MAX_SAFE_INTEGER,
      }),
    ),
    handle: createHandler({
      tokenService,
      deltaService,
      roles: () => state.roles,
      faults: () => faults,
      random,
      unexpected,
    }),
  };
}

function tokensFrom(issue: () => string): EntraTokens {
  let current: string | undefined;
  return {
    get: async () => (current ??= issue()),
    async renew() {
      current = undefined;
    },
  };
}

function transportTo(handle: Tenant['handle'], hooks: MemoryHooks): GraphTransport {
  return {
    async send(request, token) {
      const name = request.method === 'POST' ? '$batch' : 'users/delta';
      const effect = (): SimResponse => handle(simRequest(request, token));
      const response = await carryOut(hooks, { name, isWrite: false }, effect).catch(rethrowAsWireFailure);
      return { status: response.status, headers: new Headers({ ...response.headers }), text: textOf(response) };
    },
  };
}

function simRequest({ method, url, body, headers }: GraphRequest, token: string): SimRequest {
  const { pathname, searchParams } = new URL(url);
  return {
    method,
    path: pathname,
    query: searchParams,
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: body === undefined ? '' : JSON.stringify(body),
    json: () => body,
  };
}

function rethrowAsWireFailure(error: unknown): never {
  throw error instanceof NoAnswer ? new GraphWireFailure(error.timedOut, error) : error;
}
