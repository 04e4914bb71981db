import type { IncomingMessage } from 'node:http';
import type { HttpData, Nullable } from './rpc.ts';

// The host's FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, in bytes.
const LARGEST_BODY = 104_857_600;

/**
 * Reads the body of a request. Only one with a content-length reaches a function, as in the real host without HTTP
 * streaming; a chunked one is read away.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined | 'too-large'> {
  const length = request.headers['content-length'];
  if (length === undefined) {
    request.resume();
    return undefined;
  }
  if (Number(length) > LARGEST_BODY) return 'too-large';
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The request as it travels to the worker; values that occur twice are joined by a comma, as the host does it. */
export function toHttpData(
  request: IncomingMessage,
  url: URL,
  params: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): HttpData {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(Object.fromEntries(headers) as Record<string, string>),
    nullableParams: nullable(params),
    nullableQuery: nullable(query),
    ...(body === undefined || body.length === 0 ? {} : { body: { bytes: body } }),
  };
}

function nullable(values: Readonly<Record<string, string>>): Record<string, Nullable<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
