import { NeighbourError } from './errors.ts';
import type { Neighbour, NeighbourFailure } from './errors.ts';
import type { Log } from './ports.ts';

/** The right to send one request, given under one state of the breaker. */
export interface Entry {
  readonly generation: number;
}

/** What became of a request that was let out: served, not sent after all, or what went wrong. */
export type Fate = 'served' | 'not-sent' | NeighbourError;

export interface Breaker {
  /** Throws `throttled` or `unavailable` with `retryAfterMs` while no request may go out. */
  check(nowMs: number): void;
  /** As `check`, and lets one request out. Its fate must be told to `leave`. */
  enter(nowMs: number): Entry;
  leave(entry: Entry, fate: Fate, nowMs: number): void;
}

export interface BreakerOptions {
  readonly neighbour: Neighbour;
  /** The longest Retry-After that callers sit out themselves: a longer one opens at once, for that long. */
  readonly sitOutMs: number;
  readonly log: Log;
}

// One call alone cannot open it, with its four or five tries: ten in a row are at least two calls, and none was served.
const FAILURES_IN_A_ROW = 10;
// A single one could be about the one contact that is always answered with 500, and would keep everybody else out.
const PROBES = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
// A gateway that asks for a day must not stop us for a day.
const LONGEST_ASKED_WAIT_MS = 3_600_000;

type Standing =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly failure: NeighbourFailure; readonly since: number; readonly waitMs: number }
  | Probing;

interface Probing {
  readonly kind: 'probing';
  readonly failure: NeighbourFailure;
  /** How long it was open before. */
  readonly waitMs: number;
  /** Probes on the wire, and those that failed. */
  readonly out: number;
  readonly failed: number;
}

/** What a request's fate says about the neighbour as a whole. A refusal of one thing shows that it is at work. */
export function signOf(fate: Fate): 'up' | 'down' | 'nothing' {
  if (!(fate instanceof NeighbourError)) return fate === 'served' ? 'up' : 'nothing';
  const { failure, detail } = fate;
  if (failure === 'throttled' || failure === 'unavailable') return 'down';
  // A create that was answered in a broken way was answered.
  if (failure === 'answer-lost') return (detail.status ?? 500) < 300 ? 'nothing' : 'down';
  return failure === 'unexpected-answer' ? 'nothing' : 'up';
}

/**
 * Leaves a neighbour alone that serves nobody. Closed, it lets everything out; after ten failures in a row it opens, and
 * calls fail at once; after a wait (5 s, doubling to a minute, or what the neighbour asked for) it lets up to three
 * requests probe: the first that is served closes it. Requests from before a change say nothing about the state after it.
 */
export function createBreaker({ neighbour, sitOutMs, log }: BreakerOptions): Breaker {
  let standing: Standing = { kind: 'closed', failures: 0 };
  let generation = 0;
  let openedAt = 0;

  const open = (error: NeighbourError, waitMs: number, now: number): void => {
    const asked = Math.min(error.detail.retryAfterMs ?? 0, LONGEST_ASKED_WAIT_MS);
    const failure = error.failure === 'throttled' ? 'throttled' : 'unavailable';
    const delayMs = Math.max(waitMs, asked);
    if (standing.kind === 'closed') {
      openedAt = now;
      log.event('neighbour.degraded', { neighbour, failure, delayMs });
    }
    standing = { kind: 'open', failure, since: now, waitMs: delayMs };
    generation += 1;
  };

  const fail = (error: NeighbourError, now: number): void => {
    const isAskedToStayAway = (error.detail.retryAfterMs ?? 0) > sitOutMs;
    if (standing.kind === 'closed') {
      const failures = standing.failures + 1;
      if (isAskedToStayAway || failures >= FAILURES_IN_A_ROW) open(error, FIRST_WAIT_MS, now);
      else standing = { kind: 'closed', failures };
    } else if (standing.kind === 'probing') {
      const failed = standing.failed + 1;
      const longerMs = Math.min(LONGEST_WAIT_MS, 2 * standing.waitMs);
      if (isAskedToStayAway || failed >= PROBES) open(error, longerMs, now);
      else standing = { ...standing, out: standing.out - 1, failed };
    }
  };

  const succeed = (now: number): void => {
    if (standing.kind !== 'closed') {
      log.event('neighbour.recovered', { neighbour, degradedMs: Math.max(0, now - openedAt) });
      generation += 1;
    }
    standing = { kind: 'closed', failures: 0 };
  };

  const check = (now: number): void => {
    const waitMs = waitOf(standing, now);
    if (standing.kind === 'closed' || waitMs === 0) return;
    const message = `No request was sent to ${neighbour}: it is left alone for a while after its failures.`;
    throw new NeighbourError(neighbour, standing.failure, message, { retryAfterMs: waitMs });
  };

  return {
    check,
    enter(now) {
      check(now);
      const { kind } = standing;
      if (kind === 'open') standing = { ...standing, kind: 'probing', out: 1, failed: 0 };
      else if (kind === 'probing') standing = { ...standing, out: standing.out + 1 };
      return { generation };
    },
    leave(entry, fate, now) {
      if (entry.generation !== generation) return;
      const sign = signOf(fate);
      if (sign === 'up') succeed(now);
      else if (sign === 'down') fail(fate as NeighbourError, now);
      // A probe that learnt nothing makes room for another.
      else if (standing.kind === 'probing') standing = { ...standing, out: standing.out - 1 };
    },
  };
}

/** How long no request may go out; 0 = one may. A clock that was set back does not prolong it. */
function waitOf(standing: Standing, now: number): number {
  if (standing.kind === 'closed') return 0;
  if (standing.kind === 'probing') return standing.out + standing.failed < PROBES ? 0 : FIRST_WAIT_MS;
  const passedMs = now - standing.since;
  return passedMs < 0 ? 0 : Math.max(0, standing.waitMs - passedMs);
}
