import type { GroupMember } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { anOrgContact, orgContactId } from '../support/outside-people.ts';
import { aUser, userId, users } from '../support/story-people.ts';

const NO_GROUP = '99999999-0000-4000-8000-000000000001';

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: users(5), pageSize: 2 });
    scope = aScope();
  });

  afterEach(() => tenant.stop());

  const pagesOf = (id: string, transitive: boolean): Promise<(readonly GroupMember[])[]> =>
    allOf(tenant.directory.groupMembers({ id, transitive }, scope));
  const membersOf = async (id: string, transitive = false): Promise<GroupMember[]> =>
    (await pagesOf(id, transitive)).flat();
  const idsOf = async (id: string, transitive = false): Promise<string[]> =>
    (await membersOf(id, transitive)).map((member) => member.id).toSorted();
  const groupOf = (...memberIds: readonly string[]): string => {
    const { groups } = tenant.admin;
    const id = groups.create();
    for (const memberId of memberIds) groups.addMember(id, memberId);
    return id;
  };

  describe('groupMembers', () => {
    it('shows who and what is in a group, each with its kind', async () => {
      const { groups, orgContacts } = tenant.admin;
      orgContacts.create(anOrgContact(1));
      const nested = groupOf(userId(2));
      const group = groupOf(userId(1), orgContactId(1), nested);
      groups.addMember(group, NO_GROUP, 'device');

      const members = await membersOf(group);

      expect(new Map(members.map(({ id, kind }) => [id, kind]))).toEqual(
        new Map([
          [userId(1), 'user'],
          [orgContactId(1), 'orgContact'],
          [nested, 'group'],
          [NO_GROUP, 'other'],
        ]),
      );
      expect(scope.attempts).toBe(1);
      expect(tenant.calls()).toBe(1);
    });

    it('goes through nested groups only when that is wanted', async () => {
      const inner = groupOf(userId(3));
      const middle = groupOf(userId(2), inner);
      const outer = groupOf(userId(1), middle);

      expect(await idsOf(outer)).toEqual([userId(1), middle].toSorted());
      expect(await idsOf(outer, true)).toEqual([userId(1), userId(2), userId(3), middle, inner].toSorted());
    });

    it('shows everybody once when groups hold each other', async () => {
      const { groups } = tenant.admin;
      const one = groupOf(userId(1), userId(2));
      const other = groupOf(userId(2), userId(3), one);
      groups.addMember(one, other);

      expect(await idsOf(one, true)).toEqual([userId(1), userId(2), userId(3), one, other].toSorted());
    });

    it('shows everybody of a group of more than 999, 999 a call', async () => {
      for (let n = 6; n <= 2000; n += 1) tenant.admin.createUser(aUser(n));
      const everybody = Array.from({ length: 2000 }, (_, index) => userId(index + 1));
      const group = groupOf(...everybody);

      const pages = await pagesOf(group, false);

      expect(pages.map((page) => page.length)).toEqual([999, 999, 2]);
      expect(
        pages
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(everybody);
      expect(scope.attempts).toBe(3);
    });

    it('asks for a page only when it is wanted', async () => {
      for (let n = 6; n <= 1000; n += 1) tenant.admin.createUser(aUser(n));
      const group = groupOf(...Array.from({ length: 1000 }, (_, index) => userId(index + 1)));

      await tenant.directory.groupMembers({ id: group, transitive: false }, scope).next();

      expect(tenant.calls()).toBe(1);
    });

    it('shows nobody in an empty group', async () => {
      expect(await membersOf(groupOf())).toEqual([]);
      expect(await membersOf(groupOf(), true)).toEqual([]);
    });

    it('leaves out who is deleted, and shows them again when they are restored', async () => {
      const group = groupOf(userId(1), userId(2));
      tenant.admin.softDelete(userId(1));
      expect(await idsOf(group)).toEqual([userId(2)]);

      tenant.admin.restore(userId(1));

      expect(await idsOf(group)).toEqual([userId(1), userId(2)]);
    });

    it('needs no permission to read users', async () => {
      const group = groupOf(userId(1));
      tenant.revoke();

      expect(await idsOf(group, true)).toEqual([userId(1)]);
    });

    it.each([false, true])('tells a group that is not there (transitive: %s)', async (transitive) => {
      const group = groupOf(userId(1));
      tenant.admin.groups.remove(group);

      for (const id of [group, NO_GROUP]) {
        const error = await failureOf(membersOf(id, transitive));
        expect([error.neighbour, error.failure, error.detail.status]).toEqual(['graph', 'not-found', 404]);
        expect(error.message).toContain('no such group');
      }
    });

    it('tells a group that goes away while it is read', async () => {
      for (let n = 6; n <= 1000; n += 1) tenant.admin.createUser(aUser(n));
      const group = groupOf(...Array.from({ length: 1000 }, (_, index) => userId(index + 1)));
      const reading = tenant.directory.groupMembers({ id: group, transitive: false }, scope);
      await reading.next();
      tenant.admin.groups.remove(group);

      expect((await failureOf(reading.next())).failure).toBe('not-found');
    });

    it.each([false, true])('names the permission that is missing (transitive: %s)', async (transitive) => {
      const group = groupOf(userId(1));
      tenant.admin.dropRole('GroupMember.Read.All');

      const error = await failureOf(membersOf(group, transitive));

      expect([error.failure, error.detail.access]).toEqual(['access-denied', 'permission-missing']);
      expect(error.message).toContain('GroupMember.Read.All');
    });
  });

  describe('groupMembers of a group that hides them', () => {
    const MODES = ['left-out', 'without-type'] as const;
    const hiddenGroupOf = (...memberIds: readonly string[]): string => {
      const { groups } = tenant.admin;
      const id = groups.create({ visibility: 'HiddenMembership' });
      for (const memberId of memberIds) groups.addMember(id, memberId);
      return id;
    };
    const denialOf = async (id: string, transitive: boolean) => {
      const error = await failureOf(membersOf(id, transitive));
      expect([error.failure, error.detail.access]).toEqual(['access-denied', 'permission-missing']);
      expect(error.message).toContain('Member.Read.Hidden');
      return error;
    };

    it.each(MODES.flatMap((mode) => [[mode, false] as const, [mode, true] as const]))(
      'says that a permission is missing, never that there is nobody (%s, transitive: %s)',
      async (mode, transitive) => {
        tenant.admin.options.hiddenMembers = mode;
        tenant.admin.dropRole('Member.Read.Hidden');

        await denialOf(hiddenGroupOf(userId(1), userId(2)), transitive);
      },
    );

    it.each(MODES)('says the same of one inside another group (%s)', async (mode) => {
      tenant.admin.options.hiddenMembers = mode;
      tenant.admin.dropRole('Member.Read.Hidden');
      const outer = groupOf(userId(1), groupOf(userId(2), hiddenGroupOf(userId(3))));

      await denialOf(outer, true);
      expect(await idsOf(outer)).toHaveLength(2);
    });

    it.each([false, true])('shows them to an app that may see them (transitive: %s)', async (transitive) => {
      expect(await idsOf(hiddenGroupOf(userId(1), userId(2)), transitive)).toEqual([userId(1), userId(2)]);
    });

    it('shows those of one inside another group to an app that may see them', async () => {
      const hidden = hiddenGroupOf(userId(2));
      const outer = groupOf(userId(1), hidden);

      expect(await idsOf(outer, true)).toEqual([userId(1), userId(2), hidden].toSorted());
    });

    it('cannot tell an empty one from one that is not shown, and says so', async () => {
      const error = await denialOf(hiddenGroupOf(), false);

      expect(error.message).toContain('If it has it, the group is empty.');
    });

    it('shows whoever is also in a group that hides nothing', async () => {
      const open = groupOf(userId(1));
      const outer = groupOf(hiddenGroupOf(userId(1)), open);
      tenant.admin.dropRole('Member.Read.Hidden');

      const pages: GroupMember[] = [];
      const reading = tenant.directory.groupMembers({ id: outer, transitive: true }, scope);
      const { value } = await reading.next();
      pages.push(...(value as readonly GroupMember[]));

      expect(pages.map(({ id }) => id)).toContain(userId(1));
      expect((await failureOf(reading.next())).failure).toBe('access-denied');
    });
  });

  describe('groupMembers and links', () => {
    const aLargeGroup = (): string => {
      for (let n = 6; n <= 2000; n += 1) tenant.admin.createUser(aUser(n));
      return groupOf(...Array.from({ length: 2000 }, (_, index) => userId(index + 1)));
    };

    it('does not follow a next link to another host', async () => {
      const group = aLargeGroup();
      tenant.admin.options.wrongHostNextLink = 'elsewhere.example.com';

      expect((await failureOf(membersOf(group))).failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(1);
    });

    it('does not go in circles', async () => {
      const group = aLargeGroup();
      tenant.admin.options.nextLinkLoop = true;

      expect((await failureOf(membersOf(group))).failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(2);
    });

    it('says that it may be tried again when the pages expire while they are read', async () => {
      const reading = tenant.directory.groupMembers({ id: aLargeGroup(), transitive: false }, scope);
      await reading.next();
      tenant.admin.advanceClock(11 * 60_000);

      expect((await failureOf(reading.next())).failure).toBe('unavailable');
    });
  });
});
