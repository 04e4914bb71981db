import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { findLockProblem, isSecret } from '../adapters/messagemedia/webhook-locks.ts';
import type { LockProblem } from '../adapters/messagemedia/webhook-locks.ts';
import type { Engine, WebhookSetup } from '../core/run/engine.ts';
import { SECRET_HEADER, WEBHOOK_PATH } from '../core/run/webhook-row.ts';
import { logError } from './error-report.ts';
import { createEventLog } from './event-log.ts';
import type { Services } from './services.ts';

const MAX_BODY_BYTES = 64 * 1024;
/** A secret that was changed is looked up again, but not for everybody who knocks. */
const FRESH_EVERY_MS = 60_000;
const REQUEST_LINE = `POST ${WEBHOOK_PATH} HTTP/1.1`;

type Refusal = LockProblem | 'not-installed' | 'too-large';

/** Nothing is said to whoever does not have both keys, nor why. */
const NOTHING: HttpResponseInit = { status: 401, headers: { 'cache-control': 'no-store' } };
const TAKEN: HttpResponseInit = { status: 202, headers: { 'cache-control': 'no-store' } };
/** MessageMedia tries again. */
const LATER: HttpResponseInit = { status: 503, headers: { 'cache-control': 'no-store' } };

/**
 * POST /webhooks/messagemedia: an opt-out. Anonymous for the host, with two locks of its own; 202 only when it is
 * stored. An event that is not readable is told and taken: sending it again would make it no better.
 */
export function createReceiveWebhook(services: Services): HttpHandler {
  let freshAt = 0;

  async function opens(now: number, { secret }: WebhookSetup, given: string | undefined): Promise<boolean> {
    if (isSecret(given, await secret(false))) return true;
    if (given === undefined || now - freshAt < FRESH_EVERY_MS) return false;
    freshAt = now;
    return isSecret(given, await secret(true));
  }

  async function read(engine: Engine, request: HttpRequest): Promise<string | { readonly refused: Refusal }> {
    const { webhook } = engine;
    if (webhook === undefined) return { refused: 'not-installed' };
    const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
    const now = engine.clock.now();
    // First of all: whoever does not have it costs no look into storage.
    if (!(await opens(now, webhook, header(SECRET_HEADER)))) return { refused: 'secret' };
    const keys = await services.useCases.readSigningKeys(engine);
    if (keys === undefined) return { refused: 'not-installed' };
    const body = await readAtMost(request, MAX_BODY_BYTES);
    if (body === undefined) return { refused: 'too-large' };
    const problem = findLockProblem({ requestLine: REQUEST_LINE, header, body }, keys, now);
    return problem === undefined ? body.toString('utf8') : { refused: problem };
  }

  return async (request, context) => {
    const log = createEventLog(context);
    try {
      const engine = await services.engine(log);
      const body = await read(engine, request);
      if (typeof body !== 'string') {
        log.event('webhook.refused', { reason: body.refused });
        return NOTHING;
      }
      await services.useCases.receiveOptOut(engine, body);
      return TAKEN;
    } catch (error) {
      logError(log, 'webhook.failed', error);
      return LATER;
    }
  };
}

/** The raw bytes of the body; undefined when there are more, of which no more than that are read. */
async function readAtMost(request: HttpRequest, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body = request.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
