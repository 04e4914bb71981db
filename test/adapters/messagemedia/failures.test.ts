import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount, CREDENTIALS } from './account-under-test.ts';

const NUMBER = '+61491570156';
const CREATE = { native: { firstName: 'Ada' }, channels: [{ type: 'SMS', channelId: NUMBER }] } as const;
const NO_ID = '00000000-0000-4000-8000-000000000000';

let account: MessageMedia;
let clock: ImpatientClock;
let book: ContactBook & { close(): Promise<void> };
let scope: CountingScope;

beforeEach(async () => {
  account = await anAccount();
  clock = anImpatientClock();
  book = aBook(account.origin, { clock, timeoutMs: 300 });
  scope = aScope();
});

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

describe('writing what must not be repeated', () => {
  const creations: [string, (book: ContactBook, scope: CountingScope) => Promise<unknown>][] = [
    ['createContact', (some, within) => some.createContact(CREATE, within)],
    ['createList', (some, within) => some.createList('Sales', within)],
    [
      'createField',
      (some, within) => some.createField({ label: 'Mail', mergeTag: 'email', type: 'EMAIL', maxLength: 255 }, within),
    ],
  ];
  const doubtful: [string, FaultAction][] = [
    ['a reset before the work', 'drop'],
    ['a reset after the work', 'dropAfterCommit'],
    ['no answer in time', 'hang'],
    ['half an answer', 'truncate'],
    ['a page with status 201', { status: 201, body: 'html' }],
    ['201 without a body', { status: 201, body: 'empty' }],
    ['408', { status: 408 }],
    ['500', { status: 500 }],
    ['502', { status: 502, body: 'html' }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
  ];

  it.each(creations.flatMap(([name, create]) => doubtful.map(([what, fault]) => [name, what, create, fault] as const)))(
    '%s leaves the doubt of %s to its caller',
    async (_name, _what, create, fault) => {
      account.faults.add({ do: fault });

      const error = await failureOf(create(book, scope));

      expect(error.failure).toBe('answer-lost');
      expect(account.requests).toHaveLength(1);
      expect(scope.attempts).toBe(1);
    },
  );

  it('leaves a contact that exists when the answer was lost after the work', async () => {
    account.faults.add({ times: 1, do: 'dropAfterCommit' });

    await failureOf(book.createContact(CREATE, scope));

    expect(account.account.contactsWith(NUMBER)).toHaveLength(1);
  });

  it('repeats after 429: nothing was applied', async () => {
    account.faults.add({ times: 3, do: { status: 429, retryAfter: 1 } });

    await book.createContact(CREATE, scope);

    expect(account.account.contactsWith(NUMBER)).toHaveLength(1);
    expect(account.requests).toHaveLength(4);
  });

  it('repeats when nobody listened: nothing was sent', async () => {
    const gone = await anAccount();
    await gone.close();
    const knocking = aBook(gone.origin);

    const error = await failureOf(knocking.createContact(CREATE, scope));

    expect(error.failure).toBe('unavailable');
    expect(scope.attempts).toBe(4);
    await knocking.close();
  });

  it('repeats when there was not even a connection in time: nothing was sent', async () => {
    // A server that accepts connections and never shakes hands.
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const waiting = aBook(`https://localhost:${port}`, { timeoutMs: 50 });

    const error = await failureOf(waiting.createContact(CREATE, scope));

    expect(error.failure).toBe('unavailable');
    expect(scope.attempts).toBe(4);
    await waiting.close();
    for (const socket of sockets) socket.destroy();
    mute.close();
  });

  it('tells the wait that came with a doubtful answer', async () => {
    account.faults.add({ do: { status: 503, retryAfter: 7 } });

    expect((await failureOf(book.createContact(CREATE, scope))).detail.retryAfterMs).toBe(7000);
  });

  it('says what is wrong with a contact, by the names of its fields', async () => {
    const error = await failureOf(
      book.createContact({ native: {}, channels: [{ type: 'SMS', channelId: 'canary-number' }] }, scope),
    );

    expect(error.failure).toBe('invalid');
    expect(error.detail.fields).toEqual([{ name: expect.stringContaining('channel'), code: expect.any(String) }]);
    expect(error.detail.requestId).toEqual(expect.any(String));
    expect(error.detail.neighbourCode).toBe('validation');
  });

  it('says when the number is taken', async () => {
    account.account.seedContact({ number: NUMBER });

    expect((await failureOf(book.createContact(CREATE, scope))).failure).toBe('conflict');
  });
});

describe('credentials', () => {
  const fresh = { apiKey: 'next-key', apiSecret: 'canary-next-secret' };

  it('are read again, once, after a rotation, and then kept', async () => {
    const asked: boolean[] = [];
    const source = (isFresh: boolean) => {
      asked.push(isFresh);
      const { apiKey, apiSecret } = isFresh ? fresh : CREDENTIALS;
      return Promise.resolve({ key: apiKey, secret: apiSecret });
    };
    const rotating = aBook(account.origin, { credentials: source });
    await rotating.listLists(scope);
    account.account.rotateCredentials(fresh);

    await Promise.all([rotating.listLists(scope), rotating.createContact(CREATE, scope)]);
    await rotating.listLists(scope);

    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(account.requests.filter(({ status }) => status === 401)).toHaveLength(2);
    await rotating.close();
  });

  it('are denied when the fresh ones are refused too', async () => {
    account.account.rotateCredentials(fresh);

    const error = await failureOf(book.listLists(scope));

    expect(error.failure).toBe('access-denied');
    expect(account.requests).toHaveLength(2);
  });

  it('follow a source that changes by itself', async () => {
    let current = CREDENTIALS;
    const changing = aBook(account.origin, {
      credentials: () => Promise.resolve({ key: current.apiKey, secret: current.apiSecret }),
    });
    await changing.listLists(scope);
    account.account.rotateCredentials(fresh);
    current = fresh;

    await changing.listLists(scope);

    expect(account.requests.map(({ status }) => status)).toEqual([200, 200]);
    await changing.close();
  });
});

describe('scope', () => {
  it('stops a call before it is sent, with its own error', async () => {
    const ended = new Error('the claim has ended');

    const call = book.listLists({ beforeAttempt: () => Promise.reject(ended) });

    await expect(call).rejects.toBe(ended);
    expect(account.requests).toEqual([]);
  });

  it('is asked again before every repetition', async () => {
    const ended = new Error('the claim has ended');
    account.faults.add({ do: { status: 503 } });
    let attempts = 0;
    const closing = {
      beforeAttempt: () => {
        attempts += 1;
        return attempts > 2 ? Promise.reject(ended) : Promise.resolve();
      },
    };

    await expect(book.listLists(closing)).rejects.toBe(ended);

    expect(account.requests).toHaveLength(2);
  });

  it('gives its place back after a refusal', async () => {
    const narrow = aBook(account.origin, { maxConcurrency: 1 });
    await narrow.listLists({ beforeAttempt: () => Promise.reject(new Error('no')) }).catch(() => undefined);

    expect(await narrow.listLists(scope)).toEqual([]);
    await narrow.close();
  });
});

describe('errors', () => {
  it.each<[string, FaultAction | undefined]>([
    ['a refusal', undefined],
    ['a reset', 'drop'],
    ['half an answer', 'truncate'],
    ['a refusal that quotes everything', { status: 400, body: quoting() }],
    ['a wrong answer that quotes everything', { status: 200, body: quoting() }],
  ])('hold nothing of a person and no secret: %s', async (_what, fault) => {
    if (fault !== undefined) account.faults.add({ do: fault });
    const write = { native: { firstName: 'canary-name' }, channels: [{ type: 'SMS', channelId: 'canary' }] } as const;

    const error = await failureOf(book.createContact(write, scope));
    const other = await failureOf(book.updateContact(NO_ID, write, scope));

    expect(inspect([error, other], { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

function quoting(): object {
  return {
    uuid: 'canary',
    type: 'canary type',
    title: 'canary',
    detail: 'canary',
    invalidFields: [
      { name: 'the canary itself', code: 'canary!', reason: 'canary', invalidIds: ['canary', 7] },
      'canary',
    ],
  };
}
