import fc from 'fast-check';
import { backoffMs, createRetryBudget, nextTry, parseRetryAfterMs } from '../../src/core/retry.ts';

const backoff = { baseMs: 250, capMs: 8000 };
const policy = { tries: 4, backoff, longestWaitMs: 10_000 };
const now = Date.parse('2026-03-02T06:00:00Z');

describe('backoffMs', () => {
  it.each([
    [1, 0.5, 125],
    [2, 0.5, 250],
    [3, 0.5, 500],
    [6, 0.5, 4000],
    [60, 0.5, 4000],
    [4, 0, 0],
  ])('answers retry %i with random %d by %i ms', (retry, random, expected) => {
    expect(backoffMs(retry, backoff, random)).toBe(expected);
  });

  it('never exceeds the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retry, random) => {
          const waitMs = backoffMs(retry, backoff, random);

          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThan(backoff.capMs);
        },
      ),
    );
  });
});

describe('parseRetryAfterMs', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['seconds', '7', 7000],
    ['a fraction of a second', '0.5', 500],
    ['zero', '0', 0],
    ['blanks around the number', ' 3 ', 3000],
    ['a date to come', 'Mon, 02 Mar 2026 06:00:30 GMT', 30_000],
    ['a date that has passed', 'Mon, 02 Mar 2026 05:59:00 GMT', 0],
    ['a date in the RFC 850 form', 'Monday, 02-Mar-26 06:00:30 GMT', 30_000],
    ['a date in the asctime form', 'Mon Mar  2 06:00:30 2026', 30_000],
    ['an impossible date', 'Mon, 99 Foo 2026 06:00:30 GMT', undefined],
    ['garbage', 'soon', undefined],
    ['garbage that Date.parse would take for a year', 'in 5', undefined],
    ['a negative number', '-1', undefined],
    ['nothing', '', undefined],
    ['no header', undefined, undefined],
  ])('reads %s', (_what, header, expected) => {
    expect(parseRetryAfterMs(header, now)).toBe(expected);
  });
});

describe('createRetryBudget', () => {
  it('allows its reserve without a call', () => {
    const budget = createRetryBudget({ share: 0.2, reserve: 2, ceiling: 10 });

    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  });

  it('earns a retry with every fifth call', () => {
    const budget = createRetryBudget({ share: 0.2, reserve: 0, ceiling: 10 });
    for (let call = 0; call < 6; call += 1) budget.called();

    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });

  it('does not save up more than its ceiling', () => {
    const budget = createRetryBudget({ share: 1, reserve: 0, ceiling: 3 });
    for (let call = 0; call < 1000; call += 1) budget.called();

    const spent = Array.from({ length: 10 }, () => budget.spend()).filter(Boolean);

    expect(spent).toHaveLength(3);
  });

  it('never allows more retries than the share of the calls plus the reserve', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (steps) => {
        const budget = createRetryBudget({ share: 0.2, reserve: 20, ceiling: 100 });
        let calls = 0;
        let retries = 0;

        for (const isCall of steps) {
          if (isCall) {
            calls += 1;
            budget.called();
          } else if (budget.spend()) {
            retries += 1;
          }
        }

        expect(retries).toBeLessThanOrEqual(calls * 0.2 + 20 + 1e-9);
      }),
    );
  });
});

describe('nextTry', () => {
  const plenty = () => createRetryBudget({ share: 0, reserve: 100, ceiling: 100 });

  it('waits with jitter when nobody named a time', () => {
    expect(nextTry(1, undefined, policy, plenty(), () => 0.5)).toEqual({ kind: 'wait', waitMs: 125 });
  });

  it('waits at least the time that was asked for', () => {
    expect(nextTry(1, 2000, policy, plenty(), () => 0.5)).toEqual({ kind: 'wait', waitMs: 2125 });
  });

  it('gives up on a wait that is too long, without touching the budget', () => {
    const budget = createRetryBudget({ share: 0, reserve: 1, ceiling: 1 });

    expect(nextTry(1, 10_001, policy, budget, () => 0)).toEqual({ kind: 'give-up', reason: 'long-wait' });
    expect(budget.spend()).toBe(true);
  });

  it('gives up after the last try', () => {
    expect(nextTry(4, undefined, policy, plenty(), () => 0)).toEqual({ kind: 'give-up', reason: 'tries' });
  });

  it('gives up when the budget is spent', () => {
    const spent = createRetryBudget({ share: 0, reserve: 0, ceiling: 0 });

    expect(nextTry(1, undefined, policy, spent, () => 0)).toEqual({ kind: 'give-up', reason: 'budget' });
  });
});
