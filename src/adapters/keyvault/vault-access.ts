import type { AccessCure } from '../access-denied.ts';

const NO_ROLE: AccessCure = {
  access: 'permission-missing',
  cure: 'Give the identity of this app the role Key Vault Secrets User on the vault; that can take some minutes.',
};

const NO_TOKEN: AccessCure = {
  access: 'token-refused',
  cure: 'See that the vault of KEY_VAULT_URI and the identity of this app are in the same tenant.',
};

const BLOCKED: AccessCure = {
  access: 'policy-blocked',
  cure: 'Let the network rules of the vault admit this app.',
};

const BLOCKING_CODES: readonly string[] = ['ForbiddenByFirewall', 'ForbiddenByConnection'];

/** How to mend a refusal with 401 or 403; `codes` from the most general to the most specific. */
export function vaultCure(status: number, codes: readonly string[]): AccessCure {
  if (status === 401) return NO_TOKEN;
  return codes.some((code) => BLOCKING_CODES.includes(code)) ? BLOCKED : NO_ROLE;
}

/** The platform says that the identity is not there. */
export const NO_IDENTITY: AccessCure = {
  access: 'identity-missing',
  cure: 'Assign the managed identity that AZURE_CLIENT_ID names to this app.',
};

/** Entra ID refused whoever signed in. */
export const IDENTITY_REFUSED: AccessCure = {
  access: 'identity-refused',
  cure: 'Look this code up at Microsoft, and mend the identity of this app.',
};

/** Every claim on a number is stored under it: whoever gave it just any value would lose them all. */
const NEVER_ROTATED = 'pseudonym-key';

/** There is no such secret, or it holds nothing. */
export function missingSecret(name: string): AccessCure {
  const cure =
    name === NEVER_ROTATED
      ? 'Let npm run infra:grant make it, or recover the one that was there: no other fits what is stored.'
      : `Add the secret ${name} to the vault.`;
  return { access: 'secret-missing', cure };
}

/** Why a secret has no value that could be used, by the vault's codes, and how to mend it. */
export function unusableSecret(name: string, codes: readonly string[]): AccessCure | undefined {
  const isKept = name === NEVER_ROTATED;
  if (codes.includes('SecretDisabled')) {
    const cure = isKept
      ? `Enable the secret ${name}: no other fits.`
      : `Enable the secret ${name}, or add a new version.`;
    return { access: 'secret-disabled', cure };
  }
  // Vaults hand expired secrets out as a rule.
  if (codes.includes('SecretExpired')) {
    const cure = isKept
      ? `Give the secret ${name} a later date and keep its value.`
      : `Add a new version of the secret ${name}.`;
    return { access: 'secret-expired', cure };
  }
  return undefined;
}
