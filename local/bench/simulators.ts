import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LoggedRequest } from '../simulator/server.ts';
import { createTlsIdentity } from '../simulator/tls.ts';
import { startNeighbours } from '../stack/neighbours.ts';
import type { SimulatedNeighbours } from '../stack/neighbours.ts';
import { benchDirectory } from './bench-directory.ts';
import type { SimulatorReply, SimulatorRequest, Takings } from './simulator-protocol.ts';

// The simulated neighbours in a process of their own: their work must not be measured as the app's, nor slow it down.

// The request logs hold every body: with 100,000 people, hundreds of megabytes that nobody reads.
const FORGET_EVERY_MS = 1_000;
const CONTACT_PATH = /\/contacts\/contacts(\/[^/]+)?$/;

interface Counts {
  graph: number;
  messageMedia: number;
  contactWrites: number;
}

let running: { readonly neighbours: SimulatedNeighbours; readonly folder: string } | undefined;
let counts: Counts = { graph: 0, messageMedia: 0, contactWrites: 0 };
let cpuBefore = process.cpuUsage();

async function start(request: Extract<SimulatorRequest, { kind: 'start' }>): Promise<SimulatorReply> {
  const { size, departments, latencyMs } = request;
  const tls = await createTlsIdentity();
  const neighbours = await startNeighbours(tls, { users: benchDirectory(size, departments) });
  neighbours.entra.latencyMs = latencyMs;
  neighbours.messageMedia.latencyMs = latencyMs;
  running = { neighbours, folder: dirname(tls.caFile) };
  setInterval(() => count(neighbours), FORGET_EVERY_MS).unref();
  return { kind: 'started', addresses: neighbours.addresses };
}

/** Adds the finished requests to the counts and forgets them; those under way stay for the next time. */
function count({ entra, messageMedia, keyVault }: SimulatedNeighbours): void {
  for (const { path } of forget(entra.requests)) if (path.startsWith('/v1.0/')) counts.graph += 1;
  for (const { method, path } of forget(messageMedia.requests)) {
    counts.messageMedia += 1;
    if (method !== 'GET' && CONTACT_PATH.test(path)) counts.contactWrites += 1;
  }
  forget(keyVault.requests);
}

function forget(requests: LoggedRequest[]): readonly LoggedRequest[] {
  return requests.splice(0);
}

function take(): SimulatorReply {
  if (running === undefined) return { kind: 'failed', message: 'The simulators were not started.' };
  const { neighbours } = running;
  count(neighbours);
  const { user, system } = process.cpuUsage(cpuBefore);
  const takings: Takings = {
    ...counts,
    cpuMicros: user + system,
    contacts: neighbours.messageMedia.account.snapshot().contacts.length,
    irregularities: neighbours.irregularities(),
  };
  counts = { graph: 0, messageMedia: 0, contactWrites: 0 };
  cpuBefore = process.cpuUsage();
  return { kind: 'taken', takings };
}

async function stop(): Promise<SimulatorReply> {
  await running?.neighbours.close();
  if (running !== undefined) await rm(running.folder, { recursive: true, force: true });
  return { kind: 'stopped' };
}

async function handle(request: SimulatorRequest): Promise<SimulatorReply> {
  if (request.kind === 'start') return start(request);
  return request.kind === 'take' ? take() : stop();
}

async function answer(request: SimulatorRequest): Promise<void> {
  const reply = await handle(request).catch((error: unknown): SimulatorReply => ({
    kind: 'failed',
    message: String(error),
  }));
  process.send?.(reply, undefined, undefined, () => {
    if (request.kind === 'stop') process.exit();
  });
}

process.on('message', (request: SimulatorRequest) => void answer(request));
// No orphans: without the parent nobody could stop this process.
process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => undefined);
