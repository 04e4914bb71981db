import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface StoragePorts {
  readonly blob: number;
  readonly queue: number;
  readonly table: number;
}

export interface NeighbourPorts {
  readonly entra: number;
  readonly messageMedia: number;
  readonly keyVault: number;
}

/** Where `npm start` puts everything: local.settings.sample.json and api.http name the same addresses. */
export const DEFAULT_PORTS = {
  functions: 7071,
  neighbours: { entra: 7443, messageMedia: 7444, keyVault: 7445 },
  // Azurite's own, behind UseDevelopmentStorage=true.
  storage: { blob: 10_000, queue: 10_001, table: 10_002 },
} as const;

/** Those of the ports of 127.0.0.1 that somebody listens on already. */
export async function takenPorts(ports: readonly number[]): Promise<readonly number[]> {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => free[index] !== true);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
