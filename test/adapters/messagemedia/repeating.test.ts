import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount } from './account-under-test.ts';

const NUMBER = '+61491570156';

let account: MessageMedia;
let clock: ImpatientClock;
let book: ContactBook & { close(): Promise<void> };
let scope: CountingScope;

/** Longer than a busy machine takes for any answer. */
const LONG_MS = 10_000;

beforeEach(async () => {
  account = await anAccount();
  clock = anImpatientClock();
  book = aBook(account.origin, { clock, timeoutMs: LONG_MS });
  scope = aScope();
});

/** Who waits for an answer that never comes waits no longer than it has to. */
function hurryFor(fault: FaultAction): void {
  if (fault === 'hang') book = aBook(account.origin, { clock, timeoutMs: 300 });
}

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

const PASSING: [string, FaultAction][] = [
  ['429', { status: 429 }],
  ['429 with seconds', { status: 429, retryAfter: 2 }],
  ['429 with a date', { status: 429, retryAfter: 3, retryAfterAs: 'http-date' }],
  ['429 with a date that has passed', { status: 429, retryAfter: -60, retryAfterAs: 'http-date' }],
  ['429 with garbage', { status: 429, retryAfter: 'later' }],
  ['408', { status: 408 }],
  ['500', { status: 500 }],
  ['500 without a body', { status: 500, body: 'empty' }],
  ['502 with a page', { status: 502, body: 'html' }],
  ['503', { status: 503 }],
  ['504', { status: 504, body: 'empty' }],
  ['a reset before the work', 'drop'],
  ['a reset after the work', 'dropAfterCommit'],
  ['half an answer', 'truncate'],
  ['a page with status 200', { status: 200, body: 'html' }],
  ['an answer of another shape', { status: 200, body: { content: 'soon' } }],
  ['no answer in time', 'hang'],
];

describe('reading', () => {
  it.each(PASSING)('survives %s', async (_what, fault) => {
    hurryFor(fault);
    account.account.seedList('Sales');
    account.faults.add({ times: 2, do: fault });

    const lists = await book.listLists(scope);

    expect(lists.map(({ name }) => name)).toEqual(['Sales']);
    expect(scope.attempts).toBe(3);
    expect(account.requests).toHaveLength(3);
  });

  it.each<[string, FaultAction, string]>([
    ['429', { status: 429 }, 'throttled'],
    ['503', { status: 503 }, 'unavailable'],
    ['a reset', 'drop', 'unavailable'],
    ['no answer in time', 'hang', 'unavailable'],
    ['half an answer', 'truncate', 'unexpected-answer'],
    ['a page with status 200', { status: 200, body: 'html' }, 'unexpected-answer'],
    ['a page with status 404', { status: 404, body: 'html' }, 'unexpected-answer'],
    ['501', { status: 501 }, 'unexpected-answer'],
    ['402', { status: 402 }, 'access-denied'],
    ['403', { status: 403 }, 'access-denied'],
    ['409', { status: 409 }, 'conflict'],
    ['413', { status: 413 }, 'invalid'],
  ])('ends with a failure when %s goes on', async (_what, fault, failure) => {
    hurryFor(fault);
    account.account.seedList('Sales');
    account.faults.add({ do: fault });

    const error = await failureOf(book.listLists(scope));

    expect(error.neighbour).toBe('messagemedia');
    expect(error.failure).toBe(failure);
  });

  it.each([301, 302, 307, 308])('never follows a redirect (%i)', async (status) => {
    account.faults.add({ do: { status, headers: { Location: `${account.origin}/elsewhere` }, body: 'empty' } });

    const error = await failureOf(book.listLists(scope));

    expect(error.failure).toBe('unexpected-answer');
    expect(account.requests).toHaveLength(1);
  });

  it('tries four times, with waits that double', async () => {
    account.faults.add({ do: { status: 503 } });

    await failureOf(book.listLists(scope));

    expect(account.requests).toHaveLength(4);
    expect(clock.slept).toEqual([125, 250, 500]);
  });

  it('waits as long as it is asked to, up to ten seconds', async () => {
    account.faults.add({ times: 1, do: { status: 429, retryAfter: 10 } });

    await book.listLists(scope);

    expect(clock.slept.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(10_000);
  });

  it.each([
    ['throttled', 429],
    ['unavailable', 503],
  ])('leaves a longer wait to its caller: %s', async (failure, status) => {
    account.faults.add({ do: { status, retryAfter: 60 } });

    const error = await failureOf(book.listLists(scope));

    expect(error.failure).toBe(failure);
    expect(error.detail.retryAfterMs).toBe(60_000);
    expect(account.requests).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  it('does not go in circles when a page names itself as the next', async () => {
    account.faults.add({ do: { status: 200, body: { content: [], totalElements: 1, nextPageToken: 'again' } } });

    expect((await failureOf(book.listLists(scope))).failure).toBe('unexpected-answer');
    expect(account.requests).toHaveLength(2);
  });

  it('does not multiply an outage', async () => {
    account.faults.add({ do: { status: 500 } });

    await Promise.all(Array.from({ length: 100 }, () => failureOf(book.listLists(scope))));

    expect(account.requests.length).toBeLessThanOrEqual(100 * 1.2 + 20);
  });
});

describe('writing what can be repeated', () => {
  it.each(PASSING)('updates once and for all in spite of %s', async (_what, fault) => {
    hurryFor(fault);
    const { id } = account.account.seedContact({ number: NUMBER });
    account.faults.add({ times: 1, do: fault });

    await book.updateContact(id, { native: { firstName: 'Grace' } }, scope);

    expect(account.account.contactsWith(NUMBER)[0]?.firstName).toBe('Grace');
    expect(scope.attempts).toBe(2);
  });

  it('takes the 404 of a repeated deletion for the success that it is', async () => {
    const { id } = account.account.seedContact({ number: NUMBER });
    account.faults.add({ times: 1, do: 'dropAfterCommit' });

    await book.deleteContact(id, scope);

    expect(account.account.snapshot().contacts).toEqual([]);
    expect(account.requests).toHaveLength(2);
  });

  it('does not take a page of a gateway for a deletion', async () => {
    const { id } = account.account.seedContact({ number: NUMBER });
    account.faults.add({ do: { status: 404, body: 'html' } });

    expect((await failureOf(book.deleteContact(id, scope))).failure).toBe('unexpected-answer');
  });

  it('repeats a membership change whose answer was lost', async () => {
    const list = account.account.seedList('Sales');
    const { id } = account.account.seedContact({ number: NUMBER });
    account.faults.add({ times: 1, do: 'dropAfterCommit' });

    await book.changeMembers(list.id, [id], [], scope);

    expect(account.account.snapshot().lists[0]?.contactIds).toEqual([id]);
  });
});
