import { Agent, createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readStorageCall } from './storage-call.ts';
import type { StorageCall } from './storage-call.ts';

/** `before`: the call has arrived and storage has not seen it. `after`: storage has answered and the caller has not heard. */
export type Moment = 'before' | 'after';

/**
 * Sees every call twice and may keep it waiting each time. `lost` breaks the caller's connection: before, the call
 * never happens; after, what it did stands and only its answer is lost.
 */
export type OnCall = (call: StorageCall, moment: Moment) => Fate | Promise<Fate>;
export type Fate = 'lost' | undefined;

export interface StorageProxy {
  /** The connection string with the proxy in the place of its service. */
  readonly reroute: (connectionString: string) => string;
  onCall: OnCall | undefined;
  /** What `onCall` threw. */
  readonly failures: unknown[];
  /** The next answers, this many, are lost on their way: the service has done its work, the caller's connection breaks. */
  readonly loseAnswers: (count: number) => void;
  /** How many answers are still to be lost: 0 is the proof that the fault has happened. */
  readonly lossesLeft: () => number;
  /** From now on the service's clock, as its answers tell it, is this much later: the app takes its time from there. */
  advance(ms: number): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

// Longer than any client here keeps a socket idle: a server that closes first resets the client's next request.
const KEEP_ALIVE_MS = 120_000;

/** A proxy before a storage service on 127.0.0.1 that shows each call to a test, loses answers and moves the clock. */
export async function startStorageProxy(serviceUrl: string): Promise<StorageProxy> {
  const service = new URL(serviceUrl);
  const agent = new Agent({ keepAlive: true });
  let toLose = 0;
  let shiftMs = 0;

  const fateOf = async (call: StorageCall, moment: Moment): Promise<Fate> => {
    if ((await proxy.onCall?.(call, moment)) === 'lost') return 'lost';
    if (moment === 'before' || toLose === 0) return undefined;
    toLose -= 1;
    return 'lost';
  };
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await bodyOf(incoming);
    if (body === undefined) return;
    const call = readStorageCall(method, url, headers['if-match'], body.toString('utf8'));
    if ((await fateOf(call, 'before')) === 'lost') return void outgoing.destroy();
    const answer = await forward(service.port, agent, { method, url, headers, body });
    if (answer === undefined || (await fateOf(call, 'after')) === 'lost') return void outgoing.destroy();
    const date = new Date(Date.now() + shiftMs).toUTCString();
    outgoing.writeHead(answer.status, { ...answer.headers, date }).end(answer.body);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => {
      proxy.failures.push(error);
      outgoing.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const proxy: StorageProxy = {
    reroute: (connectionString) => connectionString.replace(service.origin, origin),
    onCall: undefined,
    failures: [],
    loseAnswers: (count) => void (toLose = count),
    lossesLeft: () => toLose,
    advance(ms) {
      shiftMs += ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
  return proxy;
}

interface Forwarded {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Undefined when the service broke the connection: so does the proxy. */
async function forward(port: string, agent: Agent, call: Forwarded): Promise<Answer | undefined> {
  const { method, url, headers, body } = call;
  const answer = await new Promise<IncomingMessage | undefined>((resolve) => {
    const forwarded = request({ host: '127.0.0.1', port, agent, method, path: url, headers }, resolve);
    forwarded.on('error', () => resolve(undefined)).end(body);
  });
  const answerBody = answer === undefined ? undefined : await bodyOf(answer);
  if (answer === undefined || answerBody === undefined) return undefined;
  const { connection: _connection, 'keep-alive': _keepAlive, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: kept, body: answerBody };
}

/** Undefined when the sender went away before the end. */
async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
