import { NoAnswer, OtherAnswer } from '../support/memory-calls.ts';
import type { Effect, FaultName } from './fault-names.ts';
import type { WrongAnswer } from './history.ts';
import type { Sim, Worker } from './sim.ts';
import { turn } from './worker.ts';

/** How long a caller waits for an answer; what it is on the wire already is left for the way there. */
const TIMEOUT_MS = 29_500;

/** What a storm of an answer is called. */
export const STORMS: Partial<Record<WrongAnswer, FaultName>> = {
  '429 with Retry-After': 'storm of 429',
  '429 without Retry-After': 'storm of 429',
  'status 503': 'storm of 503',
  'connection reset': 'storm of resets',
};

/** What it is called when the answer to something is lost that was done. */
export const LOST_ANSWERS: Partial<Record<Effect, FaultName>> = {
  'contact creation': 'answer lost after contact creation',
  'contact change': 'answer lost after contact change',
  'contact deletion': 'answer lost after contact deletion',
  'membership change': 'answer lost after membership change',
  'list creation': 'answer lost after list creation',
  'field creation': 'answer lost after field creation',
};

/** Answers a call with something else than what it asked for, as the wire would bring it. */
export async function answerWrongly(sim: Sim, worker: Worker, answer: WrongAnswer): Promise<never> {
  sim.tell(() => `${worker.name} is answered: ${answer}`);
  switch (answer) {
    case 'connection reset':
      throw new NoAnswer();
    case 'no answer in time':
      await turn(sim, worker, TIMEOUT_MS);
      throw new NoAnswer({ timedOut: true });
    case '429 with Retry-After':
      throw new OtherAnswer({ status: 429, headers: { 'Retry-After': '45' } });
    case '429 without Retry-After':
      throw new OtherAnswer({ status: 429 });
    case 'HTML with status 200':
      throw new OtherAnswer({ status: 200, body: '<html>Be back soon</html>' });
    case 'truncated answer':
      throw new OtherAnswer({ status: 200, body: '{"value":[{"id"' });
    case 'status 500':
    case 'status 502':
    case 'status 503':
    case 'status 504':
      throw new OtherAnswer({ status: Number(answer.slice('status '.length)) });
  }
}
