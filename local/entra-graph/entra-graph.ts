import { randomUUID } from 'node:crypto';
import { createSettableClock } from '../simulator/clock.ts';
import type { SettableClock } from '../simulator/clock.ts';
import { seededRandom } from '../simulator/random.ts';
import { startSimulator } from '../simulator/server.ts';
import type { Simulator } from '../simulator/server.ts';
import type { TlsIdentity } from '../simulator/tls.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createAdmin, createTenantState } from './admin.ts';
import type { EntraGraphAdmin, TenantState } from './admin.ts';
import { createTokenCodec } from './delta-token.ts';
import { createDirectoryStore } from './directory-store.ts';
import type { DirectoryStore, UserAttributes } from './directory-store.ts';
import { createHandler, injectedBody } from './routes.ts';
import type { EntraGraphServices } from './routes.ts';

export interface EntraGraphOptions {
  readonly tls: Pick<TlsIdentity, 'key' | 'cert'>;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly users?: readonly UserAttributes[];
  readonly port?: number;
  /** Application roles; default User.Read.All. */
  readonly roles?: readonly string[];
  /** What managed-identity calls must bring as X-IDENTITY-HEADER; default random. */
  readonly identityHeader?: string;
  /** Client id of the user-assigned identity; absent accepts any. */
  readonly identityClientId?: string;
  /** Default 200, as observed. */
  readonly pageSize?: number;
  /** Length of delta tokens; default 1200 characters. */
  readonly tokenLength?: number;
  /** Decides the order of pages, batches' answers and faults with a probability. */
  readonly seed?: number;
  readonly clock?: SettableClock;
}

export interface EntraGraph extends Simulator {
  readonly tenantId: string;
  readonly clientId: string;
  /** For IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly admin: EntraGraphAdmin;
  /** Requests that no route of this simulator answers: a test of the product wants none. */
  readonly unexpected: readonly string[];
  readonly clock: SettableClock;
  /** Whether an Authorization header carries a valid token for the resource (`https://vault.azure.net`). */
  readonly acceptsToken: (authorization: string | undefined, resource: string) => boolean;
}

const DEFAULT_PAGE_SIZE = 200;
const DEFAULT_TOKEN_LENGTH = 1200;

interface Tenant {
  readonly state: TenantState;
  readonly store: DirectoryStore;
  readonly tokens: AccessTokens;
  readonly clock: SettableClock;
  readonly identityHeader: string;
  readonly unexpected: string[];
}

/** Starts Entra's token endpoint, App Service's identity endpoint and Microsoft Graph on one HTTPS server. */
export async function startEntraGraph(options: EntraGraphOptions): Promise<EntraGraph> {
  const tenant = createTenant(options);
  const { state, store, tokens, clock, identityHeader, unexpected } = tenant;
  // Links name the origin, which is known once the server listens; no request comes before that.
  const running = (): Simulator => simulator;
  const simulator: Simulator = await startSimulator({
    name: 'entra-graph',
    tls: options.tls,
    now: () => clock.now(),
    errorBody: (status, request) => injectedBody(status, request, clock.now()),
    handle: createHandler(createServices(options, tenant, running)),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  return Object.assign(simulator, {
    tenantId: options.tenantId,
    clientId: options.clientId,
    identityEndpoint: `${simulator.origin}/msi/token`,
    identityHeader,
    admin: createAdmin(state, store, tokens, clock),
    unexpected,
    clock,
    acceptsToken: (authorization: string | undefined, resource: string) => {
      const checked = tokens.check(authorization);
      return checked.valid && checked.token.audience === resource;
    },
  });
}

function createTenant(options: EntraGraphOptions): Tenant {
  const clock = options.clock ?? createSettableClock();
  const store = createDirectoryStore(() => clock.now());
  for (const user of options.users ?? []) store.create(user);
  return {
    state: createTenantState(
      options.clientSecret,
      options.roles ?? ['User.Read.All'],
      options.pageSize ?? DEFAULT_PAGE_SIZE,
    ),
    store,
    tokens: createAccessTokens(options.tenantId),
    clock,
    identityHeader: options.identityHeader ?? randomUUID(),
    unexpected: [],
  };
}

function createServices(options: EntraGraphOptions, tenant: Tenant, running: () => Simulator): EntraGraphServices {
  const { state, store, tokens, clock, identityHeader, unexpected } = tenant;
  const { tenantId, clientId, identityClientId } = options;
  const random = seededRandom(options.seed ?? 1);
  const now = (): number => clock.now();
  const origin = (): string => running().origin;
  const managedIdentity = {
    header: identityHeader,
    ...(identityClientId === undefined ? {} : { clientId: identityClientId }),
  };
  return {
    tokenService: {
      tenantId,
      clientId,
      secrets: () => state.secrets,
      roles: () => [...state.roles],
      lifetimeSeconds: () => state.tokenLifetimeSeconds,
      managedIdentity,
      tokens,
      now: Date.now,
      origin,
    },
    deltaService: {
      store,
      options: state.options,
      codec: createTokenCodec(options.tokenLength ?? DEFAULT_TOKEN_LENGTH),
      now,
      origin,
      nextSeed: () => Math.floor(random() * 2_147_483_647),
      epoch: () => state.deltaEpoch,
    },
    roles: () => state.roles,
    faults: () => running().faults,
    random,
    unexpected,
  };
}
