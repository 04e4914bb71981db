import type { Faults } from '../simulator/faults.ts';
import type { Random } from '../simulator/random.ts';
import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { answerBatch } from './batch-route.ts';
import { GraphRefused, injectedRefusal, refusalResponse, refuse, withGraphHeaders } from './graph-replies.ts';
import { readRoute } from './read-routes.ts';
import type { ReadServices } from './read-routes.ts';
import { answerDiscovery, answerManagedIdentity, answerToken, isGraphAudience } from './token-endpoint.ts';
import type { TokenService } from './token-endpoint.ts';
import { answerUserWrite, refuseOtherWrite } from './write-user-route.ts';
import type { WriteService } from './write-user-route.ts';

export interface EntraGraphServices extends ReadServices {
  readonly writeService: WriteService;
  readonly tokenService: TokenService;
  readonly faults: () => Faults;
  readonly random: Random;
  /** Receives every request that no route answers. */
  readonly unexpected: string[];
}

const GRAPH_PATH = /^\/(v1\.0|beta)\/(.*)$/;

/** The routes of Entra's token endpoints, App Service's identity endpoint and Graph. */
export function createHandler(services: EntraGraphServices): (request: SimRequest) => SimResponse {
  const graph = createGraphRoute(services);
  return (request) => {
    if (GRAPH_PATH.test(request.path)) return graph(request);
    return entraRoute(services, request) ?? notFound(services, request);
  };
}

/** The body of an injected status, in the shape of the endpoint that was called. */
export function injectedBody(status: number, request: SimRequest, nowMs: number): unknown {
  if (GRAPH_PATH.test(request.path)) return refusalResponse(injectedRefusal(status), nowMs).body;
  return {
    error: 'temporarily_unavailable',
    error_description: `AADSTS90033: A transient error has occurred (${status}).`,
  };
}

function entraRoute(services: EntraGraphServices, request: SimRequest): SimResponse | undefined {
  const service = services.tokenService;
  if (request.method === 'GET' && request.path === '/msi/token') return answerManagedIdentity(service, request);
  const discovery = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(request.path);
  if (request.method === 'GET' && discovery !== null) return answerDiscovery(service, discovery[1] ?? '');
  const token = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.path);
  if (request.method === 'POST' && token !== null) return answerToken(service, token[1] ?? '', request);
  return undefined;
}

function createGraphRoute(services: EntraGraphServices): (request: SimRequest) => SimResponse {
  const { now } = services.deltaService;
  return (request) => {
    try {
      refuseWithoutToken(services, request);
      return withGraphHeaders(request, graphRoute(services, request), now());
    } catch (error) {
      if (!(error instanceof GraphRefused)) throw error;
      return withGraphHeaders(request, refusalResponse(error.refusal, now()), now());
    }
  };
}

function graphRoute(services: EntraGraphServices, request: SimRequest): SimResponse {
  const [, version = '', resource = ''] = GRAPH_PATH.exec(request.path) ?? [];
  if (request.method === 'POST' && resource === '$batch') {
    const { random, deltaService } = services;
    const route = (inner: SimRequest): SimResponse => batchItem(services, inner);
    return answerBatch({ route, faults: services.faults(), random, now: deltaService.now }, version, request);
  }
  const answer =
    request.method === 'GET'
      ? readRoute(services, version, resource, request)
      : writeRoute(services, resource, request);
  return answer ?? notFound(services, request);
}

function writeRoute(services: EntraGraphServices, resource: string, request: SimRequest): SimResponse | undefined {
  const [collection, key, ...rest] = resource.split('/').map(decodeURIComponent);
  if (collection !== 'users' || rest.length > 0) return undefined;
  const { writeService } = services;
  if (request.method !== 'PATCH' || key === undefined) return refuseOtherWrite(writeService, request);
  return answerUserWrite(writeService, key, request);
}

// Inside a batch a refusal is the answer to its item, not to the whole.
function batchItem(services: EntraGraphServices, inner: SimRequest): SimResponse {
  try {
    return graphRoute(services, nestedBatchRefused(inner));
  } catch (error) {
    if (!(error instanceof GraphRefused)) throw error;
    return refusalResponse(error.refusal, services.deltaService.now());
  }
}

function nestedBatchRefused(inner: SimRequest): SimRequest {
  if (inner.path.endsWith('/$batch')) refuse(400, 'BadRequest', 'A batch cannot hold another batch.');
  return inner;
}

function refuseWithoutToken(services: EntraGraphServices, request: SimRequest): void {
  const checked = services.tokenService.tokens.check(request.headers['authorization']);
  if (checked.valid && isGraphAudience(checked.token.audience)) return;
  const message = checked.valid
    ? 'Access token validation failure. Invalid audience.'
    : {
        missing: 'Access token is empty.',
        unknown: 'CompactToken validation failed with reason code: 80049228.',
        expired: 'Lifetime validation failed, the token is expired.',
      }[checked.problem];
  const challenge = `Bearer realm="", authorization_uri="${services.tokenService.origin()}/common/oauth2/authorize"`;
  refuse(401, 'InvalidAuthenticationToken', message, { 'WWW-Authenticate': challenge });
}

function notFound(services: EntraGraphServices, request: SimRequest): SimResponse {
  services.unexpected.push(`${request.method} ${request.path}`);
  const segment = request.path.split('/').at(-1) ?? '';
  const refusal = { status: 404, code: 'BadRequest', message: `Resource not found for the segment '${segment}'.` };
  return refusalResponse(refusal, services.deltaService.now());
}
