import type { AttributeValue } from '../../src/core/people/person.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aUser, userId, users } from '../support/story-people.ts';

const SELECT = ['department', 'manager'];

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: users(4), pageSize: 2 });
    scope = aScope();
    tenant.admin.setManager(userId(1), userId(2));
  });

  afterEach(() => tenant.stop());

  const pagesOf = (link?: string, select = SELECT) =>
    allOf(tenant.directory.deltaPages({ select, ...(link === undefined ? {} : { link }) }, scope));
  const attributesOf = async (link?: string, select = SELECT) =>
    new Map((await pagesOf(link, select)).flatMap(({ entries }) => entries.map((one) => [one.id, one.attributes])));
  const endOfChain = async (): Promise<string> => (await pagesOf()).at(-1)?.deltaLink ?? '';

  describe('the manager', () => {
    it('is shown by id in a first chain, where there is one', async () => {
      const people = await attributesOf();

      expect(people.get(userId(1))).toEqual({ department: 'Sales', manager: { id: userId(2) } });
      expect(people.get(userId(2))).toEqual({ department: 'Support' });
    });

    it('is shown only when it is asked for', async () => {
      expect((await attributesOf(undefined, ['department'])).get(userId(1))).toEqual({ department: 'Sales' });
    });

    it.each<[string, () => void, AttributeValue | undefined]>([
      ['who is new', () => tenant.admin.setManager(userId(3), userId(4)), { id: userId(4) }],
      ['who was removed', () => tenant.admin.setManager(userId(1), undefined), null],
      ['who was replaced', () => tenant.admin.setManager(userId(1), userId(4)), { id: userId(4) }],
      [
        'who was removed and came back in between',
        () => {
          tenant.admin.setManager(userId(1), undefined);
          tenant.admin.setManager(userId(1), userId(2));
        },
        undefined,
      ],
      [
        'who stays while something else changes',
        () => tenant.admin.updateUser(userId(1), { department: 'HR' }),
        undefined,
      ],
    ])('%s is shown as such in the next round', async (_what, change, manager) => {
      const link = await endOfChain();
      change();

      const [shown] = [...(await attributesOf(link)).values()];

      expect(shown?.['manager']).toEqual(manager);
    });

    it('comes with a joiner who has one', async () => {
      const link = await endOfChain();
      tenant.admin.createUser(aUser(5));
      tenant.admin.setManager(userId(5), userId(1));

      expect((await attributesOf(link)).get(userId(5))?.['manager']).toEqual({ id: userId(1) });
    });

    it('is read with somebody who is read by id', async () => {
      const people = await tenant.directory.readPeople([userId(1), userId(2)], SELECT, scope);

      expect(people.get(userId(1))?.attributes).toEqual({ department: 'Sales', manager: { id: userId(2) } });
      expect(people.get(userId(2))?.attributes).toEqual({ department: 'Support' });
    });

    it('costs no call of its own', async () => {
      await pagesOf();
      await tenant.directory.readPeople([userId(1), userId(2)], SELECT, scope);

      expect(tenant.calls()).toBe(3);
    });
  });

  describe('findPerson', () => {
    it('answers the id of the user with the UPN, in one call', async () => {
      expect(await tenant.directory.findPerson('person.3@example.com', scope)).toBe(userId(3));
      expect(await tenant.directory.findPerson('PERSON.3@Example.com', scope)).toBe(userId(3));

      expect(scope.attempts).toBe(2);
    });

    it('finds guests, whose names hold a #', async () => {
      const upn = 'guest_example.org#EXT#@example.com';
      tenant.admin.createUser(aUser(5, { userPrincipalName: upn, userType: 'Guest' }));

      expect(await tenant.directory.findPerson(upn, scope)).toBe(userId(5));
    });

    it('finds nobody who is not there or was deleted', async () => {
      tenant.admin.softDelete(userId(3));

      expect(await tenant.directory.findPerson('person.3@example.com', scope)).toBeUndefined();
      expect(await tenant.directory.findPerson('nobody@example.com', scope)).toBeUndefined();
    });

    it.each(['', 'delta', 'a/b@example.com', 'no name', '@', 'two@at@example.com'])(
      'does not ask for %j, which can be no UPN',
      async (upn) => {
        expect(await tenant.directory.findPerson(upn, scope)).toBeUndefined();
        expect(tenant.calls()).toBe(0);
      },
    );

    it('names a missing permission instead of finding nobody', async () => {
      tenant.revoke();

      const error = await failureOf(tenant.directory.findPerson('person.3@example.com', scope));

      expect(error.failure).toBe('access-denied');
      expect(error.message).not.toContain('person.3');
    });
  });
});
