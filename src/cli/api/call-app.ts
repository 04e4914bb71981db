import type { Connection } from '../connection.ts';
import { EXIT } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import { refusalOf } from './refused-answer.ts';

export interface CallOptions {
  readonly body?: unknown;
  readonly timeOutMs?: number;
}

/** One call to the app: the JSON of a 2xx answer, or a Refusal. `path` begins below `/api`. */
export type CallApp = <Answer>(method: 'GET' | 'POST', path: string, options?: CallOptions) => Promise<Answer>;

/** `GET /status` asks every neighbour and waits up to ten seconds for each; the host starts cold now and then. */
const TIME_OUT_MS = 60_000;

export function createCallApp(connection: Connection): CallApp {
  return async <Answer>(method: 'GET' | 'POST', path: string, options: CallOptions = {}) => {
    const response = await send(connection, method, path, options);
    const text = await bodyOf(response, connection);
    if (!response.ok) throw refusalOf({ method, path, status: response.status, text });
    return readAnswer(text, `${method} ${path}`) as Answer;
  };
}

async function send(
  { url, key }: Connection,
  method: string,
  path: string,
  { body, timeOutMs = TIME_OUT_MS }: CallOptions,
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(key !== undefined && { 'x-functions-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A redirect would carry the key to another host.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeOutMs),
  };
  try {
    return await fetch(`${url}${path}`, init);
  } catch (error) {
    throw unreachable(url, error);
  }
}

async function bodyOf(response: Response, { url }: Connection): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw unreachable(url, error);
  }
}

function readAnswer(text: string, call: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Refusal(EXIT.unexpected, 'answer-unreadable', `The answer to ${call} is not JSON.`, {
      hints: ['Check that the address is that of the app: it ends with /api.'],
      cause: error,
    });
  }
}

function unreachable(url: string, error: unknown): Refusal {
  return new Refusal(EXIT.neighbourDown, 'app-unreachable', `No answer from ${url}: ${reasonOf(error)}.`, {
    hints: ['Check the address. `npm start` starts the app on this computer; --url or ENTRA_SYNC_URL names another.'],
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up just now',
  UND_ERR_SOCKET: 'the connection was cut',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (NODE_EXTRA_CA_CERTS names more authorities)',
};

/** What fetch wraps: the code of the socket (of the first, where several addresses were tried), or that the time was over. */
function reasonOf(error: unknown): string {
  const { name, cause } = partsOf(error);
  if (name === 'TimeoutError') return 'the time is over';
  const { code, errors } = partsOf(cause);
  const known = code ?? partsOf(Array.isArray(errors) ? errors[0] : undefined).code;
  return typeof known === 'string' ? (REASONS[known] ?? known) : 'the connection failed';
}

interface ErrorParts {
  readonly name?: unknown;
  readonly cause?: unknown;
  readonly code?: unknown;
  readonly errors?: unknown;
}

function partsOf(error: unknown): ErrorParts {
  return typeof error === 'object' && error !== null ? error : {};
}
