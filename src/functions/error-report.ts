import { NeighbourError, SYNC_ERRORS, SyncError } from '../core/errors.ts';
import type { NeighbourFailure, SyncErrorCode } from '../core/errors.ts';
import { RowConflict } from '../core/ports.ts';
import { EVENTS } from '../core/events.ts';
import type { EventFields } from '../core/events.ts';
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

type Trouble = EventFields<'request.failed'>;
/** Events of an error that say no more than what it is. */
type TroubleEvent = 'tick.failed' | 'request.failed' | 'webhook.failed';
type Problem = EventFields<'problem.found'>;

/** What can be logged of an error: the words of our own errors, of a foreign one only its class and where it was thrown. */
export function errorFields(error: unknown): Trouble {
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
export function logError(log: Log, event: TroubleEvent, error: unknown): void {
  log.event(event, errorFields(error));
  logProblems(log, error);
}

/** One event for each problem of an invalid configuration; none for any other error. */
export function logProblems(log: Log, error: unknown): void {
  for (const problem of problemsOf(error)) log.event('problem.found', partsOf(problem));
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

function neighbourFields(error: NeighbourError): Partial<Trouble> {
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

/** Only what the event has: a finding may know more, of a configuration that is somebody's. */
function partsOf(problem: unknown): Problem {
  if (typeof problem !== 'object' || problem === null) return {};
  // In a log, `name` would be somebody's name.
  const { name: setting, ...rest } = problem as Readonly<Record<string, unknown>>;
  const told = Object.entries({ setting, ...rest }).filter(
    ([part, value]) => part in EVENTS['problem.found'].fields.shape && ['string', 'number'].includes(typeof value),
  );
  return Object.fromEntries(told);
}
