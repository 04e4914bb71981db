import { createDefaultHttpClient, RestError } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { GUARD_REFUSALS } from './guard-refusal.ts';
import type { GuardRefusal } from './guard-refusal.ts';
import type { RequestWatch } from './request-watch.ts';

export interface GuardOptions {
  /** Origins that may be asked; absent = any. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The client that sends; the SDKs' own by default. */
  readonly inner?: HttpClient;
  /** Told of every refusal: some SDKs lose the error on its way up. */
  readonly onRefusal?: () => void;
  /** Told of every request that is sent. */
  readonly watch?: RequestWatch | undefined;
}

/**
 * What Azure's SDKs send with. A request to a foreign origin is not sent, and a redirect is an error: whatever an answer
 * says, neither a secret nor a token goes anywhere else. Refusals are RestErrors that the SDKs do not repeat.
 */
export function guardedHttpClient({ allowedOrigins, inner, onRefusal, watch }: GuardOptions): HttpClient {
  const client = inner ?? createDefaultHttpClient();
  const refuse = (code: GuardRefusal, request: PipelineRequest): never => {
    onRefusal?.();
    throw new RestError(GUARD_REFUSALS[code], { code, request });
  };
  return {
    async sendRequest(request) {
      if (allowedOrigins?.includes(new URL(request.url).origin) === false) refuse('HostNotAllowed', request);
      const response = await sendWatched(client, request, watch);
      return isRedirect(response.status) ? refuse('RedirectRefused', request) : response;
    },
  };
}

async function sendWatched(client: HttpClient, request: PipelineRequest, watch: RequestWatch | undefined) {
  const ended = watch?.();
  let status: number | undefined;
  try {
    const response = await client.sendRequest(request);
    ({ status } = response);
    return response;
  } finally {
    ended?.(status);
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
