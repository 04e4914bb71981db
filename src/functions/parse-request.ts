import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { SyncError } from '../core/errors.ts';

/** Every body of this API is a few short fields: more is a mistake or an attack. */
const MAX_BODY_BYTES = 64 * 1024;
/** The host takes a function key from the query, too; it is none of our parameters. */
const HOST_PARAMETERS: ReadonlySet<string> = new Set(['code', 'clientId']);
const MAX_QUERY_CHARACTERS = 2048;
const RUN_ID = /^[\w-]{1,64}$/;
const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const HARMLESS_NAME = /^[A-Za-z][\w-]{0,39}$/;

interface RequestProblem {
  readonly path: string;
  readonly message: string;
}

/** The JSON body, parsed; no body counts as `{}`. Throws `request-invalid` with every bad field, never with a value. */
export async function parseBody<S extends z.ZodType>(request: HttpRequest, schema: S): Promise<z.output<S>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  if (bytes.byteLength === 0) return parse(schema, {}, 'body');
  return parse(schema, readJson(bytes.toString('utf8')), 'body');
}

/** The query parameters, parsed. Throws `request-invalid`; a name given twice is refused, as only one would count. */
export function parseQuery<S extends z.ZodType>(request: HttpRequest, schema: S): z.output<S> {
  const given = [...request.query].filter(([name]) => !HOST_PARAMETERS.has(name));
  if (given.flat().join('').length > MAX_QUERY_CHARACTERS) {
    throw invalid([{ path: 'query', message: `is longer than ${MAX_QUERY_CHARACTERS} characters` }]);
  }
  const names = given.map(([name]) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  if (repeated.length > 0) {
    throw invalid(repeated.map((name) => ({ path: quotable(name), message: 'is given more than once' })));
  }
  return parse(schema, Object.fromEntries(given), 'query');
}

/** The run id of the route. An id that cannot be one of ours is answered like an unknown one: `run-not-found`. */
export function runIdOf(request: HttpRequest): string {
  const runId = request.params['runId'] ?? '';
  if (!RUN_ID.test(runId)) throw new SyncError('run-not-found', 'There is no run with this id.');
  return runId;
}

/** The person of the route, by object id. An id that cannot be one is `request-invalid` and not said back. */
export function personIdOf(request: HttpRequest): string {
  const personId = request.params['personId'] ?? '';
  if (!OBJECT_ID.test(personId)) throw invalid([{ path: 'personId', message: 'must be an object id (a GUID)' }]);
  return personId.toLowerCase();
}

/** The key under which a caller may repeat this request; undefined when there is none. Never said back or logged. */
export function idempotencyKeyOf(request: HttpRequest): string | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw invalid([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  return key;
}

function parse<S extends z.ZodType>(schema: S, input: unknown, where: string): z.output<S> {
  const result = schema.safeParse(input);
  if (!result.success) throw invalid(result.error.issues.flatMap((issue) => problemsOf(issue, where)));
  return result.data;
}

function problemsOf(issue: z.core.$ZodIssue, where: string): RequestProblem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownKey);
  const path = issue.path.map(String).join('.');
  return [{ path: path === '' ? where : path, message: issue.message }];
}

function unknownKey(name: string): RequestProblem {
  return { path: quotable(name), message: 'is not known here' };
}

/** Somebody may send a number or a mail address as a name: only what looks like a name is said back. */
function quotable(name: string): string {
  return HARMLESS_NAME.test(name) ? name : '(a name)';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
    throw invalid([{ path: 'body', message: 'is not valid JSON' }]);
  }
}

function tooLarge(): SyncError {
  return invalid([{ path: 'body', message: `is larger than ${MAX_BODY_BYTES} bytes` }]);
}

function invalid(problems: readonly RequestProblem[]): SyncError {
  return new SyncError('request-invalid', `${problems.length} part(s) of the request are not valid.`, { problems });
}
