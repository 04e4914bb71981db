import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const LEAVE: Readonly<Record<string, (story: Story) => void>> = {
  disabled: ({ graph }) => graph.admin.updateUser(userId(1), { accountEnabled: false }),
  'soft-deleted': ({ graph }) => graph.admin.softDelete(userId(1)),
  'hard-deleted': ({ graph }) => graph.admin.hardDelete(userId(1)),
  'out of scope': ({ graph }) => graph.admin.updateUser(userId(1), { department: 'Finance' }),
  'no number': ({ graph }) => graph.admin.updateUser(userId(1), { mobilePhone: null }),
};
const ACTIONS = ['remove-from-lists', 'unsubscribe', 'delete', 'keep'] as const;

function leavers(action: (typeof ACTIONS)[number]): Record<string, unknown> {
  const causes = ['deleted', 'disabled', 'outOfScope', 'unreachable'];
  return { leavers: Object.fromEntries(causes.map((cause) => [cause, { action }])) };
}

function stateOf(story: Story, n: number): string | undefined {
  const [contact] = story.messageMedia.account.contactsWith(mobile(n));
  return contact?.channels.find(({ channelId }) => channelId === mobile(n))?.subscriptionState;
}

describe('a leaver', () => {
  const cases = Object.keys(LEAVE).flatMap((cause) => ACTIONS.map((action) => ({ cause, action })));

  it.each(cases)(
    'who is $cause is treated with $action, once, in a delta and in a full run',
    async ({ cause, action }) => {
      for (const mode of ['delta', 'full'] as const) {
        await tellStory({ users: users(4), sync: leavers(action) }, async (story) => {
          await story.run();
          story.callsMade();
          LEAVE[cause]!(story);

          let run = await story.run(mode);
          // In a full run the deleted are only missing: the second one believes it.
          const isMissing = mode === 'full' && cause.endsWith('deleted');
          if (isMissing) expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped grace' });
          if (isMissing) run = await story.run(mode);

          expect(run.state).toBe('completed');
          const { messageMedia } = story.callsMade();
          if (action === 'keep') {
            expect(messageMedia).toEqual([]);
            expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
          } else if (action === 'delete') {
            expect(countsOf(run)).toMatchObject({ removed: 1 });
            expect(tallyCalls(messageMedia)).toEqual({ 'DELETE /contacts/{id}': 1 });
            expect(contactOf(story, 1)).toBeUndefined();
          } else {
            expect(countsOf(run)).toMatchObject({ removed: 1 });
            expect(contactOf(story, 1)).toMatchObject({ lists: [], name: 'Person 1', numbers: [mobile(1)] });
            expect(stateOf(story, 1)).toBe(action === 'unsubscribe' ? 'UNSUBSCRIBED' : 'SUBSCRIBED');
          }
          expect(contactsOf(story).filter(({ owner }) => owner !== userId(1))).toHaveLength(3);
        })();
      }
    },
  );

  it.each(ACTIONS)('who comes back is managed again (%s)', async (action) => {
    await tellStory({ users: users(4), sync: leavers(action) }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });
      await story.run();
      story.graph.admin.updateUser(userId(1), { accountEnabled: true, surname: 'Again' });

      await story.run();

      const back = contactOf(story, 1);
      expect(back).toMatchObject({ name: 'Person Again', lists: ['Sales'], numbers: [mobile(1)] });
      if (action !== 'delete') expect(back?.id).toBe(id);
    })();
  });

  it(
    'restored from the recycle bin is managed again',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      story.graph.admin.softDelete(userId(1));
      await story.run();
      expect(contactOf(story, 1)?.lists).toEqual([]);
      story.graph.admin.restore(userId(1));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ restored: 1 });
      expect(contactOf(story, 1)).toMatchObject({ id, lists: ['Sales'] });
    }),
  );

  it(
    'who comes back to another department with another number gets both',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.graph.admin.softDelete(userId(1));
      await story.run();
      story.graph.admin.restore(userId(1));
      story.graph.admin.updateUser(userId(1), { department: 'Support', mobilePhone: mobile(50) });

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ restored: 1 });
      expect(contactOf(story, 1)).toMatchObject({ lists: ['Support'], numbers: [mobile(50)] });
    }),
  );

  it(
    'rehired with a new account and the old number takes the former contact over',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      story.messageMedia.account.editContact(id, { customFields: { shoe_size: '44' } });
      story.graph.admin.hardDelete(userId(1));
      await story.run();
      story.graph.admin.createUser(
        aUser(21, { mobilePhone: mobile(1), displayName: 'Ray Hired', givenName: 'Ray', surname: 'Hired' }),
      );

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ adopted: 1 });
      expect(contactOf(story, 1)).toBeUndefined();
      expect(contactOf(story, 21)).toMatchObject({
        id,
        name: 'Ray Hired',
        lists: ['Sales'],
        numbers: [mobile(1)],
        fields: { email: 'person.21@example.com', shoe_size: '44' },
      });
    }),
  );

  it(
    'who opted out is never subscribed by us',
    tellStory({ users: users(4) }, async (story) => {
      const { account } = story.messageMedia;
      const { admin } = story.graph;
      await story.run();
      account.optOut(mobile(1));
      const steps: (() => void)[] = [
        () => admin.updateUser(userId(1), { mail: 'other@example.com' }),
        () => admin.updateUser(userId(1), { accountEnabled: false }),
        () => admin.updateUser(userId(1), { accountEnabled: true, department: 'Support' }),
        () => admin.updateUser(userId(1), { mobilePhone: mobile(60) }),
        () => admin.updateUser(userId(1), { mobilePhone: mobile(1) }),
        () => account.deleteContact(contactOf(story, 1)!.id),
        () => admin.updateUser(userId(1), { mail: 'third@example.com' }),
        () => admin.hardDelete(userId(1)),
        () => void admin.createUser(aUser(21, { mobilePhone: mobile(1) })),
      ];
      for (const step of steps) {
        step();
        await story.run();

        expect(account.subscribedWrites).toEqual([]);
      }
      expect(contactOf(story, 21)?.numbers).toEqual([mobile(1)]);
      expect(stateOf(story, 1)).toBe('UNSUBSCRIBED');
    }),
  );

  it(
    'from a list that people fill by hand stays on it',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.messageMedia.account.editContact(contactOf(story, 1)!.id, { lists: ['Sales', 'Runners'] });
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });

      await story.run();

      expect(contactOf(story, 1)?.lists).toEqual(['Runners']);
    }),
  );

  it(
    'whom a slow replica hides from a full run is read by id and stays',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.graph.admin.hide(userId(1));

      const run = await story.run('full');

      expect(countsOf(run)).toEqual({ read: 4, inScope: 4, unchanged: 4 });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      story.graph.admin.show(userId(1));
    }),
  );

  it(
    'whose contact was deleted by hand is done with',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.messageMedia.account.deleteContact(contactOf(story, 1)!.id);
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(countsOf(run)).toMatchObject({ removed: 1 });
      expect(await exceptionsOf(story, run)).toEqual({});
    }),
  );

  it.each([
    ['keep', 'remove-from-lists', []],
    ['remove-from-lists', 'delete', undefined],
    ['keep', 'delete', undefined],
  ] as const)('is treated anew when the rule changes from %s to %s', async (before, after, lists) => {
    for (const cause of ['disabled', 'hard-deleted']) {
      await tellStory({ users: users(4), sync: leavers(before) }, async (story) => {
        await story.run();
        LEAVE[cause]!(story);
        await story.run();
        story.reconfigure(leavers(after));

        await story.run();

        expect(contactOf(story, 1)?.lists).toEqual(lists);
      })();
    }
  });
});
