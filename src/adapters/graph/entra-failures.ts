import { NeighbourError } from '../../core/errors.ts';
import { safeCause } from '../../core/safe-cause.ts';
import { accessDenied } from '../access-denied.ts';
import type { AccessCure } from '../access-denied.ts';
import { isMissingIdentity } from '../missing-identity.ts';

// MSAL answers from memory for a minute after the token endpoint was throttled or down, without asking again.
const MSAL_MEMORY_MS = 60_000;

/** Refusals that stay until somebody changes the app registration, the tenant or the settings, by Microsoft's codes. */
const CURES: readonly (AccessCure & { readonly codes: readonly string[] })[] = [
  {
    codes: ['AADSTS7000222'],
    access: 'secret-expired',
    cure: 'Make a new client secret and put its value into entra-client-secret.',
  },
  {
    codes: ['AADSTS7000215'],
    access: 'secret-refused',
    cure: 'Put the value, not the id, of a valid client secret into entra-client-secret.',
  },
  {
    codes: ['AADSTS700016'],
    access: 'app-unknown',
    cure: 'Check ENTRA_CLIENT_ID and ENTRA_TENANT_ID: this tenant has no such app.',
  },
  {
    codes: ['AADSTS90002', 'AADSTS900023'],
    access: 'tenant-unknown',
    cure: 'Check ENTRA_TENANT_ID, and that ENTRA_AUTHORITY_HOST is of its cloud.',
  },
  {
    // 7000229: the app has never been consented to, so it has no service principal in the tenant.
    codes: ['AADSTS65001', 'AADSTS7000229'],
    access: 'consent-missing',
    cure: 'Let an administrator of the tenant consent to the permissions of the app.',
  },
  {
    codes: ['AADSTS7000112'],
    access: 'app-disabled',
    cure: 'Let an administrator of the tenant enable the app again.',
  },
  {
    codes: ['AADSTS53000', 'AADSTS53001', 'AADSTS53003', 'AADSTS53011', 'AADSTS530032', 'AADSTS530035'],
    access: 'policy-blocked',
    cure: 'Let an administrator exempt the app from the Conditional Access policy that blocks it.',
  },
  {
    codes: ['AADSTS500011', 'AADSTS70011', 'AADSTS1002012'],
    access: 'cloud-mismatch',
    cure: 'Set GRAPH_BASE_URL and ENTRA_AUTHORITY_HOST to addresses of the cloud of the tenant.',
  },
  {
    // No federated credential of the app fits the identity's token: by issuer, audience, subject, or at all; 700236: by tenant.
    codes: ['AADSTS700211', 'AADSTS700212', 'AADSTS700213', 'AADSTS70021', 'AADSTS700222', 'AADSTS700236'],
    access: 'identity-refused',
    cure: 'Let the app registration trust the managed identity of AZURE_CLIENT_ID: npm run infra:grant.',
  },
  {
    codes: ['AADSTS50034', 'AADSTS700027', 'AADSTS700038', 'AADSTS7000218'],
    access: 'identity-refused',
    cure: 'Look this code up at Microsoft, and mend the app registration or the settings.',
  },
];
const OTHER_REFUSAL = CURES.at(-1)!;

const NO_IDENTITY: AccessCure = {
  access: 'identity-missing',
  cure: 'Assign it, or correct ENTRA_CLIENT_ID (managed-identity) or AZURE_CLIENT_ID (federated).',
};

const REFUSED_SECRETS: readonly string[] = ['AADSTS7000215', 'AADSTS7000222'];

/** What the sign-in library threw, in our words. */
export function toEntraError(error: unknown): NeighbourError {
  const text = textOf(error);
  const code = codeIn(text);
  const oauthCode = /^(invalid_client|unauthorized_client|access_denied)\b/.exec(text)?.[0];
  const neighbourCode = code ?? oauthCode;
  const cause = safeCause(error);
  const cure = cureOf(code);
  if (neighbourCode !== undefined && (cure !== undefined || oauthCode !== undefined)) {
    const happened = `Entra ID refuses the sign-in of the app registration (${neighbourCode}).`;
    return accessDenied('entra', happened, cure ?? OTHER_REFUSAL, { neighbourCode }, cause);
  }
  const detail = { retryAfterMs: MSAL_MEMORY_MS, ...(neighbourCode === undefined ? {} : { neighbourCode }) };
  return new NeighbourError('entra', 'unavailable', 'Entra ID gave no access token just now.', detail, cause);
}

/** What the library threw when it asked the platform for the token of the managed identity, in our words. */
export function toIdentityError(error: unknown): NeighbourError {
  const text = textOf(error);
  const neighbourCode = codeIn(text);
  const cause = safeCause(error);
  if (isMissingIdentity(text)) {
    return accessDenied('entra', 'This app has no such managed identity.', NO_IDENTITY, {}, cause);
  }
  const cure = cureOf(neighbourCode);
  const detail = neighbourCode === undefined ? {} : { neighbourCode };
  if (cure !== undefined) {
    return accessDenied('entra', `Entra ID refuses the managed identity (${neighbourCode}).`, cure, detail, cause);
  }
  const message = 'The managed identity gave no token just now (none is assigned, or its endpoint is down).';
  return new NeighbourError('entra', 'unavailable', message, detail, cause);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function codeIn(text: string): string | undefined {
  return /AADSTS\d+/.exec(text)?.[0];
}

function cureOf(code: string | undefined): AccessCure | undefined {
  return CURES.find(({ codes }) => code !== undefined && codes.includes(code));
}

/** Whether another value of the client secret may help. */
export function isRefusedSecret(error: unknown): boolean {
  if (!(error instanceof NeighbourError)) return false;
  const { neighbourCode } = error.detail;
  return neighbourCode !== undefined && REFUSED_SECRETS.includes(neighbourCode);
}

/** Ids or an address that the library does not even send. */
export function unacceptableIds(error: unknown): NeighbourError {
  return accessDenied(
    'entra',
    'The sign-in library refuses the settings.',
    { access: 'tenant-unknown', cure: 'Check ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_AUTHORITY_HOST.' },
    {},
    safeCause(error),
  );
}

/** The sign-in was led to another host, where nothing was sent. */
export function ledAstray(error: unknown): NeighbourError {
  const message = 'The sign-in at Entra ID was led to another host; nothing was sent there.';
  return new NeighbourError('entra', 'unexpected-answer', message, {}, safeCause(error));
}
