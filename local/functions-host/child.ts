import { startFunctionsHost, type FunctionsHost } from './host.ts';
import type { Failure, HostReply, HostRequest, Started, Usage } from './host-protocol.ts';

// The function app in a process of its own: started by host-process.ts, driven over the channel between the two.
let host: FunctionsHost | undefined;

function send(reply: HostReply): Promise<void> {
  return new Promise((resolve) => {
    // A channel that is already closed means that the parent has gone; 'disconnect' ends this process.
    if (!process.connected) resolve();
    else process.send?.(reply, undefined, undefined, () => resolve());
  });
}

async function handle(request: HostRequest): Promise<Started | Usage | void> {
  switch (request.kind) {
    case 'start':
      host = await startFunctionsHost({ ...request.options, onLog: (entry) => void send({ kind: 'log', entry }) });
      return { origin: host.origin, functions: host.functions };
    case 'invoke-timer':
      return host?.invokeTimer(request.name, request.options);
    case 'usage':
      return usage();
    case 'stop':
      return host?.stop();
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, rssPeakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function answer(request: HostRequest): Promise<void> {
  try {
    await send({ kind: 'answer', id: request.id, value: await handle(request) });
  } catch (error) {
    await send({ kind: 'answer', id: request.id, error: failure(error) });
  }
  if (request.kind === 'stop') process.exit();
}

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}

async function stopAndExit(): Promise<void> {
  await host?.stop();
  process.exit();
}

process.on('message', (request: HostRequest) => void answer(request));
// No orphans: without the parent nobody could stop this process.
process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stopAndExit());
