import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount } from './account-under-test.ts';

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
      hurryFor(fault);
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
