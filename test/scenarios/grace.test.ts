import { HOUR_MS, weather } from '../support/rough-weather.ts';
import { contactOf, countsOf, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const DAY_MS = 24 * HOUR_MS;
const PATIENT = { leavers: { disabled: { afterDays: 3 }, deleted: { afterDays: 1, action: 'delete' } } };

describe('a leaver in their days of grace', () => {
  it(
    'stays as they were until the days are over; the timer then removes them by itself',
    tellStory({ users: users(6), sync: PATIENT }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped grace' });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      await story.clock.advance(2 * DAY_MS);
      await story.run('full');
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      await story.clock.advance(DAY_MS);
      await weather(story, { ticks: 2 });
      expect(contactOf(story, 1)?.lists).toEqual([]);
    }),
  );

  it(
    'who is back by then was never touched',
    tellStory({ users: users(6), sync: PATIENT }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      await story.run();
      story.callsMade();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: true }));

      expect(countsOf(await story.run())).toMatchObject({ unchanged: 1 });
      await story.clock.advance(4 * DAY_MS);
      await weather(story, { ticks: 2 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );

  it(
    'keeps the number: a colleague who has it by now waits',
    tellStory({ users: users(6), sync: PATIENT }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      story.graph.admin.createUser(aUser(40, { mobilePhone: mobile(1) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped grace', 40: 'skipped duplicate-phone' });
      await story.clock.advance(3 * DAY_MS + HOUR_MS);
      await weather(story, { ticks: 40 });
      expect(contactOf(story, 40)).toMatchObject({ numbers: [mobile(1)], lists: ['Sales'] });
      expect(contactOf(story, 1)).toBeUndefined();
    }),
  );

  it(
    'whose account is deleted meanwhile waits as long as that cause says',
    tellStory({ users: users(6), sync: PATIENT }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      await story.run();
      await story.clock.advance(DAY_MS);
      story.graph.admin.softDelete(userId(1));
      await story.run();
      expect(contactOf(story, 1)).toBeDefined();

      await story.clock.advance(DAY_MS);
      await weather(story, { ticks: 2 });

      expect(contactOf(story, 1)).toBeUndefined();
    }),
  );

  it(
    'does not wait again when only the action of an earlier leaving changes',
    tellStory({ users: users(6), sync: { leavers: { disabled: { action: 'remove-from-lists' } } } }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      await story.run();
      story.reconfigure({ leavers: { disabled: { action: 'delete', afterDays: 30 } } });

      await story.run();

      expect(contactOf(story, 1)).toBeUndefined();
    }),
  );
});

describe('somebody whom the directory does not answer for', () => {
  it(
    'is removed only when a second run misses them, too: the timer looks again within the hour',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.graph.admin.hardDelete(userId(1));
      story.graph.admin.hide(userId(2));

      const run = await story.run('full');

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped grace' });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      await story.clock.advance(HOUR_MS);
      await weather(story, { ticks: 2 });
      expect(contactOf(story, 1)?.lists).toEqual([]);
      expect(contactOf(story, 2)?.lists).toEqual(['Support']);
      story.graph.admin.show(userId(2));
    }),
  );

  it(
    'is gone at once when the directory says so',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.graph.admin.hardDelete(userId(1));

      expect(countsOf(await story.run('delta'))).toMatchObject({ removed: 1 });
    }),
  );
});

describe('somebody who comes back', () => {
  it(
    'has the contact of before, and an opt-out of the meantime stays one',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      await story.run();
      story.messageMedia.account.optOut(mobile(1));
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: true }));

      expect(countsOf(await story.run())).toMatchObject({ restored: 1 });

      const [contact] = story.messageMedia.account.contactsWith(mobile(1));
      expect(contact).toMatchObject({ id, channels: [{ subscriptionState: 'UNSUBSCRIBED' }] });
    }),
  );
});
