import { contactOf, contactsOf, countsOf, exceptionsOf, foreignPart, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const STRANGER = '99999999-0000-4000-8000-000000000001';

describe('a contact that is not the person’s', () => {
  it.each([true, false])('is left alone, and the person waits: two with one number (unique: %s)', async (unique) => {
    await tellStory({ users: users(2), account: { uniqueNumbers: unique }, reads: 1 }, async (story) => {
      const { account } = story.messageMedia;
      account.seedContact({ number: mobile(1), firstName: 'One' });
      const { id } = account.seedContact({ number: mobile(1), firstName: 'Two' });
      const before = foreignPart(story);

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped contact-conflict' });
      expect(foreignPart(story)).toBe(before);
      account.deleteContact(id);

      await story.run('full');

      expect(contactOf(story, 1)?.name).toBe('Person 1');
    })();
  });

  it(
    'is left alone when its marker names nobody we know',
    tellStory({ users: users(2), reads: 1 }, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(1), customFields: { entra_object_id: STRANGER } });
      const before = JSON.stringify(story.messageMedia.account.snapshot().contacts[0]);

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped contact-conflict' });
      expect(JSON.stringify(story.messageMedia.account.snapshot().contacts[0])).toBe(before);
    }),
  );

  it(
    'is left alone when its marker names somebody who is active',
    tellStory({ users: users(2), reads: 1, isEdited: true }, async (story) => {
      await story.run();
      // By hand the number of a joiner was added to somebody's contact.
      story.messageMedia.account.editContact(contactOf(story, 1)!.id, {
        channels: [
          { type: 'SMS', channelId: mobile(1) },
          { type: 'SMS', channelId: mobile(9) },
        ],
      });
      story.graph.admin.createUser(aUser(9));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 9: 'skipped duplicate-phone' });
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person 1', numbers: [mobile(1), mobile(9)] });
    }),
  );

  it.each(['Sales', 'Support'])(
    'with two numbers goes to one of the two who want it (second in %s)',
    async (department) => {
      await tellStory({ users: [aUser(1), aUser(2, { department })], reads: 1, isEdited: true }, async (story) => {
        const { id } = story.messageMedia.account.seedContact({
          channels: [
            { type: 'SMS', channelId: mobile(1) },
            { type: 'SMS', channelId: mobile(2) },
          ],
        });

        const run = await story.run();

        expect(countsOf(run)).toMatchObject({ adopted: 1, skipped: 1 });
        expect(contactsOf(story)).toHaveLength(1);
        const before = contactsOf(story);
        expect(before[0]?.id).toBe(id);
        await story.clock.advance(2 * 86_400_000);
        await story.run();
        expect(contactsOf(story)).toEqual(before);
      })();
    },
  );

  it(
    'stays byte for byte as it is through a person’s whole life',
    tellStory({ users: users(6) }, async (story) => {
      const { account } = story.messageMedia;
      const { admin } = story.graph;
      const friend = account.seedContact({
        number: '+61491570006',
        firstName: 'Friend',
        note: 'By hand',
        customFields: { shoe_size: '44' },
        lists: ['Friends'],
      });
      account.seedList('Empty by hand');
      account.optOut('+61491570156');
      const before = foreignPart(story);
      const steps: (() => void)[] = [
        () => undefined,
        () => changeUsers(story.graph, 1, 3, () => ({ department: 'Support', surname: 'Moved' })),
        () => changeUsers(story.graph, 1, 3, (n) => ({ mobilePhone: mobile(40 + n) })),
        () => changeUsers(story.graph, 4, 5, () => ({ accountEnabled: false })),
        () => admin.hardDelete(userId(6)),
        () => changeUsers(story.graph, 4, 5, () => ({ accountEnabled: true })),
      ];
      for (const step of steps) {
        step();
        await story.run();

        expect(foreignPart(story)).toBe(before);
      }
      expect(contactsOf(story).find(({ id }) => id === friend.id)?.owner).toBeUndefined();
    }),
  );

  it.each([true, false])('keeps its number from somebody who changes to it (unique: %s)', async (uniqueNumbers) => {
    await tellStory({ users: users(2), account: { uniqueNumbers }, reads: 2 }, async (story) => {
      await story.run();
      const friend = story.messageMedia.account.seedContact({ number: mobile(9), firstName: 'Friend' });
      const before = foreignPart(story);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(9) });

      const run = await story.run();

      expect(foreignPart(story)).toBe(before);
      expect(contactsOf(story).find(({ id }) => id === friend.id)?.name).toBe('Friend');
      if (uniqueNumbers) {
        expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped contact-conflict' });
        expect(contactOf(story, 1)?.numbers).toEqual([mobile(1)]);
      } else expect(contactOf(story, 1)?.numbers).toEqual([mobile(9)]);
    })();
  });
});
