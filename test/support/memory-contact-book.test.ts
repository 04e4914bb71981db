import { NeighbourError } from '../../src/core/errors.ts';
import type { ContactWrite } from '../../src/core/people/contact.ts';
import { createFakeClock } from './fake-clock.ts';
import { NoAnswer, OtherAnswer } from './memory-calls.ts';
import type { MemoryCall } from './memory-calls.ts';
import { createMemoryContactBook } from './memory-contact-book.ts';
import type { MemoryContactBookOptions } from './memory-contact-book.ts';
import { aScope, failureOf } from './neighbour-calls.ts';
import { mobile } from './story-people.ts';

const clock = createFakeClock(undefined, { sleepAdvances: true });
const CONTACT: ContactWrite = { native: {}, channels: [{ type: 'SMS', channelId: mobile(1) }] };

const aBook = (options: Partial<MemoryContactBookOptions> = {}) => createMemoryContactBook({ clock, ...options });
/** Throws `error` at the first call only. */
const once = (error: Error) => {
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    throw error;
  };
};

describe('createMemoryContactBook', () => {
  it('tells its hooks of every call, before and after it had its effect', async () => {
    const seen: unknown[] = [];
    const note = (when: string) => (call: MemoryCall) =>
      void seen.push([when, call, book.account.snapshot().contacts.length]);
    const book = aBook({ onCall: note('before'), afterCall: note('after') });

    await book.createContact(CONTACT, aScope());
    await book.isEmpty(aScope());

    expect(seen).toEqual([
      ['before', { name: 'createContact', isWrite: true }, 0],
      ['after', { name: 'createContact', isWrite: true }, 1],
      ['before', { name: 'getContactsPage', isWrite: false }, 1],
      ['after', { name: 'getContactsPage', isWrite: false }, 1],
    ]);
  });

  it('asks the scope before its hooks', async () => {
    const seen: string[] = [];
    const book = aBook({ onCall: () => void seen.push('hook') });

    await book.isEmpty({ beforeAttempt: async () => void seen.push('scope') });

    expect(seen).toEqual(['scope', 'hook']);
  });

  it.each([
    ['onCall', 0],
    ['afterCall', 1],
  ] as const)('hands on what %s throws, with the effect only in the second case', async (hook, contacts) => {
    const lost = new NeighbourError('messagemedia', 'answer-lost', 'lost');
    const book = aBook({ [hook]: once(lost) });
    const scope = aScope();

    expect(await failureOf(book.createContact(CONTACT, scope))).toBe(lost);

    expect(book.account.snapshot().contacts).toHaveLength(contacts);
    expect(scope.attempts).toBe(1);
  });

  it.each<[string, Error, number]>([
    ['429', new OtherAnswer({ status: 429, headers: { 'Retry-After': '2' } }), 2000],
    ['503', new OtherAnswer({ status: 503 }), 0],
    ['a reset before anything was sent', new NoAnswer({ sent: false }), 0],
  ])('tries again after %s, asking the scope again', async (status, fault, waitMs) => {
    const scope = aScope();
    const startedAt = clock.now();
    const book = aBook({ onCall: once(fault) });

    await (status === '503' ? book.isEmpty(scope) : book.createContact(CONTACT, scope));

    expect(scope.attempts).toBe(2);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(waitMs);
  });

  it.each([
    ['onCall', 0],
    ['afterCall', 1],
  ] as const)('does not repeat a creation whose answer was lost (%s)', async (hook, contacts) => {
    const book = aBook({ [hook]: once(new NoAnswer()) });

    expect((await failureOf(book.createContact(CONTACT, aScope()))).failure).toBe('answer-lost');

    expect(book.account.snapshot().contacts).toHaveLength(contacts);
  });

  it('repeats an update whose answer was lost or broken', async () => {
    const book = aBook({ afterCall: once(new OtherAnswer({ status: 200, body: '{"id":' })) });
    const { id } = book.account.seedContact({ number: mobile(1) });

    expect(await book.updateContact(id, { native: { note: 'x' } }, aScope())).toMatchObject({ note: 'x' });

    const write = { name: 'updateContact', path: expect.any(String), body: { note: 'x' } };
    expect(book.writes).toEqual([write, write]);
  });

  it('notes every wish to subscribe a number, and does not grant it', async () => {
    const broken = { native: {}, channels: [{ type: 'SMS', channelId: mobile(1), subscriptionState: 'SUBSCRIBED' }] };
    const book = aBook();
    book.account.optOut(mobile(1));

    const { id } = await book.createContact(broken as unknown as ContactWrite, aScope());
    await book.updateContact(id, broken as unknown as ContactWrite, aScope());

    expect(book.subscribedWrites.map(({ method }) => method)).toEqual(['POST', 'PATCH']);
    expect(book.account.snapshot().contacts[0]?.channels[0]?.subscriptionState).toBe('UNSUBSCRIBED');
  });

  it('notes and refuses what the contract does not allow', async () => {
    const book = aBook();

    const error = await failureOf(book.createContact({ ...CONTACT, native: { dateOfBirth: 'soon' } }, aScope()));

    expect(error.failure).toBe('invalid');
    expect(book.violations).toEqual(['createContact: body/dateOfBirth must match format "date"']);
    expect(book.account.snapshot().contacts).toEqual([]);
  });

  it('gives the same ids for the same seed, and others for another', () => {
    const idFor = (seed: number): string => aBook({ seed }).account.seedContact({ number: mobile(1) }).id;

    expect(idFor(7)).toBe(idFor(7));
    expect(idFor(7)).not.toBe(idFor(8));
  });

  it('shows each worker the same account through hooks of its own', async () => {
    const seen: string[] = [];
    const book = aBook({ onCall: () => void seen.push('first') });
    const other = book.through({ onCall: () => void seen.push('other') });

    await book.createContact(CONTACT, aScope());

    expect(await other.isEmpty(aScope())).toBe(false);
    expect(seen).toEqual(['first', 'other']);
  });

  it('takes its key back after it was revoked', async () => {
    const book = aBook();
    book.revoke();
    expect((await failureOf(book.isEmpty(aScope()))).failure).toBe('access-denied');

    book.restorePermission();

    expect(await book.isEmpty(aScope())).toBe(true);
  });
});
