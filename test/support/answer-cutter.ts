import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface AnswerCutter {
  /** Where to connect instead of the service, for example `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** The next answers, this many, are lost on their way: the service has done its work, the caller's connection breaks. */
  readonly loseAnswers: (count: number) => void;
  /** How many answers are still to be lost: 0 is the proof that the fault has happened. */
  readonly lossesLeft: () => number;
  close(): Promise<void>;
}

/** A proxy before an HTTP service on 127.0.0.1 that can lose answers after the request was carried out. */
export async function startAnswerCutter(serviceUrl: string): Promise<AnswerCutter> {
  const port = Number(new URL(serviceUrl).port);
  const open = new Set<Socket>();
  let toLose = 0;

  const server = createServer((caller) => {
    const service = createConnection({ host: '127.0.0.1', port });
    const end = (): void => {
      caller.destroy();
      service.destroy();
    };
    for (const socket of [caller, service]) {
      open.add(socket);
      // A broken connection is what this proxy is for; the other side learns of it by the close that follows.
      socket.on('error', end).on('close', () => {
        open.delete(socket);
        end();
      });
    }
    caller.pipe(service);
    service.on('data', (chunk) => {
      if (toLose === 0) {
        caller.write(chunk);
        return;
      }
      toLose -= 1;
      end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswers: (count) => void (toLose = count),
    lossesLeft: () => toLose,
    close: () => closed(server, open),
  };
}

function closed(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    open.forEach((socket) => socket.destroy());
  });
}
