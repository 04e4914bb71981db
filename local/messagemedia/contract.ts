import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { absolute, closed, findOperation, resolveSchema, schemas } from './contract-document.ts';
import type { Operation, Parameter, Schema } from './contract-document.ts';

/** One departure from the contract; `what` never repeats a value of the message. */
export interface ContractProblem {
  /** `path`, `path/contactId`, `query/pageSize`, `headers/content-type`, `body/channels/0/type`, `status`. */
  readonly where: string;
  readonly what: string;
}

interface RequestValidators {
  readonly path: ValidateFunction;
  readonly query: ValidateFunction;
  readonly queryTypes: Readonly<Record<string, string | undefined>>;
  readonly headers: ValidateFunction;
  readonly headerNames: readonly string[];
  readonly body: ValidateFunction | undefined;
}

// `next_uri` of the blacklist's answer carries the page in its query, but the vendor forgot to list the parameter.
const UNLISTED_QUERY: Readonly<Record<string, Parameter | undefined>> = {
  ListAllBlockedNumbers: { name: 'page', in: 'query', schema: { type: 'string' } },
};

const RETRY_FIELDS: Schema['properties'] = {
  read_timeout: { type: 'integer', minimum: 1, maximum: 60_000 },
  retries: { type: 'integer', minimum: 0, maximum: 5 },
  retry_delay: { type: 'integer', minimum: 5, maximum: 60 },
};
// What the vendor's prose and examples have and its schemas lack; the headers of a webhook are any.
const UNLISTED_FIELDS: Readonly<Record<string, Schema['properties']>> = {
  CreateWebhookrequest: RETRY_FIELDS,
  UpdateWebhookrequest: { ...RETRY_FIELDS, headers: { $ref: '#/components/schemas/Headers' } },
};

function completed(documented: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
  const whole = Object.entries(documented).map(([name, schema]) => {
    const unlisted = UNLISTED_FIELDS[name];
    return [name, unlisted === undefined ? schema : { ...schema, properties: { ...schema.properties, ...unlisted } }];
  });
  return Object.fromEntries(whole) as Record<string, Schema>;
}

const closedSchemas = { ...closed(completed(schemas)), Headers: schemas['Headers'] };

const ajv = addFormats(new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }));
ajv.addVocabulary(['components']);
ajv.addSchema({ $id: 'contract', components: { schemas: closedSchemas } });

// Compiling costs milliseconds, validating microseconds: each operation's validators are made once, when first needed.
const requestValidators = new Map<Operation, RequestValidators>();
const answerValidators = new Map<Schema, ValidateFunction>();

/** Every departure of a request from the contract: [] for a good one. Header names are lower case, `body` is the raw text. */
export function validateRequest(
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
  body: string,
): readonly ContractProblem[] {
  const found = findOperation(method, path);
  if (found === undefined) return [{ where: 'path', what: `${method} ${path} is not documented` }];
  const validators = validatorsFor(found.operation);
  const given = Object.fromEntries(validators.headerNames.map((name) => [name, headers[name]]));
  return [
    ...problemsOf(validators.path, found.params, 'path'),
    ...problemsOf(validators.query, readQuery(query, validators.queryTypes), 'query'),
    ...channelIdProblems(query),
    ...problemsOf(validators.headers, given, 'headers'),
    ...bodyProblems(found.operation, validators.body, headers, body),
  ];
}

/** Every departure of an answer from the contract: [] for a good one. `body` is the parsed JSON, undefined for none. */
export function validateResponse(
  method: string,
  path: string,
  status: number,
  body: unknown,
): readonly ContractProblem[] {
  const found = findOperation(method, path);
  if (found === undefined) return [{ where: 'path', what: `${method} ${path} is not documented` }];
  const { responses, operationId } = found.operation;
  if (!responses.has(status)) return [{ where: 'status', what: `${status} is not documented for ${operationId}` }];
  const schema = responses.get(status);
  if (schema !== undefined) return problemsOf(answerValidator(schema), body, 'body');
  return body === undefined ? [] : [{ where: 'body', what: `${status} is documented without a body` }];
}

