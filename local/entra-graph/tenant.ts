import type { SettableClock } from '../simulator/clock.ts';
import type { Faults } from '../simulator/faults.ts';
import type { Random } from '../simulator/random.ts';
import type { SimRequest } from '../simulator/server.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createAdmin } from './admin.ts';
import type { EntraGraphAdmin, TenantState, TenantStores } from './admin.ts';
import { ORG_CONTACT } from './contact-properties.ts';
import { createTokenCodec } from './delta-token.ts';
import { createDirectoryStore } from './directory-store.ts';
import type { UserAttributes } from './directory-store.ts';
import { createGroupStore } from './group-store.ts';
import { createMailboxStore } from './mailbox-store.ts';
import type { EntraGraphServices } from './routes.ts';
import type { TokenService } from './token-endpoint.ts';
import { createWriteCount } from './write-limits.ts';

export interface TenantParts {
  readonly tenantId: string;
  readonly clientId: string;
  readonly state: TenantState;
  readonly tokens: AccessTokens;
  readonly clock: SettableClock;
  readonly managedIdentity: TokenService['managedIdentity'];
  readonly tokenLength: number;
  /** What access tokens are issued and judged by. */
  readonly tokenNow: () => number;
  /** Known once the server listens; no request comes before that. */
  readonly origin: () => string;
  readonly faults: () => Faults;
  readonly random: Random;
  readonly users: readonly UserAttributes[];
}

export interface Tenant {
  readonly admin: EntraGraphAdmin;
  readonly services: EntraGraphServices;
}

/** A tenant with these users and nothing else yet: what administers it, and what answers for it. */
export function createTenant(parts: TenantParts): Tenant {
  const { state, tokens, clock } = parts;
  const stores = createStores(() => clock.now());
  for (const user of parts.users) stores.users.create(user);
  return { admin: createAdmin(state, stores, tokens, clock), services: createServices(parts, stores) };
}

function createStores(now: () => number): TenantStores {
  const users = createDirectoryStore(now);
  const orgContacts = createDirectoryStore(now, ORG_CONTACT);
  const typeOf = (id: string) => {
    if (users.findLive(id) !== undefined) return 'user';
    return orgContacts.findLive(id) === undefined ? undefined : 'orgContact';
  };
  return { users, orgContacts, groups: createGroupStore(typeOf), mailboxes: createMailboxStore(now) };
}

function createServices(parts: TenantParts, stores: TenantStores): EntraGraphServices {
  const { tenantId, clientId, state, tokens, clock, managedIdentity, origin, faults, random } = parts;
  const { users, orgContacts, groups, mailboxes } = stores;
  const { options } = state;
  const now = (): number => clock.now();
  const deltaService = {
    options,
    codec: createTokenCodec(parts.tokenLength),
    now,
    origin,
    nextSeed: () => Math.floor(random() * 2_147_483_647),
    epoch: () => state.deltaEpoch,
  };
  const unexpected: string[] = [];
  const rolesOf = (request: SimRequest) => rolesInForce(state, tokens, request);
  return {
    writeService: {
      users,
      rolesOf,
      privileged: state.privileged,
      delays: () => ({
        deltaMs: options.writeDelayMs,
        readMs: options.writeReadDelayMs,
        oldFirst: options.writeShowsOldFirst,
      }),
      count: createWriteCount(() => options.writeLimit, now),
      unexpected,
    },
    tokenService: {
      tenantId,
      clientId,
      secrets: () => state.secrets,
      roles: () => [...state.roles],
      lifetimeSeconds: () => state.tokenLifetimeSeconds,
      managedIdentity,
      federatedCredentials: () => state.federatedCredentials,
      tokens,
      now: parts.tokenNow,
      origin,
    },
    deltaService,
    users,
    orgContacts,
    groupChanges: createDirectoryStore(now),
    groupService: { groups, users, options, now, origin },
    mailboxService: { mailboxes, users, delta: deltaService, options },
    rolesOf,
    faults,
    random,
    unexpected,
  };
}

// A role must be in the token and still be granted: what was taken away is missed at once, in the midst of a chain too.
function rolesInForce(state: TenantState, tokens: AccessTokens, request: SimRequest): ReadonlySet<string> {
  const checked = tokens.check(request.headers['authorization']);
  return new Set(checked.valid ? checked.token.roles.filter((role) => state.roles.has(role)) : []);
}
