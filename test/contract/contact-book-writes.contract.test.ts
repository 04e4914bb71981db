import type { Behaviour } from '../../local/messagemedia/call.ts';
import { CONTACT_BOOK_IMPLEMENTATIONS } from '../support/contact-book-implementations.ts';
import type { ContactBookImplementation } from '../support/contact-book-implementations.ts';
import { aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { mobile } from '../support/story-people.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const SMS = (n: number) => ({ type: 'SMS', channelId: mobile(n) }) as const;

describe.each(CONTACT_BOOK_IMPLEMENTATIONS)('ContactBook %s', (_name, start) => {
  let here: ContactBookImplementation;
  let scope: CountingScope;

  const restart = async (behaviour: Partial<Behaviour>): Promise<void> => {
    await here.stop();
    here = await start(behaviour);
  };

  beforeEach(async () => {
    here = await start({});
    scope = aScope();
  });

  afterEach(async () => {
    await here.stop();
    expect(here.violations()).toEqual([]);
  });

  describe('createContact', () => {
    it('creates a contact with everything that was sent, in one call', async () => {
      const list = here.account.seedList('Sales');
      const field = here.account.seedField({ mergeTag: 'entra_object_id' });

      const created = await here.book.createContact(
        {
          native: { firstName: 'Ada', note: '' },
          channels: [SMS(1)],
          customFields: [{ id: field.id, value: 'person-1' }],
          lists: [list.id],
        },
        scope,
      );

      expect(created).toMatchObject({
        firstName: 'Ada',
        lastName: '',
        channels: [{ ...SMS(1), subscriptionState: 'SUBSCRIBED' }],
        customFields: [{ id: field.id, mergeTag: 'entra_object_id', value: 'person-1' }],
        lists: [{ id: list.id, name: 'Sales' }],
      });
      expect(await here.book.readContacts([created.id], scope)).toEqual([created]);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });

    it('refuses a number that another contact has, and changes nothing', async () => {
      here.account.seedContact({ number: mobile(1) });

      const error = await failureOf(here.book.createContact({ native: {}, channels: [SMS(1)] }, scope));

      expect([error.neighbour, error.failure, error.detail.status]).toEqual(['messagemedia', 'conflict', 409]);
      expect(error.detail.neighbourCode).toBe('conflict');
      expect(here.account.contactsWith(mobile(1))).toHaveLength(1);
    });

    it('gives a number to several contacts where the account allows it', async () => {
      await restart({ uniqueNumbers: false });
      here.account.seedContact({ number: mobile(1) });

      await here.book.createContact({ native: {}, channels: [SMS(1)] }, scope);

      expect(here.account.contactsWith(mobile(1))).toHaveLength(2);
    });

    it('keeps an opt-out, said by us or remembered by the account', async () => {
      here.account.optOut(mobile(1));

      const remembered = await here.book.createContact({ native: {}, channels: [SMS(1)] }, scope);
      const said = await here.book.createContact(
        { native: {}, channels: [{ ...SMS(2), subscriptionState: 'UNSUBSCRIBED' }] },
        scope,
      );

      expect(remembered.channels).toEqual([{ ...SMS(1), subscriptionState: 'UNSUBSCRIBED' }]);
      expect(said.channels).toEqual([{ ...SMS(2), subscriptionState: 'UNSUBSCRIBED' }]);
    });

    it.each([
      ['a number that is none', { native: {}, channels: [{ type: 'SMS', channelId: '12' }] }, 'channelId'],
      ['no channel', { native: {}, channels: [] }, 'channels'],
      ['an unknown list', { native: {}, channels: [SMS(1)], lists: [NOBODY] }, 'lists'],
      [
        'an unknown field',
        { native: {}, channels: [SMS(1)], customFields: [{ id: NOBODY, value: '' }] },
        'customFields',
      ],
    ] as const)('refuses %s, naming the field', async (_what, contact, field) => {
      const error = await failureOf(here.book.createContact(contact, scope));

      expect([error.failure, error.detail.status]).toEqual(['invalid', 400]);
      expect(error.detail.fields?.map(({ name }) => name)).toEqual([field]);
      expect(here.account.snapshot().contacts).toEqual([]);
    });

    it('refuses a value that is longer than its field', async () => {
      const { id } = here.account.seedField({ mergeTag: 'team', maxLength: 3 });

      const error = await failureOf(
        here.book.createContact({ native: {}, channels: [SMS(1)], customFields: [{ id, value: 'Blue' }] }, scope),
      );

      expect(error.failure).toBe('invalid');
      expect(error.detail.fields).toEqual([{ name: 'customFields', code: 'invalid_length' }]);
      expect(error.detail.invalidIds).toEqual([id]);
    });
  });

  describe('updateContact', () => {
    it('changes what is named, clears what is empty and leaves the rest, memberships included', async () => {
      const { id } = here.account.seedContact({
        number: mobile(1),
        firstName: 'Ada',
        lastName: 'Example',
        note: 'by hand',
        lists: ['Sales'],
      });

      const updated = await here.book.updateContact(
        id,
        { native: { firstName: 'Grace', lastName: '' }, lists: [NOBODY] },
        scope,
      );

      expect(updated).toMatchObject({
        id,
        firstName: 'Grace',
        lastName: '',
        note: 'by hand',
        channels: [SMS(1)],
        lists: [{ name: 'Sales' }],
      });
      expect([scope.attempts, here.calls()]).toEqual([1, 1]);
    });

    it.each([
      ['replace', [mobile(2)], ['new']],
      ['merge', [mobile(1), mobile(2)], ['old', 'new']],
    ] as const)('treats channels and fields that are sent as the account does: %s', async (mode, numbers, tags) => {
      await restart({ channelsMode: mode, customFieldsMode: mode });
      const { id } = here.account.seedContact({ number: mobile(1), customFields: { old: '1' } });
      const field = here.account.seedField({ mergeTag: 'new' });

      const updated = await here.book.updateContact(
        id,
        { native: {}, channels: [SMS(2)], customFields: [{ id: field.id, value: '2' }] },
        scope,
      );

      expect(updated.channels.map(({ channelId }) => channelId)).toEqual(numbers);
      expect(updated.customFields.map(({ mergeTag }) => mergeTag)).toEqual(tags);
    });

    it('keeps the opt-out of a number that stays, and of one that comes back', async () => {
      const { id } = here.account.seedContact({ number: mobile(1) });
      here.account.optOut(mobile(1));

      await here.book.updateContact(id, { native: {}, channels: [SMS(2)] }, scope);
      const back = await here.book.updateContact(id, { native: {}, channels: [SMS(1)] }, scope);

      expect(back.channels).toEqual([{ ...SMS(1), subscriptionState: 'UNSUBSCRIBED' }]);
    });

    it('refuses a number that another contact has, and changes nothing', async () => {
      here.account.seedContact({ number: mobile(1) });
      const { id } = here.account.seedContact({ number: mobile(2), firstName: 'Ada' });

      const error = await failureOf(
        here.book.updateContact(id, { native: { firstName: 'Grace' }, channels: [SMS(1)] }, scope),
      );

      expect(error.failure).toBe('conflict');
      expect(here.account.contactsWith(mobile(2))).toMatchObject([{ firstName: 'Ada' }]);
    });

    it('says when the contact is gone', async () => {
      const error = await failureOf(here.book.updateContact(NOBODY, { native: { note: 'x' } }, scope));

      expect([error.failure, error.detail.status]).toEqual(['not-found', 404]);
    });
  });

  describe('deleteContact', () => {
    it('deletes a contact with its memberships; one that is gone already is a success', async () => {
      const { id } = here.account.seedContact({ number: mobile(1), lists: ['Sales'] });

      await here.book.deleteContact(id, scope);
      await here.book.deleteContact(id, scope);

      expect(here.account.snapshot()).toMatchObject({ contacts: [], lists: [{ contactIds: [] }] });
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });
  });
});