function validatorsFor(operation: Operation): RequestValidators {
  const known = requestValidators.get(operation);
  if (known !== undefined) return known;
  const made = makeRequestValidators(operation);
  requestValidators.set(operation, made);
  return made;
}

function makeRequestValidators(operation: Operation): RequestValidators {
  const unlisted = UNLISTED_QUERY[operation.operationId];
  const parameters = unlisted === undefined ? operation.parameters : [...operation.parameters, unlisted];
  const query = parameters.filter((parameter) => parameter.in === 'query').flatMap(exploded);
  const headers = parameters.filter((parameter) => parameter.in === 'header');
  const bodySchema = operation.requestBody?.content['application/json']?.schema;
  return {
    // A path parameter is always text here; the list of numbers in `is_authorised` is checked where it is used.
    path: ajv.compile(objectSchema(parameters.filter(({ in: place, schema }) => place === 'path' && !schema.items))),
    query: ajv.compile({ ...objectSchema(query), additionalProperties: false }),
    queryTypes: Object.fromEntries(query.map(({ name, schema }) => [name, schema.type])),
    headers: ajv.compile(objectSchema(headers.map((header) => ({ ...header, name: header.name.toLowerCase() })))),
    headerNames: headers.map((header) => header.name.toLowerCase()),
    body: bodySchema === undefined ? undefined : ajv.compile(absolute(bodySchema)),
  };
}

function answerValidator(schema: Schema): ValidateFunction {
  const known = answerValidators.get(schema);
  if (known !== undefined) return known;
  const made = ajv.compile(absolute(closed(schema)));
  answerValidators.set(schema, made);
  return made;
}

/** OpenAPI's default for an object in the query (style form, explode) is one query parameter for each property. */
function exploded(parameter: Parameter): readonly Parameter[] {
  const schema = resolveSchema(parameter.schema);
  if (schema.type !== 'object') return [parameter];
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({ name, in: 'query', schema: property }));
}

function objectSchema(parameters: readonly Parameter[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, absolute(schema)])),
    required: parameters.filter((parameter) => parameter.required === true).map((parameter) => parameter.name),
  };
}

function readQuery(query: URLSearchParams, types: RequestValidators['queryTypes']): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, queryValue(query.getAll(name), types[name])]));
}

/** A repeated parameter that is no array stays an array, so that the schema refuses it. */
function queryValue(values: readonly string[], type: string | undefined): unknown {
  const [value, ...more] = values;
  if (type === 'array' || more.length > 0) return values;
  return type === 'integer' && value !== undefined && /^-?\d+$/.test(value) ? Number(value) : value;
}

/** What the schema cannot see: a `+` sent as it is arrives as a blank, and joined values arrive as one; both find nothing. */
function channelIdProblems(query: URLSearchParams): readonly ContractProblem[] {
  const broken = query.getAll('channelIds').some((value) => /^\s|\s$|,/.test(value));
  return broken ? [{ where: 'query/channelIds', what: 'a plus sign is not encoded, or values are joined' }] : [];
}

function bodyProblems(
  operation: Operation,
  validator: ValidateFunction | undefined,
  headers: Readonly<Record<string, string>>,
  body: string,
): readonly ContractProblem[] {
  if (validator === undefined) {
    return body === '' ? [] : [{ where: 'body', what: `${operation.operationId} is documented without a body` }];
  }
  if (body === '') return [{ where: 'body', what: 'is required' }];
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const wrongType = contentType !== 'application/json';
  const typeProblems = wrongType ? [{ where: 'headers/content-type', what: 'must be application/json' }] : [];
  const parsed = parseJson(body);
  if (parsed === undefined) return [...typeProblems, { where: 'body', what: 'is not JSON' }];
  return [...typeProblems, ...problemsOf(validator, parsed.value, 'body')];
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function problemsOf(validator: ValidateFunction, value: unknown, where: string): readonly ContractProblem[] {
  if (validator(value)) return [];
  return (validator.errors ?? []).map((error) => ({ where: `${where}${error.instancePath}`, what: wordsOf(error) }));
}

function wordsOf(error: ErrorObject): string {
  const extra: unknown = error.params['additionalProperty'];
  if (typeof extra === 'string') return `${extra} is not documented`;
  return error.message ?? error.keyword;
}
