import type { GraphRole } from './graph-roles.ts';

export type EntraAuth = 'managed-identity' | 'federated' | 'client-secret';

/** Who the app is, and what it is to be allowed. */
export interface GrantRequest {
  readonly auth: EntraAuth;
  /** Object id of the managed identity. */
  readonly identityPrincipalId: string;
  /** Client id of the app registration; absent where the identity signs in itself. */
  readonly clientId?: string;
  readonly tenantId: string;
  /** With a slash at the end. */
  readonly authorityHost: string;
  readonly roles: readonly GraphRole[];
  /** Client id of the app registration that stands for the API, where people sign in to it. */
  readonly apiClientId?: string;
}

export interface AppRole {
  readonly id: string;
  readonly value: string;
}

/** What is there now. */
export interface GrantState {
  /** Object id of who calls Graph; undefined when the app registration has no service principal yet. */
  readonly callerId?: string;
  readonly graph: { readonly id: string; readonly appRoles: readonly AppRole[] };
  /** Ids of the Graph roles that the caller has. */
  readonly assignedRoleIds: readonly string[];
  /** Subjects of the credentials that the app registration trusts. */
  readonly federatedSubjects: readonly string[];
  /** Values of the app roles that the registration of the API declares. */
  readonly apiRoles: readonly string[];
  /** Names of the secrets in the vault, and of those that were deleted and can be brought back. */
  readonly secrets: readonly string[];
  readonly deletedSecrets: readonly string[];
}

export type GrantStep =
  | { readonly kind: 'create-service-principal'; readonly clientId: string }
  | { readonly kind: 'assign-role'; readonly role: AppRole; readonly why: string }
  | { readonly kind: 'trust-identity'; readonly credential: FederatedCredential }
  | { readonly kind: 'declare-api-role'; readonly value: string }
  | { readonly kind: 'create-pseudonym-key' };

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

export const PSEUDONYM_KEY = 'pseudonym-key';
const API_ROLES = ['Sync.Read', 'Sync.Run', 'Sync.Approve', 'Sync.Admin'];
// What Entra calls itself as the receiver of a token, by cloud.
const AUDIENCES: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': 'api://AzureADTokenExchangeUSGov',
  'login.chinacloudapi.cn': 'api://AzureADTokenExchangeChina',
  'login.partner.microsoftonline.cn': 'api://AzureADTokenExchangeChina',
};

/** What has to be done so that what is wanted is there; nothing when it is. Nothing is ever taken away. */
export function planGrants(request: GrantRequest, state: GrantState): readonly GrantStep[] {
  return [
    ...servicePrincipalSteps(request, state),
    ...roleSteps(request, state),
    ...trustSteps(request, state),
    ...apiRoleSteps(request, state),
    ...pseudonymKeySteps(state),
  ];
}

/** Roles of Graph that the caller has and the configuration does not need. */
export function surplusRoles({ roles }: GrantRequest, { graph, assignedRoleIds }: GrantState): readonly AppRole[] {
  const needed = roles.map((role) => roleIn(graph.appRoles, role)?.value);
  return graph.appRoles.filter(({ id, value }) => assignedRoleIds.includes(id) && !needed.includes(value));
}

function servicePrincipalSteps({ clientId }: GrantRequest, { callerId }: GrantState): readonly GrantStep[] {
  return callerId === undefined && clientId !== undefined ? [{ kind: 'create-service-principal', clientId }] : [];
}

function roleSteps({ roles }: GrantRequest, { graph, assignedRoleIds }: GrantState): readonly GrantStep[] {
  return roles
    .map((wanted) => {
      const role = roleIn(graph.appRoles, wanted);
      if (role === undefined) {
        throw new Error(`Microsoft Graph of this cloud has no application permission ${wanted.name}.`);
      }
      return { kind: 'assign-role', role, why: wanted.why } as const;
    })
    .filter(({ role }) => !assignedRoleIds.includes(role.id));
}

/** The permission as this cloud has it: the one that is wanted, or the larger one in its place. */
function roleIn(appRoles: readonly AppRole[], { name, elsewhere }: GraphRole): AppRole | undefined {
  const named = (wanted: string | undefined): AppRole | undefined => appRoles.find(({ value }) => value === wanted);
  return named(name) ?? named(elsewhere);
}

/** Only a managed identity of the same tenant can be trusted. */
function trustSteps(request: GrantRequest, { federatedSubjects }: GrantState): readonly GrantStep[] {
  const { auth, identityPrincipalId, authorityHost, tenantId } = request;
  if (auth !== 'federated' || federatedSubjects.includes(identityPrincipalId)) return [];
  const credential = {
    name: 'entra-sync',
    issuer: `${authorityHost}${tenantId}/v2.0`,
    subject: identityPrincipalId,
    audiences: [AUDIENCES[new URL(authorityHost).hostname] ?? 'api://AzureADTokenExchange'],
  };
  return [{ kind: 'trust-identity', credential }];
}

function apiRoleSteps({ apiClientId }: GrantRequest, { apiRoles }: GrantState): readonly GrantStep[] {
  if (apiClientId === undefined) return [];
  return API_ROLES.filter((value) => !apiRoles.includes(value)).map((value) => ({ kind: 'declare-api-role', value }));
}

/** Made once. A key that was deleted is brought back, never replaced: with another one every claim on a number is lost. */
function pseudonymKeySteps({ secrets, deletedSecrets }: GrantState): readonly GrantStep[] {
  const isKnown = secrets.includes(PSEUDONYM_KEY) || deletedSecrets.includes(PSEUDONYM_KEY);
  return isKnown ? [] : [{ kind: 'create-pseudonym-key' }];
}
