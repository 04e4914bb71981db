import { randomUUID } from 'node:crypto';
import { createSettableClock } from '../simulator/clock.ts';
import type { SettableClock } from '../simulator/clock.ts';
import { seededRandom } from '../simulator/random.ts';
import { startSimulator } from '../simulator/server.ts';
import type { Simulator } from '../simulator/server.ts';
import type { TlsIdentity } from '../simulator/tls.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createTenantState } from './admin.ts';
import type { EntraGraphAdmin } from './admin.ts';
import type { UserAttributes } from './directory-store.ts';
import { limitMailboxes } from './mailbox-limits.ts';
import { createHandler, injectedBody } from './routes.ts';
import { createTenant } from './tenant.ts';
import type { TenantParts } from './tenant.ts';

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
  /** Object id of the identity: the subject of its tokens; default random. */
  readonly identityPrincipalId?: string;
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
  readonly identityPrincipalId: string;
  readonly admin: EntraGraphAdmin;
  /** Requests that no route of this simulator answers: a test of the product wants none. */
  readonly unexpected: readonly string[];
  readonly clock: SettableClock;
  /** Whether an Authorization header carries a valid token for the resource (`https://vault.azure.net`). */
  readonly acceptsToken: (authorization: string | undefined, resource: string) => boolean;
}

const DEFAULT_PAGE_SIZE = 200;
const DEFAULT_TOKEN_LENGTH = 1200;

/** Starts Entra's token endpoint, App Service's identity endpoint and Microsoft Graph on one HTTPS server. */
export async function startEntraGraph(options: EntraGraphOptions): Promise<EntraGraph> {
  const { tenantId, clientId } = options;
  const clock = options.clock ?? createSettableClock();
  const now = (): number => clock.now();
  const identityHeader = options.identityHeader ?? randomUUID();
  const identityPrincipalId = options.identityPrincipalId ?? randomUUID();
  const tokens = createAccessTokens(tenantId);
  const { admin, services } = createTenant({
    ...tenantParts(options, () => simulator),
    managedIdentity: identityOf(identityHeader, identityPrincipalId, options.identityClientId),
    tokens,
    clock,
  });
  const simulator: Simulator = await startSimulator({
    name: 'entra-graph',
    tls: options.tls,
    now,
    errorBody: (status, request) => injectedBody(status, request, now()),
    handle: limitMailboxes(createHandler(services), admin.options, now),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  return Object.assign(simulator, {
    tenantId,
    clientId,
    identityEndpoint: `${simulator.origin}/msi/token`,
    identityHeader,
    identityPrincipalId,
    admin,
    unexpected: services.unexpected,
    clock,
    acceptsToken: (authorization: string | undefined, resource: string) => {
      const checked = tokens.check(authorization);
      return checked.valid && checked.token.audience === resource;
    },
  });
}

function tenantParts(
  options: EntraGraphOptions,
  running: () => Simulator,
): Omit<TenantParts, 'managedIdentity' | 'tokens' | 'clock'> {
  const { tenantId, clientId, clientSecret, roles = ['User.Read.All'], pageSize = DEFAULT_PAGE_SIZE } = options;
  return {
    tenantId,
    clientId,
    state: createTenantState(clientSecret, roles, pageSize),
    tokenLength: options.tokenLength ?? DEFAULT_TOKEN_LENGTH,
    tokenNow: Date.now,
    origin: () => running().origin,
    faults: () => running().faults,
    random: seededRandom(options.seed ?? 1),
    users: options.users ?? [],
  };
}

function identityOf(header: string, principalId: string, clientId: string | undefined): TenantParts['managedIdentity'] {
  return { header, principalId, ...(clientId === undefined ? {} : { clientId }) };
}
