import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { History } from './history.ts';
import type { Told } from './run-history.ts';

/** Tells histories with a bundled engine, in a thread of its own: whatever a mutant does there ends with the thread. */
export interface Hunt {
  tell(history: History): Promise<Told>;
  end(): Promise<void>;
}

export function startHunt(program: string): Hunt {
  const thread = new Worker(program, { eval: true });
  return {
    async tell(history) {
      thread.postMessage(history, []);
      const [told] = (await once(thread, 'message')) as [Told];
      return told;
    },
    async end() {
      await thread.terminate();
    },
  };
}
