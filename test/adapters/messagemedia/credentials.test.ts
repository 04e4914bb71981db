import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount, CREDENTIALS } from './account-under-test.ts';

const NUMBER = '+61491570156';
const CREATE = { native: { firstName: 'Ada' }, channels: [{ type: 'SMS', channelId: NUMBER }] } as const;

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

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
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
