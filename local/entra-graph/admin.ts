import type { SettableClock } from '../simulator/clock.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { FederatedCredential } from './client-assertion.ts';
import type { ExpiryMode, LinkOptions } from './delta-service.ts';
import type { DirectoryStore, DirectoryUser, UserAttributes } from './directory-store.ts';
import type { HiddenMode } from './group-routes.ts';
import type { GroupStore } from './group-store.ts';
import type { MailboxLimits } from './mailbox-limits.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { ClientSecret } from './token-endpoint.ts';
import type { WriteLimit } from './write-limits.ts';

/** Free choices of the service, settable at any time. */
export interface ServiceOptions extends LinkOptions, MailboxLimits {
  hiddenMembers: HiddenMode;
  mailboxGenerations: number;
  mailboxLinks: 'as-asked' | 'by-id';
  /** How long what an app wrote is missing from delta queries, and from reads by id. */
  writeDelayMs: number;
  writeReadDelayMs: number;
  /** While true, a delta query shows the old value once more before it shows the written one. */
  writeShowsOldFirst: boolean;
  writeLimit: WriteLimit;
}

/** What a test or the demo may do to the simulated tenant. */
export interface EntraGraphAdmin {
  readonly options: ServiceOptions;
  /** Contacts of the directory, which have no recycle bin: `hardDelete` them. */
  readonly orgContacts: DirectoryStore;
  readonly groups: GroupStore;
  readonly mailboxes: MailboxStore;
  /** Answers the id: `attributes.id`, or a fresh one. */
  createUser(attributes: UserAttributes): string;
  /** `null` clears a property. */
  updateUser(id: string, attributes: UserAttributes): void;
  /** Undefined: nobody. */
  setManager(id: string, managerId: string | undefined): void;
  /** Somebody holds an administrator role, or no longer does: then no app can write their phones. */
  setPrivileged(id: string, isPrivileged: boolean): void;
  softDelete(id: string): void;
  restore(id: string): void;
  hardDelete(id: string): void;
  /** Everybody who is not deleted. */
  users(): DirectoryUser[];
  /** Leaves somebody out of delta pages, as a slow replica does, until `show`. */
  hide(id: string): void;
  show(id: string): void;
  /** Makes a new secret valid; the old ones stop working unless `keepOld`. */
  rotateSecret(secret: string, options?: { readonly keepOld?: boolean }): void;
  /** The secrets of now are refused as expired (AADSTS7000222). */
  expireSecrets(): void;
  /** From now on the app registration accepts the tokens of exactly these in place of a secret. */
  setFederatedCredentials(credentials: readonly FederatedCredential[]): void;
  /** Every access token issued so far is refused with 401, although its holder believes it valid. */
  expireAccessTokens(): void;
  /** Seconds that new access tokens are valid; 300 or less makes clients fetch one for every call. */
  setTokenLifetime(seconds: number): void;
  /** Takes an application role away, from tokens already issued too. */
  dropRole(role: string): void;
  grantRole(role: string): void;
  /** Every delta and skip token issued so far is refused in this way. */
  expireTokens(mode: ExpiryMode): void;
  /** Sets the directory's clock forward: delta tokens age, access tokens do not. */
  advanceClock(ms: number): void;
}

/** What can change about the tenant and its app while the simulator runs, besides the users. */
export interface TenantState {
  readonly options: ServiceOptions;
  readonly hidden: Set<string>;
  readonly privileged: Set<string>;
  readonly roles: Set<string>;
  secrets: readonly ClientSecret[];
  federatedCredentials: readonly FederatedCredential[];
  tokenLifetimeSeconds: number;
  deltaEpoch: { readonly number: number; readonly mode: ExpiryMode };
}

const DEFAULT_TOKEN_LIFETIME_S = 3599;

/** The state of a tenant that nothing has happened to. */
export function createTenantState(secret: string, roles: readonly string[], pageSize: number): TenantState {
  const hidden = new Set<string>();
  return {
    hidden,
    privileged: new Set(),
    roles: new Set(roles),
    secrets: [{ value: secret }],
    federatedCredentials: [],
    tokenLifetimeSeconds: DEFAULT_TOKEN_LIFETIME_S,
    deltaEpoch: { number: 1, mode: 'syncStateNotFound' },
    options: {
      pageSize,
      sparse: true,
      emptyPages: 0,
      duplicates: 0,
      splitEntries: false,
      initialTombstones: 'none',
      midChainChanges: 'both',
      hidden,
      expiry: 'syncStateNotFound',
      wrongHostNextLink: undefined,
      nextLinkLoop: false,
      hiddenMembers: 'left-out',
      mailboxGenerations: 50,
      mailboxLinks: 'as-asked',
      mailboxDelayMs: 0,
      mailboxRequests: 10_000,
      writeDelayMs: 0,
      writeReadDelayMs: 0,
      writeShowsOldFirst: false,
      writeLimit: { writes: 3_000, windowMs: 150_000 },
    },
  };
}

/** Everything the tenant's directory and mailboxes hold. */
export interface TenantStores {
  readonly users: DirectoryStore;
  readonly orgContacts: DirectoryStore;
  readonly groups: GroupStore;
  readonly mailboxes: MailboxStore;
}

/** Joins the tenant's state, what it holds and its clock into one set of controls. */
export function createAdmin(
  state: TenantState,
  stores: TenantStores,
  tokens: AccessTokens,
  clock: SettableClock,
): EntraGraphAdmin {
  const { users: store, orgContacts, groups, mailboxes } = stores;
  return {
    options: state.options,
    orgContacts,
    groups,
    mailboxes,
    createUser: (attributes) => store.create(attributes),
    updateUser: (id, attributes) => store.update(id, attributes),
    setManager: (id, managerId) => store.setManager(id, managerId),
    setPrivileged: (id, isPrivileged) => void (isPrivileged ? state.privileged.add(id) : state.privileged.delete(id)),
    softDelete: (id) => store.softDelete(id),
    restore: (id) => store.restore(id),
    hardDelete: (id) => store.hardDelete(id),
    users: () => store.live(),
    hide: (id) => void state.hidden.add(id),
    show(id) {
      if (state.hidden.delete(id)) store.reappear(id);
    },
    rotateSecret(value, { keepOld = false } = {}) {
      state.secrets = [...(keepOld ? state.secrets : []), { value }];
    },
    expireSecrets() {
      state.secrets = state.secrets.map((secret) => ({ ...secret, expiresAt: 0 }));
    },
    setFederatedCredentials(credentials) {
      state.federatedCredentials = credentials;
    },
    expireAccessTokens: () => tokens.expireAll(),
    setTokenLifetime(seconds) {
      state.tokenLifetimeSeconds = seconds;
    },
    dropRole: (role) => void state.roles.delete(role),
    grantRole: (role) => void state.roles.add(role),
    expireTokens(mode) {
      state.deltaEpoch = { number: state.deltaEpoch.number + 1, mode };
    },
    advanceClock: (ms) => clock.advance(ms),
  };
}
