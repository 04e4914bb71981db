import { randomUUID } from 'node:crypto';
import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { EXCHANGE_AUDIENCES, assertionProblem } from './client-assertion.ts';
import type { AssertionService, CredentialProblem } from './client-assertion.ts';

export interface ClientSecret {
  readonly value: string;
  /** Ms since 1970; absent = never. */
  readonly expiresAt?: number;
}

export interface TokenService extends AssertionService {
  readonly clientId: string;
  /** All that are accepted at the moment. */
  readonly secrets: () => readonly ClientSecret[];
  readonly roles: () => readonly string[];
  readonly lifetimeSeconds: () => number;
  readonly managedIdentity: { readonly header: string; readonly clientId?: string; readonly principalId: string };
  readonly now: () => number;
}

/** What identities of the platform ask tokens for, besides Graph. */
const AZURE_RESOURCES: readonly string[] = [
  'https://vault.azure.net',
  'https://storage.azure.com',
  ...EXCHANGE_AUDIENCES,
];
const GRAPH_HOSTS = new Set([
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
  'localhost',
]);

/** True for a resource whose tokens open the simulated Graph. */
export function isGraphAudience(audience: string): boolean {
  return URL.canParse(audience) && GRAPH_HOSTS.has(new URL(audience).hostname);
}

/** The OpenID configuration of a tenant; like the real one it does not say whether the tenant exists. */
export function answerDiscovery(service: TokenService, tenant: string): SimResponse {
  const base = `${service.origin()}/${tenant}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      tenant_region_scope: 'OC',
      cloud_instance_name: 'microsoftonline.com',
    },
  };
}

/** `POST /{tenant}/oauth2/v2.0/token` with client credentials. */
export function answerToken(service: TokenService, tenant: string, request: SimRequest): SimResponse {
  const form = new URLSearchParams(request.body);
  const client = form.get('client_id') ?? '';
  if (tenant !== service.tenantId)
    return refused(service, 400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
  if (form.get('grant_type') !== 'client_credentials') {
    return refused(service, 400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  if (client !== service.clientId) {
    const message = `Application with identifier '${client}' was not found in the directory '${tenant}'.`;
    return refused(service, 400, 'unauthorized_client', 700016, message);
  }
  const assertion = form.get('client_assertion');
  const problem =
    assertion === null
      ? secretProblem(service, form.get('client_secret'))
      : assertionProblem(service, assertion, form.get('client_assertion_type'));
  if (problem !== undefined) return refused(service, 401, 'invalid_client', problem.code, problem.message);
  const audience = audienceOf(form.get('scope') ?? '');
  if (audience === undefined) {
    return refused(
      service,
      400,
      'invalid_scope',
      70011,
      "The provided value for the input parameter 'scope' is not valid.",
    );
  }
  return issued(service, audience);
}

/** App Service's `GET /msi/token`, as `IDENTITY_ENDPOINT` with `IDENTITY_HEADER`. */
export function answerManagedIdentity(service: TokenService, request: SimRequest): SimResponse {
  const { header, clientId, principalId } = service.managedIdentity;
  if (request.headers['x-identity-header'] !== header)
    return { status: 401, body: { statusCode: 401, message: 'Wrong X-IDENTITY-HEADER.' } };
  const asked = request.query.get('client_id');
  if (asked !== null && clientId !== undefined && asked !== clientId) {
    return {
      status: 400,
      body: {
        statusCode: 400,
        message: 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
      },
    };
  }
  const audience = audienceOf(`${request.query.get('resource') ?? ''}/.default`);
  if (audience === undefined) return { status: 400, body: { statusCode: 400, message: 'The resource is not known.' } };
  const expiresAt = service.now() + service.lifetimeSeconds() * 1000;
  const identity = clientId ?? service.clientId;
  const token = service.tokens.issue({
    audience,
    clientId: identity,
    subject: principalId,
    roles: service.roles(),
    expiresAt,
  });
  const expiresOn = String(Math.floor(expiresAt / 1000));
  return {
    status: 200,
    body: { access_token: token, expires_on: expiresOn, resource: audience, token_type: 'Bearer', client_id: identity },
  };
}

function issued(service: TokenService, audience: string): SimResponse {
  const seconds = service.lifetimeSeconds();
  const expiresAt = service.now() + seconds * 1000;
  const token = service.tokens.issue({ audience, clientId: service.clientId, roles: service.roles(), expiresAt });
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store, no-cache' },
    body: { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token },
  };
}

function secretProblem(service: TokenService, given: string | null): CredentialProblem | undefined {
  const secret = service.secrets().find((candidate) => candidate.value === given);
  if (secret === undefined) {
    return {
      code: 7000215,
      message:
        'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
    };
  }
  if (secret.expiresAt === undefined || secret.expiresAt > service.now()) return undefined;
  return { code: 7000222, message: `The provided client secret keys for app '${service.clientId}' are expired.` };
}

function audienceOf(scope: string): string | undefined {
  const resource = /^(.+?)\/+\.default$/.exec(scope.trim())?.[1];
  if (resource === undefined) return undefined;
  return AZURE_RESOURCES.includes(resource) || isGraphAudience(resource) ? resource : undefined;
}

function refused(service: TokenService, status: number, error: string, code: number, message: string): SimResponse {
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = `${new Date(service.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const ids = `Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message} ${ids}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `${service.origin()}/error?code=${code}`,
    },
  };
}
