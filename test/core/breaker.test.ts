import fc from 'fast-check';
import { createBreaker, signOf } from '../../src/core/breaker.ts';
import type { Breaker, Fate } from '../../src/core/breaker.ts';
import { NeighbourError } from '../../src/core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../src/core/errors.ts';

const SIT_OUT_MS = 10_000;
const HOUR_MS = 3_600_000;

function aFailure(failure: NeighbourFailure, detail: NeighbourErrorDetail = {}): NeighbourError {
  return new NeighbourError('messagemedia', failure, 'It failed.', detail);
}

const DOWN = aFailure('unavailable', { status: 503 });

function aBreaker() {
  const events: unknown[][] = [];
  const log = { event: (...event: unknown[]) => void events.push(event) };
  return { breaker: createBreaker({ neighbour: 'messagemedia', sitOutMs: SIT_OUT_MS, log }), events };
}

/** One request after the other, each with this fate. */
function fail(breaker: Breaker, times: number, now: number, fate: Fate = DOWN): void {
  for (let count = 0; count < times; count += 1) breaker.leave(breaker.enter(now), fate, now);
}

/** How long it says to stay away; undefined when a request may go out. */
function refusalOf(breaker: Breaker, now: number): { failure: string; waitMs: number | undefined } | undefined {
  try {
    breaker.check(now);
    return undefined;
  } catch (error) {
    if (!(error instanceof NeighbourError)) throw error;
    return { failure: error.failure, waitMs: error.detail.retryAfterMs };
  }
}

describe('signOf', () => {
  it.each<[string, Fate, string]>([
    ['an answer', 'served', 'up'],
    ['a request that was not sent', 'not-sent', 'nothing'],
    ['429', aFailure('throttled', { status: 429 }), 'down'],
    ['503', DOWN, 'down'],
    ['no connection', aFailure('unavailable'), 'down'],
    ['a create that got 503', aFailure('answer-lost', { status: 503 }), 'down'],
    ['a create whose answer was lost', aFailure('answer-lost'), 'down'],
    ['a create that was answered in a broken way', aFailure('answer-lost', { status: 201 }), 'nothing'],
    ['a page of a gateway', aFailure('unexpected-answer', { status: 200 }), 'nothing'],
    ['401', aFailure('access-denied', { status: 401 }), 'up'],
    ['404', aFailure('not-found', { status: 404 }), 'up'],
    ['409', aFailure('conflict', { status: 409 }), 'up'],
    ['400', aFailure('invalid', { status: 400 }), 'up'],
    ['410', aFailure('resync', { status: 410 }), 'up'],
  ])('takes %s for a sign that the neighbour is %s', (_what, fate, sign) => {
    expect(signOf(fate)).toBe(sign);
  });
});

