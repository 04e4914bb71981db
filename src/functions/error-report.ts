import { NeighbourError, SYNC_ERRORS, SyncError } from '../core/errors.ts';
import type { NeighbourFailure, SyncErrorCode } from '../core/errors.ts';
import { RowConflict } from '../core/ports.ts';
import type { Log } from '../core/ports.ts';

const NEIGHBOUR_CODES: Readonly<Record<NeighbourFailure, SyncErrorCode>> = {
  'access-denied': 'access-denied',
  throttled: 'neighbour-unavailable',
  unavailable: 'neighbour-unavailable',
  'answer-lost': 'neighbour-unavailable',
  'not-found': 'unexpected',
  conflict: 'unexpected',
  invalid: 'unexpected',
  'on-premises': 'unexpected',
  privileged: 'unexpected',
  resync: 'unexpected',
  'unexpected-answer': 'unexpected',
};

/** The code under which any thrown value is logged, answered and explained. */
export function codeOf(error: unknown): SyncErrorCode {
  if (error instanceof SyncError) return error.code;
  if (error instanceof NeighbourError)
    return isMissingSecret(error) ? 'configuration-invalid' : NEIGHBOUR_CODES[error.failure];
  if (error instanceof RowConflict) return 'claim-lost';
  return 'unexpected';
}

/** What can be logged of an error: the words of our own errors, of a foreign one only its class and where it was thrown. */
export function errorFields(error: unknown): Record<string, string | number | boolean | undefined> {
  const code = codeOf(error);
  return {
    code,
    retryable: SYNC_ERRORS[code].retryable,
    audience: SYNC_ERRORS[code].audience,
    error: error instanceof Error ? error.name : typeof error,
    message: isOurs(error) ? error.message : undefined,
    at: code === 'unexpected' ? placeOf(error) : undefined,
    ...(error instanceof NeighbourError && neighbourFields(error)),
  };
}

/** One event for the error, then one for each problem of an invalid configuration. */
export function logError(log: Log, event: string, error: unknown): void {
  log.event('error', event, errorFields(error));
  for (const problem of problemsOf(error)) log.event('error', 'configuration-problem', textsOf(problem));
}

/** The host writes a thrown error's text to its own log: a foreign error goes there without its words. */
export function hostSafe(error: unknown): Error {
  if (isOurs(error)) return error;
  const place = placeOf(error);
  const safe = new SyncError('unexpected', 'Something unexpected went wrong; the event log names the place.');
  if (place !== undefined) safe.stack = `${safe.name}: ${safe.message}\n    ${place}`;
  return safe;
}

/** Nobody but an administrator can put a secret into the vault. */
function isMissingSecret(error: NeighbourError): boolean {
  return error.neighbour === 'keyvault' && error.failure === 'not-found';
}

function isOurs(error: unknown): error is SyncError | NeighbourError | RowConflict {
  return error instanceof SyncError || error instanceof NeighbourError || error instanceof RowConflict;
}

function neighbourFields(error: NeighbourError): Record<string, string | number | undefined> {
  const { neighbour, failure, detail } = error;
  const { access, status, retryAfterMs, requestId, neighbourCode } = detail;
  return { neighbour, failure, access, status, retryAfterMs, requestId, neighbourCode };
}

/** The first stack frame: file and line, never the message, which may quote a value. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  return error.stack
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /^at .*:\d+:\d+\)?$/.test(line));
}

function problemsOf(error: unknown): readonly unknown[] {
  if (!(error instanceof SyncError) || !Array.isArray(error.extras['problems'])) return [];
  return error.extras['problems'];
}

function textsOf(problem: unknown): Record<string, string | number> {
  if (typeof problem !== 'object' || problem === null) return {};
  const texts = Object.entries(problem).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  // In a log, `name` would be somebody's name.
  return Object.fromEntries(texts.map(([key, value]) => [key === 'name' ? 'setting' : key, value]));
}
