import { approveRun } from '../../src/core/run/decide-run.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, userId, users } from '../support/story-people.ts';

const SALES = { department: 'Sales', accountEnabled: true };
const NO_MAIL = { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' };

async function approve(story: Story, run: RunRow): Promise<void> {
  await story.clock.advance(1000);
  await approveRun(story.engine(), run.runId, run.planHash!);
  await story.drain();
}

describe('a changed configuration', () => {
  it(
    'that widens the filter brings in people whom the directory does not show as changed',
    tellStory({ users: users(20), sync: { filters: SALES } }, async (story) => {
      await story.run();
      expect(listSizes(story)).toEqual({ Sales: 10 });
      story.reconfigure({});

      const run = await story.run('delta');

      expect(run.mode).toBe('full');
      expect(run.reason).toBe('configuration-changed');
      expect(countsOf(run)).toEqual({ read: 20, inScope: 20, created: 10, unchanged: 10 });
      expect(listSizes(story)).toEqual({ Sales: 10, Support: 10 });
    }),
  );

  it(
    'that narrows the filter makes leavers',
    tellStory({ users: users(10) }, async (story) => {
      await story.run();
      story.reconfigure({ filters: SALES });

      const run = await story.run();

      // All of Support would leave: whoever changed the filter has to say that this is meant.
      expect(countsOf(run)).toEqual({ read: 10, inScope: 5, unchanged: 5, held: 5 });
      expect(run.holds.map(({ rule, list }) => [rule, list])).toEqual([['list-emptied', 'Support']]);
      await approve(story, run);
      expect(listSizes(story)).toEqual({ Sales: 5, Support: 0 });
    }),
  );

  it(
    'that narrows the filter too much is held, and everything else goes on',
    tellStory({ users: users(60) }, async (story) => {
      await story.run();
      story.graph.admin.createUser(aUser(99));
      story.reconfigure({ filters: SALES });

      const run = await story.run();

      expect(run.state).toBe('held');
      expect(countsOf(run)).toEqual({ read: 61, inScope: 31, created: 1, unchanged: 30, held: 30 });
      expect(listSizes(story)).toEqual({ Sales: 31, Support: 30 });
      const [held] = Object.values(await exceptionsOf(story, run));
      expect(held).toBe('held held-removal');
      story.reconfigure({});
      expect((await story.run()).state).toBe('completed');
      expect(story.tables.rows('people').filter(({ key }) => key.startsWith('pending:'))).toEqual([]);
    }),
  );

  it(
    'that takes a rule away leaves the values, and one that brings it back writes only what differs',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.callsMade();
      story.reconfigure({ mapping: NO_MAIL });

      const without = await story.run();

      expect(countsOf(without)).toEqual({ read: 6, inScope: 6, unchanged: 6 });
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'person.1@example.com' });
      changeUsers(story.graph, 1, 2, (n) => ({ mail: `new.${n}@example.com` }));
      await story.run();
      expect(story.callsMade().messageMedia).toEqual([]);
      story.reconfigure({});

      const back = await story.run();

      expect(countsOf(back)).toEqual({ read: 6, inScope: 6, unchanged: 4, updated: 2 });
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'new.1@example.com' });
    }),
  );

  it(
    'with another prefix moves everybody to new lists',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.reconfigure({ lists: { prefix: 'Staff ' } });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 6, inScope: 6, held: 6 });
      await approve(story, run);
      expect(listSizes(story)).toEqual({ Sales: 0, Support: 0, 'Staff Sales': 3, 'Staff Support': 3 });
    }),
  );

  it(
    'with another number rule moves nobody who keeps their number',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      const before = contactsOf(story);
      story.reconfigure({
        mapping: [
          { to: 'contact_name', from: 'displayName' },
          { to: 'phone_number', from: 'businessPhones[0]', fallback: ['mobilePhone'] },
          { to: 'email', from: 'mail' },
          { to: 'group', from: 'department' },
        ],
      });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 6, inScope: 6, unchanged: 6 });
      expect(contactsOf(story)).toEqual(before);
    }),
  );

  it(
    'changes nothing when only protection or schedule change',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.reconfigure({ schedule: '0 7 * * *', protection: { maxRemovals: 1 } });

      expect((await story.run()).mode).toBe('delta');
    }),
  );
});

describe('a directory that suddenly answers with nobody', () => {
  it(
    'removes nobody',
    tellStory({ users: users(5) }, async (story) => {
      await story.run();
      const before = contactsOf(story);
      for (let n = 1; n <= 5; n += 1) story.graph.admin.hardDelete(userId(n));

      const run = await story.run('full');

      expect(run.state).toBe('held');
      expect(countsOf(run)).toMatchObject({ held: 5 });
      expect(contactsOf(story)).toEqual(before);
    }),
  );

  it(
    'or hides everybody, keeps everybody',
    tellStory({ users: users(5) }, async (story) => {
      await story.run();
      const before = contactsOf(story);
      for (let n = 1; n <= 5; n += 1) story.graph.admin.hide(userId(n));

      const run = await story.run('full');

      expect(run.state).toBe('completed');
      expect(contactsOf(story)).toEqual(before);
      for (let n = 1; n <= 5; n += 1) story.graph.admin.show(userId(n));
    }),
  );
});
