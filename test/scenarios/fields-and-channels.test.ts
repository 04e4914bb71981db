import type { Story } from '../support/story.ts';
import { contactOf, countsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const BASE = [
  { to: 'contact_name', from: 'displayName' },
  { to: 'phone_number', from: 'mobilePhone' },
  { to: 'group', from: 'department' },
];
const FILTERS = { attribute: 'department', in: ['Sales', 'Support'] };

function channelsOf(story: Story, n: number) {
  const id = contactOf(story, n)?.id;
  const contact = story.messageMedia.account.snapshot().contacts.find((one) => one.id === id);
  return (contact?.channels ?? []).map(({ type, channelId }) => `${type} ${channelId}`).toSorted();
}

describe('the WhatsApp channel', () => {
  const sync = {
    mapping: [
      ...BASE,
      { to: 'whatsapp_number', from: 'onPremisesExtensionAttributes.extensionAttribute1', whenEmpty: 'clear' },
    ],
    filters: FILTERS,
  };
  const withWhatsApp = (number: string | null) => ({ onPremisesExtensionAttributes: { extensionAttribute1: number } });

  for (const channelsMode of ['replace', 'merge'] as const) {
    it(
      `is created, follows its number, and goes (PATCH channels: ${channelsMode})`,
      tellStory({ users: [aUser(1), aUser(2)], sync, account: { channelsMode } }, async (story) => {
        const { admin } = story.graph;
        admin.updateUser(userId(1), withWhatsApp(mobile(31)));
        await story.run();
        expect(channelsOf(story, 1)).toEqual([`SMS ${mobile(1)}`, `WHATSAPP ${mobile(31)}`]);
        expect(channelsOf(story, 2)).toEqual([`SMS ${mobile(2)}`]);

        admin.updateUser(userId(1), withWhatsApp(mobile(32)));
        admin.updateUser(userId(2), withWhatsApp(mobile(33)));
        await story.run();
        expect(channelsOf(story, 2)).toEqual([`SMS ${mobile(2)}`, `WHATSAPP ${mobile(33)}`]);

        admin.updateUser(userId(2), withWhatsApp(null));
        await story.run();
        expect(countsOf(await story.run('full'))).toMatchObject({ unchanged: 2 });
        expect(channelsOf(story, 1)).toEqual([`SMS ${mobile(1)}`, `WHATSAPP ${mobile(32)}`]);
        expect(channelsOf(story, 2)).toEqual([`SMS ${mobile(2)}`]);
      }),
    );
  }
});

describe('custom fields', () => {
  it(
    'are created as the configuration describes them; a value too long is refused, and the other fields go',
    tellStory(
      {
        users: users(3, { jobTitle: 'Engineer' }),
        sync: {
          mapping: [...BASE, { to: 'custom.job_title', from: 'jobTitle' }],
          filters: FILTERS,
          custom: { job_title: { label: 'Job title', maxLength: 40 } },
        },
      },
      async (story) => {
        await story.run();
        const field = story.messageMedia.account
          .snapshot()
          .customFields.find(({ mergeTag }) => mergeTag === 'job_title');
        expect(field).toMatchObject({ label: 'Job title', type: 'TEXT', maxLength: 40 });
        expect(contactOf(story, 1)?.fields).toMatchObject({ job_title: 'Engineer' });

        story.graph.admin.updateUser(userId(1), { jobTitle: 'x'.repeat(41), surname: 'Renamed', displayName: 'P R' });
        const run = await story.run();
        expect(countsOf(run)).toMatchObject({ rejected: 1 });
        expect(contactOf(story, 1)).toMatchObject({ name: 'Person Renamed', fields: { job_title: 'Engineer' } });
        story.graph.admin.updateUser(userId(1), { jobTitle: 'Manager' });
        await story.run();
        expect(contactOf(story, 1)?.fields).toMatchObject({ job_title: 'Manager' });
      },
    ),
  );
});

describe('a list renamed by hand', () => {
  it(
    'is followed by id: nobody is moved, and joiners go onto it',
    tellStory({ users: users(4), isEdited: true }, async (story) => {
      await story.run();
      const { account } = story.messageMedia;
      account.renameList(account.listNamed('Sales')!.id, 'Sales people');
      story.callsMade();
      await story.run('full');
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
      story.graph.admin.createUser(aUser(9));

      await story.run();

      expect(contactOf(story, 9)?.lists).toEqual(['Sales people']);
    }),
  );
});
