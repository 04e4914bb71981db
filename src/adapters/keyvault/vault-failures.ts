import { NeighbourError } from '../../core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../core/errors.ts';
import { parseRetryAfterMs } from '../../core/retry.ts';
import { safeCause } from '../../core/safe-cause.ts';

/** What the SDK threw while reading the secret `name`, in our words. */
export function toVaultError(error: unknown, name: string, nowMs: number): NeighbourError {
  const refusal = readRefusal(error);
  const fail = (failure: NeighbourFailure, message: string, detail: NeighbourErrorDetail = {}) =>
    new NeighbourError('keyvault', failure, message, detail, safeCause(error));
  if (refusal === undefined) return failWithoutAnswer(error, fail);
  const detail = detailOf(refusal, nowMs);
  const { status } = refusal;
  if (refusal.codes.includes('SecretDisabled')) {
    return fail('not-found', `The secret ${name} in Key Vault is disabled.`, detail);
  }
  if (status === 401 || status === 403) {
    const message = `Key Vault answered ${status}: this app's identity needs the role "Key Vault Secrets User" on the vault.`;
    return fail('access-denied', message, detail);
  }
  if (status === 404) return fail('not-found', `Key Vault has no secret ${name}.`, detail);
  if (status === 429) return fail('throttled', 'Key Vault answered 429: too many requests.', detail);
  if (status === 408 || status >= 500) return fail('unavailable', `Key Vault answered ${status}.`, detail);
  return fail('unexpected-answer', `Key Vault answered ${status} to the reading of ${name}.`, detail);
}

type Fail = (failure: NeighbourFailure, message: string, detail?: NeighbourErrorDetail) => NeighbourError;

// No answer of the vault: the sign-in failed, the challenge was not believed, or there was no connection.
function failWithoutAnswer(error: unknown, fail: Fail): NeighbourError {
  const text = error instanceof Error ? error.message : '';
  const neighbourCode = /AADSTS\d+/.exec(text)?.[0];
  if (neighbourCode !== undefined) {
    return fail('access-denied', `Entra ID refuses the identity that reads Key Vault (${neighbourCode}).`, {
      neighbourCode,
    });
  }
  if (/challenge resource/i.test(text)) {
    return fail('unexpected-answer', 'Key Vault asked for a token for another host than its own; none was sent.');
  }
  if (error instanceof Error && SIGN_IN_ERRORS.includes(error.name)) {
    return fail(
      'unavailable',
      'Key Vault cannot be read: no Azure identity could sign in (none assigned, or its endpoint is down).',
    );
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
