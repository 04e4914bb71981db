import { erasePerson } from '../../src/core/run/erase-person.ts';
import { contactOf, countsOf, listSizes, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, userId, users } from '../support/story-people.ts';

const GROUP = '00000000-0000-4000-a000-000000000001';
const NESTED = '00000000-0000-4000-a000-000000000002';

const MAPPING = [
  { to: 'contact_name', from: 'displayName' },
  { to: 'phone_number', from: 'mobilePhone' },
  { to: 'group', from: 'department' },
];
const ON_CALL = {
  mapping: [...MAPPING, { to: 'group', constant: 'On-call', when: { memberOf: GROUP } }],
  filters: { attribute: 'department', in: ['Sales', 'Support'] },
};
const BY_GROUP = { mapping: MAPPING, filters: { memberOf: GROUP } };

describe('a list fed by a group', () => {
  it(
    'stands beside the department lists, for one membership read a run',
    tellStory({ users: users(6), sync: ON_CALL }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));

      await story.run();

      expect(listSizes(story)).toEqual({ Sales: 3, Support: 3, 'On-call': 2 });
      expect(tallyCalls(story.callsMade().graph)).toMatchObject({ 'GET /v1.0/groups/{id}/members': 1 });
    }),
  );

  it(
    'follows its members in a delta in which nobody changed in the directory',
    tellStory({ users: users(6), sync: ON_CALL }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      await story.run();
      story.callsMade();
      groups.removeMember(GROUP, userId(1));
      groups.addMember(GROUP, userId(3));

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ moved: 2 });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(contactOf(story, 3)?.lists.toSorted()).toEqual(['On-call', 'Sales']);
      expect(story.callsMade().graph.filter((call) => call.includes('$batch'))).toEqual([]);
    }),
  );
});

describe('a scope by group', () => {
  it(
    'lets people in by membership alone: they are read by id',
    tellStory({ users: users(6), sync: BY_GROUP }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      groups.addMember(GROUP, userId(1));
      await story.run();
      story.callsMade();
      for (const n of [2, 3]) groups.addMember(GROUP, userId(n));

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ created: 2 });
      expect(story.callsMade().graph.filter((call) => call.includes('$batch'))).toHaveLength(1);
    }),
  );

  it(
    'makes a leaver of whoever leaves the group',
    tellStory({ users: users(6), sync: BY_GROUP }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      await story.run();
      groups.removeMember(GROUP, userId(2));

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ removed: 1 });
      expect(contactOf(story, 2)?.lists).toEqual([]);
    }),
  );

  it(
    'counts members of groups inside it when it is transitive, in rings too',
    tellStory(
      { users: users(4), sync: { mapping: MAPPING, filters: { memberOf: GROUP, transitive: true } } },
      async (story) => {
        const { groups } = story.graph.admin;
        groups.create({ id: GROUP });
        groups.create({ id: NESTED });
        groups.addMember(GROUP, NESTED);
        groups.addMember(NESTED, GROUP);
        groups.addMember(NESTED, userId(4));

        const run = await story.run();

        expect(countsOf(run)).toMatchObject({ created: 1 });
        expect(contactOf(story, 4)).toBeDefined();
      },
    ),
  );

  it(
    'of a group that is gone changes nothing for anybody, and says why',
    tellStory({ users: users(6), sync: BY_GROUP, restless: true }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      await story.run();
      const before = story.messageMedia.account.snapshot();
      groups.remove(GROUP);

      for (const mode of ['delta', 'full'] as const) {
        const run = await story.run(mode);
        expect(run).toMatchObject({ state: 'failed', error: { code: 'directory-unreadable' } });
        expect(run.error?.message).toContain('no such group');
      }
      expect(story.messageMedia.account.snapshot()).toEqual(before);
    }),
  );

  it(
    'of a group with hidden members is a missing permission, not an empty group',
    tellStory({ users: users(6), sync: BY_GROUP, restless: true }, async (story) => {
      const { groups } = story.graph.admin;
      story.graph.admin.dropRole('Member.Read.Hidden');
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      await story.run();
      groups.remove(GROUP);
      groups.create({ id: GROUP, visibility: 'HiddenMembership' });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      const before = story.messageMedia.account.snapshot();

      const run = await story.run('full');

      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect(story.messageMedia.account.snapshot()).toEqual(before);
    }),
  );

  it(
    'reads a large group a page of 999 at a time and stores it in rows',
    tellStory({ users: users(1100), sync: BY_GROUP }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (let n = 1; n <= 1100; n += 1) groups.addMember(GROUP, userId(n));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 1100 });
      expect(tallyCalls(story.callsMade().graph)['GET /v1.0/groups/{id}/members']).toBe(2);
      expect(story.tables.rows('state').filter(({ key }) => key.startsWith('members:'))).toHaveLength(1);
    }),
  );

  it(
    'reads the group anew when its stored members were cleared away',
    tellStory({ users: [aUser(1), aUser(2)], sync: BY_GROUP }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      groups.addMember(GROUP, userId(1));
      await story.run();
      for (const { key } of story.tables.rows('state').filter((row) => row.key.startsWith('members:'))) {
        await story.tables.state.write('default', [{ kind: 'delete', key }]);
      }
      groups.addMember(GROUP, userId(2));

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ created: 1 });
    }),
  );

  it(
    'forgets who is in a group when they are erased',
    tellStory({ users: users(3), sync: BY_GROUP, restless: true }, async (story) => {
      const { groups } = story.graph.admin;
      groups.create({ id: GROUP });
      for (const n of [1, 2]) groups.addMember(GROUP, userId(n));
      await story.run();

      await erasePerson(story.engine(), userId(1));

      expect(JSON.stringify(story.tables.rows('state'))).not.toContain(userId(1));
      const run = await story.run('full');
      expect(countsOf(run)).toMatchObject({ adopted: 1, unchanged: 1 });
    }),
  );
});
