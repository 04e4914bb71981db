import { randomBytes, randomUUID } from 'node:crypto';
import {
  PSEUDONYM_KEY,
  type AppRole,
  type FederatedCredential,
  type GrantRequest,
  type GrantState,
  type GrantStep,
} from './grant-plan.ts';
import type { RestClient } from './rest-client.ts';

/** Microsoft Graph's own client id: the same in every tenant and cloud. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';
const VAULT_API = 'api-version=7.4';
// 384 bits: nobody guesses it, and base64 makes 64 characters of it.
const KEY_BYTES = 48;
const SECRETS = ['messagemedia-api-key', 'messagemedia-api-secret', 'entra-client-secret', PSEUDONYM_KEY];

/** The services in which things are granted. */
export interface Clients {
  readonly graph: RestClient;
  readonly vault: RestClient;
}

interface Identified {
  readonly id: string;
}
interface ApiRegistration {
  readonly id: string;
  readonly appRoles: readonly (AppRole & Readonly<Record<string, unknown>>)[];
}

/** Reads what is there now. Changes nothing. */
export async function readGrants(request: GrantRequest, { graph, vault }: Clients): Promise<GrantState> {
  const caller = await findCaller(request, graph);
  const graphItself = (await graph.find(
    `/v1.0/servicePrincipals(appId='${GRAPH_APP_ID}')?$select=id,appRoles`,
  )) as GrantState['graph'];
  const assigned = (
    caller === undefined ? [] : await graph.list(`/v1.0/servicePrincipals/${caller}/appRoleAssignments`)
  ) as readonly { readonly appRoleId: string; readonly resourceId: string }[];
  return {
    ...(caller === undefined ? {} : { callerId: caller }),
    graph: graphItself,
    assignedRoleIds: assigned.filter(({ resourceId }) => resourceId === graphItself.id).map((one) => one.appRoleId),
    federatedSubjects: await federatedSubjects(request, graph),
    apiRoles: (await apiRegistration(request, graph))?.appRoles.map(({ value }) => value) ?? [],
    secrets: await present(vault, (name) => `/secrets/${name}?${VAULT_API}`),
    deletedSecrets: await present(vault, (name) => `/deletedsecrets/${name}?${VAULT_API}`),
  };
}

/** Takes one step. Throws Refused when whoever is signed in may not. */
export async function takeStep(
  step: GrantStep,
  request: GrantRequest,
  state: GrantState,
  { graph, vault }: Clients,
): Promise<void> {
  switch (step.kind) {
    case 'create-service-principal':
      await graph.send('POST', '/v1.0/servicePrincipals', { appId: step.clientId });
      return;
    case 'assign-role': {
      // A service principal that was made a moment ago was not there when the state was read.
      const principalId = state.callerId ?? (await findCaller(request, graph));
      const assignment = { principalId, resourceId: state.graph.id, appRoleId: step.role.id };
      await graph.send('POST', `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, assignment);
      return;
    }
    case 'trust-identity':
      await trust(step.credential, request, graph);
      return;
    case 'declare-api-role':
      await declareApiRole(step.value, request, graph);
      return;
    case 'create-pseudonym-key':
      await vault.send('PUT', `/secrets/${PSEUDONYM_KEY}?${VAULT_API}`, {
        value: randomBytes(KEY_BYTES).toString('base64'),
        contentType: 'HMAC key of the pseudonyms of numbers; never rotated',
      });
  }
}

/** Who calls Graph: the identity itself, or the app registration's service principal. */
async function findCaller(request: GrantRequest, graph: RestClient): Promise<string | undefined> {
  if (request.auth === 'managed-identity') return request.identityPrincipalId;
  const found = await graph.find(`/v1.0/servicePrincipals(appId='${request.clientId}')?$select=id`);
  return (found as Identified | undefined)?.id;
}

async function federatedSubjects({ auth, clientId }: GrantRequest, graph: RestClient): Promise<readonly string[]> {
  if (auth !== 'federated') return [];
  const trusted = await graph.list(`/v1.0/applications(appId='${clientId}')/federatedIdentityCredentials`);
  return (trusted as readonly FederatedCredential[]).map(({ subject }) => subject);
}

async function trust(credential: FederatedCredential, { clientId }: GrantRequest, graph: RestClient): Promise<void> {
  await graph.send('POST', `/v1.0/applications(appId='${clientId}')/federatedIdentityCredentials`, credential);
}

async function apiRegistration({ apiClientId }: GrantRequest, graph: RestClient): Promise<ApiRegistration | undefined> {
  if (apiClientId === undefined) return undefined;
  const path = `/v1.0/applications(appId='${apiClientId}')?$select=id,appRoles`;
  return (await graph.find(path)) as ApiRegistration | undefined;
}

/** The list is written as a whole: what others declared is sent along, as it was read a moment ago. */
async function declareApiRole(value: string, request: GrantRequest, graph: RestClient): Promise<void> {
  const registration = await apiRegistration(request, graph);
  if (registration === undefined) throw new Error(`There is no app registration ${request.apiClientId}.`);
  const role = {
    id: randomUUID(),
    value,
    displayName: value,
    description: `Entra Sync: ${value}`,
    allowedMemberTypes: ['User', 'Application'],
    isEnabled: true,
  };
  await graph.send('PATCH', `/v1.0/applications/${registration.id}`, { appRoles: [...registration.appRoles, role] });
}

async function present(vault: RestClient, pathOf: (name: string) => string): Promise<readonly string[]> {
  const found = await Promise.all(SECRETS.map(async (name) => ((await vault.find(pathOf(name))) ? [name] : [])));
  return found.flat();
}
