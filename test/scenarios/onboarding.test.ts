import { contactOf, contactsOf, countsOf, listSizes, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const SET_UP = {
  'GET /v1/number_authorisation/mt/blacklist': 1,
  'GET /contacts': 2,
  'GET /lists': 2,
  'GET /custom-fields': 2,
  'POST /lists': 2,
  'POST /custom-fields': 2,
};

describe('onboarding', () => {
  it(
    'creates every contact with its lists in one call while the account is empty',
    tellStory({ users: users(230) }, async (story) => {
      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(run.mode).toBe('full');
      expect(countsOf(run)).toEqual({ read: 230, inScope: 230, created: 230 });
      const calls = story.callsMade();
      expect(calls.graph).toEqual(['GET /v1.0/users/delta', 'GET /v1.0/users/delta']);
      expect(tallyCalls(calls.messageMedia)).toEqual({ ...SET_UP, 'POST /contacts': 230 });
      expect(run.calls).toEqual({ graph: calls.graph.length, messagemedia: calls.messageMedia.length });
      expect(listSizes(story)).toEqual({ Sales: 115, Support: 115 });
      expect(contactOf(story, 7)).toMatchObject({
        name: 'Person 7',
        numbers: [mobile(7)],
        lists: ['Sales'],
        fields: { email: 'person.7@example.com' },
        owner: userId(7),
      });
    }),
  );

  it(
    'looks numbers up once a batch in an account that is in use, and leaves everybody else alone',
    tellStory({ users: users(230) }, async (story) => {
      const { account } = story.messageMedia;
      account.seedContact({ number: '+61491570006', firstName: 'By hand', lists: ['Friends'] });
      const before = account.snapshot();

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 230, inScope: 230, created: 230 });
      // 115 people each in Sales and Support: two batches a department. Two more reads ask whether anybody is there.
      expect(tallyCalls(story.callsMade().messageMedia)).toMatchObject({
        'GET /contacts': 2 + 4,
        'POST /contacts': 230,
      });
      const after = account.snapshot();
      expect(after.contacts[0]).toEqual(before.contacts[0]);
      expect(after.lists[0]).toEqual(before.lists[0]);
    }),
  );

  it(
    'takes 1,500 people in one run',
    tellStory({ users: users(1500), restless: true }, async (story) => {
      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1500, inScope: 1500, created: 1500 });
      expect(contactsOf(story)).toHaveLength(1500);
      expect(listSizes(story)).toEqual({ Sales: 750, Support: 750 });
      const calls = story.callsMade();
      expect(calls.graph).toHaveLength(8);
      expect(calls.messageMedia).toHaveLength(1500 + 11);
    }),
  );

  it(
    'makes nothing for a directory without anybody in scope',
    tellStory({ users: [aUser(1, { department: 'Finance' }), aUser(2, { accountEnabled: false })] }, async (story) => {
      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(countsOf(run)).toEqual({ read: 2 });
      expect(story.callsMade().messageMedia).toEqual(['GET /v1/number_authorisation/mt/blacklist']);
      expect(story.tables.rows('people').map(({ key }) => key)).toEqual(['fence', `fence:${run.runId}`]);
    }),
  );
});
