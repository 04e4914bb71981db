import type { CallScope } from '../../src/core/ports.ts';
import { CONTACT_BOOK_IMPLEMENTATIONS } from '../support/contact-book-implementations.ts';
import type { ContactBookImplementation } from '../support/contact-book-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { mobile } from '../support/story-people.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const SMS = (n: number) => ({ type: 'SMS', channelId: mobile(n) }) as const;

describe.each(CONTACT_BOOK_IMPLEMENTATIONS)('ContactBook %s', (_name, start) => {
  let here: ContactBookImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    here = await start({});
    scope = aScope();
  });

  afterEach(async () => {
    await here.stop();
    expect(here.violations()).toEqual([]);
  });

  describe('isEmpty', () => {
    it('tells an account without contacts from one with any, in one call', async () => {
      here.account.seedList('Sales');
      expect(await here.book.isEmpty(scope)).toBe(true);

      here.account.seedContact({ number: mobile(1) });

      expect(await here.book.isEmpty(scope)).toBe(false);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });
  });

  describe('contactPages', () => {
    const seed = (count: number): void => {
      for (let n = 0; n < count; n += 1) here.account.seedContact({ number: mobile(n), customFields: { tag: `${n}` } });
    };
    const pagesFrom = async (pageToken?: string) => {
      const from = pageToken === undefined ? {} : { pageToken };
      return allOf(here.book.contactPages(from, scope));
    };

    it('shows every contact once, 1000 a call, whole', async () => {
      seed(2_001);

      const pages = await pagesFrom();

      expect(pages.map(({ contacts }) => contacts.length)).toEqual([1_000, 1_000, 1]);
      expect(new Set(pages.flatMap(({ contacts }) => contacts.map(({ id }) => id))).size).toBe(2_001);
      expect(pages[2]?.contacts[0]).toMatchObject({ channels: [{ channelId: expect.any(String) }] });
      expect(pages[2]?.contacts[0]?.customFields).toHaveLength(1);
      expect([scope.attempts, here.calls()]).toEqual([3, 3]);
    });

    it('goes on from where an earlier page ended', async () => {
      seed(1_002);
      const [first, ...rest] = await pagesFrom();

      const again = await pagesFrom(first!.nextPageToken);

      expect(again).toEqual(rest);
      expect(again[0]?.contacts).toHaveLength(2);
    });

    it('is one page of nobody in an empty account', async () => {
      expect(await pagesFrom()).toEqual([{ contacts: [] }]);
      expect(here.calls()).toBe(1);
    });

    it('asks for no page before it is wanted', async () => {
      seed(1_001);
      const pages = here.book.contactPages({}, scope);

      await pages.next();
      await pages.return(undefined);

      expect(here.calls()).toBe(1);
    });

    it('names refused credentials', async () => {
      here.revoke();

      expect((await failureOf(pagesFrom())).failure).toBe('access-denied');
    });
  });

  describe('findByNumbers', () => {
    it('finds the contacts that have one of the numbers, on whichever channel, once each', async () => {
      const one = here.account.seedContact({ number: mobile(1) });
      const two = here.account.seedContact({ channels: [SMS(2), { type: 'WHATSAPP', channelId: mobile(3) }] });
      here.account.seedContact({ number: mobile(4) });

      const found = await here.book.findByNumbers([mobile(1), mobile(2), mobile(3), mobile(9)], scope);

      expect(found.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted());
    });

    it('finds every contact of a number that several have', async () => {
      for (let count = 0; count < 3; count += 1) here.account.seedContact({ number: mobile(1) });

      expect(await here.book.findByNumbers([mobile(1)], scope)).toHaveLength(3);
    });

    it('asks for 100 numbers a call, each once, and not at all for none', async () => {
      const numbers = Array.from({ length: 201 }, (_, n) => mobile(n));
      here.account.seedContact({ number: mobile(200) });

      expect(await here.book.findByNumbers([...numbers, mobile(0)], scope)).toHaveLength(1);
      expect(await here.book.findByNumbers([], scope)).toEqual([]);

      expect([scope.attempts, here.calls()]).toEqual([3, 3]);
    });

    it('follows the pages of 1000 to the end', async () => {
      for (let count = 0; count < 1001; count += 1) here.account.seedContact({ number: mobile(1) });

      expect(await here.book.findByNumbers([mobile(1)], scope)).toHaveLength(1001);
      expect(scope.attempts).toBe(2);
    });
  });

  describe('readContacts', () => {
    it('reads a contact as it stands, with its lists, values and preferences', async () => {
      const seeded = here.account.seedContact({
        firstName: 'Ada',
        lastName: 'Example',
        note: 'by hand',
        dateOfBirth: '1990-01-02',
        number: mobile(1),
        customFields: { team: 'Blue' },
        lists: ['Sales'],
      });
      here.account.optOut(mobile(1));

      const [contact] = await here.book.readContacts([seeded.id], scope);

      expect(contact).toEqual({
        id: seeded.id,
        accountId: seeded.accountId,
        firstName: 'Ada',
        lastName: 'Example',
        alias: '',
        dateOfBirth: '1990-01-02',
        country: '',
        state: '',
        location: '',
        note: 'by hand',
        channels: [{ ...SMS(1), subscriptionState: 'UNSUBSCRIBED' }],
        customFields: [{ id: expect.any(String), mergeTag: 'team', value: 'Blue' }],
        lists: [{ id: here.account.listNamed('Sales')?.id, name: 'Sales' }],
      });
    });

    it('leaves unknown ids out, and reads 100 a call', async () => {
      const ids = Array.from({ length: 101 }, (_, n) => here.account.seedContact({ number: mobile(n) }).id);

      const contacts = await here.book.readContacts([...ids, NOBODY], scope);

      expect(contacts.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
      expect(await here.book.readContacts([], scope)).toEqual([]);
    });
  });

  describe('check', () => {
    it('answers the account id with one call when there is a contact', async () => {
      const { accountId } = here.account.seedContact({ number: mobile(1) });

      expect(await here.book.check(scope)).toEqual({ accountId });
      expect([scope.attempts, here.calls()]).toEqual([1, 1]);
    });

    it('finds the account id in lists and fields too, and nothing in an empty account', async () => {
      expect(await here.book.check(scope)).toEqual({});

      const { accountId } = here.account.seedField({ mergeTag: 'team' });

      expect(await here.book.check(scope)).toEqual({ accountId });
      expect(scope.attempts).toBe(6);
    });
  });

  it('is refused everything with credentials that are refused, after a second look at them', async () => {
    const { id } = here.account.seedContact({ number: mobile(1) });
    here.revoke();

    const write = await failureOf(here.book.deleteContact(id, scope));
    const read = await failureOf(here.book.check(scope));

    expect([write.failure, write.detail.status, read.failure]).toEqual(['access-denied', 401, 'access-denied']);
    expect([scope.attempts, here.calls()]).toEqual([4, 4]);
    expect(here.account.contactsWith(mobile(1))).toHaveLength(1);
  });

  it('makes no call that its scope forbids', async () => {
    const ended = new Error('the claim has ended');
    const closed: CallScope = { beforeAttempt: () => Promise.reject(ended) };
    const { id } = here.account.seedContact({ number: mobile(1) });
    const list = here.account.seedList('Sales');
    const before = here.account.snapshot();

    const calls: readonly Promise<unknown>[] = [
      here.book.isEmpty(closed),
      here.book.findByNumbers([mobile(1)], closed),
      here.book.readContacts([id], closed),
      here.book.createContact({ native: {}, channels: [SMS(2)] }, closed),
      here.book.updateContact(id, { native: { note: 'x' } }, closed),
      here.book.deleteContact(id, closed),
      here.book.listLists(closed),
      here.book.createList('Support', closed),
      here.book.listFields(closed),
      here.book.createField({ label: 'Team', mergeTag: 'team', type: 'TEXT', maxLength: 255 }, closed),
      here.book.changeMembers(list.id, [id], [], closed),
      here.book.check(closed),
    ];

    for (const call of calls) await expect(call).rejects.toBe(ended);
    expect(here.account.snapshot()).toEqual(before);
    expect(here.calls()).toBe(0);
  });
});
