/** How long to wait between tries: doubling from `baseMs`, never above `capMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Full jitter: a uniformly random wait up to the doubling bound. `retry` counts from 1, `random` is in [0, 1). */
export function backoffMs(retry: number, backoff: Backoff, random: number): number {
  const bound = Math.min(backoff.capMs, backoff.baseMs * 2 ** (retry - 1));
  return Math.floor(random * bound);
}

// The three date forms that RFC 9110 §5.6.7 makes a recipient accept all begin with the name of a day.
const HTTP_DATE = /^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?,? /;

/**
 * Milliseconds that a Retry-After header (RFC 9110 §10.2.3: seconds or a date) asks for.
 * A date that has passed is 0; an absent or unreadable header is undefined.
 */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!HTTP_DATE.test(text)) return undefined;
  // The asctime form names no zone, and JavaScript would take it for local time; all three forms are in GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Keeps retries a fraction of the calls, so that an outage is not multiplied. */
export interface RetryBudget {
  /** A first try: earns its share of a retry. */
  called(): void;
  /** Takes one retry out of the budget; false when there is none left. */
  spend(): boolean;
}

/**
 * A budget that starts with `reserve` retries and earns `share` of one with every call.
 * It never holds more than `ceiling`, so hours of success do not pay for a storm.
 */
export function createRetryBudget(limits: {
  readonly share: number;
  readonly reserve: number;
  readonly ceiling: number;
}): RetryBudget {
  let retries = limits.reserve;
  return {
    called: () => {
      retries = Math.min(limits.ceiling, retries + limits.share);
    },
    spend: () => {
      if (retries < 1) return false;
      retries -= 1;
      return true;
    },
  };
}

export type NextTry =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'give-up'; readonly reason: 'long-wait' | 'tries' | 'budget' };

export interface RetryPolicy {
  readonly tries: number;
  readonly backoff: Backoff;
  /** The longest Retry-After that is waited for here; a longer one is the caller's business. */
  readonly longestWaitMs: number;
}

/** Whether try `attempt` (from 1) that failed is followed by another, and after how long. */
export function nextTry(
  attempt: number,
  retryAfterMs: number | undefined,
  policy: RetryPolicy,
  budget: RetryBudget,
  random: () => number,
): NextTry {
  if (retryAfterMs !== undefined && retryAfterMs > policy.longestWaitMs)
    return { kind: 'give-up', reason: 'long-wait' };
  if (attempt >= policy.tries) return { kind: 'give-up', reason: 'tries' };
  if (!budget.spend()) return { kind: 'give-up', reason: 'budget' };
  // Jitter on top of the wait that was asked for: those who were refused together should not come back together.
  return { kind: 'wait', waitMs: (retryAfterMs ?? 0) + backoffMs(attempt, policy.backoff, random()) };
}
