import { createBreaker } from '../../core/breaker.ts';
import type { Fate } from '../../core/breaker.ts';
import type { CallScope, Clock, Log } from '../../core/ports.ts';
import { createRetryBudget, nextTry } from '../../core/retry.ts';
import { endOf } from '../../core/traffic.ts';
import type { TrafficMeter } from '../../core/traffic.ts';
import type { Credential, Credentials } from './credentials.ts';
import { judgeBrokenAnswer, judgeRefusal, judgeWireFailure } from './failures.ts';
import type { Setback } from './failures.ts';
import type { Limiter } from './limiter.ts';
import { WireFailure } from './wire.ts';
import type { Wire, WireAnswer, WireRequest } from './wire.ts';

export interface Operation<T> {
  /** For messages: the vendor's own operation id. */
  readonly name: string;
  readonly method: WireRequest['method'];
  readonly path: string;
  readonly body?: string;
  /** Reads the answer's JSON (undefined when it has no body); undefined = not what the contract says. */
  readonly read: (json: unknown) => T | undefined;
}

export interface Exchange {
  /** Carries the operation out, repeating it where that is safe and has a chance. Throws NeighbourErrors. */
  call<T>(operation: Operation<T>, scope: CallScope): Promise<T>;
}

const POLICY = { tries: 4, backoff: { baseMs: 250, capMs: 8000 }, longestWaitMs: 10_000 };
// Retries stay within a fifth of the calls and twenty, so that lanes together do not multiply an outage.
const BUDGET = { share: 0.2, reserve: 20, ceiling: 100 };

const UNREADABLE = Symbol('unreadable');

type Attempt<T> = { readonly kind: 'value'; readonly value: T } | Setback;

/** The one retry layer above the wire, with the breaker and the limiter. */
export function createExchange(parts: {
  readonly wire: Wire;
  readonly limiter: Limiter;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly meter: TrafficMeter;
}): Exchange {
  const { wire, limiter, credentials, clock, random, log, meter } = parts;
  const budget = createRetryBudget(BUDGET);
  const breaker = createBreaker({ neighbour: 'messagemedia', sitOutMs: POLICY.longestWaitMs, log });

  async function letOut<T>(operation: Operation<T>, credential: Credential, scope: CallScope): Promise<Attempt<T>> {
    // Asked again: the breaker may have opened while this request waited for its place.
    const entry = breaker.enter(clock.now());
    let outcome: Attempt<T> | undefined;
    let sentAt = 0;
    try {
      await scope.beforeAttempt('messagemedia');
      sentAt = clock.now();
      outcome = await sendOnce(wire, operation, credential, clock);
      return outcome;
    } finally {
      const fate = fateOf(outcome);
      const end = endOf(fate);
      if (end !== undefined) meter.note('messagemedia', { durationMs: clock.now() - sentAt, end });
      breaker.leave(entry, fate, clock.now());
    }
  }

  async function attempt<T>(operation: Operation<T>, credential: Credential, scope: CallScope): Promise<Attempt<T>> {
    const slot = await limiter.acquire(scope);
    let outcome: Attempt<T> | undefined;
    try {
      outcome = await letOut(operation, credential, scope);
      return outcome;
    } finally {
      // `outcome` stays undefined when the request was not sent: that says nothing about MessageMedia.
      limiter.release(slot, verdictOf(outcome), pauseOf(outcome));
    }
  }

  return {
    async call(operation, scope) {
      budget.called();
      let renewed = false;
      let tries = 1;
      for (;;) {
        breaker.check(clock.now());
        const credential = await credentials.current();
        const outcome = await attempt(operation, credential, scope);
        if (outcome.kind === 'value') return outcome.value;
        if (outcome.kind === 'unauthorized' && !renewed) {
          renewed = true;
          await credentials.renew(credential);
          continue;
        }
        if (outcome.kind !== 'again') throw outcome.error;
        const next = nextTry(tries, outcome.error.detail.retryAfterMs, POLICY, budget, random);
        if (next.kind === 'give-up') throw outcome.error;
        tries += 1;
        await clock.sleep(next.waitMs);
      }
    },
  };
}

async function sendOnce<T>(
  wire: Wire,
  operation: Operation<T>,
  credential: Credential,
  clock: Clock,
): Promise<Attempt<T>> {
  const now = clock.now();
  const authentication = credential.headersFor(operation, now);
  const signedAt = 'date' in authentication ? now : undefined;
  const attempted = { name: operation.name, repeatable: operation.method !== 'POST', signedAt };
  let answer: WireAnswer;
  try {
    answer = await wire.send({ ...operation, headers: headersOf(operation, authentication) });
  } catch (error) {
    if (error instanceof WireFailure) return judgeWireFailure(error, attempted);
    throw error;
  }
  if (answer.status < 200 || answer.status > 299) return judgeRefusal(answer, attempted, clock.now());
  const json = parseBody(answer.text);
  const value = json === UNREADABLE ? undefined : operation.read(json);
  return value === undefined ? judgeBrokenAnswer(answer, attempted) : { kind: 'value', value };
}

function headersOf(
  operation: Operation<unknown>,
  authentication: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers = { ...authentication, accept: 'application/json' };
  return operation.body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
}

// The parser's own error is not kept as a cause: it quotes the text, which may be somebody's data.
function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}

function fateOf(outcome: Attempt<unknown> | undefined): Fate {
  if (outcome === undefined) return 'not-sent';
  return outcome.kind === 'value' ? 'served' : outcome.error;
}

function verdictOf(outcome: Attempt<unknown> | undefined): 'success' | 'overload' | 'other' {
  if (outcome === undefined) return 'other';
  if (outcome.kind === 'value') return 'success';
  return outcome.overload ? 'overload' : 'other';
}

// Only waits that are sat out here hold the others back too; with a longer one the caller goes away anyhow.
function pauseOf(outcome: Attempt<unknown> | undefined): number {
  if (outcome === undefined || outcome.kind === 'value' || !outcome.overload) return 0;
  const asked = outcome.error.detail.retryAfterMs ?? 0;
  return asked > POLICY.longestWaitMs ? 0 : asked;
}
