import { z } from 'zod';
import { API_SCHEMAS, ListRecordsQuery, ListRunsQuery } from './api-schemas.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import type { HttpFunctionName } from './http-routes.ts';
import { PROBLEMS } from './problem.ts';

interface OperationDocument {
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Names of registered schemas. */
  readonly body?: string;
  readonly answer: { readonly status: 200 | 202; readonly schema?: string };
  readonly problems: readonly (keyof typeof PROBLEMS)[];
}

const ALWAYS = ['configuration-invalid', 'access-denied', 'neighbour-unavailable', 'unexpected'] as const;

const OPERATIONS: Readonly<Record<HttpFunctionName, OperationDocument>> = {
  'start-run': {
    summary: 'Starts a run.',
    body: 'RunRequest',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-active', 'state-mismatch', ...ALWAYS],
  },
  'list-runs': {
    summary: 'Lists the runs, newest first.',
    query: ListRunsQuery,
    answer: { status: 200, schema: 'RunPage' },
    problems: ['request-invalid', ...ALWAYS],
  },
  'get-run': {
    summary: 'Shows one run.',
    answer: { status: 200, schema: 'Run' },
    problems: ['run-not-found', ...ALWAYS],
  },
  'list-run-records': {
    summary: 'Lists what a run did, or plans to do, person by person.',
    query: ListRecordsQuery,
    answer: { status: 200, schema: 'RecordPage' },
    problems: ['request-invalid', 'run-not-found', ...ALWAYS],
  },
  'approve-run': {
    summary: 'Approves what the run holds.',
    body: 'Decision',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-not-found', 'plan-changed', ...ALWAYS],
  },
  'reject-run': {
    summary: 'Rejects what the run holds.',
    body: 'Decision',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-not-found', 'plan-changed', ...ALWAYS],
  },
  'get-status': {
    summary: 'Shows how the sync and its neighbours are doing.',
    answer: { status: 200, schema: 'Status' },
    problems: ['configuration-invalid', 'neighbour-unavailable', 'unexpected'],
  },
  'get-openapi': { summary: 'This document.', answer: { status: 200 }, problems: [] },
  health: { summary: 'Tells that the app is alive.', answer: { status: 200, schema: 'Health' }, problems: [] },
};

const ACCEPTED = {
  headers: {
    location: { description: 'The same as statusUrl.', schema: { type: 'string' } },
    'retry-after': { description: 'Seconds to wait before asking.', schema: { type: 'integer' } },
  },
};

type JsonObject = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of this API, generated from its routes and zod schemas. */
export function buildOpenApi(): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Entra Sync',
      version: '1',
      description: 'Keeps MessageMedia contacts and lists in step with Microsoft Entra ID.',
    },
    servers: [{ url: '/api' }],
    security: [{ functionKey: [] }, { functionKeyInQuery: [] }],
    paths: buildPaths(),
    components: {
      schemas: buildSchemas(),
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionKeyInQuery: { type: 'apiKey', in: 'query', name: 'code' },
      },
    },
  };
}

function buildPaths(): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, { method, route }] of Object.entries(HTTP_ROUTES)) {
    const path = (paths[`/${route}`] ??= {});
    path[method.toLowerCase()] = buildOperation(name as HttpFunctionName);
  }
  return paths;
}

function buildOperation(name: HttpFunctionName): JsonObject {
  const { summary, query, body, answer, problems } = OPERATIONS[name];
  const { route, authLevel } = HTTP_ROUTES[name];
  const parameters = [...pathParameters(route), ...(query === undefined ? [] : queryParameters(query))];
  return {
    operationId: name,
    summary,
    ...(authLevel === 'anonymous' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: name !== 'start-run', content: jsonContent(body) } }),
    responses: { ...answerResponse(answer), ...problemResponses(problems), ...unauthorised(authLevel) },
  };
}

/** Components by the names they were registered under. What a request may leave out is optional there, so bodies show their input side. */
function buildSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(API_SCHEMAS, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      // The date pattern of zod is 400 characters long and says no more than the format.
      if (zodSchema instanceof z.ZodISODateTime) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _address, $schema: _dialect, ...schema }]) => [id, schema]),
  );
}

function queryParameters(query: z.ZodObject): JsonObject[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function pathParameters(route: string): JsonObject[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function answerResponse({ status, schema }: OperationDocument['answer']): JsonObject {
  const content = schema === undefined ? { 'application/json': { schema: { type: 'object' } } } : jsonContent(schema);
  return { [status]: { description: status === 202 ? 'Accepted.' : 'OK.', ...(status === 202 && ACCEPTED), content } };
}

/** Several codes may share a status: each is named. */
function problemResponses(codes: OperationDocument['problems']): JsonObject {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [status, { description: `\`${shared.join('`, `')}\``, content }]),
  );
}

function unauthorised(authLevel: string): JsonObject {
  return authLevel === 'function'
    ? { 401: { description: 'No valid function key. Answered by the host, no body.' } }
    : {};
}

function jsonContent(schema: string): JsonObject {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
