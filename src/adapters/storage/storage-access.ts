import type { AccessCure } from '../access-denied.ts';

/** Nobody signs in for us: the SDK found no identity, or its endpoint did not answer. */
export const NO_IDENTITY: AccessCure = {
  access: 'identity-missing',
  cure: 'Assign a managed identity to this app and name it in AZURE_CLIENT_ID.',
};

const NO_ROLE: AccessCure = {
  access: 'permission-missing',
  cure: 'Give the identity of this app the roles Storage Table Data Contributor and Storage Queue Data Contributor.',
};

const NO_TOKEN: AccessCure = {
  access: 'token-refused',
  cure: 'See that the storage account and the identity of this app are in the same tenant.',
};

/** Refusals that need another cure than a role, by storage's codes. */
const CURES: readonly (AccessCure & { readonly codes: readonly string[] })[] = [
  {
    codes: ['AuthenticationFailed', 'InvalidAuthenticationInfo'],
    access: 'secret-refused',
    cure: 'Put the connection string of the account, with a key of now, into AzureWebJobsStorage.',
  },
  {
    codes: ['KeyBasedAuthenticationNotPermitted'],
    access: 'policy-blocked',
    cure: 'Use an identity (AzureWebJobsStorage__tableServiceUri and so on): the account allows no keys.',
  },
  {
    codes: ['AuthorizationFailure', 'AuthorizationSourceIPMismatch'],
    access: 'policy-blocked',
    cure: 'Let the network rules of the storage account admit this app.',
  },
  {
    codes: ['AccountIsDisabled'],
    access: 'account-refused',
    cure: 'Enable the storage account again.',
  },
];

/** How to mend a refusal with 401 or 403. */
export function storageCure(status: number | undefined, code: string | undefined): AccessCure {
  const cure = CURES.find(({ codes }) => code !== undefined && codes.includes(code));
  return cure ?? (status === 401 ? NO_TOKEN : NO_ROLE);
}
