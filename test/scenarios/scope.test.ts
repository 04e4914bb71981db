import { contactOf, contactsOf, countsOf, exceptionsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('who is synchronised', () => {
  it(
    'are enabled members of the departments',
    tellStory(
      {
        users: [
          aUser(1),
          aUser(2, { userType: 'Guest' }),
          aUser(3, { userType: null }),
          aUser(4, { accountEnabled: false }),
          aUser(5, { department: null }),
          aUser(6, { department: 'Finance' }),
          aUser(7, { department: ' SUPPORT ' }),
        ],
      },
      async (story) => {
        const run = await story.run();

        expect(countsOf(run)).toEqual({ read: 7, inScope: 3, created: 3 });
        expect(contactsOf(story).map(({ owner }) => owner)).toEqual(
          expect.arrayContaining([userId(1), userId(3), userId(7)]),
        );
      },
    ),
  );

  it(
    'include guests and disabled accounts where the configuration says so',
    tellStory(
      {
        users: [aUser(1, { userType: 'Guest' }), aUser(2, { accountEnabled: false })],
        sync: { people: { users: { guests: true, disabled: true } }, filters: { department: 'Sales' } },
      },
      async (story) => {
        expect(countsOf(await story.run())).toMatchObject({ created: 2 });
      },
    ),
  );

  it(
    'include people without a department where no filter asks for one: on no list',
    tellStory(
      { users: [aUser(1, { department: null }), aUser(2, { department: '  ' })], sync: { filters: {} } },
      async (story) => {
        await story.run();

        expect(contactOf(story, 1)?.lists).toEqual([]);
        expect(contactOf(story, 2)?.lists).toEqual([]);
        expect(listSizes(story)).toEqual({});
      },
    ),
  );
});

describe('who cannot be reached', () => {
  const unreachable: [string, Readonly<Record<string, unknown>>, string][] = [
    ['no number', { mobilePhone: null }, 'no-phone'],
    ['an empty number', { mobilePhone: ' ' }, 'no-phone'],
    ['a landline', { mobilePhone: '(02) 5550 1234' }, 'not-mobile'],
    ['three digits', { mobilePhone: '0123' }, 'bad-phone'],
    ['a word', { mobilePhone: 'ask me' }, 'bad-phone'],
    ['a national number of no country', { mobilePhone: '0450 000 001', usageLocation: null }, 'bad-phone'],
  ];

  it.each(unreachable)('is skipped with the reason: %s', async (_what, attributes, reason) => {
    await tellStory({ users: [aUser(1, attributes), aUser(2)] }, async (story) => {
      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(await exceptionsOf(story, run)).toEqual({ 1: `skipped ${reason}` });
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(1) });
      await story.run();
      expect(contactOf(story, 1)?.numbers).toEqual([mobile(1)]);
    })();
  });

  it.each(['+61450000001', '0450 000 001', '0450.000.001', '+61 (0)450 000 001', '0061 450 000 001'])(
    'is nobody who writes a number as %s',
    async (mobilePhone) => {
      await tellStory({ users: [aUser(1, { mobilePhone })] }, async (story) => {
        await story.run();

        expect(contactOf(story, 1)?.numbers).toEqual([mobile(1)]);
      })();
    },
  );
});

describe('a number', () => {
  it(
    'pasted as a link is a number all the same',
    // The oracle knows no links.
    tellStory({ users: [aUser(1, { mobilePhone: 'tel:+61-450-000-001' })], isEdited: true }, async (story) => {
      await story.run();

      expect(contactOf(story, 1)?.numbers).toEqual([mobile(1)]);
    }),
  );
});

describe('names', () => {
  it.each([
    ['of one word', { displayName: 'Prince', givenName: null, surname: null }, 'Prince'],
    ['in another script', { displayName: '山田 太郎', givenName: '太郎', surname: '山田' }, '太郎 山田'],
    [
      'with marks',
      { displayName: 'Zoë O’Brien-Núñez', givenName: 'Zoë', surname: 'O’Brien-Núñez' },
      'Zoë O’Brien-Núñez',
    ],
    ['written right to left', { displayName: 'ليلى', givenName: 'ليلى', surname: null }, 'ليلى'],
    [
      'that are very long',
      { displayName: 'x'.repeat(256), givenName: 'x'.repeat(64), surname: 'y'.repeat(64) },
      `${'x'.repeat(64)} ${'y'.repeat(64)}`,
    ],
    ['without anything', { displayName: null, givenName: null, surname: null }, ''],
  ])('arrive %s, and are not written again', async (_what, attributes, name) => {
    await tellStory({ users: [aUser(1, attributes)] }, async (story) => {
      await story.run();

      expect(contactOf(story, 1)?.name).toBe(name);
    })();
  });
});

