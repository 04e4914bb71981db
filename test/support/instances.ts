import { eventually } from './eventually.ts';
import type { StorageProxies } from './proxied-stack.ts';
import type { StorageCall } from './storage-call.ts';
import type { Fate, Moment } from './storage-proxy.ts';

/** Which of the two instances made a call. */
export type Instance = 'first' | 'second';
export type Watcher = (instance: Instance, call: StorageCall, moment: Moment) => Promise<Fate>;

const INSTANCES: readonly Instance[] = ['first', 'second'];

/** Every call of both instances is shown to these watchers and to no others; a call that one of them loses is lost. */
export function watch(proxies: Readonly<Record<Instance, StorageProxies>>, ...watchers: readonly Watcher[]): void {
  for (const instance of INSTANCES) {
    const { tables, queues } = proxies[instance];
    for (const proxy of [tables, queues]) {
      proxy.onCall = async (call, moment) => {
        const fates = await Promise.all(watchers.map((watcher) => watcher(instance, call, moment)));
        return fates.find((fate) => fate !== undefined);
      };
    }
  }
}

export interface Meeting {
  readonly watcher: Watcher;
  /** The instances that came, in their order. */
  readonly arrived: () => readonly Instance[];
}

/** The first such call of each instance waits until both have made theirs: each has read what the other is about to change. */
export function arrangeMeeting(isMeant: (call: StorageCall) => boolean): Meeting {
  const arrived = new Set<Instance>();
  return {
    watcher: async (instance, call, moment) => {
      if (moment === 'before' && isMeant(call)) {
        arrived.add(instance);
        await eventually(() => arrived.size === INSTANCES.length);
      }
      return undefined;
    },
    arrived: () => [...arrived],
  };
}
