import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const STRANGER = '99999999-0000-4000-8000-000000000001';

/** Everything in the account but the contacts named, as JSON that shows any byte that changes. */
function foreignPart(story: Story, adopted: readonly string[] = []): string {
  const { contacts, lists, customFields, preferences } = story.messageMedia.account.snapshot();
  const managed = contacts.filter(({ customFields: values }) =>
    values.some(({ mergeTag }) => mergeTag === 'entra_object_id'),
  );
  const ours = new Set([...adopted, ...managed.map(({ id }) => id)]);
  return JSON.stringify({
    contacts: contacts.filter(({ id }) => !ours.has(id)),
    lists: lists.filter(({ name }) => !['Sales', 'Support'].includes(name)),
    customFields: customFields.filter(({ mergeTag }) => !['entra_object_id', 'email'].includes(mergeTag)),
    preferences,
  });
}

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
