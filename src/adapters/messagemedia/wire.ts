import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher, Pool } from 'undici';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No whole answer came. `sent` is false only when it is certain that not a byte of the request was written. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  readonly timedOut: boolean;
  readonly sent: boolean;

  constructor(timedOut: boolean, sent: boolean, cause?: unknown) {
    super(timedOut ? 'time-out' : 'connection failed', cause === undefined ? undefined : { cause });
    this.timedOut = timedOut;
    this.sent = sent;
  }
}

export interface Wire {
  /** Sends once, never follows redirects, and answers any status. Throws WireFailure. */
  send(request: WireRequest): Promise<WireAnswer>;
  /** Cuts all connections. */
  close(): Promise<void>;
}

/** Kept-alive TLS sockets to one origin; a call that takes longer than `timeoutMs` in all is cut off. */
export function createWire(options: { readonly origin: string; readonly timeoutMs: number }): Wire {
  let pool: Promise<Pool> | undefined;
  return {
    async send(request) {
      pool ??= openPool(options);
      return exchange(await pool, request, options.timeoutMs);
    },
    async close() {
      const opened = await pool;
      await opened?.destroy();
    },
  };
}

// undici takes longer to load than the whole rest of the app may: it is loaded with the first call.
async function openPool(options: { readonly origin: string }): Promise<Pool> {
  const { Pool } = await import('undici');
  return new Pool(options.origin, {
    // As many as the workers' limiters let through.
    connections: null,
    // Over HTTP/2 a single reset would leave every call of the worker in doubt at once.
    allowH2: false,
    // The time-out below covers the whole call; undici's own would only add timers.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

// dispatch() instead of request(): only its handler tells when the request starts to be written.
function exchange(pool: Pool, request: WireRequest, timeoutMs: number): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let timedOut = false;
    const chunks: Buffer[] = [];

    const fail = (cause?: unknown) => {
      clearTimeout(timer);
      reject(new WireFailure(timedOut, controller !== undefined, cause));
    };
    const timer = setTimeout(() => {
      timedOut = true;
      fail();
      controller?.abort(new Error('time-out'));
    }, timeoutMs);

    pool.dispatch(
      { method: request.method, path: request.path, headers: request.headers, body: request.body ?? null },
      {
        onRequestStart(started) {
          // It waited for a connection until its time was over: the caller has already been told that nothing was sent.
          if (timedOut) return started.abort(new Error('time-out'));
          controller = started;
        },
        onResponseStart(_controller, statusCode, answerHeaders) {
          status = statusCode;
          headers = answerHeaders;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') });
        },
        onResponseError(_controller, error) {
          fail(error);
        },
      },
    );
  });
}
