import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { trustedTls } from './trusted-tls.ts';

/** A host that nobody here has any business with: trusted, listening, and counting whoever comes. */
export interface ForeignHost {
  readonly origin: string;
  /** Connections, whether or not a request came over them. */
  connections(): number;
  /** Requests, with all they carried. */
  readonly requests: readonly { readonly url: string; readonly headers: object; readonly body: string }[];
  close(): Promise<void>;
}

export async function aForeignHost(): Promise<ForeignHost> {
  const requests: { url: string; headers: object; body: string }[] = [];
  let connections = 0;
  const { key, cert } = await trustedTls();
  const server = https.createServer({ key, cert }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers, body });
      response.end('{}');
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
