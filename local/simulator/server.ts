import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createFaults } from './faults.ts';
import type { FaultAction, Faults } from './faults.ts';
import { faultReply } from './fault-reply.ts';
import type { TlsIdentity } from './tls.ts';

export interface SimRequest {
  readonly method: string;
  /** The path without the query, percent-encoding untouched. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they stand in the request line: what a signature covers. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as JSON; throws a SyntaxError when it is not. */
  readonly json: () => unknown;
}

export interface SimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
}

export interface LoggedRequest {
  /** Real time of arrival, ms since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** As it was sent, without `?`. */
  readonly query: string;
  readonly body: string;
  /** 0 while there is no answer, and for ever when the connection was cut. */
  readonly status: number;
}

export interface Simulator {
  readonly origin: string;
  /** In order of arrival; headers are not kept, so no credential is either. */
  readonly requests: LoggedRequest[];
  readonly faults: Faults;
  /** What `handle` threw: a fault of the simulator itself, answered with 500. */
  readonly failures: unknown[];
  /** Added to every answer; may be set at any time. */
  latencyMs: number;
  close(): Promise<void>;
}

export interface SimulatorOptions {
  readonly name: string;
  readonly tls: Pick<TlsIdentity, 'key' | 'cert'>;
  readonly handle: (request: SimRequest) => SimResponse | Promise<SimResponse>;
  readonly port?: number;
  /** Seed of the faults that have a probability. */
  readonly seed?: number;
  /** The body of an injected status; default `{ error: { code, message } }`. */
  readonly errorBody?: (status: number, request: SimRequest) => unknown;
  /** Time in ms for Retry-After dates; default the real one. */
  readonly now?: () => number;
}

type Exchange = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

// Longer than any client here keeps a socket idle: a server that closes first resets the client's next request.
const KEEP_ALIVE_MS = 120_000;

// What a token request carries in its form body: the one place outside the headers where a credential travels.
const FORM_CREDENTIALS = /\b(client_secret|client_assertion|password)=[^&]*/g;

/** Starts an HTTPS server on 127.0.0.1 (port 0 = a free one) that answers with `handle`, after latency and faults. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const faults = createFaults(options.seed);
  const server = https.createServer({ key: options.tls.key, cert: options.tls.cert }, (request, response) => {
    void answer(request, response, options, simulator);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const simulator: Simulator = {
    origin: `https://localhost:${port}`,
    requests: [],
    faults,
    failures: [],
    latencyMs: 0,
    close: () => closeServer(server),
  };
  return simulator;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: SimulatorOptions,
  simulator: Simulator,
): Promise<void> {
  const body = await readBody(request);
  // The client gave up while it was still sending: there is nobody to answer.
  if (body === undefined) return;
  const received = toSimRequest(request, body);
  const exchange = logged(request, received);
  simulator.requests.push(exchange);
  if (simulator.latencyMs > 0) await delay(simulator.latencyMs);
  const fault = simulator.faults.pick(exchange);
  if (fault === 'hang') return;
  if (fault === 'drop') return cut(request);
  const reply = await replyTo(received, fault, options, simulator);
  if (fault === 'dropAfterCommit') return cut(request);
  exchange.status = reply.status;
  send(response, reply, options.name, fault === 'truncate');
}

async function replyTo(
  request: SimRequest,
  fault: FaultAction | undefined,
  options: SimulatorOptions,
  simulator: Simulator,
): Promise<SimResponse> {
  if (typeof fault === 'object' && 'status' in fault) return faultReply(fault, request, options);
  if (typeof fault === 'object') await delay(fault.delay);
  try {
    return await options.handle(request);
  } catch (error) {
    simulator.failures.push(error);
    return { status: 500, body: { error: { code: 'SimulatorFailure', message: String(error) } } };
  }
}

function send(response: ServerResponse, reply: SimResponse, name: string, truncated: boolean): void {
  const { body } = reply;
  const isText = typeof body === 'string';
  const whole = body === undefined ? '' : isText ? body : JSON.stringify(body);
  const text = truncated ? whole.slice(0, Math.floor(whole.length / 2)) : whole;
  const contentType = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(reply.status, {
    Server: name,
    ...(text === '' ? {} : { 'Content-Type': contentType }),
    ...(reply.status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
    ...reply.headers,
  });
  response.end(text);
}

function cut(request: IncomingMessage): void {
  request.socket.destroy();
}

function toSimRequest(request: IncomingMessage, body: string): SimRequest {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    target: request.url ?? '/',
    headers,
    body,
    json: () => JSON.parse(body) as unknown,
  };
}

function logged(request: IncomingMessage, received: SimRequest): Exchange {
  const [, query = ''] = splitOnce(request.url ?? '/', '?');
  const body = received.body.replace(FORM_CREDENTIALS, '$1=(removed)');
  return { at: Date.now(), method: received.method, path: received.path, query, body, status: 0 };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function closeServer(server: https.Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
  server.closeAllConnections();
  await closed;
}
