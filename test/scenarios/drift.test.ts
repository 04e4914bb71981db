import { approveRun } from '../../src/core/run/decide-run.ts';
import type { ContactSeed } from '../../local/messagemedia/account.ts';
import type { RunRecord } from '../../src/core/run/run-row.ts';
import { contactOf, countsOf, listSizes, tallyCalls, tellStory, writesAmong } from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { changeUsers, mobile, userId, users } from '../support/story-people.ts';

function edit(story: Story, n: number, change: ContactSeed): void {
  story.messageMedia.account.editContact(contactOf(story, n)!.id, change);
}

async function recordOf(story: Story, runId: string, n: number): Promise<RunRecord | undefined> {
  return (await story.records(runId)).find(({ personId }) => personId === userId(n));
}

/** A number that nobody of the directory has. */
const HAND_MADE = mobile(900);

describe('contacts that somebody changed in MessageMedia', () => {
  it(
    'are read a thousand a call and left alone when nothing has changed',
    tellStory({ users: users(1_200) }, async (story) => {
      await story.run();
      story.callsMade();

      const run = await story.run('reconcile');

      expect(run.mode).toBe('reconcile');
      expect(countsOf(run)).toEqual({ read: 1_200, inScope: 1_200, unchanged: 1_200 });
      const calls = story.callsMade();
      expect(tallyCalls(calls.messageMedia)).toEqual({ 'GET /contacts': 2 });
    }),
  );

  it(
    'get their values, number and lists back; what is outside the mapping stays',
    tellStory({ users: users(6), isEdited: true }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Edited' });
      edit(story, 2, { customFields: { email: 'edited@example.com' }, note: 'by hand' });
      edit(story, 3, { lists: [] });
      edit(story, 4, { number: HAND_MADE });
      edit(story, 5, {
        channels: [
          { type: 'SMS', channelId: mobile(5) },
          { type: 'SMS', channelId: HAND_MADE },
        ],
      });

      const run = await story.run('reconcile');

      expect(countsOf(run)).toEqual({ read: 6, inScope: 6, updated: 3, moved: 1, unchanged: 2 });
      expect(contactOf(story, 1)?.name).toBe('Person 1');
      expect(contactOf(story, 2)).toMatchObject({ fields: { email: 'person.2@example.com' }, note: 'by hand' });
      expect(contactOf(story, 3)?.lists).toEqual(['Sales']);
      expect(contactOf(story, 4)?.numbers).toEqual([mobile(4)]);
      expect(contactOf(story, 5)?.numbers).toEqual([mobile(5), HAND_MADE]);
      const record = await recordOf(story, run.runId, 1);
      expect(record?.fields).toEqual([{ field: 'first_name', before: 'Edited', after: 'Person' }]);
      expect(record?.words).toBe('Put right what somebody changed in MessageMedia; set first_name.');
    }),
  );

  it(
    'are left to a delta or full run as they are',
    tellStory({ users: users(3), isEdited: true }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Edited' });

      await story.run('delta');
      await story.run('full');

      expect(contactOf(story, 1)?.name).toBe('Edited 1');
    }),
  );

  it(
    'are made anew when they were deleted, with all their lists',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      const before = contactOf(story, 2)!;
      story.messageMedia.account.deleteContact(before.id);

      const run = await story.run('reconcile');

      expect(countsOf(run)).toEqual({ read: 4, inScope: 4, updated: 1, unchanged: 3 });
      expect(contactOf(story, 2)).toEqual({ ...before, id: expect.any(String) as string });
      expect(contactOf(story, 2)?.id).not.toBe(before.id);
      expect(listSizes(story)).toEqual({ Sales: 2, Support: 2 });
    }),
  );

  it(
    'are shown and left alone where drift is only reported',
    tellStory({ users: users(5), sync: { drift: 'report' }, isEdited: true }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Edited', lists: [], number: HAND_MADE });
      story.callsMade();

      const run = await story.run('reconcile');

      expect(countsOf(run)).toEqual({ read: 5, inScope: 5, unchanged: 5 });
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
      expect(contactOf(story, 1)).toMatchObject({ name: 'Edited 1', lists: [], numbers: [HAND_MADE] });
      const record = await recordOf(story, run.runId, 1);
      expect(record).toMatchObject({
        operation: 'none',
        outcome: 'unchanged',
        words: 'Nothing to do. Left as somebody changed it in MessageMedia: phone_number, first_name, group.',
        fields: [
          { field: 'phone_number', before: HAND_MADE, after: mobile(1), leftAlone: true },
          { field: 'first_name', before: 'Edited', after: 'Person', leftAlone: true },
          { field: 'group', before: '', after: 'Sales', leftAlone: true },
        ],
      });
    }),
  );

  it(
    'take what the directory changes, over what is only reported',
    tellStory({ users: users(2), sync: { drift: 'report' } }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Edited' });
      changeUsers(story.graph, 1, 1, () => ({ givenName: 'Renamed', displayName: 'Renamed 1' }));

      const run = await story.run('reconcile');

      expect((await recordOf(story, run.runId, 1))?.fields).toEqual([
        { field: 'first_name', before: 'Edited', after: 'Renamed' },
      ]);
      expect(contactOf(story, 1)?.name).toBe('Renamed 1');
    }),
  );

  it(
    'give the base what both sides came to by themselves',
    tellStory({ users: users(2), isEdited: true }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Both' });
      changeUsers(story.graph, 1, 1, () => ({ givenName: 'Both', displayName: 'Both 1' }));
      story.callsMade();

      const run = await story.run('reconcile');
      edit(story, 1, { firstName: 'Again' });
      const next = await story.run('reconcile');

      expect(countsOf(run)).toEqual({ read: 2, inScope: 2, unchanged: 2 });
      expect((await recordOf(story, next.runId, 1))?.fields).toEqual([
        { field: 'first_name', before: 'Again', after: 'Both' },
      ]);
    }),
  );

  it(
    'removes nobody and makes nothing twice after a reading that was short',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      const { contactBook } = story.engine();
      story.engineChanges = {
        contactBook: {
          ...contactBook,
          async *contactPages(from, scope) {
            for await (const { contacts } of contactBook.contactPages(from, scope))
              yield { contacts: contacts.slice(2) };
          },
        },
      };
      story.callsMade();

      const run = await story.run('reconcile');

      expect(countsOf(run)).toEqual({ read: 4, inScope: 4, unchanged: 4 });
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
    }),
  );

  it(
    'wait for approval when they are many, and are put right as they were shown',
    tellStory({ users: users(30) }, async (story) => {
      await story.run();
      for (let n = 1; n <= 20; n += 1) edit(story, n, { firstName: 'Edited' });

      const held = await story.run('reconcile');
      await approveRun(story.engine(), held.runId, held.planHash!);
      await story.drain();

      expect(countsOf(held)).toEqual({ read: 30, inScope: 30, held: 20, unchanged: 10 });
      expect(held.holds).toMatchObject([{ rule: 'update-share', operations: 20 }]);
      expect(contactOf(story, 7)?.name).toBe('Person 7');
    }),
  );

  it(
    'are put right by the very plan of a dry run that was approved',
    tellStory({ users: users(3) }, async (story) => {
      await story.run();
      edit(story, 1, { firstName: 'Edited' });
      story.messageMedia.account.deleteContact(contactOf(story, 2)!.id);

      const dry = await story.run('reconcile', { dryRun: true });
      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();

      expect(countsOf(dry)).toEqual({ read: 3, inScope: 3, updated: 2, unchanged: 1 });
      expect(contactOf(story, 1)?.name).toBe('Person 1');
      expect(contactOf(story, 2)?.name).toBe('Person 2');
    }),
  );
});
