import { contactOf, countsOf, listSizes, tallyCalls, tellStory } from '../support/story-checks.ts';
import { changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('calls of a run', () => {
  it(
    'asks Graph once and MessageMedia nothing when nothing has changed',
    tellStory({ users: users(250) }, async (story) => {
      await story.run();
      story.callsMade();

      const delta = await story.run('delta');
      const deltaCalls = story.callsMade();
      const full = await story.run('full');
      const fullCalls = story.callsMade();

      expect(delta.mode).toBe('delta');
      expect(deltaCalls).toEqual({ graph: ['GET /v1.0/users/delta'], messageMedia: [] });
      expect(countsOf(full)).toEqual({ read: 250, inScope: 250, unchanged: 250 });
      expect(fullCalls).toEqual({ graph: ['GET /v1.0/users/delta', 'GET /v1.0/users/delta'], messageMedia: [] });
    }),
  );

  it(
    'writes nothing a second time when people share numbers',
    tellStory({ users: users(20, {}).map((user, at) => ({ ...user, mobilePhone: mobile(at % 7) })) }, async (story) => {
      const first = await story.run();
      story.callsMade();

      const second = await story.run('full');

      expect(countsOf(first)).toMatchObject({ created: 7, skipped: 13 });
      expect(countsOf(second)).toMatchObject({ unchanged: 7, skipped: 13 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );

  it(
    'changes K names in K calls',
    tellStory({ users: users(60) }, async (story) => {
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 25, (n) => ({ surname: `Renamed ${n}` }));

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 25, inScope: 25, updated: 25 });
      const calls = story.callsMade();
      expect(calls.graph).toHaveLength(1);
      expect(tallyCalls(calls.messageMedia)).toEqual({ 'PATCH /contacts/{id}': 25 });
      expect(contactOf(story, 25)?.name).toBe('Person Renamed 25');
    }),
  );

  it(
    'changes K mails in K calls and one read a batch',
    tellStory({ users: users(60) }, async (story) => {
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 25, (n) => ({ mail: `changed.${n}@example.com` }));

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 25, inScope: 25, updated: 25 });
      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({ 'GET /contacts': 2, 'PATCH /contacts/{id}': 25 });
      expect(contactOf(story, 25)?.fields).toEqual({ email: 'changed.25@example.com' });
    }),
  );

  it(
    'moves K people with one call a list',
    tellStory({ users: users(60) }, async (story) => {
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 5, () => ({ department: 'Support' }));

      const run = await story.run();

      // 1, 3 and 5 were in Sales; 2 and 4 were in Support already, so the directory does not even show them.
      expect(countsOf(run)).toEqual({ read: 3, inScope: 3, moved: 3 });
      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({ 'PATCH /lists/{id}/contacts': 2 });
      expect(listSizes(story)).toEqual({ Sales: 27, Support: 33 });
    }),
  );

  it(
    'asks nothing of MessageMedia for a change that no rule maps',
    tellStory({ users: users(10) }, async (story) => {
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 10, () => ({ jobTitle: 'Lead', country: 'Australia' }));

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 10, inScope: 10, unchanged: 10 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );

  it(
    'asks Graph for as many pages as the changes fill',
    tellStory({ users: users(450) }, async (story) => {
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 401, (n) => ({ country: `Country ${n}` }));

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 401, inScope: 401, unchanged: 401 });
      expect(story.callsMade()).toEqual({ graph: Array(3).fill('GET /v1.0/users/delta'), messageMedia: [] });
    }),
  );

  it(
    'writes nothing outside its own tables in a dry run, and says what it would do',
    tellStory({ users: users(10) }, async (story) => {
      const dry = await story.run('delta', { dryRun: true });

      expect(countsOf(dry)).toEqual({ read: 10, inScope: 10, created: 10 });
      expect(story.callsMade().messageMedia).toEqual(['GET /api/v1/contacts/contacts']);
      expect((await story.records(dry.runId)).map(({ outcome }) => outcome)).toEqual(Array(10).fill('planned'));

      const real = await story.run();

      expect(countsOf(real)).toEqual({ read: 10, inScope: 10, created: 10 });
      expect(contactOf(story, 1)?.owner).toBe(userId(1));
    }),
  );
});
