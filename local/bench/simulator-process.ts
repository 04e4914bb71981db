import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { NeighbourAddresses } from '../stack/app-settings.ts';
import type { SimulatorReply, SimulatorRequest, Takings } from './simulator-protocol.ts';

export interface SimulatorProcess {
  readonly addresses: NeighbourAddresses;
  /** What has happened since the last call of this. */
  take(): Promise<Takings>;
  stop(): Promise<void>;
}

const SCRIPT = join('local', 'bench', 'simulators.ts');

/** Starts the simulated neighbours in a process of their own, with a directory of `size` people. */
export async function startSimulatorProcess(
  size: number,
  departments: number,
  latencyMs: number,
): Promise<SimulatorProcess> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const started = await ask(child, { kind: 'start', size, departments, latencyMs });
  if (started.kind !== 'started') throw unexpected(started);
  return {
    addresses: started.addresses,
    async take() {
      const taken = await ask(child, { kind: 'take' });
      if (taken.kind !== 'taken') throw unexpected(taken);
      return taken.takings;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await ask(child, { kind: 'stop' });
      await exited;
    },
  };
}

/** One request at a time: the next message is its answer. */
function ask(child: ChildProcess, request: SimulatorRequest): Promise<SimulatorReply> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('The process of the simulators has ended.'));
    child.once('exit', onExit);
    child.once('message', (reply: SimulatorReply) => {
      child.off('exit', onExit);
      resolve(reply);
    });
    child.send(request);
  });
}

function unexpected(reply: SimulatorReply): Error {
  return new Error(reply.kind === 'failed' ? reply.message : `The simulators answered "${reply.kind}".`);
}
