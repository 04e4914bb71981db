import type { Link } from '../../src/core/plan/link.ts';
import { contactOf, countsOf, listSizes, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

describe('a mover', () => {
  it(
    'leaves the old list and joins the new one without being written otherwise',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.callsMade();
      story.graph.admin.updateUser(userId(1), { department: 'Support' });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, moved: 1 });
      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({ 'PATCH /lists/{id}/contacts': 2 });
      expect(contactOf(story, 1)?.lists).toEqual(['Support']);
    }),
  );

  it(
    'stands in the records with the new department as people write it, like everybody whatever happens to them',
    tellStory({ users: users(6) }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { department: 'SUPPORT' });
      story.graph.admin.updateUser(userId(3), { accountEnabled: false });
      story.graph.admin.updateUser(userId(4), { mobilePhone: null, department: ' Customer Care ' });
      story.graph.admin.updateUser(userId(5), { surname: 'Renamed' });
      story.graph.admin.createUser(aUser(7, { mobilePhone: null }));

      const { runId } = await story.run();

      const records = await story.records(runId);
      const named = records.map(({ personId, department }) => [Number(personId.slice(-2)), department]);
      expect(Object.fromEntries(named)).toEqual({
        1: 'SUPPORT',
        3: 'Sales',
        4: 'Customer Care',
        5: 'Sales',
        7: 'Sales',
      });
    }),
  );

  it(
    'who also gets another name and mail has both changed',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.callsMade();
      story.graph.admin.updateUser(userId(1), { department: 'Support', surname: 'Moved', mail: 'moved@example.com' });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, moved: 1 });
      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({
        'GET /contacts': 1,
        'PATCH /contacts/{id}': 1,
        'PATCH /lists/{id}/contacts': 2,
      });
      expect(contactOf(story, 1)).toMatchObject({
        name: 'Person Moved',
        lists: ['Support'],
        fields: { email: 'moved@example.com' },
      });
    }),
  );

  it.each(['replace', 'merge'] as const)(
    'who also gets another number has it changed (channels %s)',
    async (channelsMode) => {
      await tellStory({ users: users(4), account: { channelsMode } }, async (story) => {
        await story.run();
        story.graph.admin.updateUser(userId(1), { department: 'Support', mobilePhone: mobile(99) });

        const run = await story.run();

        expect(countsOf(run)).toEqual({ read: 1, inScope: 1, moved: 1 });
        expect(contactOf(story, 1)).toMatchObject({ numbers: [mobile(99)], lists: ['Support'] });
      })();
    },
  );

  it(
    'goes to a list that is new with them',
    tellStory({ users: users(4), sync: { filters: {} } }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 2, () => ({ department: 'Research' }));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ moved: 2 });
      expect(listSizes(story)).toEqual({ Sales: 1, Support: 1, Research: 2 });
    }),
  );

  it(
    'without a department any more leaves the list and stays a contact',
    tellStory({ users: users(4), sync: { filters: { accountEnabled: true } } }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { department: null });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, moved: 1 });
      expect(contactOf(story, 1)?.lists).toEqual([]);
    }),
  );

  it(
    'to and fro within one round has not moved at all',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.callsMade();
      story.graph.admin.updateUser(userId(1), { department: 'Support' });
      story.graph.admin.updateUser(userId(1), { department: 'Sales' });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, unchanged: 1 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );
});

describe('a changed number', () => {
  const cases = [
    { uniqueNumbers: true, channelsMode: 'replace', customFieldsMode: 'replace' },
    { uniqueNumbers: true, channelsMode: 'merge', customFieldsMode: 'replace' },
    { uniqueNumbers: false, channelsMode: 'replace', customFieldsMode: 'merge' },
    { uniqueNumbers: false, channelsMode: 'merge', customFieldsMode: 'merge' },
  ] as const;

  it.each(cases)('takes the place of the old one, and what was added by hand stays: %j', async (account) => {
    await tellStory({ users: users(4), account }, async (story) => {
      const { messageMedia, graph } = story;
      await story.run();
      for (const n of [1, 2]) {
        const { id } = contactOf(story, n)!;
        const number = contactOf(story, n)!.numbers[0]!;
        messageMedia.account.editContact(id, {
          note: 'Written by hand',
          customFields: { shoe_size: '44' },
          lists: [...contactOf(story, n)!.lists, 'Runners'],
          channels: [
            { type: 'SMS', channelId: number },
            { type: 'WHATSAPP', channelId: mobile(800 + n) },
          ],
        });
      }
      // One at a time: the first change shows how the account behaves, the second makes use of it.
      for (const n of [1, 2]) {
        graph.admin.updateUser(userId(n), { mobilePhone: mobile(90 + n) });

        const run = await story.run();

        expect(countsOf(run)).toEqual({ read: 1, inScope: 1, updated: 1 });
        expect(contactOf(story, n)).toMatchObject({
          name: `Person ${n}`,
          note: 'Written by hand',
          fields: { email: `person.${n}@example.com`, shoe_size: '44' },
          lists: ['Runners', n === 1 ? 'Sales' : 'Support'],
        });
        expect(contactOf(story, n)?.numbers.toSorted()).toEqual([mobile(90 + n), mobile(800 + n)].toSorted());
        expect(messageMedia.account.contactsWith(mobile(n))).toEqual([]);
      }
    })();
  });

  it(
    'is put on a contact made anew without the list that somebody deletes meanwhile',
    tellStory({ users: users(4), account: { channelsMode: 'merge' } }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      const { id, lists } = contactOf(story, 1)!;
      account.editContact(id, { note: 'Written by hand', lists: [...lists, 'Runners'] });
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(91) });
      story.onEffect = async (effect) => {
        if (effect !== 'after people.write') return;
        const { tables, config } = story.engine();
        const row = await tables.people.get(config.name, `person:${userId(1)}`);
        const isGivenUp = (row?.body as { readonly link?: Link } | undefined)?.link?.carry !== undefined;
        const runners = account.listNamed('Runners');
        if (isGivenUp && runners !== undefined) account.deleteList(runners.id);
      };

      const run = await story.run();

      expect(account.listNamed('Runners')).toBeUndefined();
      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, updated: 1 });
      expect(contactOf(story, 1)).toMatchObject({ note: 'Written by hand', lists: ['Sales'], numbers: [mobile(91)] });
    }),
  );

  it(
    'written differently is no change',
    tellStory({ users: users(2) }, async (story) => {
      await story.run();
      story.callsMade();
      story.graph.admin.updateUser(userId(1), { mobilePhone: '0450 000 001' });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, unchanged: 1 });
      expect(story.callsMade().messageMedia).toEqual([]);
    }),
  );
});

describe('what was added by hand', () => {
  it.each(['replace', 'merge'] as const)('survives a change of mail (custom fields %s)', async (customFieldsMode) => {
    await tellStory({ users: users(2), account: { customFieldsMode } }, async (story) => {
      await story.run();
      const { id, numbers } = contactOf(story, 1)!;
      story.messageMedia.account.editContact(id, {
        note: 'Written by hand',
        customFields: { shoe_size: '44' },
        channels: [
          { type: 'SMS', channelId: numbers[0]! },
          { type: 'WHATSAPP', channelId: mobile(800) },
        ],
      });
      story.graph.admin.updateUser(userId(1), { mail: 'new@example.com', surname: 'Newname' });

      await story.run();

      expect(contactOf(story, 1)).toMatchObject({
        id,
        name: 'Person Newname',
        note: 'Written by hand',
        numbers: [mobile(1), mobile(800)],
        fields: { email: 'new@example.com', shoe_size: '44' },
      });
    })();
  });
});
