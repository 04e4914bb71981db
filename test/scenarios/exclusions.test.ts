import { contactOf, countsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('exclude', () => {
  it(
    'leaves a person as they are, in and out of scope, until they are excluded no more',
    tellStory({ users: users(6), isEdited: true }, async (story) => {
      await story.run();
      const before = contactOf(story, 1);
      story.reconfigure({ exclude: { people: [userId(1)] } });
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed', department: 'Support' }));
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));

      const run = await story.run('full');

      expect(countsOf(run)).toMatchObject({ skipped: 1, unchanged: 5 });
      expect(contactOf(story, 1)).toEqual(before);
    }),
  );

  it(
    'never touches a contact by its id: neither adopted nor changed nor removed',
    tellStory({ users: [aUser(1), aUser(2), aUser(3)], restless: true }, async (story) => {
      const foreign = story.messageMedia.account.seedContact({ number: mobile(1), note: 'ours by hand' });
      story.reconfigure({ exclude: { contacts: [foreign.id] } });

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 2, skipped: 1 });
      const [kept] = story.messageMedia.account.contactsWith(mobile(1));
      expect(kept).toMatchObject({ id: foreign.id, note: 'ours by hand', lists: [] });
      expect(contactOf(story, 1)).toBeUndefined();
    }),
  );

  it(
    'takes a linked contact out of our hands as well',
    tellStory({ users: users(4), isEdited: true }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      story.reconfigure({ exclude: { contacts: [id] } });
      await story.run('full');
      const before = contactOf(story, 1);
      story.graph.admin.softDelete(userId(1));

      await story.run('delta');

      expect(contactOf(story, 1)).toEqual(before);
    }),
  );

  it(
    'never touches a number',
    tellStory({ users: users(3), isEdited: true }, async (story) => {
      await story.run();
      story.reconfigure({ exclude: { phones: [mobile(1)] } });
      changeUsers(story.graph, 1, 1, () => ({ mobilePhone: mobile(9) }));

      await story.run();

      expect(contactOf(story, 1)?.numbers).toEqual([mobile(1)]);
    }),
  );

  it(
    'puts nobody on a list and takes nobody off it',
    tellStory({ users: users(6), isEdited: true }, async (story) => {
      await story.run();
      story.reconfigure({ exclude: { lists: [' SALES'] } });
      await story.run('full');
      expect(listSizes(story)).toEqual({ Sales: 3, Support: 3 });
      changeUsers(story.graph, 1, 2, (n) => ({ department: n === 1 ? 'Support' : 'Sales' }));

      await story.run();

      expect(contactOf(story, 1)?.lists).toEqual(['Sales', 'Support']);
      expect(contactOf(story, 2)?.lists).toEqual([]);
    }),
  );
});
