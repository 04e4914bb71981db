import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { viewRun } from '../../src/functions/run-view.ts';
import { createGetOpenApi } from '../../src/functions/get-openapi.ts';
import { buildOpenApi } from '../../src/functions/openapi.ts';
import { listTriggers } from '../../src/functions/triggers.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, OpenApiOperation>>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
}
interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly 'x-roles'?: { readonly role: string; readonly elevated?: { readonly role: string } };
  readonly security?: unknown[];
  readonly parameters?: { readonly name: string; readonly in: string; readonly schema: { readonly type: string } }[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, { readonly description: string }>;
}

const DOCUMENT = JSON.parse(JSON.stringify(buildOpenApi())) as OpenApi;

function operationsOf(document: OpenApi) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsOf(inner)));
}

function compile(schema: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true });
  addFormats(ajv);
  ajv.addVocabulary(['components']);
  return ajv.compile({ $ref: `#/components/schemas/${schema}`, components: DOCUMENT.components });
}

describe('buildOpenApi', () => {
  it('documents every HTTP function, and nothing else', () => {
    const registered = listTriggers(fakeServices(), {}).flatMap((trigger) =>
      trigger.kind === 'http' ? [`${trigger.name}: ${trigger.method.toLowerCase()} /${trigger.route}`] : [],
    );

    const documented = operationsOf(DOCUMENT).map(
      ({ path, method, operation }) => `${operation.operationId}: ${method} ${path}`,
    );

    expect(DOCUMENT.openapi).toBe('3.1.0');
    expect(documented.toSorted()).toEqual(registered.toSorted());
  });

  it('describes each operation, its answers and every parameter of its path', () => {
    for (const { path, operation } of operationsOf(DOCUMENT)) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

      expect(operation.summary).toMatch(/\.$/);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining([expect.stringMatching(/^20[02]$/)]));
      expect(inPath.map(({ name }) => name)).toEqual(names);
    }
  });

  it('leaves only the liveness probe and the webhook open', () => {
    const open = operationsOf(DOCUMENT).filter(({ operation }) => operation.security?.length === 0);

    expect(open.map(({ operation }) => operation.operationId)).toEqual(['receive-webhook', 'health']);
    expect(open[0]?.operation.responses).toMatchObject({ 401: { description: expect.stringMatching(/No body/) } });
    expect(open[1]?.operation.responses).not.toHaveProperty('401');
  });

  it('shows the role that each call needs, and the answer without it', () => {
    const roles = operationsOf(DOCUMENT).map(({ operation }) => {
      const { role, elevated } = operation['x-roles'] ?? {};
      return [operation.operationId, role, elevated?.role];
    });

    expect(roles).toEqual(
      expect.arrayContaining([
        ['start-run', 'Sync.Read', 'Sync.Run'],
        ['list-run-records', 'Sync.Read', 'Sync.Admin'],
        ['approve-run', 'Sync.Approve', undefined],
        ['erase-person', 'Sync.Admin', undefined],
        ['health', undefined, undefined],
      ]),
    );
    for (const { operation } of operationsOf(DOCUMENT)) {
      const role = operation['x-roles']?.role;
      expect(operation.description).toEqual(role === undefined ? undefined : expect.stringContaining(role));
      expect(operation.responses['403']?.description).toBe(role === undefined ? undefined : '`forbidden`');
    }
  });

  it('documents the key under which a start may be repeated, and what becomes of a wrong repetition', () => {
    const start = DOCUMENT.paths['/runs']?.['post'];

    expect(start?.parameters).toEqual([expect.objectContaining({ name: 'Idempotency-Key', in: 'header' })]);
    expect(start?.responses['422']?.description).toBe('`idempotency-key-reused`');
  });

  it('documents query parameters from their schemas', () => {
    const parameters = DOCUMENT.paths['/runs']?.['get']?.parameters;

    expect(parameters).toEqual([
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        required: false,
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
      }),
      expect.objectContaining({ name: 'cursor', schema: expect.objectContaining({ type: 'string' }) }),
    ]);
  });

  it('refers only to schemas that are there', () => {
    const names = Object.keys(DOCUMENT.components.schemas);

    const dangling = refsOf(DOCUMENT).filter((ref) => !names.includes(ref.replace('#/components/schemas/', '')));

    expect(dangling).toEqual([]);
    expect(refsOf(DOCUMENT)).toContain('#/components/schemas/RunRequest');
  });

  it.each(Object.keys(DOCUMENT.components.schemas))('has a schema %s that a validator takes', (name) => {
    expect(() => compile(name)).not.toThrow();
  });

  it('describes what is really answered and asked', () => {
    const run = compile('Run');
    const request = compile('RunRequest');

    expect(run(JSON.parse(JSON.stringify(viewRun(aRun({ startedAt: 0 })))))).toBe(true);
    expect(run({ runId: 'run-1' })).toBe(false);
    expect(request({})).toBe(true);
    expect(request({ departments: [] })).toBe(false);
  });
});

describe('createGetOpenApi', () => {
  it('serves the document', async () => {
    const handler = createGetOpenApi(fakeServices());

    const first = await call(handler, { path: '/openapi.json' });
    const second = await call(handler, { path: '/openapi.json' });

    expect(first.body).toEqual(DOCUMENT);
    expect(second.body).toEqual(first.body);
    expect(first.headers['content-type']).toBe('application/json');
  });
});
