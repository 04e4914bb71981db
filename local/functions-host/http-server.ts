import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAuthorized, type FunctionKeys } from './function-keys.ts';
import { readBody, toHttpData } from './http-request.ts';
import { parseRoute, type Route } from './http-routes.ts';
import { describeError, type OnLog } from './log-entry.ts';
import type { FunctionInfo } from './registered-functions.ts';
import type { InvocationResponse, TypedData } from './rpc.ts';

export interface HttpHost {
  readonly functions: readonly FunctionInfo[];
  readonly routePrefix: string;
  readonly keys: FunctionKeys;
  invokeHttp(functionName: string, data: TypedData): Promise<InvocationResponse>;
  /** Starts a timer or queue function by hand, with the given input, and does not wait. False: no such function. */
  startByHand(functionName: string, input: string): boolean;
  readonly onLog: OnLog;
}

export interface HttpServer {
  readonly origin: string;
  /** Accepts nothing new; answers when the requests under way have been answered. */
  stop(): Promise<void>;
}

interface Endpoint {
  readonly name: string;
  readonly authLevel: unknown;
  readonly methods: ReadonlySet<string>;
  readonly route: Route;
}

/** Serves the HTTP functions and `/admin/functions/{name}` on 127.0.0.1. The host's own refusals have no body. */
export async function startHttpServer(host: HttpHost, port: number): Promise<HttpServer> {
  const endpoints = host.functions
    .filter(({ trigger, disabled }) => trigger.type === 'httpTrigger' && !disabled)
    .map((info) => toEndpoint(info, host.routePrefix));
  const server = createServer((request, response) => {
    serve(host, endpoints, request, response).catch((error: unknown) => {
      host.onLog({ level: 'error', category: 'Host.Http', message: describeError(error) });
      response.writeHead(500).end();
    });
  });
  await listen(server, port);
  const { port: actualPort } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${actualPort}`, stop: () => close(server) };
}

async function serve(
  host: HttpHost,
  endpoints: readonly Endpoint[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const header = request.headers['x-functions-key'];
  const key = (typeof header === 'string' ? header : undefined) ?? url.searchParams.get('code') ?? undefined;
  const [first, second, adminFunction, ...more] = url.pathname.split('/').slice(1);
  if (first === 'admin' && second === 'functions' && adminFunction !== undefined && more.length === 0) {
    return serveAdmin(host, decodeURIComponent(adminFunction), key, request, response);
  }
  for (const endpoint of endpoints) {
    const params = endpoint.methods.has(request.method ?? '') ? endpoint.route.match(url.pathname) : undefined;
    if (params !== undefined) return serveFunction(host, endpoint, { url, key, params }, request, response);
  }
  refuse(request, response, 404);
}

async function serveFunction(
  host: HttpHost,
  { name, authLevel }: Endpoint,
  call: { readonly url: URL; readonly key: string | undefined; readonly params: Readonly<Record<string, string>> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isAuthorized(host.keys, authLevel, name, call.key)) return refuse(request, response, 401);
  const body = await readBody(request);
  if (body === 'too-large') return refuse(request, response, 413);
  const http = toHttpData(request, call.url, call.params, body);
  const answer = await host.invokeHttp(name, { http }).catch(() => undefined);
  if (answer === undefined) return refuse(request, response, 500);
  const result = answer.returnValue?.http;
  if (result === undefined || result === null) return refuse(request, response, 204);
  if ((result.cookies ?? []).length > 0) throw new Error(`Function "${name}" sets cookies; the local host has none.`);
  response.writeHead(Number(result.statusCode ?? 200), { ...result.headers }).end(result.body?.bytes ?? undefined);
}

async function serveAdmin(
  host: HttpHost,
  functionName: string,
  key: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (key !== host.keys.master) return refuse(request, response, 401);
  if (request.method !== 'POST') return refuse(request, response, 404);
  const body = await readBody(request);
  if (body === 'too-large') return refuse(request, response, 413);
  const input = adminInput(body);
  if (input === undefined) return refuse(request, response, 400);
  refuse(request, response, host.startByHand(functionName, input) ? 202 : 404);
}

/** The `input` of an admin call; undefined when the body is not `{"input": "…"}` in any form of it. */
function adminInput(body: Buffer | undefined): string | undefined {
  if (body === undefined || body.length === 0) return '';
  try {
    const { input = '' } = JSON.parse(body.toString('utf8')) as { readonly input?: unknown };
    return typeof input === 'string' ? input : JSON.stringify(input);
  } catch {
    return undefined;
  }
}

/** A status without a body. What is left of the request is read away, so that the connection can be used again. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end();
}

function toEndpoint({ name, trigger }: FunctionInfo, routePrefix: string): Endpoint {
  const { authLevel, methods, route } = trigger;
  const template = typeof route === 'string' && route !== '' ? route : name;
  return {
    name,
    authLevel: authLevel ?? 'function',
    methods: new Set(Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : ['GET', 'POST']),
    route: parseRoute(`${routePrefix}/${template}`),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // A kept-alive connection that answers its last request after the close would hold the server for seconds.
    const timer = setInterval(() => server.closeIdleConnections(), 20);
    server.close((error) => {
      clearInterval(timer);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
