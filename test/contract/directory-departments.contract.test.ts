import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aUser, userId } from '../support/story-people.ts';

const USERS = [
  aUser(1, { department: 'Sales' }),
  aUser(2, { department: 'SALES' }),
  aUser(3, { department: 'Sales & Support' }),
  aUser(4, { department: "R&D 'North' + 50%" }),
  aUser(5, { department: null }),
];

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: USERS, pageSize: 200 });
    scope = aScope();
  });
  afterEach(() => tenant.stop());

  const membersOf = async (department: string): Promise<readonly (readonly string[])[]> =>
    allOf(tenant.directory.departmentMembers(department, scope));

  describe('departmentMembers', () => {
    it('finds the users of exactly this department, however its letters are written', async () => {
      expect(await membersOf('sales')).toEqual([[userId(1), userId(2)]]);
      expect(await membersOf('Sale')).toEqual([[]]);
      expect([scope.attempts, tenant.calls()]).toEqual([2, 2]);
    });

    it.each([
      ['Sales & Support', 3],
      ["R&D 'North' + 50%", 4],
    ])('asks for %j as it is written', async (department, n) => {
      expect(await membersOf(department)).toEqual([[userId(n)]]);
    });

    it('leaves out who was deleted', async () => {
      tenant.admin.softDelete(userId(2));

      expect(await membersOf('Sales')).toEqual([[userId(1)]]);
    });

    it('asks for 999 a call, to the end', async () => {
      for (let n = 10; n < 2_010; n += 1) tenant.admin.createUser(aUser(n, { department: 'Large' }));

      const pages = await membersOf('Large');

      expect(pages.map((page) => page.length)).toEqual([999, 999, 2]);
      expect(new Set(pages.flat()).size).toBe(2_000);
      expect(tenant.calls()).toBe(3);
    });

    it('names a missing permission, and never the department', async () => {
      tenant.revoke();

      const error = await failureOf(membersOf('Secret projects'));

      expect(error.failure).toBe('access-denied');
      expect(error.message).not.toMatch(/secret/i);
    });
  });
});
