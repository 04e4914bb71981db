import { PSEUDONYM_KEY, surplusRoles, type GrantRequest, type GrantState, type GrantStep } from './grant-plan.ts';
import { readsMailboxes } from './graph-roles.ts';

/** Something that is left to somebody, and the command that does it. */
export interface ByHand {
  readonly what: string;
  readonly command: string;
}

/** Where things are, for commands that can be copied as they stand. */
export interface Places {
  readonly graphBaseUrl: string;
  readonly vaultName: string;
}

/** A step in words. */
export function describeStep(step: GrantStep): string {
  switch (step.kind) {
    case 'create-service-principal':
      return `make a service principal for the app registration ${step.clientId}`;
    case 'assign-role':
      return `grant ${step.role.value} of Microsoft Graph: ${step.why}`;
    case 'trust-identity':
      return `let the app registration trust the managed identity ${step.credential.subject}`;
    case 'declare-api-role':
      return `declare the app role ${step.value} of the API`;
    default:
      return `create the secret ${PSEUDONYM_KEY} in the vault; it stays for good`;
  }
}

/** The command of a step that whoever is signed in may not take. */
export function commandOf(step: GrantStep, request: GrantRequest, state: GrantState, places: Places): string {
  const { graphBaseUrl, vaultName } = places;
  switch (step.kind) {
    case 'create-service-principal':
      return `az ad sp create --id ${step.clientId}`;
    case 'assign-role': {
      const principalId = state.callerId ?? '<object id of the service principal>';
      const body = JSON.stringify({ principalId, resourceId: state.graph.id, appRoleId: step.role.id });
      return rest('POST', `${graphBaseUrl}/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, body);
    }
    case 'trust-identity':
      return `az ad app federated-credential create --id ${request.clientId} --parameters '${JSON.stringify(step.credential)}'`;
    case 'declare-api-role':
      return `npm run infra:grant   # as an owner of the app registration ${request.apiClientId}`;
    default:
      return `az keyvault secret set --vault-name ${vaultName} --name ${PSEUDONYM_KEY} --value "$(openssl rand -base64 48)" --output none`;
  }
}

/** What no script should do: secrets that only people know, rights that are too many, mailboxes that are too open. */
export function leftByHand(request: GrantRequest, state: GrantState, places: Places): readonly ByHand[] {
  return [
    ...missingSecrets(request, state, places),
    ...lostPseudonymKey(state, places),
    ...openMailboxes(request),
    ...surplusRoles(request, state).map(({ id, value }) => ({
      what: `${value} is granted and not needed. To take it away, find the assignment of role ${id} and delete it`,
      command: rest('GET', `${places.graphBaseUrl}/v1.0/servicePrincipals/${state.callerId}/appRoleAssignments`),
    })),
  ];
}

function missingSecrets(
  { auth, clientId }: GrantRequest,
  { secrets }: GrantState,
  { vaultName }: Places,
): readonly ByHand[] {
  const set = (name: string): string =>
    `read -rs VALUE && az keyvault secret set --vault-name ${vaultName} --name ${name} --value "$VALUE" --output none`;
  const wanted = [
    { name: 'messagemedia-api-key', what: 'Set the key of the MessageMedia account' },
    { name: 'messagemedia-api-secret', what: 'Set its secret' },
    ...(auth === 'client-secret'
      ? [
          {
            name: 'entra-client-secret',
            what: `Set the client secret of the app registration (az ad app credential reset --id ${clientId} --append makes one)`,
          },
        ]
      : []),
  ];
  return wanted.filter(({ name }) => !secrets.includes(name)).map(({ name, what }) => ({ what, command: set(name) }));
}

function lostPseudonymKey({ secrets, deletedSecrets }: GrantState, { vaultName }: Places): readonly ByHand[] {
  if (secrets.includes(PSEUDONYM_KEY) || !deletedSecrets.includes(PSEUDONYM_KEY)) return [];
  return [
    {
      what: `${PSEUDONYM_KEY} was deleted. Bring it back; with another key every claim on a number would be lost`,
      command: `az keyvault secret recover --vault-name ${vaultName} --name ${PSEUDONYM_KEY}`,
    },
  ];
}

function openMailboxes({ roles, clientId, identityPrincipalId }: GrantRequest): readonly ByHand[] {
  if (!readsMailboxes(roles)) return [];
  return [
    {
      what: 'The permission on contacts reaches every mailbox. Limit it, in Exchange Online PowerShell',
      command:
        `New-ApplicationAccessPolicy -AppId ${clientId ?? `<client id of ${identityPrincipalId}>`} -AccessRight RestrictAccess ` +
        '-PolicyScopeGroupId <mail-enabled security group> -Description "Entra Sync"',
    },
  ];
}

function rest(method: string, url: string, body?: string): string {
  const data = body === undefined ? '' : ` --headers Content-Type=application/json --body '${body}'`;
  return `az rest --method ${method} --url '${url}'${data}`;
}
