import { eventually } from './eventually.ts';
import type { Instance, Watcher } from './instances.ts';
import type { StorageCall } from './storage-call.ts';

/** Sees to it that both instances work on lanes of every wave that has several; remembers who did. */
export interface LaneTurns {
  readonly watcher: Watcher;
  /** Waves in which the instance had a lane. Wave 0 is planning. */
  readonly wavesOf: (instance: Instance) => ReadonlySet<number>;
}

const QUEUE = 'sync-batches';
const LANE_KEY = /^lane-(\d+)-\d+$/;

/**
 * A wave's second lane is called only when somebody has the first, and whoever has it gets no message before the other
 * instance has a lane, too: to them storage seems not to answer.
 */
export function createLaneTurns(): LaneTurns {
  const waves: Record<Instance, Set<number>> = { first: new Set(), second: new Set() };
  const called = new Set<number>();
  let wave: number | undefined;

  const hasLane = (instance: Instance): boolean => wave !== undefined && waves[instance].has(wave);
  const noteClaims = (instance: Instance, { writes }: StorageCall): void => {
    for (const { key, body } of writes) {
      const found = LANE_KEY.exec(key)?.[1];
      if (found === undefined || (body as { readonly claim?: unknown } | undefined)?.claim === undefined) continue;
      wave = Number(found);
      waves[instance].add(wave);
    }
  };
  const waitForFirstLane = async ({ message }: StorageCall): Promise<void> => {
    const callsTo = message?.lane?.wave;
    if (callsTo === undefined) return;
    if (called.has(callsTo)) await eventually(() => waves.first.has(callsTo) || waves.second.has(callsTo));
    called.add(callsTo);
  };

  return {
    watcher: async (instance, call, moment) => {
      if (moment === 'after') {
        noteClaims(instance, call);
        return undefined;
      }
      if (call.queue !== QUEUE) return undefined;
      if (call.kind === 'send') await waitForFirstLane(call);
      const other = instance === 'first' ? 'second' : 'first';
      return call.kind === 'receive' && hasLane(instance) && !hasLane(other) ? 'lost' : undefined;
    },
    wavesOf: (instance) => waves[instance],
  };
}
