import { NeighbourError } from '../../core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../core/errors.ts';
import { parseRetryAfterMs } from '../../core/retry.ts';
import { safeCause } from '../../core/safe-cause.ts';
import { accessDenied } from '../access-denied.ts';
import type { AccessCure } from '../access-denied.ts';
import { isGuardRefusal } from '../guard-refusal.ts';
import { isMissingIdentity } from '../missing-identity.ts';
import { IDENTITY_REFUSED, missingSecret, NO_IDENTITY, unusableSecret, vaultCure } from './vault-access.ts';

/** What the SDK threw while reading the secret `name`, in our words. */
export function toVaultError(error: unknown, name: string, nowMs: number): NeighbourError {
  const refusal = readRefusal(error);
  const cause = safeCause(error);
  if (refusal === undefined) return failWithoutAnswer(error, cause);
  const detail = detailOf(refusal, nowMs);
  const fail = (failure: NeighbourFailure, message: string) =>
    new NeighbourError('keyvault', failure, message, detail, cause);
  const { status, codes } = refusal;
  const unusable = unusableSecret(name, codes);
  if (unusable !== undefined) return noSecret(`Key Vault does not hand ${name} out.`, unusable, detail, cause);
  if (status === 401 || status === 403) {
    return accessDenied('keyvault', `Key Vault answered ${status}.`, vaultCure(status, codes), detail, cause);
  }
  if (status === 404) return noSecret(`Key Vault has no secret ${name}.`, missingSecret(name), detail, cause);
  if (status === 429) return fail('throttled', 'Key Vault answered 429: too many requests.');
  if (status === 408 || status >= 500) return fail('unavailable', `Key Vault answered ${status}.`);
  return fail('unexpected-answer', `Key Vault answered ${status} to the reading of ${name}.`);
}

/** A secret that is there and holds nothing. */
export function emptySecret(name: string): NeighbourError {
  return noSecret(`The secret ${name} in Key Vault is empty.`, missingSecret(name), {});
}

/** `not-found`: our access is in order, but there is nothing to be had. */
function noSecret(
  happened: string,
  { access, cure }: AccessCure,
  detail: NeighbourErrorDetail,
  cause?: Error,
): NeighbourError {
  return new NeighbourError('keyvault', 'not-found', `${happened} ${cure}`, { ...detail, access }, cause);
}

// No answer of the vault: the sign-in failed, the challenge was not believed, or there was no connection.
function failWithoutAnswer(error: unknown, cause: Error): NeighbourError {
  const text = error instanceof Error ? error.message : '';
  const fail = (failure: NeighbourFailure, message: string) =>
    new NeighbourError('keyvault', failure, message, {}, cause);
  const neighbourCode = /AADSTS\d+/.exec(text)?.[0];
  if (neighbourCode !== undefined) {
    const happened = `Entra ID refuses the identity that reads Key Vault (${neighbourCode}).`;
    return accessDenied('keyvault', happened, IDENTITY_REFUSED, { neighbourCode }, cause);
  }
  if (isMissingIdentity(text)) {
    return accessDenied('keyvault', 'There is no identity that could read Key Vault.', NO_IDENTITY, {}, cause);
  }
  if (isGuardRefusal(error)) {
    return fail('unexpected-answer', 'The reading of Key Vault was led to another host; nothing was sent there.');
  }
  if (/challenge resource/i.test(text)) {
    return fail('unexpected-answer', 'Key Vault asked for a token for another host than its own; none was sent.');
  }
  if (error instanceof Error && SIGN_IN_ERRORS.includes(error.name)) {
    const message =
      'Key Vault cannot be read: no Azure identity could sign in (none assigned, or its endpoint is down).';
    return fail('unavailable', message);
  }
  return fail('unavailable', 'Key Vault could not be reached.');
}

const SIGN_IN_ERRORS: readonly string[] = [
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
];

interface Refusal {
  readonly status: number;
  readonly codes: readonly string[];
  readonly retryAfter?: string;
  readonly requestId?: string;
}

interface AzureRestError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: { readonly error?: { readonly code?: string; readonly innerError?: { readonly code?: string } } };
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

function readRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error.name !== 'RestError') return undefined;
  const { statusCode, code, details, response }: AzureRestError = error;
  if (statusCode === undefined) return undefined;
  const codes = [code, details?.error?.code, details?.error?.innerError?.code].filter((some) => some !== undefined);
  const retryAfter = response?.headers.get('retry-after');
  const requestId = response?.headers.get('x-ms-request-id');
  return {
    status: statusCode,
    codes,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function detailOf(refusal: Refusal, nowMs: number): NeighbourErrorDetail {
  const retryAfterMs = parseRetryAfterMs(refusal.retryAfter, nowMs);
  const neighbourCode = refusal.codes.findLast((code) => /^[A-Za-z]\w{0,99}$/.test(code));
  return {
    status: refusal.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
    ...(neighbourCode === undefined ? {} : { neighbourCode }),
  };
}
