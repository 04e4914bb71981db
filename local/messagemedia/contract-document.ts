import contract from './contract.json' with { type: 'json' };

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface DocumentedResponse {
  readonly $ref?: string;
  readonly content?: Content;
}

interface DocumentedOperation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, DocumentedResponse>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly template: string;
  readonly segments: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody: DocumentedOperation['requestBody'];
  /** The schema of a documented status' body; `undefined` = documented without a body. */
  readonly responses: ReadonlyMap<number, Schema | undefined>;
}

export interface MatchedOperation {
  readonly operation: Operation;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

// The compiler's type of the JSON is the union of every literal in it, which no code here can use.
const document = contract as unknown as OpenApiDocument;

/** The vendor's named schemas, as written: open to additional properties. */
export const schemas: Readonly<Record<string, Schema>> = document.components.schemas;

// Templates with fewer parameters first: /signature_keys/enabled before /signature_keys/{key_id}.
const operations: readonly Operation[] = Object.entries(document.paths)
  .flatMap(([template, item]) =>
    Object.entries(item).map(([method, details]) => toOperation(method, template, details)),
  )
  .toSorted((a, b) => parameterCount(a) - parameterCount(b));

/** The documented operation for a method and an encoded path without query, or undefined. */
export function findOperation(method: string, path: string): MatchedOperation | undefined {
  const segments = path.split('/');
  for (const operation of operations) {
    if (operation.method !== method.toUpperCase()) continue;
    const params = matchSegments(operation.segments, segments);
    if (params !== undefined) return { operation, params };
  }
  return undefined;
}

/** Follows one reference to a named schema; a schema without a reference is returned as it is. */
export function resolveSchema(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const resolved = schemas[name];
  if (resolved === undefined) throw new Error(`The contract has no schema ${schema.$ref}.`);
  return resolved;
}

/** A copy in which every object that names its properties accepts no others: the vendor leaves them open. */
export function closed<T>(node: T): T {
  if (Array.isArray(node)) return node.map((item: unknown) => closed(item)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value as unknown)]));
  const isObjectSchema = copy['type'] === 'object' && copy['properties'] !== undefined;
  return (isObjectSchema ? { ...copy, additionalProperties: false } : copy) as T;
}

/** References in the document are relative to it; a schema compiled on its own needs the document's name before them. */
export function absolute(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"contract#/components/');
  return JSON.parse(text) as Schema;
}

function toOperation(method: string, template: string, details: DocumentedOperation): Operation {
  const responses = Object.entries(details.responses).map(
    ([status, response]) => [Number(status), bodySchema(response)] as const,
  );
  return {
    operationId: details.operationId ?? `${method} ${template}`,
    method: method.toUpperCase(),
    template,
    segments: template.split('/'),
    parameters: details.parameters ?? [],
    requestBody: details.requestBody,
    responses: new Map(responses),
  };
}

function bodySchema(response: DocumentedResponse): Schema | undefined {
  const name = response.$ref?.replace('#/components/responses/', '');
  const resolved = name === undefined ? response : document.components.responses[name];
  return Object.values(resolved?.content ?? {})[0]?.schema;
}

function parameterCount(operation: Operation): number {
  return operation.segments.filter((segment) => segment.startsWith('{')).length;
}

function matchSegments(template: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (template.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const actual = path[index] ?? '';
    if (!expected.startsWith('{')) {
      if (expected !== actual) return undefined;
      continue;
    }
    const value = decoded(actual);
    if (value === undefined || value === '') return undefined;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
