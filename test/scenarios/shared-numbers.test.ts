import type { Story } from '../support/story.ts';
import { contactOf, countsOf, exceptionsOf, numbersOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const SHARED = mobile(70);
const pair = [aUser(1, { mobilePhone: SHARED }), aUser(2, { mobilePhone: SHARED, department: 'Support' }), aUser(3)];

describe('two people with one number', () => {
  it(
    'leave it to the smaller id, run after run',
    tellStory({ users: pair.toReversed() }, async (story) => {
      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 3, inScope: 3, created: 2, skipped: 1 });
      expect(await exceptionsOf(story, run)).toEqual({ 2: 'skipped duplicate-phone' });
      for (const mode of ['delta', 'full', 'delta', 'full', 'delta'] as const) {
        story.callsMade();
        await story.run(mode);

        expect(numbersOf(story)).toEqual({ 1: [SHARED], 3: [mobile(3)] });
        expect(story.callsMade().messageMedia).toEqual([]);
      }
    }),
  );

  it(
    'stay as they are when the one who came first has the bigger id',
    tellStory({ users: [aUser(5, { mobilePhone: SHARED })] }, async (story) => {
      await story.run();
      story.graph.admin.createUser(aUser(1, { mobilePhone: SHARED }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped duplicate-phone' });
      changeUsers(story.graph, 5, 5, () => ({ surname: 'Touched' }));
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Touched' }));
      await story.run();
      await story.run('full');
      expect(numbersOf(story)).toEqual({ 5: [SHARED] });
    }),
  );

  const letsGo: Record<string, (story: Story) => void> = {
    'gets another number': ({ graph }) => graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) }),
    'has none any more': ({ graph }) => graph.admin.updateUser(userId(1), { mobilePhone: null }),
    'is disabled': ({ graph }) => graph.admin.updateUser(userId(1), { accountEnabled: false }),
    'goes to another department': ({ graph }) => graph.admin.updateUser(userId(1), { department: 'Finance' }),
    'is deleted': ({ graph }) => graph.admin.softDelete(userId(1)),
    'is gone for good': ({ graph }) => graph.admin.hardDelete(userId(1)),
  };
  const waits = Object.keys(letsGo).flatMap((how) =>
    [true, false].flatMap((uniqueNumbers) =>
      ['remove-from-lists', 'delete', 'keep', 'unsubscribe'].map((action) => ({ how, uniqueNumbers, action })),
    ),
  );

  it.each(waits)(
    'pass it on in the same round when the first $how (unique: $uniqueNumbers, leavers: $action)',
    async ({ how, uniqueNumbers, action }) => {
      const causes = ['deleted', 'disabled', 'outOfScope', 'unreachable'];
      const sync = { leavers: Object.fromEntries(causes.map((cause) => [cause, { action }])) };
      await tellStory({ users: pair, account: { uniqueNumbers }, sync }, async (story) => {
        await story.run();
        letsGo[how]!(story);

        const run = await story.run();

        expect(run.state).toBe('completed');
        expect(await exceptionsOf(story, run)).toEqual({});
        expect(contactOf(story, 2)).toMatchObject({
          name: 'Person 2',
          numbers: [SHARED],
          lists: ['Support'],
          fields: { email: 'person.2@example.com' },
        });
        if (how === 'gets another number') expect(contactOf(story, 1)?.numbers).toEqual([mobile(71)]);
        else expect(contactOf(story, 1)).toBeUndefined();
      })();
    },
  );

  it(
    'do not keep a joiner from anything when they join together',
    tellStory({ users: users(3) }, async (story) => {
      await story.run();
      story.graph.admin.createUser(aUser(12, { mobilePhone: SHARED }));
      story.graph.admin.createUser(aUser(11, { mobilePhone: SHARED, department: 'Support' }));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 1, skipped: 1 });
      expect(await exceptionsOf(story, run)).toEqual({ 12: 'skipped duplicate-phone' });
      expect(contactOf(story, 11)?.numbers).toEqual([SHARED]);
    }),
  );

  it(
    'and a third: the next one gets it, then the last',
    tellStory({ users: [1, 2, 3].map((n) => aUser(n, { mobilePhone: SHARED })) }, async (story) => {
      await story.run();
      expect(numbersOf(story)).toEqual({ 1: [SHARED] });
      story.graph.admin.hardDelete(userId(1));
      const run = await story.run();
      expect(await exceptionsOf(story, run)).toEqual({ 3: 'skipped duplicate-phone' });
      expect(numbersOf(story)).toEqual({ 2: [SHARED] });
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(2) });
      await story.run();

      expect(numbersOf(story)).toEqual({ 2: [mobile(2)], 3: [SHARED] });
    }),
  );

  it(
    'both wanting it from a leaver: the smaller id gets it',
    tellStory({ users: users(3) }, async (story) => {
      await story.run();
      story.graph.admin.softDelete(userId(1));
      changeUsers(story.graph, 2, 3, () => ({ mobilePhone: mobile(1) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 3: 'skipped duplicate-phone' });
      expect(numbersOf(story)).toEqual({ 2: [mobile(1)], 3: [mobile(3)] });
    }),
  );
});