describe('a value that a contact cannot hold', () => {
  it(
    'is refused to its field, and everything else goes',
    tellStory({ users: [aUser(1, { mail: 'not a mail' }), aUser(2)] }, async (story) => {
      const run = await story.run();

      expect(run.state).toBe('completed-with-errors');
      expect(await exceptionsOf(story, run)).toEqual({ 1: 'rejected invalid-value' });
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person 1', fields: {}, lists: ['Sales'] });
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed', department: 'Support' });
      await story.run();
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person Renamed', fields: {}, lists: ['Support'] });
      // The same change there and back again must not pass for the one that was refused before.
      story.graph.admin.updateUser(userId(1), { surname: '1' });
      await story.run();
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });
      await story.run();
      expect(contactOf(story, 1)?.name).toBe('Person Renamed');
      story.graph.admin.updateUser(userId(1), { mail: 'good@example.com' });

      const last = await story.run();

      expect(last.state).toBe('completed');
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'good@example.com' });
    }),
  );

  it(
    'does not repeat itself run after run',
    tellStory({ users: [aUser(1, { mail: 'not a mail' })] }, async (story) => {
      await story.run();
      story.callsMade();

      for (const mode of ['full', 'delta', 'full'] as const) {
        const run = await story.run(mode);

        expect(countsOf(run).rejected ?? 0).toBe(mode === 'full' ? 1 : 0);
      }
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );

  it(
    'gives its number to the next when nothing of the person can be created',
    tellStory({ users: users(2, { mobilePhone: mobile(70) }) }, async (story) => {
      story.messageMedia.account.seedField({ mergeTag: 'email', type: 'EMAIL', maxLength: 21 });
      story.graph.admin.updateUser(userId(1), { mail: 'a.very.long.address@example.com' });
      await story.run();
      await story.run();

      expect(contactsOf(story).map(({ owner }) => owner)).toEqual([userId(2)]);
    }),
  );
});

describe('a cleared value', () => {
  it(
    'is kept where the rule says nothing, and cleared where it says so',
    tellStory(
      {
        users: users(2),
        sync: {
          mapping: [
            { to: 'contact_name', from: 'displayName' },
            { to: 'phone_number', from: 'mobilePhone' },
            { to: 'email', from: 'mail', whenEmpty: 'clear' },
            { to: 'note', from: 'jobTitle', whenEmpty: 'clear' },
            { to: 'location', from: 'officeLocation' },
            { to: 'group', from: 'department' },
          ],
        },
      },
      async (story) => {
        changeUsers(story.graph, 1, 2, () => ({ jobTitle: 'Lead', officeLocation: 'Level 1' }));
        await story.run();
        expect(contactOf(story, 1)).toMatchObject({ note: 'Lead', fields: { email: 'person.1@example.com' } });
        story.graph.admin.updateUser(userId(1), { mail: null, jobTitle: null, officeLocation: null });

        const run = await story.run();

        expect(countsOf(run)).toMatchObject({ updated: 1 });
        expect(contactOf(story, 1)).toMatchObject({ note: '', fields: {} });
        const [contact] = story.messageMedia.account.contactsWith(mobile(1));
        expect(contact?.location).toBe('Level 1');
      },
    ),
  );

  it(
    'does not come back with a contact that is made anew for another number',
    tellStory(
      {
        users: users(2),
        account: { channelsMode: 'merge' },
        sync: {
          mapping: [
            { to: 'contact_name', from: 'displayName' },
            { to: 'phone_number', from: 'mobilePhone' },
            { to: 'email', from: 'mail', whenEmpty: 'clear' },
            { to: 'group', from: 'department' },
          ],
        },
      },
      async (story) => {
        await story.run();
        story.graph.admin.updateUser(userId(1), { mail: null, mobilePhone: mobile(90) });

        await story.run();

        expect(contactOf(story, 1)).toMatchObject({ numbers: [mobile(90)], fields: {} });
      },
    ),
  );
});
