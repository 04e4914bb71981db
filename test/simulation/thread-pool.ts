import { Worker } from 'node:worker_threads';
import type { Told } from './run-history.ts';
import type { Request } from './simulation-thread.ts';

/** Threads that tell histories side by side, each with an engine of its own. */
export interface ThreadPool {
  /** Tells the histories of `count` seeds from `first` on, in any order. */
  tell(first: number, count: number, onTold: (told: Told) => void): Promise<void>;
  /** The shortest history that breaks the same promise as the seed's, in words. */
  shorten(seed: number, trace?: boolean): Promise<string>;
  close(): Promise<void>;
}

export function createThreadPool(program: string, threads: number): ThreadPool {
  const workers = Array.from({ length: threads }, () => new Worker(program, { eval: true }));
  return {
    async tell(first, count, onTold) {
      let next = first;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < first + count) {
            const seed = next;
            next += 1;
            onTold(await ask<Told>(worker, seed));
          }
        }),
      );
    },
    shorten: (seed, trace = false) => ask<string>(workers[0]!, { shorten: seed, trace }),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask<T>(worker: Worker, request: Request): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: T): void => {
      worker.off('error', reject);
      resolve(answer);
    };
    worker.once('message', onMessage);
    worker.once('error', reject);
    worker.postMessage(request);
  });
}
