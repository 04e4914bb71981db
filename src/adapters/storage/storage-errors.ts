import { NeighbourError, type NeighbourErrorDetail, type NeighbourFailure } from '../../core/errors.ts';
import { accessDenied } from '../access-denied.ts';
import { isGuardRefusal } from '../guard-refusal.ts';
import { NO_IDENTITY, storageCure } from './storage-access.ts';

/** What storage said about a refused request; `undefined` where it said nothing. */
export interface StorageRefusal {
  readonly status: number | undefined;
  /** `EntityAlreadyExists`, `ServerBusy`… or the code of the socket error. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

interface RestErrorShape {
  readonly name: 'RestError';
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: { readonly errorCode?: string; readonly odataError?: { readonly code?: string } };
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

const REFUSED_CREDENTIALS = new Set([
  'AuthenticationError',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
]);

/** Reads a RestError of the SDKs; `undefined` for any other error. */
export function refusalOf(error: unknown): StorageRefusal | undefined {
  if (!isRestError(error)) return undefined;
  const retryAfterSeconds = Number(error.response?.headers.get('retry-after') ?? Number.NaN);
  return {
    status: error.statusCode,
    code: error.details?.odataError?.code ?? error.details?.errorCode ?? error.code,
    requestId: error.response?.headers.get('x-ms-request-id'),
    retryAfterMs: Number.isNaN(retryAfterSeconds) ? undefined : retryAfterSeconds * 1000,
  };
}

/**
 * Translates what the SDKs throw into a NeighbourError ('storage'); errors of our own pass unchanged.
 * The message names only what was tried: storage's own text may quote keys.
 */
export function translated(error: unknown, attempt: string): unknown {
  if (error instanceof Error && REFUSED_CREDENTIALS.has(error.name)) {
    return accessDenied('storage', `No credential to ${attempt}.`, NO_IDENTITY, {}, error);
  }
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  const { status, code, requestId, retryAfterMs } = refusal;
  const why = [status, code].filter((part) => part !== undefined).join(' ');
  const detail: NeighbourErrorDetail = {
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { neighbourCode: code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const failure = isGuardRefusal(error) ? 'unexpected-answer' : failureOf(refusal);
  const happened = `Storage did not ${attempt} (${why}).`;
  return failure === 'access-denied'
    ? accessDenied('storage', happened, storageCure(status, code), detail, error)
    : new NeighbourError('storage', failure, happened, detail, error);
}

function failureOf({ status, code }: StorageRefusal): NeighbourFailure {
  if (status === undefined) return 'unavailable';
  if (status === 401 || status === 403) return 'access-denied';
  if (status === 429 || code === 'ServerBusy') return 'throttled';
  if (status === 404) return 'not-found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 408 || status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid' : 'unexpected-answer';
}

function isRestError(error: unknown): error is RestErrorShape {
  return error instanceof Error && error.name === 'RestError';
}
