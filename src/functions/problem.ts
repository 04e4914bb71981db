import type { HttpHandler, HttpRequest } from '@azure/functions';
import { NeighbourError, SyncError } from '../core/errors.ts';
import type { SyncErrorCode } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { callerOf } from './caller.ts';
import type { Caller } from './caller.ts';
import { codeOf, errorFields, logError } from './error-report.ts';
import { createEventLog } from './event-log.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import type { HttpFunctionName, HttpRoute } from './http-routes.ts';
import type { Services } from './services.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** How each error is answered over HTTP (RFC 9457). 502 and 503 say that the fault is behind us, and whether waiting helps. */
export const PROBLEMS: Readonly<Record<SyncErrorCode, ProblemKind>> = {
  'configuration-invalid': { status: 503, title: 'The settings or the sync configuration are invalid.' },
  'request-invalid': { status: 400, title: 'The request is invalid.' },
  'run-active': { status: 409, title: 'Another run is active.' },
  'run-not-found': { status: 404, title: 'There is no such run.' },
  'person-not-found': { status: 404, title: 'Nobody knows this person.' },
  'plan-changed': { status: 409, title: 'The plan is not the one that was shown.' },
  'access-denied': { status: 502, title: 'A neighbour refused our credentials or permissions.' },
  'directory-unreadable': { status: 502, title: 'The directory cannot be read.' },
  'neighbour-unavailable': { status: 503, title: 'A neighbour cannot be reached.' },
  'state-mismatch': { status: 503, title: 'The stored state belongs to another account, tenant or key.' },
  superseded: { status: 409, title: 'The configuration has changed meanwhile.' },
  'claim-lost': { status: 409, title: 'Somebody else changed it at the same time.' },
  poisoned: { status: 500, title: 'The work was given up after repeated failures.' },
  cancelled: { status: 409, title: 'The run was cancelled.' },
  forbidden: { status: 403, title: 'The caller may not do this.' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key belongs to another request.' },
  unexpected: { status: 500, title: 'Something unexpected went wrong.' },
};

/** What one HTTP function does for a caller with the role of its route; whatever it throws becomes a problem document. */
type Answer = (request: HttpRequest, log: Log, caller: Caller) => Promise<JsonAnswer>;

export interface JsonAnswer {
  /** 200 when absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody: unknown;
}

interface ProblemAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Turns an answer into a handler that never throws, lets nobody in without the route's role, and whose answers are never cached. */
export function answering(
  { trustsEasyAuth }: Pick<Services, 'trustsEasyAuth'>,
  name: HttpFunctionName,
  answer: Answer,
): HttpHandler {
  const { role }: HttpRoute = HTTP_ROUTES[name];
  return async (request, context) => {
    const log = createEventLog(context);
    try {
      const caller = callerOf(request, trustsEasyAuth);
      if (role !== undefined) caller.needs(role);
      const response = await answer(request, log, caller);
      return { ...response, headers: { 'cache-control': 'no-store', ...response.headers } };
    } catch (error) {
      logProblem(log, error);
      return problemResponse(error, context.invocationId);
    }
  };
}

/** An `application/problem+json` answer. Our own errors keep their words, a foreign one says nothing but `unexpected`. */
export function problemResponse(error: unknown, correlationId: string): ProblemAnswer {
  const code = codeOf(error);
  const { status, title } = PROBLEMS[code];
  const retryAfterMs = error instanceof NeighbourError ? error.detail.retryAfterMs : undefined;
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: JSON.stringify({
      ...(error instanceof SyncError && code !== 'unexpected' && error.extras),
      ...(error instanceof NeighbourError && { neighbour: error.neighbour, access: error.detail.access }),
      type: `urn:entra-sync:problem:${code}`,
      title,
      status,
      detail: detailOf(error, code),
      code,
      correlationId,
    }),
  };
}

function detailOf(error: unknown, code: SyncErrorCode): string {
  if (code === 'unexpected') return 'The log has the details under the correlation id.';
  return error instanceof SyncError || error instanceof NeighbourError ? error.message : PROBLEMS[code].title;
}

/** A refusal is the caller's business and only noted; everything else is an error of ours or of a neighbour. */
function logProblem(log: Log, error: unknown): void {
  if (PROBLEMS[codeOf(error)].status < 500) log.event('request.refused', errorFields(error));
  else logError(log, 'request.failed', error);
}
