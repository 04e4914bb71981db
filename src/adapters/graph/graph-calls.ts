import { createBreaker } from '../../core/breaker.ts';
import type { Fate } from '../../core/breaker.ts';
import type { NeighbourError } from '../../core/errors.ts';
import type { CallScope, Clock, Log } from '../../core/ports.ts';
import { createRetryBudget, nextTry } from '../../core/retry.ts';
import { endOf } from '../../core/traffic.ts';
import type { TrafficMeter } from '../../core/traffic.ts';
import type { EntraTokens } from './entra-tokens.ts';
import { judgeBrokenAnswer, judgeRefusal, judgeWireFailure } from './graph-failures.ts';
import type { Attempted, Setback } from './graph-failures.ts';
import { GraphWireFailure } from './graph-transport.ts';
import type { GraphAnswer, GraphTransport } from './graph-transport.ts';
import { parseJson } from './json.ts';

export interface GraphCall<T> extends Attempted {
  readonly url: string;
  /** JSON to POST; absent for a GET. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads the answer; undefined = not what the API promises. */
  readonly read: (json: unknown) => T | undefined;
}

export interface GraphCalls {
  /** Calls Graph, repeating what may pass. Throws NeighbourErrors ('graph' or 'entra'). */
  call<T>(call: GraphCall<T>, scope: CallScope): Promise<T>;
  /** Waits before the try that follows try `tries` (from 1), or throws the error when there is none. */
  pauseOrThrow(tries: number, error: NeighbourError): Promise<void>;
  readonly now: () => number;
}

/** `Low` is refused first when the tenant is short of quota: right for a background sync. */
export type ThrottlePriority = 'Low' | 'Normal' | 'High';

const POLICY = { tries: 5, backoff: { baseMs: 500, capMs: 10_000 }, longestWaitMs: 30_000 };
const BUDGET = { share: 0.2, reserve: 20, ceiling: 100 };

type Attempt<T> = { readonly kind: 'value'; readonly value: T } | Setback;

/** The one retry layer above the transport, and the breaker; everything sent through it only reads. */
export function createGraphCalls(parts: {
  readonly transport: GraphTransport;
  readonly tokens: EntraTokens;
  readonly clock: Clock;
  readonly random: () => number;
  readonly throttlePriority: ThrottlePriority;
  readonly log: Log;
  readonly meter: TrafficMeter;
}): GraphCalls {
  const { transport, tokens, clock, random, log, meter } = parts;
  const headers = { 'x-ms-throttle-priority': parts.throttlePriority };
  const budget = createRetryBudget(BUDGET);
  const breaker = createBreaker({ neighbour: 'graph', sitOutMs: POLICY.longestWaitMs, log });

  async function send<T>(call: GraphCall<T>, token: string): Promise<Attempt<T>> {
    const method = call.body === undefined ? 'GET' : 'POST';
    try {
      const answer = await transport.send(
        { method, url: call.url, body: call.body, headers: { ...headers, ...call.headers } },
        token,
      );
      return judge(answer, call, clock.now());
    } catch (error) {
      if (error instanceof GraphWireFailure) return judgeWireFailure(error, call);
      throw error;
    }
  }

  async function attempt<T>(call: GraphCall<T>, token: string, scope: CallScope): Promise<Attempt<T>> {
    const entry = breaker.enter(clock.now());
    let outcome: Attempt<T> | undefined;
    let sentAt = 0;
    try {
      await scope.beforeAttempt('graph');
      sentAt = clock.now();
      outcome = await send(call, token);
      return outcome;
    } finally {
      const fate = fateOf(outcome);
      const end = endOf(fate);
      if (end !== undefined) meter.note('graph', { durationMs: clock.now() - sentAt, end });
      breaker.leave(entry, fate, clock.now());
    }
  }

  async function pauseOrThrow(tries: number, error: NeighbourError): Promise<void> {
    const next = nextTry(tries, error.detail.retryAfterMs, POLICY, budget, random);
    if (next.kind === 'give-up') throw error;
    await clock.sleep(next.waitMs);
  }

  return {
    now: () => clock.now(),
    pauseOrThrow,
    async call(call, scope) {
      budget.called();
      let renewed = false;
      let tries = 1;
      for (;;) {
        breaker.check(clock.now());
        const token = await tokens.get();
        const outcome = await attempt(call, token, scope);
        if (outcome.kind === 'value') return outcome.value;
        if (outcome.kind === 'unauthorized' && !renewed) {
          renewed = true;
          await tokens.renew(token);
          continue;
        }
        if (outcome.kind !== 'again') throw outcome.error;
        await pauseOrThrow(tries, outcome.error);
        tries += 1;
      }
    },
  };
}

function fateOf(outcome: Attempt<unknown> | undefined): Fate {
  if (outcome === undefined) return 'not-sent';
  return outcome.kind === 'value' ? 'served' : outcome.error;
}

function judge<T>(answer: GraphAnswer, call: GraphCall<T>, nowMs: number): Attempt<T> {
  const { status } = answer;
  const body = parseJson(answer.text);
  if (status < 200 || status > 299) {
    const header = (name: string) => answer.headers.get(name) ?? undefined;
    return judgeRefusal({ status, header, body }, call, nowMs);
  }
  const value = call.read(body);
  return value === undefined ? judgeBrokenAnswer(status, call) : { kind: 'value', value };
}
