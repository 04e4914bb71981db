import { contactOf, exceptionsOf, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('custom fields', () => {
  it(
    'made by hand are used',
    tellStory({ users: users(2) }, async (story) => {
      const field = story.messageMedia.account.seedField({ mergeTag: 'email', type: 'EMAIL' });

      await story.run();

      expect(contactOf(story, 1)?.fields).toEqual({ email: 'person.1@example.com' });
      const { customFields } = story.messageMedia.account.snapshot();
      expect(customFields.map(({ mergeTag }) => mergeTag)).toEqual(['email', 'entra_object_id']);
      expect(customFields[0]).toEqual(field);
    }),
  );

  it(
    'too short for a value refuse it to that person alone',
    tellStory({ users: users(3) }, async (story) => {
      story.messageMedia.account.seedField({ mergeTag: 'email', type: 'EMAIL', maxLength: 21 });
      story.graph.admin.updateUser(userId(1), { mail: 'a.very.long.address@example.com' });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'rejected invalid-value' });
      expect(contactOf(story, 1)).toBeUndefined();
      expect(contactOf(story, 2)?.fields).toEqual({ email: 'person.2@example.com' });
      expect((await story.run('full')).counts).toMatchObject({ rejected: 1, unchanged: 2 });
      story.graph.admin.updateUser(userId(1), { mail: 'short@example.com' });
      await story.run();
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'short@example.com' });
    }),
  );

  it(
    'deleted by hand do not keep people out for good',
    tellStory({ users: users(4), isEdited: true }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      const { customFields } = account.snapshot();
      account.deleteField(customFields.find(({ mergeTag }) => mergeTag === 'email')!.id);
      story.graph.admin.createUser(aUser(9));
      story.graph.admin.updateUser(userId(1), { mail: 'new@example.com' });
      await story.run();
      await story.clock.advance(3_600_000);

      await story.run();

      expect(contactOf(story, 9)?.fields).toEqual({ email: 'person.9@example.com' });
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'new@example.com' });
    }),
  );
});

describe('a contact deleted by hand', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['name', { surname: 'New' }],
    ['mail', { mail: 'new@example.com' }],
    ['department', { department: 'Support' }],
    ['number', { mobilePhone: mobile(90) }],
    ['everything', { surname: 'New', mail: 'new@example.com', department: 'Support', mobilePhone: mobile(90) }],
  ])('is made anew when the %s changes', async (_what, change) => {
    await tellStory({ users: users(7) }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;
      story.messageMedia.account.deleteContact(id);
      story.graph.admin.updateUser(userId(1), change);
      changeUsers(story.graph, 3, 5, () => (change['department'] === undefined ? {} : { department: 'Support' }));

      const run = await story.run();

      expect(run.state).toBe('completed');
      const anew = contactOf(story, 1);
      expect(anew?.id).not.toBe(id);
      expect(anew).toMatchObject({
        name: `Person ${'surname' in change ? 'New' : '1'}`,
        numbers: [change['mobilePhone'] ?? mobile(1)],
        fields: { email: change['mail'] ?? 'person.1@example.com' },
        lists: [change['department'] ?? 'Sales'],
      });
      for (const n of [3, 5]) expect(contactOf(story, n)?.lists).toEqual([change['department'] ?? 'Sales']);
    })();
  });

  it(
    'is no reason to write others again',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.messageMedia.account.deleteContact(contactOf(story, 1)!.id);
      story.graph.admin.updateUser(userId(1), { surname: 'New' });
      story.callsMade();

      await story.run();

      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({ 'PATCH /contacts/{id}': 1, 'POST /contacts': 1 });
    }),
  );
});
