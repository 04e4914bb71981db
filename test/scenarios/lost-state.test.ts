import { createMemoryTables } from '../support/memory-tables.ts';
import { contactsOf, countsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import { changeUsers, userId, users } from '../support/story-people.ts';

describe('a sync whose tables are all lost', () => {
  it(
    'is rebuilt by a full run from the markers: nobody is made twice, nothing is changed',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      const before = contactsOf(story);
      story.callsMade();

      story.engineChanges = { tables: createMemoryTables() };
      const rebuilt = await story.run();
      const { messageMedia } = story.callsMade();
      const next = await story.run('full');

      expect(countsOf(rebuilt)).toEqual({ read: 30, inScope: 30, adopted: 30 });
      expect(rebuilt).toMatchObject({ state: 'completed', mode: 'full', reason: 'no-token' });
      expect(contactsOf(story)).toEqual(before);
      expect(writesAmong(messageMedia)).toEqual([]);
      expect(countsOf(next)).toEqual({ read: 30, inScope: 30, unchanged: 30 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );

  it(
    'follows the directory from there on',
    tellStory({ users: users(12) }, async (story) => {
      await story.run('full');
      story.engineChanges = { tables: createMemoryTables() };
      await story.run('full');

      changeUsers(story.graph, 1, 1, () => ({ department: 'Support' }));
      changeUsers(story.graph, 2, 2, () => ({ accountEnabled: false }));
      const run = await story.run();

      expect(run.mode).toBe('delta');
      expect(countsOf(run)).toMatchObject({ moved: 1, removed: 1 });
      const listsOf = (n: number) => contactsOf(story).find(({ owner }) => owner === userId(n))?.lists;
      expect([listsOf(1), listsOf(2)]).toEqual([['Support'], []]);
    }),
  );
});
