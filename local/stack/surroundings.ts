import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { startAzurite } from '../azurite.ts';
import type { Azurite } from '../azurite.ts';
import { createTlsIdentity } from '../simulator/tls.ts';
import { startNeighbours } from './neighbours.ts';
import type { NeighboursOptions, SimulatedNeighbours } from './neighbours.ts';
import type { StoragePorts } from './ports.ts';

export interface SurroundingsOptions extends NeighboursOptions {
  /** Default: free ones. */
  readonly storagePorts?: StoragePorts;
  /** Where the simulators' certificate is written; default a temporary folder that `stop` removes. */
  readonly tlsFolder?: string;
}

/** Everything that the app needs around it. */
export interface Surroundings {
  readonly azurite: Azurite;
  readonly neighbours: SimulatedNeighbours;
  stop(): Promise<void>;
}

/** Starts storage and the simulators side by side. When one of them cannot start, none is left running. */
export async function startSurroundings(options: SurroundingsOptions = {}): Promise<Surroundings> {
  const { storagePorts, tlsFolder } = options;
  const cleanups: (() => Promise<void>)[] = [];
  const startedAzurite = startAzurite(storagePorts === undefined ? {} : { ports: storagePorts }).then((azurite) => {
    cleanups.push(() => azurite.stop());
    return azurite;
  });
  const startedNeighbours = createTlsIdentity(tlsFolder).then(async (tls) => {
    if (tlsFolder === undefined) cleanups.push(() => rm(dirname(tls.caFile), { recursive: true, force: true }));
    const neighbours = await startNeighbours(tls, options);
    cleanups.push(() => neighbours.close());
    return neighbours;
  });
  const stop = async (): Promise<void> => {
    await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
  };
  // Both are waited for even when one fails: what did start has to be stopped.
  await Promise.allSettled([startedAzurite, startedNeighbours]);
  try {
    return { azurite: await startedAzurite, neighbours: await startedNeighbours, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
