import { parentPort } from 'node:worker_threads';
import { describeHistory } from './describe-history.ts';
import { drawAny } from './draw-two-way.ts';
import { runHistory, tellHistory } from './run-history.ts';
import type { Told } from './run-history.ts';
import { shortenHistory } from './shorten-history.ts';

/** A seed to be told, or one that broke something, to be shortened and put into words. */
export type Request = number | { readonly shorten: number; readonly trace: boolean };

async function shorten(seed: number, trace: boolean): Promise<string> {
  const history = drawAny(seed);
  const [first] = (await tellHistory(history)).violations;
  const shortest = first === undefined ? history : await shortenHistory(history, first.invariant);
  const { violations, told } = await tellHistory(shortest, { trace: true });
  return [describeHistory(shortest, violations), ...(trace ? told : [])].join('\n');
}

function carryOut(request: Request): Promise<Told | string> {
  return typeof request === 'number' ? runHistory(request) : shorten(request.shorten, request.trace);
}

// One at a time; what fails ends the thread, and with it whoever waits for the answer.
parentPort?.on('message', (request: Request) => {
  void carryOut(request).then((answer) => parentPort?.postMessage(answer));
});
