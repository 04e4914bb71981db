import { NeighbourError } from '../../core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../core/errors.ts';
import { parseRetryAfterMs } from '../../core/retry.ts';
import { graphAccessDenied } from './graph-access.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import type { GraphWireFailure } from './graph-transport.ts';

/** What an attempt that brought no value means for the next one. */
export interface Setback {
  readonly kind: 'again' | 'final' | 'unauthorized';
  readonly error: NeighbourError;
}

export interface Refusal {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** The body as JSON, undefined when it is none. */
  readonly body: unknown;
}

/** What was attempted; `delta` only for the change chain, where an answer can mean "start again". */
export interface Attempted {
  readonly name: string;
  readonly delta?: { readonly hasToken: boolean };
}

// Graph has no code for it: of users who are synchronised, and of extension attributes of those who once were.
const MASTERED_ELSEWHERE = /on-premises mastered|undergoing migration|originated within an external service/i;

/** Judges an answer with a status other than 2xx. */
export function judgeRefusal(refusal: Refusal, attempted: Attempted, nowMs: number): Setback {
  const { status } = refusal;
  const detail = readDetail(refusal, nowMs);
  const refused = (kind: Setback['kind'], failure: NeighbourFailure, what: string): Setback => ({
    kind,
    error: failed(failure, `Microsoft Graph answered ${status} to ${attempted.name}: ${what}.`, detail),
  });
  if (isResyncNeeded(refusal, attempted)) return refused('final', 'resync', resyncReason(refusal));
  if (status === 401 || status === 403) {
    const error = graphAccessDenied(status, attempted.name, codesOf(refusal.body), detail);
    return { kind: status === 401 ? 'unauthorized' : 'final', error };
  }
  if (status === 429 || status === 509) return refused('again', 'throttled', 'too many requests');
  if (status === 408 || status >= 500) return refused('again', 'unavailable', 'unavailable');
  if (status === 404) return refused('final', 'not-found', 'there is no such thing');
  if (status === 409 || status === 412) return refused('final', 'conflict', 'it conflicts with what is there');
  if (status < 400) return refused('final', 'unexpected-answer', 'not an answer of this API');
  if (MASTERED_ELSEWHERE.test(messageOf(refusal.body)))
    return refused('final', 'on-premises', 'the person belongs to the directory on-premises');
  return refused('final', 'invalid', 'the request is not acceptable');
}

/** Judges a 2xx answer that is not what the API promises. */
export function judgeBrokenAnswer(status: number, attempted: Attempted): Setback {
  const message = `Microsoft Graph answered ${status} to ${attempted.name}, but not with what the API promises.`;
  return { kind: 'again', error: failed('unexpected-answer', message, { status }) };
}

/** Judges an attempt that got no whole answer; whatever is sent here may be repeated. */
export function judgeWireFailure(failure: GraphWireFailure, attempted: Attempted): Setback {
  const what = failure.timedOut ? 'did not answer in time' : 'could not be reached';
  return {
    kind: 'again',
    error: failed('unavailable', `Microsoft Graph ${what} (${attempted.name}).`, {}, failure),
  };
}

const RESYNC_CODES: readonly string[] = [
  'resyncrequired',
  'resyncapplydifferences',
  'resyncuploaddifferences',
  'syncstatenotfound',
  // The token of a next link that was followed too late: the chain cannot go on where it was.
  'directory_expiredpagetoken',
];
// Tokens do not break by age: a link like this was damaged on our side.
const MALFORMED_LINK = /badly formed token|both skiptoken and deltatoken/i;
const STALE_CHAIN = /sync must reach steady state/i;

/**
 * Whether the chain has to start again: 410, a code that says so, or (Graph has no code for it) a 400 about the
 * token that we sent. Messages are looked at only for that last case.
 */
export function isResyncNeeded(refusal: Refusal, attempted: Attempted): boolean {
  if (attempted.delta === undefined || refusal.status < 400 || refusal.status >= 500) return false;
  if (refusal.status === 410) return true;
  if (codesOf(refusal.body).some((code) => RESYNC_CODES.includes(code.toLowerCase()))) return true;
  if (refusal.status !== 400 || !attempted.delta.hasToken) return false;
  const text = messageOf(refusal.body);
  return MALFORMED_LINK.test(text) || STALE_CHAIN.test(text);
}

function resyncReason(refusal: Refusal): string {
  return MALFORMED_LINK.test(messageOf(refusal.body))
    ? 'the stored delta token is malformed'
    : 'the delta token has expired';
}

const CODE = /^[A-Za-z][\w.]{0,99}$/;
const REQUEST_ID = /^[0-9a-fA-F-]{8,64}$/;

// A value that is refused is named by its property in the message, and nowhere else.
const REFUSED_PROPERTY = /for property '([A-Za-z]\w{0,99})'/;

// Messages are left out: they repeat what was asked for.
function readDetail(refusal: Refusal, nowMs: number): NeighbourErrorDetail {
  const error = errorOf(refusal.body);
  const retryAfterMs = parseRetryAfterMs(refusal.header('retry-after'), nowMs);
  const neighbourCode = codesOf(refusal.body).findLast((code) => CODE.test(code));
  const field = REFUSED_PROPERTY.exec(messageOf(refusal.body))?.[1];
  const requestId = refusal.header('request-id') ?? innerOf(error)?.['request-id'];
  return {
    status: refusal.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(neighbourCode === undefined ? {} : { neighbourCode }),
    ...(field === undefined ? {} : { fields: [{ name: field, code: 'refused' }] }),
    ...(typeof requestId === 'string' && REQUEST_ID.test(requestId) ? { requestId } : {}),
  };
}

function errorOf(body: unknown): Json | undefined {
  return isObject(body) && isObject(body['error']) ? body['error'] : undefined;
}

// The documents spell it both ways.
function innerOf(error: Json | undefined): Json | undefined {
  const inner = error?.['innerError'] ?? error?.['innererror'];
  return isObject(inner) ? inner : undefined;
}

/** All codes of an error body, from the most general to the most specific. */
export function codesOf(body: unknown): readonly string[] {
  const codes: string[] = [];
  for (let error = errorOf(body); error !== undefined; error = innerOf(error)) {
    const code = error['code'];
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}

function messageOf(body: unknown): string {
  const message = errorOf(body)?.['message'];
  return typeof message === 'string' ? message : '';
}

function failed(
  failure: NeighbourFailure,
  message: string,
  detail: NeighbourErrorDetail,
  cause?: unknown,
): NeighbourError {
  return new NeighbourError('graph', failure, message, detail, cause);
}
