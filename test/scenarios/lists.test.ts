import { contactOf, countsOf, exceptionsOf, listSizes, tellStory, writesAmong } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('lists', () => {
  it(
    'take prefix and configured names',
    tellStory(
      { users: users(4), sync: { lists: { prefix: 'Staff: ', names: { sales: 'Sales team' } } } },
      async (story) => {
        await story.run();

        expect(listSizes(story)).toEqual({ 'Staff: Sales team': 2, 'Staff: Support': 2 });
      },
    ),
  );

  it(
    'are one for two departments of one name',
    tellStory(
      { users: users(4), sync: { lists: { names: { Sales: 'Customers', Support: 'Customers' } } } },
      async (story) => {
        await story.run();
        expect(listSizes(story)).toEqual({ Customers: 4 });
        story.callsMade();
        story.graph.admin.updateUser(userId(1), { department: 'Support' });

        const run = await story.run();

        expect(countsOf(run)).toMatchObject({ unchanged: 1 });
        expect(story.callsMade().messageMedia).toEqual([]);
      },
    ),
  );

  it(
    'are one however a department is written',
    tellStory(
      { users: ['Sales', 'sales ', ' SALES', 'SaLes'].map((department, at) => aUser(at + 1, { department })) },
      async (story) => {
        await story.run();

        expect(Object.values(listSizes(story))).toEqual([4]);
        story.callsMade();
        story.graph.admin.updateUser(userId(1), { department: 'sALES' });
        await story.run();
        expect(story.callsMade().messageMedia).toEqual([]);
      },
    ),
  );

  it(
    'made by hand are used, and their other members stay',
    tellStory({ users: users(4) }, async (story) => {
      const { account } = story.messageMedia;
      const { id } = account.seedList('sales');
      account.seedContact({ number: '+61491570006', lists: ['sales'] });

      await story.run();
      changeUsers(story.graph, 1, 2, () => ({ accountEnabled: false }));
      await story.run();

      expect(account.listNamed('Sales')?.id).toBe(id);
      expect(listSizes(story)).toEqual({ sales: 2, Support: 1 });
    }),
  );

  it(
    'that may not be created leave the contact without one, until somebody makes them',
    tellStory({ users: users(2), sync: { lists: { create: false } }, reads: 1 }, async (story) => {
      story.messageMedia.account.seedList('Sales');

      const run = await story.run();

      expect(run.state).toBe('completed-with-errors');
      expect(await exceptionsOf(story, run)).toEqual({ 2: 'rejected invalid-value' });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(contactOf(story, 2)).toMatchObject({ lists: [], numbers: [mobile(2)] });
      await story.run('full');
      story.messageMedia.account.seedList('Support');

      await story.run('full');

      expect(contactOf(story, 2)?.lists).toEqual(['Support']);
    }),
  );

  it(
    'that may not be created write nothing run after run',
    tellStory({ users: users(2), sync: { lists: { create: false } }, restless: true }, async (story) => {
      await story.run();
      for (const mode of ['full', 'full', 'delta'] as const) {
        story.callsMade();
        const run = await story.run(mode);

        expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
        expect(run.counts.failed).toBe(0);
      }
    }),
  );

  it.each([true, false])(
    'deleted by hand are made anew with everybody on them (ids named: %s)',
    async (namesBadIds) => {
      await tellStory({ users: users(20), account: { namesBadIds } }, async (story) => {
        const { account } = story.messageMedia;
        await story.run();
        account.deleteList(account.listNamed('Sales')!.id);
        story.graph.admin.updateUser(userId(2), { department: 'Sales' });
        story.callsMade();
        await story.run();
        // One person's call finds it out; halving the batch down would be a call for everybody.
        expect(story.callsMade().messageMedia.length).toBeLessThan(8);
        await story.clock.advance(3_600_000);

        await story.run();

        expect(listSizes(story)).toEqual({ Support: 9, Sales: 11 });
      })();
    },
  );

  it(
    'deleted by hand are found out by a whole batch of movers with a few calls',
    tellStory({ users: users(60) }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      account.deleteList(account.listNamed('Sales')!.id);
      changeUsers(story.graph, 1, 60, (n) => ({
        department: n % 10 === 2 ? 'Sales' : n % 2 === 1 ? 'Sales' : 'Support',
      }));
      story.callsMade();
      await story.run();
      expect(story.callsMade().messageMedia.length).toBeLessThan(10);
      await story.clock.advance(3_600_000);

      await story.run();

      expect(listSizes(story)).toEqual({ Support: 24, Sales: 36 });
    }),
  );

  it(
    'deleted by hand do not keep joiners out for good',
    tellStory({ users: users(4) }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      account.deleteList(account.listNamed('Sales')!.id);
      story.graph.admin.createUser(aUser(9));
      await story.run();
      await story.clock.advance(3_600_000);

      await story.run();

      expect(listSizes(story)).toEqual({ Support: 2, Sales: 3 });
      expect(contactOf(story, 9)?.lists).toEqual(['Sales']);
    }),
  );

  it(
    'deleted by hand do not keep a leaver from leaving',
    tellStory({ users: users(4) }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      account.deleteList(account.listNamed('Sales')!.id);
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(countsOf(run)).toMatchObject({ removed: 1 });
      await story.run();
      expect(listSizes(story)).toEqual({ Support: 2, Sales: 1 });
    }),
  );

  it(
    'renamed by hand stay the lists they are',
    tellStory({ users: users(4), isEdited: true }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      account.renameList(account.listNamed('Sales')!.id, 'Sellers');
      story.graph.admin.createUser(aUser(9));

      await story.run();

      expect(listSizes(story)).toEqual({ Sellers: 3, Support: 2 });
    }),
  );
});
