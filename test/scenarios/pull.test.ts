import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { contactsOf, countsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import type { StoryRules } from '../support/story-checks.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { mobile, userId, users } from '../support/story-people.ts';

/** A story in which the directory is written from the contacts, and the contacts are only read. */
function pulling(options: Partial<StoryOptions & StoryRules> = {}): StoryOptions & StoryRules {
  return {
    users: users(4),
    isEdited: true,
    // Whoever has no contact yet is looked for by number.
    reads: 1,
    roles: [...READING_ROLES, ...WRITING_ROLES],
    ...options,
    sync: {
      direction: 'one-way',
      source: 'messagemedia',
      target: 'entra-id',
      mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', jobTitle: 'alias' },
      ...options.sync,
    },
  };
}

function inDirectory(story: Story, n: number, attribute: string): unknown {
  return story.graph.admin.users().find(({ id }) => id === userId(n))?.[attribute] ?? null;
}

/** Contacts made by hand for users 1 to `count`, as the directory knows them but for the alias. */
function seedContacts(story: Story, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, at) =>
      story.messageMedia.account.seedContact({
        number: mobile(at + 1),
        firstName: 'Person',
        lastName: String(at + 1),
        alias: `Alias ${at + 1}`,
      }).id,
  );
}

async function leavesAccountAlone(story: Story, deed: () => Promise<unknown>): Promise<void> {
  const before = story.messageMedia.account.snapshot();
  story.callsMade();
  await deed();
  expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
  expect(story.messageMedia.account.snapshot()).toEqual(before);
}

describe('a sync with MessageMedia as the source', () => {
  it(
    'finds people’s contacts by number, brings their values to the directory, and writes nothing to the account',
    tellStory(pulling(), async (story) => {
      seedContacts(story, 3);

      await leavesAccountAlone(story, async () => {
        const run = await story.run();
        expect(countsOf(run)).toEqual({ read: 4, inScope: 4, adopted: 3, unchanged: 1 });
      });

      expect([1, 2, 3, 4].map((n) => inDirectory(story, n, 'jobTitle'))).toEqual([
        'Alias 1',
        'Alias 2',
        'Alias 3',
        null,
      ]);
    }),
  );

  it(
    'follows what is edited there, numbers among it, and puts right what is edited in the directory',
    tellStory(pulling(), async (story) => {
      const [first, second] = seedContacts(story, 3);
      await story.run();
      const { account } = story.messageMedia;
      account.editContact(first!, { alias: 'Chief', number: mobile(901) });
      account.editContact(second!, { firstName: 'Robin' });
      story.graph.admin.updateUser(userId(3), { jobTitle: 'Edited here', mobilePhone: null });

      await leavesAccountAlone(story, async () => {
        const run = await story.run();
        expect(countsOf(run)).toMatchObject({ inScope: 3, pulled: 3 });
      });

      expect([inDirectory(story, 1, 'jobTitle'), inDirectory(story, 1, 'mobilePhone')]).toEqual(['Chief', mobile(901)]);
      expect([inDirectory(story, 2, 'givenName'), inDirectory(story, 2, 'displayName')]).toEqual(['Robin', 'Person 2']);
      expect([inDirectory(story, 3, 'jobTitle'), inDirectory(story, 3, 'mobilePhone')]).toEqual(['Alias 3', mobile(3)]);
    }),
  );

  it(
    'finds a contact that is made later, without a change in the directory, and another one when it was deleted',
    tellStory(pulling(), async (story) => {
      await story.run();
      const [first] = seedContacts(story, 1);
      const joined = await story.run();
      story.messageMedia.account.deleteContact(first!);
      const gone = await story.run();
      story.messageMedia.account.seedContact({ number: mobile(1), alias: 'Second' });
      const again = await story.run();

      expect(countsOf(joined)).toMatchObject({ adopted: 1 });
      expect(countsOf(gone)).toMatchObject({ inScope: 1, unchanged: 1 });
      expect(countsOf(again)).toMatchObject({ adopted: 1 });
      expect(inDirectory(story, 1, 'jobTitle')).toBe('Second');
      expect(inDirectory(story, 1, 'givenName')).toBe('Person');
    }),
  );

  it(
    'creates, disables and deletes nobody, and takes nobody off a list',
    tellStory(pulling({ sync: { filters: { department: 'Sales' } } }), async (story) => {
      seedContacts(story, 4);
      await story.run();
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });
      story.graph.admin.updateUser(userId(3), { department: 'Legal' });
      const people = story.graph.admin.users();

      await leavesAccountAlone(story, async () => {
        const run = await story.run('full');
        expect(countsOf(run)).toMatchObject({ skipped: 2 });
      });

      expect(story.graph.admin.users()).toEqual(people);
    }),
  );

  it(
    'shows contacts that nobody matches, with the people who may be meant',
    tellStory(pulling(), async (story) => {
      seedContacts(story, 1);
      const { account } = story.messageMedia;
      account.seedContact({ number: mobile(800), firstName: 'Person', lastName: '2' });
      account.seedContact({ number: mobile(801), customFields: { email: 'Person.3@example.com' } });
      account.seedContact({ number: mobile(802), firstName: 'Nobody' });

      const run = await story.run('full');

      expect(run.adoption).toMatchObject({ contacts: 4, unmatched: 3 });
      const unmatched = (await story.records(run.runId)).filter(({ adoption }) => adoption === 'unmatched');
      expect(unmatched.map(({ likely }) => likely)).toEqual([[userId(2)], [userId(3)], undefined]);
      expect(contactsOf(story)).toHaveLength(4);
    }),
  );
});
