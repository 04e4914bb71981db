import type { Behaviour } from '../../local/messagemedia/call.ts';
import { CONTACT_BOOK_IMPLEMENTATIONS } from '../support/contact-book-implementations.ts';
import type { ContactBookImplementation } from '../support/contact-book-implementations.ts';
import { aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { mobile } from '../support/story-people.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

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

  describe('listLists and createList', () => {
    it('creates a list that is then listed', async () => {
      const created = await here.book.createList('Sales', scope);

      expect(created).toEqual({ id: here.account.listNamed('Sales')?.id, name: 'Sales' });
      expect(await here.book.listLists(scope)).toEqual([created]);
    });

    it('follows the pages of 1000 to the end', async () => {
      for (let n = 0; n < 1001; n += 1) here.account.seedList(`Team ${n}`);

      expect(await here.book.listLists(scope)).toHaveLength(1001);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });

    it('refuses a name that is taken, case aside, unless the account allows it', async () => {
      here.account.seedList('Sales');
      expect((await failureOf(here.book.createList('SALES', scope))).failure).toBe('conflict');

      await restart({ uniqueListNames: false });
      here.account.seedList('Sales');
      await here.book.createList('Sales', scope);

      expect(await here.book.listLists(scope)).toHaveLength(2);
    });

    it('refuses an empty name', async () => {
      expect((await failureOf(here.book.createList(' ', scope))).failure).toBe('invalid');
    });
  });

  describe('listFields and createField', () => {
    const field = { label: 'Entra object id', mergeTag: 'entra_object_id', type: 'TEXT', maxLength: 255 } as const;

    it('creates a field that is then listed', async () => {
      const created = await here.book.createField(field, scope);

      expect(created).toEqual({ id: expect.any(String), ...field });
      expect(await here.book.listFields(scope)).toEqual([created]);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });

    it('refuses a merge tag that is taken', async () => {
      await here.book.createField(field, scope);

      expect((await failureOf(here.book.createField(field, scope))).failure).toBe('conflict');
    });
  });

  describe('changeMembers', () => {
    it('adds and removes in one call; who is in or out already is no trouble', async () => {
      const list = here.account.seedList('Sales');
      const leaver = here.account.seedContact({ number: mobile(1), lists: ['Sales'] });
      const joiner = here.account.seedContact({ number: mobile(2) });

      await here.book.changeMembers(list.id, [joiner.id], [leaver.id], scope);
      await here.book.changeMembers(list.id, [joiner.id], [leaver.id], scope);

      expect(here.account.snapshot().lists[0]?.contactIds).toEqual([joiner.id]);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });

    it('sends 1000 ids of a kind a call, and nothing for nobody', async () => {
      const list = here.account.seedList('Everybody');
      const ids = Array.from({ length: 1001 }, (_, n) => here.account.seedContact({ number: mobile(n) }).id);

      await here.book.changeMembers(list.id, ids, [], scope);
      await here.book.changeMembers(list.id, [], [], scope);

      expect(here.account.snapshot().lists[0]?.contactIds).toHaveLength(1001);
      expect([scope.attempts, here.calls()]).toEqual([2, 2]);
    });

    it.each([
      [true, [NOBODY]],
      [false, undefined],
    ])('fails as a whole for one bad id; named by the account: %s', async (namesBadIds, invalidIds) => {
      await restart({ namesBadIds });
      const list = here.account.seedList('Sales');
      const { id } = here.account.seedContact({ number: mobile(1) });

      const error = await failureOf(here.book.changeMembers(list.id, [id, NOBODY], [], scope));

      expect([error.failure, error.detail.invalidIds]).toEqual(['invalid', invalidIds]);
      expect(here.account.snapshot().lists[0]?.contactIds).toEqual([]);
    });

    it('refuses a list that is gone', async () => {
      const { id } = here.account.seedContact({ number: mobile(1) });

      const error = await failureOf(here.book.changeMembers(NOBODY, [id], [], scope));

      expect(error.failure).toBe('invalid');
      expect(error.detail.fields).toEqual([{ name: 'listId', code: 'invalid_reference' }]);
    });
  });
});
