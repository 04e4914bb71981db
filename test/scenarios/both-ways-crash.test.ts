import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { employMortals, MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import { contactOf, expectInvariants, expectRest } from '../support/story-checks.ts';
import { Crash, startStory } from '../support/story.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { mobile, userId, users } from '../support/story-people.ts';

const OPTIONS: StoryOptions = {
  users: users(4),
  lanes: 2,
  roles: [...READING_ROLES, ...WRITING_ROLES],
  sync: {
    direction: 'bidirectional',
    protection: { maxUpdateShare: 1 },
    mapping: [
      { to: 'contact_name', from: 'displayName', owner: 'either' },
      { to: 'phone_number', from: 'mobilePhone', owner: 'either' },
      { to: 'email', from: 'mail', owner: 'messaging' },
      { to: 'group', from: 'department' },
    ],
  },
};

function edit({ messageMedia, graph }: Story, contactId: (n: number) => string): void {
  const { account } = messageMedia;
  account.editContact(contactId(1), { firstName: 'Robin', number: mobile(901) });
  account.editContact(contactId(2), { customFields: { email: 'two@example.com' } });
  account.editContact(contactId(3), { lists: [] });
  account.deleteContact(contactId(4));
  graph.admin.updateUser(userId(2), { surname: 'Renamed' });
  graph.admin.updateUser(userId(3), { mail: 'edited.here@example.com' });
}

/** Names, numbers, mails and lists on the one side, and what the directory has on the other. */
function sidesOf(story: Story): unknown {
  return [1, 2, 3, 4].map((n) => {
    const user = story.graph.admin.users().find(({ id }) => id === userId(n))!;
    const contact = contactOf(story, n);
    return {
      contact: [contact?.name, contact?.numbers, contact?.fields, contact?.lists],
      directory: ['givenName', 'surname', 'mobilePhone', 'mail'].map((name) => user[name]),
    };
  });
}

async function tellWith(fate: (effect: number) => void): Promise<unknown> {
  const story = await startStory(OPTIONS);
  try {
    await story.run();
    edit(story, (n) => contactOf(story, n)!.id);
    let effects = 0;
    employMortals(story, () => fate(++effects));
    await story.start();
    await weather(story);
    await untilNobodyWaits(story);
    story.employ = undefined;
    await story.run();
    expectInvariants(story);
    await expectRest(story);
    return sidesOf(story);
  } finally {
    await story.close();
  }
}

describe('a worker that dies while both sides are brought into step', () => {
  it('is replaced, whatever the effect it dies at', async () => {
    let effects = 0;
    const end = await tellWith((effect) => void (effects = effect));
    const wrong: string[] = [];
    for (let at = 1; at <= effects; at += 1) {
      const die = (effect: number): void => {
        if (effect === at) throw new Crash(at % 2 === 0 ? 0 : 10 * MINUTE_MS);
      };
      try {
        expect(await tellWith(die)).toEqual(end);
      } catch (error) {
        wrong.push(`Death at ${at}: ${String((error as Error).stack)}`);
      }
    }

    expect(wrong).toEqual([]);
    expect(end).toEqual([
      {
        contact: ['Robin 1', [mobile(901)], { email: 'person.1@example.com' }, ['Sales']],
        directory: ['Robin', '1', mobile(901), 'person.1@example.com'],
      },
      {
        contact: ['Person Renamed', [mobile(2)], { email: 'two@example.com' }, ['Support']],
        directory: ['Person', 'Renamed', mobile(2), 'two@example.com'],
      },
      {
        contact: ['Person 3', [mobile(3)], { email: 'person.3@example.com' }, ['Sales']],
        directory: ['Person', '3', mobile(3), 'person.3@example.com'],
      },
      {
        contact: ['Person 4', [mobile(4)], { email: 'person.4@example.com' }, ['Support']],
        directory: ['Person', '4', mobile(4), 'person.4@example.com'],
      },
    ]);
  }, 240_000);
});
