import { NeighbourError } from '../../core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../core/errors.ts';
import { parseRetryAfterMs } from '../../core/retry.ts';
import { isDenied, messageMediaAccessDenied } from './access.ts';
import { isObject } from './answers.ts';
import type { WireAnswer, WireFailure } from './wire.ts';

/** What an attempt that brought no value means for the next one. */
export interface Setback {
  readonly kind: 'again' | 'final' | 'unauthorized';
  readonly error: NeighbourError;
  /** MessageMedia (or the way to it) is overloaded: fewer requests at once, please. */
  readonly overload: boolean;
}

export interface Attempted {
  /** The operation's name in messages. */
  readonly name: string;
  /** Whether doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
  /** The date that its signature covers, by our clock; absent when it was not signed. */
  readonly signedAt?: number | undefined;
}

/** Judges an answer with a status other than 2xx. */
export function judgeRefusal(answer: WireAnswer, attempted: Attempted, nowMs: number): Setback {
  const { status } = answer;
  const detail = readDetail(answer, nowMs);
  const refused = (failure: NeighbourFailure, what: string): Setback => {
    const error = failed(failure, `MessageMedia answered ${status} to ${attempted.name}: ${what}.`, detail);
    return { kind: 'final', error, overload: false };
  };
  if (status === 429) return { ...refused('throttled', 'too many requests'), kind: 'again', overload: true };
  if (isDenied(status)) {
    const error = messageMediaAccessDenied(status, attempted.name, detail, clockGap(answer, attempted));
    return { kind: status === 401 ? 'unauthorized' : 'final', error, overload: false };
  }
  if (status === 409) return refused('conflict', 'it conflicts with what is there');
  // A gateway's own "not found" page must not pass for a contact that is gone.
  if (status === 404 && !isHtml(answer)) return refused('not-found', 'there is no such thing');
  if (status < 400 || status === 404 || status === 501)
    return refused('unexpected-answer', 'not an answer of this API');
  if (status === 408 || status >= 500) return unavailable(status, attempted, detail);
  return refused('invalid', 'the request is not acceptable');
}

/** Judges a 2xx answer whose body is not what the contract says. */
export function judgeBrokenAnswer(answer: WireAnswer, attempted: Attempted): Setback {
  const { status } = answer;
  if (!attempted.repeatable) return lost(attempted, { status });
  const message = `MessageMedia answered ${status} to ${attempted.name}, but not with what its contract says.`;
  return { kind: 'again', error: failed('unexpected-answer', message, { status }), overload: false };
}

/** Judges an attempt that got no whole answer. */
export function judgeWireFailure(failure: WireFailure, attempted: Attempted): Setback {
  const overload = failure.timedOut;
  if (failure.sent && !attempted.repeatable) return { ...lost(attempted, {}, failure), overload };
  const what = failure.timedOut ? 'did not answer in time' : 'could not be reached';
  const error = failed('unavailable', `MessageMedia ${what} (${attempted.name}).`, {}, failure);
  return { kind: 'again', error, overload };
}

function unavailable(status: number, attempted: Attempted, detail: NeighbourErrorDetail): Setback {
  const overload = status === 503;
  if (!attempted.repeatable) return { ...lost(attempted, detail), overload };
  const message = `MessageMedia answered ${status} to ${attempted.name}: unavailable.`;
  return { kind: 'again', error: failed('unavailable', message, detail), overload };
}

function lost(attempted: Attempted, detail: NeighbourErrorDetail, cause?: unknown): Setback {
  const message = `MessageMedia gave no usable answer to ${attempted.name}; it may have been applied.`;
  return { kind: 'final', error: failed('answer-lost', message, detail, cause), overload: false };
}

function failed(
  failure: NeighbourFailure,
  message: string,
  detail: NeighbourErrorDetail,
  cause?: unknown,
): NeighbourError {
  return new NeighbourError('messagemedia', failure, message, detail, cause);
}

/** How far the date of a signature was from MessageMedia's clock, in milliseconds; 0 when nobody knows. */
function clockGap(answer: WireAnswer, { signedAt }: Attempted): number {
  const theirs = Date.parse(headerOf(answer, 'date') ?? '');
  return signedAt === undefined || Number.isNaN(theirs) ? 0 : Math.abs(theirs - signedAt);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CODE = /^[a-z][a-z_]{0,63}$/;
const FIELD_NAME = /^[a-zA-Z][a-zA-Z_.[\]0-9]{0,99}$/;

// Only what has the shape of an id, a code or a field name gets out: titles, details and reasons repeat people's data.
function readDetail(answer: WireAnswer, nowMs: number): NeighbourErrorDetail {
  const body = parseObject(answer.text);
  const retryAfterMs = parseRetryAfterMs(headerOf(answer, 'retry-after'), nowMs);
  const requestId = matching(body['uuid'], UUID);
  const neighbourCode = matching(body['type'], CODE);
  const invalid: readonly unknown[] = Array.isArray(body['invalidFields']) ? body['invalidFields'] : [];
  const invalidFields = invalid.filter(isObject);
  const fields = invalidFields.map((field) => ({
    name: matching(field['name'], FIELD_NAME) ?? 'unnamed',
    code: matching(field['code'], CODE) ?? 'unknown',
  }));
  const named = invalidFields.flatMap((field): unknown[] =>
    Array.isArray(field['invalidIds']) ? field['invalidIds'] : [],
  );
  const invalidIds = named.filter((id): id is string => typeof id === 'string' && UUID.test(id));
  return {
    status: answer.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(neighbourCode === undefined ? {} : { neighbourCode }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(invalidIds.length === 0 ? {} : { invalidIds }),
  };
}

function matching(value: unknown, shape: RegExp): string | undefined {
  return typeof value === 'string' && shape.test(value) ? value : undefined;
}

function headerOf(answer: WireAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isHtml(answer: WireAnswer): boolean {
  return answer.text.trimStart().startsWith('<');
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    // An error page: its status says all there is to know.
    return {};
  }
}
