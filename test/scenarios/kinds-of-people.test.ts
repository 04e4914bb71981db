import { aMailboxContact, anOrgContact, orgContactId } from '../support/outside-people.ts';
import { contactsOf, countsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const MAPPING = [
  { to: 'contact_name', from: 'displayName' },
  { to: 'phone_number', from: 'mobilePhone' },
  { to: 'group', from: 'department' },
];
const FILTERS = { attribute: 'department', in: ['Sales', 'Support'] };

function contactWith(story: Parameters<typeof contactsOf>[0], n: number) {
  return contactsOf(story).find(({ numbers }) => numbers.includes(mobile(n)));
}

describe('organisational contacts', () => {
  const sync = { mapping: MAPPING, filters: FILTERS, people: { orgContacts: {} } };

  it(
    'are synchronised beside users, each stream with its own token',
    tellStory({ users: users(2), sync }, async (story) => {
      const { orgContacts } = story.graph.admin;
      for (const n of [11, 12]) orgContacts.create(anOrgContact(n));
      await story.run();
      expect(listSizes(story)).toEqual({ Sales: 3, Support: 1 });
      story.callsMade();
      orgContacts.update(orgContactId(11), { department: 'Support' });
      story.graph.admin.updateUser(userId(1), { department: 'Support' });

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ moved: 2 });
      expect(story.callsMade().graph.map((call) => call.split('?')[0])).toEqual([
        'GET /v1.0/users/delta',
        'GET /v1.0/contacts/delta',
      ]);
    }),
  );

  it(
    'leave as users do',
    tellStory({ users: users(2), sync }, async (story) => {
      const { orgContacts } = story.graph.admin;
      orgContacts.create(anOrgContact(11));
      await story.run();
      orgContacts.hardDelete(orgContactId(11));

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ removed: 1 });
      expect(contactWith(story, 11)?.lists).toEqual([]);
    }),
  );

  it(
    'are leavers, not forgotten, when the configuration stops reading them',
    tellStory({ users: users(2), sync }, async (story) => {
      story.graph.admin.orgContacts.create(anOrgContact(11));
      await story.run();
      story.reconfigure({ mapping: MAPPING, filters: FILTERS });

      await story.run('full');
      await story.run('full');

      expect(contactWith(story, 11)?.lists).toEqual([]);
    }),
  );

  it(
    'are read anew, with the users, when their token is refused',
    tellStory({ users: users(2), sync }, async (story) => {
      story.graph.admin.orgContacts.create(anOrgContact(11));
      await story.run();
      story.graph.admin.expireTokens('syncStateNotFound');
      story.graph.admin.orgContacts.create(anOrgContact(12));

      const run = await story.run('delta');

      expect(run).toMatchObject({ mode: 'full', state: 'completed' });
      expect(countsOf(run)).toMatchObject({ created: 1 });
    }),
  );
});

describe('contacts in a mailbox', () => {
  it(
    'are synchronised, follow changes, and leave',
    tellStory(
      {
        users: [aUser(1)],
        sync: {
          mapping: MAPPING,
          filters: FILTERS,
          people: { mailboxContacts: [{ mailbox: userId(1), folder: 'Suppliers' }] },
        },
      },
      async (story) => {
        const { mailboxes } = story.graph.admin;
        mailboxes.open(userId(1));
        const folder = mailboxes.createFolder(userId(1), 'Suppliers');
        const [first, second] = [21, 22, 23, 24].map((n) => mailboxes.createContact(folder, aMailboxContact(n)));
        expect(countsOf(await story.run())).toMatchObject({ created: 5 });
        mailboxes.updateContact(first!, { department: 'Sales' });
        mailboxes.deleteContact(second!);

        const run = await story.run('delta');

        expect(countsOf(run)).toMatchObject({ moved: 1, removed: 1 });
        expect(contactWith(story, 21)?.lists).toEqual(['Sales']);
        expect(contactWith(story, 22)?.lists).toEqual([]);
      },
    ),
  );
});

describe('managers', () => {
  const sync = {
    mapping: [...MAPPING, { to: 'note', template: 'Reports to {manager.displayName}' }],
    filters: FILTERS,
  };
  const noteOf = (story: Parameters<typeof contactsOf>[0], n: number) =>
    story.messageMedia.account.contactsWith(mobile(n))[0]?.note;

  it(
    'come from the people who were read, without a call per person',
    tellStory({ users: users(30), sync }, async (story) => {
      for (let n = 2; n <= 30; n += 1) story.graph.admin.setManager(userId(n), userId(1));

      await story.run();

      expect(noteOf(story, 2)).toBe('Reports to Person 1');
      expect(story.callsMade().graph.filter((call) => call.includes('$batch'))).toEqual([]);
    }),
  );

  it(
    'outside the scope are read by id, twenty a call',
    tellStory(
      { users: [...users(30), ...[41, 42].map((n) => aUser(n, { department: 'Board' }))], sync },
      async (story) => {
        for (let n = 1; n <= 30; n += 1) story.graph.admin.setManager(userId(n), userId(n % 2 === 0 ? 41 : 42));

        await story.run();

        expect(noteOf(story, 2)).toBe('Reports to Person 41');
        expect(story.callsMade().graph.filter((call) => call.includes('$batch'))).toHaveLength(1);
      },
    ),
  );

  it(
    'who change their name change what is said of their reports',
    tellStory({ users: users(4), sync }, async (story) => {
      for (const n of [2, 3]) story.graph.admin.setManager(userId(n), userId(1));
      await story.run();
      story.graph.admin.updateUser(userId(1), { displayName: 'Robin New' });

      const run = await story.run('delta');

      expect(countsOf(run)).toMatchObject({ updated: 2 });
      expect(noteOf(story, 3)).toBe('Reports to Robin New');
    }),
  );

  it(
    'who are replaced are followed',
    tellStory({ users: users(4), sync }, async (story) => {
      story.graph.admin.setManager(userId(2), userId(1));
      await story.run();
      story.graph.admin.setManager(userId(2), userId(3));

      await story.run('delta');

      expect(noteOf(story, 2)).toBe('Reports to Person 3');
    }),
  );
});
