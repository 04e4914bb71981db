import { PROBLEMS } from './problem.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a call answers when all is well; `schema` is the name of a registered one. */
export interface AnswerDocument {
  readonly status: 200 | 202;
  readonly schema?: string;
  /** Neither this nor a refusal has a body: MessageMedia reads the status alone. */
  readonly isEmpty?: true;
}

export type ProblemCodes = readonly (keyof typeof PROBLEMS)[];

const ACCEPTED = {
  headers: {
    location: { description: 'The same as statusUrl.', schema: { type: 'string' } },
    'retry-after': { description: 'Seconds to wait before asking.', schema: { type: 'integer' } },
  },
};

const EMPTY = {
  202: { description: 'Stored. No body.' },
  401: { description: 'Not believed. No body.' },
  503: { description: 'Not stored: to be sent again. No body.' },
};

export function answerResponse({ status, schema, isEmpty }: AnswerDocument): JsonObject {
  if (isEmpty === true) return EMPTY;
  const content = schema === undefined ? { 'application/json': { schema: { type: 'object' } } } : jsonContent(schema);
  return { [status]: { description: status === 202 ? 'Accepted.' : 'OK.', ...(status === 202 && ACCEPTED), content } };
}

/** Several codes may share a status: each is named. */
export function problemResponses(codes: ProblemCodes): JsonObject {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [status, { description: `\`${shared.join('`, `')}\``, content }]),
  );
}

export function unauthorised(authLevel: string): JsonObject {
  return authLevel === 'function'
    ? { 401: { description: 'No valid function key. Answered by the host, no body.' } }
    : {};
}

export function jsonContent(schema: string): JsonObject {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
