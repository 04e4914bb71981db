/** One service that is spoken to with a bearer token. Addresses are relative to its origin. */
export interface RestClient {
  /** The answer, or undefined for 404. */
  find(path: string): Promise<unknown>;
  /** All items of a list, over all of its pages. */
  list(path: string): Promise<readonly unknown[]>;
  send(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<unknown>;
}

/** Whoever is signed in may not do this: somebody else may. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const TIME_OUT_MS = 30_000;
const MAX_PAGES = 100;

/** Throws Refused for 401 and 403, and an error with the service's own words for anything else that is no success. */
export function createRestClient(origin: string, token: string): RestClient {
  const ask = async (method: string, address: URL, body?: unknown): Promise<{ status: number; answer: unknown }> => {
    const response = await fetch(address, {
      method,
      // A token must not travel on to wherever an answer points.
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_OUT_MS),
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok || (response.status === 404 && method === 'GET')) return { status: response.status, answer };
    const words = `${method} ${address.pathname} was answered with ${response.status}: ${wordsOf(answer)}`;
    throw response.status === 401 || response.status === 403 ? new Refused(words) : new Error(words);
  };
  const find = async (address: URL): Promise<unknown> => {
    const { status, answer } = await ask('GET', address);
    return status === 404 ? undefined : answer;
  };
  return {
    find: (path) => find(new URL(path, origin)),
    async list(path) {
      const items: unknown[] = [];
      let next: string | undefined = path;
      for (let page = 1; next !== undefined; page += 1) {
        if (page > MAX_PAGES) throw new Error(`${path} has more than ${MAX_PAGES} pages.`);
        const answer = (await find(addressWithin(origin, next))) as Page | undefined;
        items.push(...(answer?.value ?? []));
        next = answer?.['@odata.nextLink'];
      }
      return items;
    },
    send: async (method, path, body) => (await ask(method, new URL(path, origin), body)).answer,
  };
}

interface Page {
  readonly value?: readonly unknown[];
  readonly '@odata.nextLink'?: string;
}

function addressWithin(origin: string, link: string): URL {
  const address = new URL(link, origin);
  if (address.origin !== new URL(origin).origin) throw new Error(`A next page at ${address.origin} is not followed.`);
  return address;
}

function wordsOf(answer: unknown): string {
  const { error } = (answer ?? {}) as { readonly error?: { readonly code?: string; readonly message?: string } };
  return error === undefined ? 'no reason was given' : `${error.code ?? ''} ${error.message ?? ''}`.trim();
}
