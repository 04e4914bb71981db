import {
  contactOf,
  contactsOf,
  countsOf,
  exceptionsOf,
  foreignPart,
  tallyCalls,
  tellStory,
} from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

describe('an existing contact', () => {
  it(
    'without a marker is adopted, and what was written by hand stays',
    tellStory({ users: users(3) }, async (story) => {
      const { account } = story.messageMedia;
      const seeded = account.seedContact({
        number: mobile(1),
        firstName: 'Percy',
        note: 'By hand',
        alias: 'Perce',
        customFields: { shoe_size: '44' },
        lists: ['Runners'],
      });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 3, inScope: 3, adopted: 1, created: 2 });
      expect(contactOf(story, 1)).toEqual({
        id: seeded.id,
        name: 'Person 1',
        numbers: [mobile(1)],
        lists: ['Runners', 'Sales'],
        fields: { shoe_size: '44', email: 'person.1@example.com' },
        note: 'By hand',
        owner: userId(1),
      });
    }),
  );

  it(
    'that has every value already only gets the marker and the list',
    tellStory({ users: users(1) }, async (story) => {
      const { account } = story.messageMedia;
      account.seedContact({
        number: mobile(1),
        firstName: 'Person',
        lastName: '1',
        customFields: { email: 'person.1@example.com' },
      });

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ adopted: 1 });
      const [record] = await story.records(run.runId);
      expect(record).toMatchObject({ operation: 'adopt', fields: [], lists: { add: ['Sales'], remove: [] } });
      expect(tallyCalls(story.callsMade().messageMedia)).toMatchObject({
        'PATCH /contacts/{id}': 1,
        'PATCH /lists/{id}/contacts': 1,
      });
    }),
  );

  it(
    'that was on the list by hand stays on it when the person leaves',
    tellStory({ users: users(3), isEdited: true }, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(1), lists: ['Sales'] });
      await story.run();
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      story.callsMade();
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });

      await story.run();

      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(story.callsMade().messageMedia).toEqual([]);
      story.graph.admin.updateUser(userId(1), { accountEnabled: true, department: 'Support' });
      await story.run();
      expect(contactOf(story, 1)?.lists).toEqual(['Sales', 'Support']);
    }),
  );

  it(
    'that was on a known list by hand stays on it when its person joins late, and moves',
    tellStory({ users: users(3), isEdited: true }, async (story) => {
      await story.run();
      story.messageMedia.account.seedContact({ number: mobile(9), lists: ['Sales'] });
      story.graph.admin.createUser(aUser(9));
      const run = await story.run();
      expect(countsOf(run)).toMatchObject({ adopted: 1 });
      story.graph.admin.updateUser(userId(9), { department: 'Support' });

      await story.run();

      expect(contactOf(story, 9)?.lists).toEqual(['Sales', 'Support']);
    }),
  );

  it(
    'whose number opted out is adopted and not subscribed',
    tellStory({ users: users(1) }, async (story) => {
      const { account } = story.messageMedia;
      account.seedContact({ number: mobile(1) });
      account.optOut(mobile(1));

      await story.run();

      expect(contactOf(story, 1)?.owner).toBe(userId(1));
      const [contact] = account.contactsWith(mobile(1));
      expect(contact?.channels).toEqual([{ type: 'SMS', channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' }]);
    }),
  );

  it(
    'that carries the marker of the person is linked again after our tables were lost',
    tellStory({ users: users(2) }, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(1), customFields: { entra_object_id: userId(1) } });

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ adopted: 1, created: 1 });
      expect(contactsOf(story)).toHaveLength(2);
    }),
  );

  it(
    'whose number is written otherwise is not found, and left alone',
    tellStory({ users: users(1), account: { uniqueNumbers: false } }, async (story) => {
      story.messageMedia.account.seedContact({ number: '0450 000 001', firstName: 'Otherwise' });
      const before = foreignPart(story);

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 1 });
      expect(foreignPart(story)).toBe(before);
    }),
  );

  it(
    'that appears while the run is under way is adopted instead of refused',
    tellStory({ users: users(1) }, async (story) => {
      await story.start();
      await story.drain({ until: () => story.callsMade().messageMedia.some((call) => call.startsWith('POST')) });
      const { id } = story.messageMedia.account.seedContact({ number: mobile(1), note: 'By hand' });

      await story.drain();

      expect(contactOf(story, 1)).toMatchObject({ id, name: 'Person 1', lists: ['Sales'], note: 'By hand' });
    }),
  );
});

describe('an adopted contact', () => {
  it.each([true, false])('whose number cannot be replaced becomes a conflict (unique: %s)', async (uniqueNumbers) => {
    await tellStory({ users: users(3), account: { channelsMode: 'merge', uniqueNumbers } }, async (story) => {
      const { id } = story.messageMedia.account.seedContact({ number: mobile(1), note: 'By hand' });
      await story.run();
      // A contact of ours shows how the account behaves before the adopted one is touched.
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(92) });
      await story.run();
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(91) });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'rejected contact-conflict' });
      expect(contactOf(story, 1)).toMatchObject({ id, numbers: [mobile(1)], note: 'By hand' });
      expect(contactOf(story, 2)?.numbers).toEqual([mobile(92)]);
    })();
  });

  it(
    'is left to whoever made it when its person leaves',
    tellStory({ users: users(3) }, async (story) => {
      const { id } = story.messageMedia.account.seedContact({ number: mobile(1), lists: ['Runners'] });
      await story.run();
      story.graph.admin.hardDelete(userId(1));

      await story.run();

      expect(contactsOf(story).find((contact) => contact.id === id)).toMatchObject({
        lists: ['Runners'],
        numbers: [mobile(1)],
      });
    }),
  );
});