describe('createBreaker', () => {
  it('lets everything out until ten failed in a row', () => {
    const { breaker, events } = aBreaker();

    fail(breaker, 9, 0);
    expect(refusalOf(breaker, 0)).toBeUndefined();
    fail(breaker, 1, 0);

    expect(refusalOf(breaker, 0)).toEqual({ failure: 'unavailable', waitMs: 5_000 });
    expect(events).toEqual([
      ['neighbour.degraded', { neighbour: 'messagemedia', failure: 'unavailable', delayMs: 5_000 }],
    ]);
  });

  it.each<[string, Fate]>([
    ['an answer', 'served'],
    ['a refusal of one thing', aFailure('invalid', { status: 400 })],
  ])('begins to count anew after %s', (_what, fate) => {
    const { breaker } = aBreaker();

    fail(breaker, 9, 0);
    fail(breaker, 1, 0, fate);
    fail(breaker, 9, 0);

    expect(refusalOf(breaker, 0)).toBeUndefined();
  });

  it('goes on counting over what says nothing', () => {
    const { breaker } = aBreaker();

    fail(breaker, 9, 0);
    fail(breaker, 3, 0, 'not-sent');
    fail(breaker, 1, 0);

    expect(refusalOf(breaker, 0)).toBeDefined();
  });

  it.each([
    [SIT_OUT_MS, undefined],
    [SIT_OUT_MS + 1, SIT_OUT_MS + 1],
    [120_000, 120_000],
    [24 * HOUR_MS, HOUR_MS],
  ])('asked to stay away for %i ms, it does for %p', (retryAfterMs, waitMs) => {
    const { breaker } = aBreaker();

    fail(breaker, 1, 0, aFailure('throttled', { status: 429, retryAfterMs }));

    expect(refusalOf(breaker, 0)).toEqual(waitMs === undefined ? undefined : { failure: 'throttled', waitMs });
  });

  it('says how much of the wait is left', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 1_000);

    expect([2_000, 5_999, 6_000].map((now) => refusalOf(breaker, now)?.waitMs)).toEqual([4_000, 1, undefined]);
  });

  it('lets three requests probe, and nobody else meanwhile', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 0);

    for (let probe = 0; probe < 3; probe += 1) breaker.enter(5_000);

    expect(refusalOf(breaker, 5_000)).toEqual({ failure: 'unavailable', waitMs: 5_000 });
    expect(() => breaker.enter(5_000)).toThrow(NeighbourError);
  });

  it('closes although two probes failed: they were about things that never work', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 0);

    fail(breaker, 2, 5_000);
    fail(breaker, 1, 5_000, 'served');

    fail(breaker, 9, 5_000);
    expect(refusalOf(breaker, 5_000)).toBeUndefined();
  });

  it('waits for the answers of all probes that are out', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 0);
    const probes = [breaker.enter(5_000), breaker.enter(5_000), breaker.enter(5_000)];

    for (const probe of probes.slice(1)) breaker.leave(probe, DOWN, 6_000);
    expect(refusalOf(breaker, 6_000)?.waitMs).toBe(5_000);
    breaker.leave(probes[0]!, 'served', 6_000);

    expect(refusalOf(breaker, 6_000)).toBeUndefined();
  });

  it.each<[string, Fate]>([
    ['is served', 'served'],
    ['is refused for its own sake', aFailure('not-found', { status: 404 })],
  ])('closes when the probe %s', (_what, fate) => {
    const { breaker, events } = aBreaker();
    fail(breaker, 10, 0);

    breaker.leave(breaker.enter(5_000), fate, 6_000);

    expect(refusalOf(breaker, 6_000)).toBeUndefined();
    expect(events.at(-1)).toEqual([
      'neighbour.recovered',
      { neighbour: 'messagemedia', degradedMs: expect.any(Number) },
    ]);
    fail(breaker, 9, 6_000);
    expect(refusalOf(breaker, 6_000)).toBeUndefined();
  });

  it('waits twice as long each time that the probes fail, up to a minute, and says so once', () => {
    const { breaker, events } = aBreaker();
    fail(breaker, 10, 0);
    let now = 0;

    const waits = Array.from({ length: 6 }, () => {
      const waitMs = refusalOf(breaker, now)?.waitMs ?? 0;
      now += waitMs;
      fail(breaker, 3, now);
      return waitMs;
    });

    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    expect(events).toHaveLength(1);
  });

  it('keeps away as long as a failed probe was asked to', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 0);

    fail(breaker, 1, 5_000, aFailure('throttled', { status: 429, retryAfterMs: 300_000 }));

    expect(refusalOf(breaker, 5_000)).toEqual({ failure: 'throttled', waitMs: 300_000 });
  });

  it('lets the next request probe when the first was not sent', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 0);

    fail(breaker, 9, 5_000, 'not-sent');

    expect(refusalOf(breaker, 5_000)).toBeUndefined();
    fail(breaker, 3, 5_000);
    expect(refusalOf(breaker, 5_000)?.waitMs).toBe(10_000);
  });

  it('learns nothing from requests that went out before it opened', () => {
    const { breaker } = aBreaker();
    const [lucky, unlucky] = [breaker.enter(0), breaker.enter(0)];
    fail(breaker, 10, 0);

    breaker.leave(lucky, 'served', 1_000);
    breaker.leave(unlucky, aFailure('throttled', { retryAfterMs: HOUR_MS }), 1_000);

    expect(refusalOf(breaker, 1_000)?.waitMs).toBe(4_000);
  });

  it('is not kept open by a clock that was set back', () => {
    const { breaker } = aBreaker();
    fail(breaker, 10, 1_000_000);

    expect(refusalOf(breaker, 0)).toBeUndefined();
  });

  it('lets out three requests a minute at most while nobody is served, and everybody afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 50, maxLength: 300 }), (gaps) => {
        const { breaker } = aBreaker();
        let now = 0;
        let sent = 0;
        for (const gap of gaps) {
          now += gap;
          if (refusalOf(breaker, now) !== undefined) continue;
          sent += 1;
          breaker.leave(breaker.enter(now), DOWN, now);
        }

        // Ten to open; then three each time, four times while the wait grows to a minute and once a minute afterwards.
        expect(sent).toBeLessThanOrEqual(10 + 3 * (4 + Math.ceil(now / 60_000)));
        now += 60_000;
        breaker.leave(breaker.enter(now), 'served', now);
        expect(refusalOf(breaker, now)).toBeUndefined();
      }),
    );
  });
});
