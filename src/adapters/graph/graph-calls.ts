import { createBreaker } from '../../core/breaker.ts';
import type { Fate } from '../../core/breaker.ts';
import type { NeighbourError } from '../../core/errors.ts';
import type { Pace } from '../../core/pace.ts';
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
import { createPermissions } from './token-permissions.ts';

export interface GraphCall<T> extends Attempted {
  readonly url: string;
  /** JSON to send; absent for a GET. */
  readonly body?: unknown;
  /** A write, by PATCH; otherwise a body is POSTed. */
  readonly write?: { readonly pace: Pace };
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads the answer; undefined = not what the API promises. */
  readonly read: (json: unknown) => T | undefined;
}

export interface GraphCalls {
  /** Calls Graph, repeating what may pass. Throws NeighbourErrors ('graph' or 'entra'). */
  call<T>(call: GraphCall<T>, scope: CallScope): Promise<T>;
  /**
   * The application permissions in a token of ours that is at most five minutes old, as far as tokens can be had anew;
   * undefined when the token cannot be read. Throws NeighbourErrors ('entra').
   */
  permissions(): Promise<readonly string[] | undefined>;
  /** Waits before the try that follows try `tries` (from 1), or throws the error when there is none. */
  pauseOrThrow(tries: number, error: NeighbourError): Promise<void>;
  readonly now: () => number;
}

/** `Low` is refused first when the tenant is short of quota: right for a background sync. */
export type ThrottlePriority = 'Low' | 'Normal' | 'High';

const POLICY = { tries: 5, backoff: { baseMs: 500, capMs: 10_000 }, longestWaitMs: 30_000 };
const BUDGET = { share: 0.2, reserve: 20, ceiling: 100 };

type Attempt<T> = { readonly kind: 'value'; readonly value: T } | Setback;

/**
 * The one retry layer above the transport, and the breaker. Everything sent through it reads or is a PATCH: a lost
 * answer may be asked for again.
 */
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
    try {
      const answer = await transport.send(
        { method: methodOf(call), url: call.url, body: call.body, headers: { ...headers, ...call.headers } },
        token,
      );
      call.write?.pace.stretch(stretchOf(answer.headers));
      return judge(answer, call, clock.now());
    } catch (error) {
      if (error instanceof GraphWireFailure) return judgeWireFailure(error, call);
      throw error;
    }
  }

  async function attempt<T>(call: GraphCall<T>, token: string, scope: CallScope): Promise<Attempt<T>> {
    await call.write?.pace.turn();
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
      call.write?.pace.hold(pauseOf(outcome));
    }
  }

  async function pauseOrThrow(tries: number, error: NeighbourError): Promise<void> {
    const next = nextTry(tries, error.detail.retryAfterMs, POLICY, budget, random);
    if (next.kind === 'give-up') throw error;
    await clock.sleep(next.waitMs);
  }

  return {
    now: () => clock.now(),
    permissions: createPermissions(tokens, clock),
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

function methodOf({ body, write }: GraphCall<unknown>): 'GET' | 'POST' | 'PATCH' {
  if (write !== undefined) return 'PATCH';
  return body === undefined ? 'GET' : 'POST';
}

/** How much slower the writes go: Graph tells when more than 0.8 of what the app may do in the tenant is used up. */
function stretchOf(headers: Headers): number {
  const used = Number(headers.get('x-ms-throttle-limit-percentage') ?? 0);
  if (used >= 1) return 4;
  return used >= 0.8 ? 2 : 1;
}

// All writes of this instance were refused together; a wait that is too long to be sat out is the callers' business.
function pauseOf(outcome: Attempt<unknown> | undefined): number {
  if (outcome?.kind !== 'again') return 0;
  const asked = outcome.error.detail.retryAfterMs ?? 0;
  return asked > POLICY.longestWaitMs ? 0 : asked;
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
  // A page that something in between sent in Graph's place says nothing of what was to be written.
  if (call.write !== undefined && status !== 204) return judgeBrokenAnswer(status, call);
  const value = call.read(body);
  return value === undefined ? judgeBrokenAnswer(status, call) : { kind: 'value', value };
}
