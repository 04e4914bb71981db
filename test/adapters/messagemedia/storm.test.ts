import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { createTraffic } from '../../../src/core/traffic.ts';
import type { Traffic } from '../../../src/core/traffic.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount } from './account-under-test.ts';

const FAILURES_IN_A_ROW = 10;
const CONCURRENCY = 16;
const CALLS = 200;
const MINUTE_MS = 60_000;

let account: MessageMedia;
let clock: ImpatientClock;
let book: ContactBook & { close(): Promise<void> };
let scope: CountingScope;
let events: unknown[][];
let traffic: Traffic;

beforeEach(async () => {
  account = await anAccount();
  clock = anImpatientClock();
  events = [];
  const log = { event: (...event: unknown[]) => void events.push(event) };
  traffic = createTraffic();
  book = aBook(account.origin, { clock, maxConcurrency: CONCURRENCY, timeoutMs: 10_000, log, meter: traffic });
  scope = aScope();
});

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

const outcomesOf = (calls: readonly Promise<unknown>[]) => Promise.allSettled(calls);
const many = (count: number) => Array.from({ length: count }, () => book.listLists(scope));

describe('a storm', () => {
  it.each<[string, FaultAction, string]>([
    ['503', { status: 503 }, 'unavailable'],
    ['resets', 'drop', 'unavailable'],
    ['429', { status: 429 }, 'throttled'],
  ])('of %s costs as many requests as open the breaker, and those on the wire', async (_what, fault, failure) => {
    account.faults.add({ do: fault });

    const outcomes = await outcomesOf(many(CALLS));

    expect(outcomes.map(({ status }) => status)).toEqual(Array(CALLS).fill('rejected'));
    expect(account.requests.length).toBeLessThanOrEqual(FAILURES_IN_A_ROW + CONCURRENCY);
    expect(scope.attempts).toBe(account.requests.length);
    expect(traffic.drain()).toEqual([
      expect.objectContaining({
        neighbour: 'messagemedia',
        calls: scope.attempts,
        [failure === 'throttled' ? 'throttled' : 'failed']: scope.attempts,
      }),
    ]);
    expect(events).toEqual([
      ['neighbour.degraded', { neighbour: 'messagemedia', failure, delayMs: expect.any(Number) }],
    ]);
  });

  it('of creates whose answers are lost opens it too', async () => {
    account.faults.add({ do: 'drop' });
    const create = () => book.createContact({ native: {}, channels: [] }, scope);

    const errors = await Promise.all(Array.from({ length: 60 }, () => failureOf(create())));

    expect(account.requests.length).toBeLessThanOrEqual(FAILURES_IN_A_ROW + CONCURRENCY);
    const lost = errors.filter(({ failure }) => failure === 'answer-lost');
    const spared = errors.filter(({ failure }) => failure === 'unavailable');
    // What was not sent is no doubt.
    expect([lost.length, spared.length]).toEqual([account.requests.length, 60 - account.requests.length]);
  });

  it('says with every call that was spared how long to stay away, without a try', async () => {
    account.faults.add({ do: { status: 503 } });
    await outcomesOf(many(20));
    const before = { requests: account.requests.length, attempts: scope.attempts };

    const error = await failureOf(book.listLists(scope));

    expect(error.failure).toBe('unavailable');
    expect(error.detail.retryAfterMs).toBeGreaterThan(0);
    expect(error.detail.retryAfterMs).toBeLessThanOrEqual(5_000);
    expect({ requests: account.requests.length, attempts: scope.attempts }).toEqual(before);
  });

  it('of an hour costs three requests a minute at most, however many come back', async () => {
    account.faults.add({ do: { status: 503 } });
    await outcomesOf(many(20));
    account.requests.splice(0);
    const startedAt = clock.now();

    while (clock.now() - startedAt < 60 * MINUTE_MS) {
      await outcomesOf(many(8));
      await clock.sleep(5_000);
    }

    expect(account.requests.length).toBeLessThanOrEqual(3 * (60 + 5));
    expect(account.requests.length).toBeGreaterThan(50);
  });

  it('is over with the first probe that is served; nobody is turned away afterwards', async () => {
    const storm = account.faults.add({ do: { status: 503 } });
    await outcomesOf(many(20));
    storm.remove();
    await clock.sleep(5_000);

    const probes = await outcomesOf(many(8));
    const later = await outcomesOf(many(CALLS));

    expect(probes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(later.map(({ status }) => status)).toEqual(Array(CALLS).fill('fulfilled'));
    expect(events.map(([name]) => name)).toEqual(['neighbour.degraded', 'neighbour.recovered']);
  });

  it('lets the next call probe when the scope forbade the first', async () => {
    const storm = account.faults.add({ do: { status: 503 } });
    await outcomesOf(many(20));
    storm.remove();
    await clock.sleep(5_000);
    const ended = new Error('the claim has ended');

    await expect(book.listLists({ beforeAttempt: () => Promise.reject(ended) })).rejects.toBe(ended);

    expect(await book.listLists(scope)).toEqual([]);
  });

  it('that is one long Retry-After is sat out by nobody and asked about by nobody', async () => {
    account.faults.add({ times: 1, do: { status: 429, retryAfter: 120 } });
    await failureOf(book.listLists(scope));

    const error = await failureOf(book.listLists(scope));

    expect(account.requests).toHaveLength(1);
    expect(error.failure).toBe('throttled');
    expect(error.detail.retryAfterMs).toBeGreaterThan(115_000);
    await clock.sleep(120_000);
    expect(await book.listLists(scope)).toEqual([]);
  });
});

describe('one contact that is always answered with 500', () => {
  it('opens nothing while others are served in between', async () => {
    const { id } = account.account.seedContact({ number: '+61491570156' });
    account.faults.add({ match: { path: new RegExp(id) }, do: { status: 500 } });

    for (let round = 0; round < 6; round += 1) {
      await failureOf(book.updateContact(id, { native: { firstName: 'Ada' } }, scope));
      await book.listLists(scope);
    }

    expect(events).toEqual([]);
  });
});

describe('refusals of single things', () => {
  it.each([400, 404, 409])('open nothing, however many there are (%i)', async (status) => {
    account.faults.add({ do: { status } });

    await outcomesOf(many(40));

    expect(account.requests).toHaveLength(40);
    expect(events).toEqual([]);
  });
});
