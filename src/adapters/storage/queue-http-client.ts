import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { IHttpClient } from '@azure/storage-queue';

/** An HTTP client as the queue SDK takes it: in the shape of an older generation of Azure's libraries. */
export function toQueueHttpClient(client: HttpClient): IHttpClient {
  return {
    async sendRequest(asked) {
      const { url, method, abortSignal } = asked;
      const body: unknown = asked.body;
      const request = createPipelineRequest({
        url,
        method,
        headers: createHttpHeaders(asked.headers.toJson({ preserveCase: true })),
        // The SDK lets plain HTTP through as well, for the emulator; the list of hosts decides.
        allowInsecureConnection: true,
        ...(typeof body === 'string' ? { body } : {}),
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      const { status, headers: received, bodyAsText } = await client.sendRequest(request);
      const headers = asked.headers.clone();
      for (const name of headers.headerNames()) headers.remove(name);
      for (const [name, value] of received) headers.set(name, value);
      return { request: asked, status, headers, bodyAsText: bodyAsText ?? null };
    },
  };
}
