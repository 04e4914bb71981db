import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TimeShifter {
  /** Where to connect instead of the service. */
  readonly origin: string;
  /** From now on the service's clock, as its answers tell it, is this much later. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** A proxy before a storage service on 127.0.0.1 that moves the `Date` of its answers: the app takes its time from there. */
export async function startTimeShifter(serviceUrl: string): Promise<TimeShifter> {
  const { port } = new URL(serviceUrl);
  let shiftMs = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const forwarded = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      const date = new Date(Date.now() + shiftMs).toUTCString();
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    advance(ms) {
      shiftMs += ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
