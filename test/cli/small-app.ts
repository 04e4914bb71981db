import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  /** Path and query below /api. */
  readonly path: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
}

/** Answers of an app by `METHOD /path`, without the query; what is not there is answered 404 as the host does. */
export type Answers = Readonly<Record<string, Answer | ((asked: Asked, count: number) => Answer)>>;

/** A server that answers what it is told to, and remembers what it was asked. */
export interface SmallApp {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export async function startSmallApp(answers: Answers): Promise<SmallApp> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void answer(request, response, answers, asked));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Answers,
  asked: Asked[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const path = (request.url ?? '').replace(/^\/api/, '');
  const key = request.headers['x-functions-key'];
  const one: Asked = {
    method: String(request.method),
    path,
    key: typeof key === 'string' ? key : undefined,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
  asked.push(one);
  const name = `${one.method} ${path.replace(/\?.*$/, '')}`;
  const found = answers[name] ?? { status: 404 };
  const count = asked.filter((other) => `${other.method} ${other.path.replace(/\?.*$/, '')}` === name).length;
  const { status = 200, headers = {}, body = '' } = typeof found === 'function' ? found(one, count) : found;
  response.writeHead(status, { ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An error as the app tells it. */
export function problem(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  const body = {
    type: `urn:entra-sync:problem:${code}`,
    title: code,
    status,
    detail: `It is ${code}.`,
    code,
    correlationId: 'c-1',
    ...more,
  };
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}
