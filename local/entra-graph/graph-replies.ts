import { randomUUID } from 'node:crypto';
import type { SimRequest, SimResponse } from '../simulator/server.ts';

const JSON_CONTENT =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
const DIAGNOSTIC = JSON.stringify({
  ServerInfo: { DataCenter: 'Simulator', Slice: 'E', Ring: '0', ScaleUnit: '000', RoleInstance: 'SIMULATOR' },
});

/** A refusal of Graph before its ids and dates are filled in. */
export interface GraphRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a route to answer with an error; anything else that is thrown is a fault of the simulator. */
export class GraphRefused extends Error {
  readonly refusal: GraphRefusal;
  constructor(refusal: GraphRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Ends the request with an error. */
export function refuse(status: number, code: string, message: string, headers?: Record<string, string>): never {
  throw new GraphRefused({ status, code, message, ...(headers === undefined ? {} : { headers }) });
}

/** Adds the headers that Graph sends with every answer; `nowMs` is the simulator's clock. */
export function withGraphHeaders(request: SimRequest, response: SimResponse, nowMs: number): SimResponse {
  const success = response.status < 300;
  const headers = {
    ...(response.body === undefined ? {} : { 'Content-Type': success ? JSON_CONTENT : 'application/json' }),
    'Cache-Control': 'no-cache',
    'OData-Version': '4.0',
    'request-id': randomUUID(),
    'client-request-id': request.headers['client-request-id'] ?? randomUUID(),
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    Date: new Date(nowMs).toUTCString(),
    ...response.headers,
  };
  return { ...response, headers };
}

/** The answer to a refused request, in Graph's error shape. */
export function refusalResponse(refusal: GraphRefusal, nowMs: number): SimResponse {
  const { status, code, message, headers } = refusal;
  const innerError = {
    date: new Date(nowMs).toISOString().slice(0, 19),
    'request-id': randomUUID(),
    'client-request-id': randomUUID(),
  };
  return { status, body: { error: { code, message, innerError } }, ...(headers === undefined ? {} : { headers }) };
}

const INJECTED: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  429: ['TooManyRequests', 'Please retry again later.'],
  500: ['InternalServerError', 'An internal server error occurred.'],
  502: ['BadGateway', 'Bad gateway.'],
  503: ['serviceNotAvailable', 'The service is temporarily unavailable.'],
  504: ['GatewayTimeout', 'The gateway timed out.'],
};

/** What an injected status looks like when it comes from Graph. */
export function injectedRefusal(status: number): GraphRefusal {
  const [code, message] = INJECTED[status] ?? ['UnknownError', `Injected ${status}.`];
  return { status, code, message };
}
