import { parentPort } from 'node:worker_threads';
import type { History } from './history.ts';
import { tellHistory } from './run-history.ts';

// One at a time; what fails ends the thread, and with it whoever waits for the answer.
parentPort?.on('message', (history: History) => {
  void tellHistory(history).then((told) => parentPort?.postMessage(told, []));
});
