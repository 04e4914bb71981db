import { z } from 'zod';
import { API_SCHEMAS } from './api-schemas.ts';
import { EXPLANATION } from './explanation-schema.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import type { HttpFunctionName, HttpRoute, Role } from './http-routes.ts';
import { answerResponse, jsonContent, problemResponses, unauthorised } from './openapi-responses.ts';
import type { AnswerDocument, JsonObject, ProblemCodes } from './openapi-responses.ts';
import { ListRecordsQuery, ListRunsQuery, RevealQuery } from './request-schemas.ts';

interface OperationDocument {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly JsonObject[];
  /** Names of registered schemas. */
  readonly body?: string;
  readonly answer: AnswerDocument;
  readonly problems: ProblemCodes;
}

const ALWAYS = ['configuration-invalid', 'access-denied', 'neighbour-unavailable', 'unexpected'] as const;

/** Everything in their bodies has a default. */
const ALL_OPTIONAL: readonly HttpFunctionName[] = ['start-run', 'adopt-account', 'install-webhook'];

const IDEMPOTENCY_KEY: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same request under the same key starts one run, for 24 hours. Chosen by the caller, for each request anew.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const OPERATIONS: Readonly<Record<HttpFunctionName, OperationDocument>> = {
  'start-run': {
    summary: 'Starts a run.',
    headers: [IDEMPOTENCY_KEY],
    body: 'RunRequest',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-active', 'idempotency-key-reused', 'state-mismatch', ...ALWAYS],
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
  'cancel-run': {
    summary: 'Ends a run early, once the batches under way are finished.',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-not-found', ...ALWAYS],
  },
  'get-person': {
    summary: 'Explains why one person is where they are, and what the next run would do.',
    query: RevealQuery,
    answer: { status: 200, schema: EXPLANATION },
    problems: ['request-invalid', 'person-not-found', 'directory-unreadable', ...ALWAYS],
  },
  'lookup-person': {
    summary: 'Explains whoever has a user principal name or a number.',
    query: RevealQuery,
    body: 'Lookup',
    answer: { status: 200, schema: EXPLANATION },
    problems: ['request-invalid', 'person-not-found', 'directory-unreadable', ...ALWAYS],
  },
  'erase-person': {
    summary: 'Forgets a person in the tables of this app, evidence of consent excepted.',
    answer: { status: 200, schema: 'Erasure' },
    problems: ['request-invalid', 'run-active', ...ALWAYS],
  },
  'adopt-account': {
    summary: 'Starts a full run that reads the whole account besides, to match contacts that were there before.',
    body: 'Adopt',
    answer: { status: 202, schema: 'RunAccepted' },
    problems: ['request-invalid', 'run-active', 'state-mismatch', ...ALWAYS],
  },
  'pause-sync': {
    summary: 'Starts no run by itself until it is resumed; a run under way ends early.',
    answer: { status: 200, schema: 'Pause' },
    problems: ['request-invalid', ...ALWAYS],
  },
  'resume-sync': {
    summary: 'Starts runs by itself again.',
    answer: { status: 200, schema: 'Pause' },
    problems: ['request-invalid', ...ALWAYS],
  },
  'install-webhook': {
    summary: 'Registers the webhook for opt-outs at MessageMedia, with a signing key where the account has signing.',
    body: 'InstallWebhook',
    answer: { status: 200, schema: 'Webhook' },
    problems: ['request-invalid', ...ALWAYS],
  },
  'verify-webhook': {
    summary: 'Compares the webhook at MessageMedia with what this app needs.',
    answer: { status: 200, schema: 'Webhook' },
    problems: [...ALWAYS],
  },
  'receive-webhook': {
    summary: 'Takes an opt-out from MessageMedia: with the secret, and signed where the account has signing.',
    answer: { status: 202, isEmpty: true },
    problems: [],
  },
  'get-status': {
    summary: 'Shows how the sync and its neighbours are doing.',
    answer: { status: 200, schema: 'Status' },
    problems: ['configuration-invalid', 'neighbour-unavailable', 'unexpected'],
  },
  'get-openapi': { summary: 'This document.', answer: { status: 200 }, problems: [] },
  health: { summary: 'Tells that the app is alive.', answer: { status: 200, schema: 'Health' }, problems: [] },
};

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
  const { summary, query, headers = [], body, answer, problems } = OPERATIONS[name];
  const { route, authLevel, role, elevated }: HttpRoute = HTTP_ROUTES[name];
  const parameters = [...pathParameters(route), ...(query === undefined ? [] : queryParameters(query)), ...headers];
  const codes = role === undefined ? problems : [...problems, 'forbidden' as const];
  return {
    operationId: name,
    summary,
    ...(role !== undefined && { description: roleInWords(role, elevated), 'x-roles': { role, elevated } }),
    ...(authLevel === 'anonymous' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: !ALL_OPTIONAL.includes(name), content: jsonContent(body) } }),
    responses: { ...answerResponse(answer), ...problemResponses(codes), ...unauthorised(authLevel) },
  };
}

function roleInWords(role: Role, elevated: HttpRoute['elevated']): string {
  const besides = elevated === undefined ? '' : `, and \`${elevated.role}\` ${elevated.when}`;
  return `Role: \`${role}\`${besides}.`;
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
    schema: { type: 'string', maxLength: 64 },
  }));
}
