import type { Client, Context, FetchOptions, Middleware } from '@microsoft/microsoft-graph-client';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Absolute; its origin must be the Graph host that the transport was made for. */
  readonly url: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** No whole answer came: a time-out, or no connection. */
export class GraphWireFailure extends Error {
  override readonly name = 'GraphWireFailure';
  readonly timedOut: boolean;

  constructor(timedOut: boolean, cause: unknown) {
    super(timedOut ? 'time-out' : 'connection failed', { cause });
    this.timedOut = timedOut;
  }
}

export interface GraphTransport {
  /** Sends once with the token and answers any status. Throws GraphWireFailure. */
  send(request: GraphRequest, token: string): Promise<GraphAnswer>;
}

/** What the last middleware received: the client itself loses headers of non-JSON answers and causes of failures. */
interface Reception {
  answer?: GraphAnswer;
  failure?: GraphWireFailure;
}

/** The Graph client as a thin transport: no retries, no redirects, `timeoutMs` for the whole of a call. */
export function createGraphTransport(options: { readonly origin: string; readonly timeoutMs: number }): GraphTransport {
  const load = () => import('@microsoft/microsoft-graph-client');
  let loaded: Promise<{ readonly sdk: Awaited<ReturnType<typeof load>>; readonly client: Client }> | undefined;

  // Loaded with the first call: the app must start fast.
  const open = async () => {
    const sdk = await load();
    // Each request brings its own token; the handler is kept because it never lets one go to a foreign host.
    const authentication = new sdk.AuthenticationHandler({ getAccessToken: () => Promise.resolve('') });
    const client = sdk.Client.initWithMiddleware({
      baseUrl: options.origin,
      middleware: [authentication, fetchMiddleware(options.timeoutMs)],
      customHosts: new Set([new URL(options.origin).hostname]),
    });
    return { sdk, client };
  };

  return {
    async send(request, token) {
      if (new URL(request.url).origin !== options.origin) throw new Error('A request to Graph has another origin.');
      loaded ??= open();
      const { sdk, client } = await loaded;
      const reception: Reception = {};
      const prepared = client
        .api(request.url)
        .headers({ ...request.headers })
        .middlewareOptions([new sdk.AuthenticationHandlerOptions({ getAccessToken: () => Promise.resolve(token) })])
        .option('reception', reception)
        .responseType(sdk.ResponseType.RAW);
      try {
        if (request.method === 'GET') await prepared.get();
        else await (request.method === 'POST' ? prepared.post(request.body) : prepared.patch(request.body));
      } catch (error) {
        throw reception.failure ?? error;
      }
      if (reception.answer === undefined) throw new Error('The Graph client sent nothing.');
      return reception.answer;
    },
  };
}

function fetchMiddleware(timeoutMs: number): Middleware {
  return {
    async execute(context: Context) {
      const { reception, ...init } = context.options as FetchOptions & { readonly reception: Reception };
      // The client's type of it is one of browsers; what was given to it is a URL as text.
      const url = context.request as string;
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(url, { ...(init as RequestInit), redirect: 'manual', signal });
        const text = await response.text();
        reception.answer = { status: response.status, headers: response.headers, text };
        context.response = response;
      } catch (error) {
        reception.failure = new GraphWireFailure(signal.aborted, error);
        throw reception.failure;
      }
    },
  };
}
