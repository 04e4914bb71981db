import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { Agent, type Dispatcher } from 'undici';
import type { StorageClock } from './storage-clock.ts';

// Storage answers in milliseconds; after this long a try is dead and the SDK's retry may have its turn.
const TRY_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
// Twelve batches at once, a handful of parallel reads each; beyond that requests queue here instead of at the service.
const MAX_CONNECTIONS = 64;
const KEEP_ALIVE_MS = 20_000;

/**
 * What the SDKs send with. Their own client costs a quarter more CPU a call, and does not let them repeat a time-out.
 * Every failure is a RestError whose code the SDKs' retry policies know. Bodies are text; abort signals are not heeded.
 */
export function createStorageHttpClient(clock: StorageClock): HttpClient {
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    headersTimeout: TRY_TIMEOUT_MS,
    bodyTimeout: TRY_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  return {
    sendRequest: (request) =>
      new Promise((resolve, reject) => {
        agent.dispatch(dispatchOptions(request), answerHandler(request, clock, resolve, reject));
      }),
  };
}

function dispatchOptions(request: PipelineRequest): Dispatcher.DispatchOptions {
  const url = new URL(request.url);
  if (url.protocol !== 'https:' && !request.allowInsecureConnection) {
    throw new RestError('Storage is asked over plain HTTP, which only the emulator may be.', { request });
  }
  const headers = request.headers.toJSON();
  // undici does not unpack, and storage does not pack what it is not asked to.
  delete headers['accept-encoding'];
  const body = typeof request.body === 'string' ? request.body : null;
  return { origin: url.origin, path: url.pathname + url.search, method: request.method, headers, body };
}

function answerHandler(
  request: PipelineRequest,
  clock: StorageClock,
  resolve: (response: PipelineResponse) => void,
  reject: (error: RestError) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  const learnTime = clock.watch();
  let status = 0;
  let headers: Record<string, string | string[] | undefined> = {};
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, statusCode, answerHeaders) => {
      status = statusCode;
      headers = answerHeaders;
      learnTime(String(headers['date']));
    },
    onResponseData: (_controller, chunk) => void chunks.push(chunk),
    onResponseEnd: () =>
      resolve({ request, status, headers: toHttpHeaders(headers), bodyAsText: Buffer.concat(chunks).toString('utf8') }),
    onResponseError: (_controller, error) => reject(toRestError(error, request)),
  };
}

function toHttpHeaders(headers: Record<string, string | string[] | undefined>): PipelineResponse['headers'] {
  const plain = createHttpHeaders();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) plain.set(name, String(value));
  return plain;
}

function toRestError(error: Error, request: PipelineRequest): RestError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const restError = new RestError(error.message, { code: retriedCode(code), request });
  restError.cause = error;
  return restError;
}

/** The SDKs repeat ETIMEDOUT, ECONNRESET, ECONNREFUSED and ENOTFOUND; other names of the same troubles become these. */
export function retriedCode(code: string): string {
  if (/^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$/.test(code)) return 'ETIMEDOUT';
  if (/^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HTTPParserError|HPE_.*|EPIPE|ECONNABORTED)$/.test(code)) {
    return 'ECONNRESET';
  }
  return /^(EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code) ? 'ENOTFOUND' : code;
}
