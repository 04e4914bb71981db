import { adoptAccount } from '../../src/core/run/adopt-account.ts';
import { approveRun } from '../../src/core/run/decide-run.ts';
import { erasePerson } from '../../src/core/run/erase-person.ts';
import { listRecords, listRuns, readRun } from '../../src/core/run/read-runs.ts';
import type { RunRecord, RunRow } from '../../src/core/run/run-row.ts';
import {
  contactOf,
  contactsOf,
  countsOf,
  exceptionsOf,
  foreignPart,
  tallyCalls,
  tellStory,
  writesAmong,
} from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const STRANGER = '99999999-0000-4000-8000-000000000001';
const marked = (id: string) => ({ entra_object_id: id });

async function adopt(story: Story, options: { readonly dryRun?: boolean } = {}): Promise<RunRow> {
  const { runId } = await adoptAccount(story.engine(), { dryRun: false, ...options });
  await story.drain();
  return readRun(story.engine(), runId);
}

async function recordsOf(story: Story, run: RunRow, adoption: string): Promise<readonly RunRecord[]> {
  return (await listRecords(story.engine(), run.runId, { limit: 100_000, adoption })).items;
}

/** Everything that we ever knew is gone, as with a storage account that nobody can restore. */
async function loseState(story: Story): Promise<void> {
  for (const name of ['people', 'state'] as const) {
    const rows = story.tables.rows(name);
    for (const { key } of rows) await story.tables[name].write('default', [{ kind: 'delete', key }]);
  }
}

describe('adoptAccount', () => {
  it(
    'shows what is linkable, ambiguous, unmanaged and orphaned, and writes nothing when it is dry',
    tellStory({ users: users(4), account: { uniqueNumbers: false }, restless: true }, async (story) => {
      const { account } = story.messageMedia;
      const known = account.seedContact({ firstName: 'Known', number: mobile(1) });
      const twins = ['One', 'Two'].map((firstName) => account.seedContact({ firstName, number: mobile(2) }).id);
      const visitor = account.seedContact({ firstName: 'Visitor', number: mobile(50) });
      const orphan = account.seedContact({ number: mobile(60), customFields: marked(STRANGER) });
      const before = account.snapshot();
      story.callsMade();

      const run = await adopt(story, { dryRun: true });

      expect(run).toMatchObject({ state: 'completed', mode: 'full', trigger: 'http', dryRun: true });
      expect(run.adoption).toEqual({
        contacts: 5,
        managed: 0,
        linkable: 1,
        ambiguous: 1,
        unmanaged: 1,
        orphaned: 1,
      });
      expect(await recordsOf(story, run, 'linkable')).toEqual([
        expect.objectContaining({ personId: userId(1), operation: 'adopt', adoption: 'linkable' }),
      ]);
      const [ambiguous, ...others] = await recordsOf(story, run, 'ambiguous');
      expect(others).toEqual([]);
      expect(ambiguous).toMatchObject({ personId: userId(2), outcome: 'skipped', reason: 'contact-conflict' });
      expect(ambiguous?.contactIds?.toSorted()).toEqual(twins.toSorted());
      expect(await recordsOf(story, run, 'unmanaged')).toEqual([
        expect.objectContaining({ personId: '', contactIds: [visitor.id], operation: 'none', outcome: 'unchanged' }),
      ]);
      expect(await recordsOf(story, run, 'orphaned')).toEqual([
        expect.objectContaining({ personId: STRANGER, contactIds: [orphan.id], words: expect.stringContaining('not') }),
      ]);
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
      expect(account.snapshot()).toEqual(before);
      expect(known.id).toBe(before.contacts[0]?.id);
    }),
  );

  it(
    'adopts what it showed, and leaves the rest of the account as it was',
    tellStory({ users: users(3) }, async (story) => {
      const { account } = story.messageMedia;
      const { id } = account.seedContact({ firstName: 'Known', note: 'By hand', number: mobile(1) });
      account.seedContact({ firstName: 'Visitor', number: mobile(50), lists: ['Visitors'] });
      const before = foreignPart(story, [id]);

      const run = await adopt(story);

      expect(countsOf(run)).toEqual({ read: 3, inScope: 3, adopted: 1, created: 2 });
      expect(run.adoption).toEqual({ contacts: 2, managed: 0, linkable: 1, ambiguous: 0, unmanaged: 1, orphaned: 0 });
      expect(contactOf(story, 1)).toMatchObject({ id, note: 'By hand', lists: ['Sales'] });
      expect(foreignPart(story, [id])).toBe(before);
      expect((await adopt(story)).adoption).toMatchObject({ contacts: 4, managed: 3, linkable: 0, unmanaged: 1 });
    }),
  );

  it(
    'finds a contact by its marker although the number has changed since all state was lost',
    tellStory({ users: users(5) }, async (story) => {
      await story.run('full');
      const before = contactOf(story, 1)!;
      await loseState(story);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });

      const run = await adopt(story);

      expect(run.adoption).toEqual({ contacts: 5, managed: 0, linkable: 5, ambiguous: 0, unmanaged: 0, orphaned: 0 });
      expect(contactsOf(story)).toHaveLength(5);
      expect(contactOf(story, 1)).toEqual({ ...before, numbers: [mobile(71)] });
      expect(story.messageMedia.account.contactsWith(mobile(1))).toEqual([]);
    }),
  );

  it(
    'knows the lists that a contact is on already, when only the people were lost',
    tellStory({ users: users(4) }, async (story) => {
      await story.run('full');
      const before = contactOf(story, 1)!;
      for (const { key } of story.tables.rows('people')) {
        await story.tables.people.write('default', [{ kind: 'delete', key }]);
      }
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });
      story.callsMade();

      const run = await adopt(story);

      expect(run.adoption).toMatchObject({ linkable: 4, orphaned: 0 });
      expect(contactOf(story, 1)).toEqual({ ...before, numbers: [mobile(71)] });
      const calls = tallyCalls(story.callsMade().messageMedia);
      expect(calls['PATCH /lists/{id}/contacts']).toBeUndefined();
    }),
  );

  it(
    'makes no link of a contact whose marker was taken off meanwhile',
    tellStory({ users: users(1) }, async (story) => {
      await story.run('full');
      const { id } = contactOf(story, 1)!;
      await loseState(story);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });
      const { runId } = await adoptAccount(story.engine(), { dryRun: false });
      await story.drain({ until: () => story.tables.rows('parts').some(({ key }) => key.startsWith('batch-')) });
      story.messageMedia.account.editContact(id, { customFields: { entra_object_id: '' } });

      await story.drain();

      expect(await readRun(story.engine(), runId)).toMatchObject({ counts: { created: 1 } });
      expect(contactOf(story, 1)).toMatchObject({ numbers: [mobile(71)] });
      expect(contactsOf(story)).toHaveLength(2);
    }),
  );

  it(
    'forgets whose a contact is when that person is erased',
    tellStory({ users: users(1), restless: true }, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(60), customFields: marked(STRANGER) });
      await adopt(story);
      expect(JSON.stringify(story.tables.rows('parts'))).toContain(STRANGER);

      await erasePerson(story.engine(), STRANGER);

      expect(JSON.stringify(story.tables.rows('parts'))).not.toContain(STRANGER);
    }),
  );

  it(
    'says by a dry run that it would find it',
    tellStory({ users: users(2), restless: true }, async (story) => {
      await story.run('full');
      await loseState(story);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });

      const run = await adopt(story, { dryRun: true });

      expect(run.adoption).toMatchObject({ linkable: 2, orphaned: 0, unmanaged: 0 });
      const [first] = await recordsOf(story, run, 'linkable');
      expect(first?.fields).toContainEqual({ field: 'phone_number', before: mobile(1), after: mobile(71) });

      // The run that applies the plan does not read the account: it leaves alone whom it cannot find.
      await story.clock.advance(1000);
      await approveRun(story.engine(), run.runId, run.planHash!);
      await story.drain();
      const [applied] = (await listRuns(story.engine(), 1)).items;
      expect(applied).toMatchObject({ planOf: run.runId, counts: { adopted: 1, created: 0 } });
      expect(await exceptionsOf(story, applied!)).toEqual({ 1: 'skipped stale-plan' });
    }),
  );

  it(
    'does not guess when one contact has the marker and another one the number',
    tellStory({ users: users(3), restless: true }, async (story) => {
      await story.run('full');
      const own = contactOf(story, 1)!;
      await loseState(story);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });
      const other = story.messageMedia.account.seedContact({ firstName: 'By hand', number: mobile(71) });

      const run = await adopt(story);

      expect(run.adoption).toMatchObject({ linkable: 2, ambiguous: 1, unmanaged: 0, orphaned: 0 });
      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped contact-conflict' });
      const [record] = await recordsOf(story, run, 'ambiguous');
      expect(record?.contactIds).toEqual([own.id, other.id]);
      expect(contactOf(story, 1)).toEqual(own);
    }),
  );

  const UNCLEAR: readonly (readonly [what: string, numbers: readonly (readonly string[])[]])[] = [
    ['two contacts carry the marker', [[mobile(81)], [mobile(82)]]],
    ['the contact has two numbers, of which one has to go', [[mobile(81), mobile(82)]]],
    ['the contact has no number at all', [[]]],
  ];
  it.each(UNCLEAR)('does not guess when %s', async (_what, numbers) => {
    await tellStory({ users: users(1), restless: true }, async (story) => {
      const ids = numbers.map(
        (own) =>
          story.messageMedia.account.seedContact({
            firstName: 'Person',
            channels: own.map((channelId) => ({ type: 'SMS', channelId })),
            customFields: marked(userId(1)),
          }).id,
      );

      const run = await adopt(story);

      expect(run.adoption).toMatchObject({ linkable: 0, ambiguous: 1 });
      expect((await recordsOf(story, run, 'ambiguous'))[0]?.contactIds).toEqual(ids);
      // Somebody clears up: no story ends with two contacts of one person.
      for (const id of ids.slice(1)) story.messageMedia.account.deleteContact(id);
    })();
  });

  it(
    'leaves somebody in doubt alone in later runs, too, and links the contact that is left once people have cleared up',
    tellStory({ users: users(2) }, async (story) => {
      const { account } = story.messageMedia;
      const [first, second] = [81, 82].map((n) =>
        account.seedContact({ firstName: 'Person', number: mobile(n), customFields: marked(userId(1)) }),
      );
      await adopt(story);

      for (const mode of ['full', 'delta'] as const) {
        await story.clock.advance(25 * 3_600_000);
        expect(await exceptionsOf(story, await story.run(mode))).toEqual({ 1: 'skipped contact-conflict' });
      }
      expect(contactsOf(story)).toHaveLength(3);

      account.deleteContact(second!.id);
      await story.clock.advance(25 * 3_600_000);
      await story.run();
      expect(contactsOf(story)).toHaveLength(2);
      expect(contactOf(story, 1)).toMatchObject({ id: first!.id, numbers: [mobile(1)], lists: ['Sales'] });
    }),
  );

  it(
    'makes a contact for somebody in doubt once none carries their marker any more',
    tellStory({ users: users(1) }, async (story) => {
      const { account } = story.messageMedia;
      const ids = [81, 82].map((n) => account.seedContact({ number: mobile(n), customFields: marked(userId(1)) }).id);
      await adopt(story);
      for (const id of ids) account.editContact(id, { customFields: marked('') });
      await story.clock.advance(25 * 3_600_000);

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 1 });
      expect(await exceptionsOf(story, run)).toEqual({});
    }),
  );

  it(
    'does not count a second contact of somebody it knows as orphaned',
    tellStory({ users: users(1), restless: true }, async (story) => {
      await story.run('full');
      const second = story.messageMedia.account.seedContact({
        number: mobile(81),
        customFields: marked(userId(1)),
      });

      const run = await adopt(story);

      expect(run.adoption).toEqual({ contacts: 2, managed: 1, linkable: 0, ambiguous: 0, unmanaged: 1, orphaned: 0 });
      story.messageMedia.account.deleteContact(second.id);
    }),
  );

  it(
    'says in words that a number moves from one person to another; the opt-out stays, the name does not',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.messageMedia.account.optOut(mobile(1));
      story.graph.admin.updateUser(userId(1), { accountEnabled: false, mobilePhone: null });
      await story.run();
      story.graph.admin.createUser(
        aUser(31, { displayName: 'Robin Example', givenName: 'Robin', surname: 'Example', mobilePhone: mobile(1) }),
      );
      await story.clock.advance(1000);

      const run = await story.run();

      const record = (await story.records(run.runId)).find(({ personId }) => personId === userId(31));
      expect(record?.words).toContain(`The number moves here from ${userId(1)}`);
      expect(contactOf(story, 31)).toMatchObject({ name: 'Robin Example', numbers: [mobile(1)] });
      expect(story.messageMedia.account.contactsWith(mobile(1))[0]?.channels).toContainEqual(
        expect.objectContaining({ channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' }),
      );
    }),
  );

  it(
    'says it of somebody who has a contact and gets the number of somebody else',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(80) });
      story.graph.admin.updateUser(userId(3), { mobilePhone: mobile(1) });
      await story.clock.advance(1000);

      const run = await story.run();

      const words = Object.fromEntries((await story.records(run.runId)).map((one) => [one.personId, one.words]));
      expect(words[userId(3)]).toContain(`The number moves here from ${userId(1)}`);
      expect(words[userId(1)]).not.toContain('moves here');
    }),
  );

  it(
    'reads an account of several pages, 1000 contacts a call, and shows all that is nobody’s',
    tellStory({ users: users(2), restless: true }, async (story) => {
      for (let n = 1; n <= 2_100; n += 1) {
        story.messageMedia.account.seedContact({ firstName: `Visitor ${n}`, number: mobile(1000 + n) });
      }
      story.callsMade();

      const run = await adopt(story, { dryRun: true });

      expect(run.adoption).toMatchObject({ contacts: 2_100, unmanaged: 2_100 });
      // Three pages, whether there is anything at all, and a look-up for each of the two departments.
      expect(tallyCalls(story.callsMade().messageMedia)).toEqual({ 'GET /contacts': 6 });
      const first = await listRecords(story.engine(), run.runId, { limit: 1_900, adoption: 'unmanaged' });
      const rest = await listRecords(story.engine(), run.runId, {
        limit: 1_900,
        adoption: 'unmanaged',
        cursor: first.nextCursor!,
      });
      const ids = [...first.items, ...rest.items].flatMap(({ contactIds = [] }) => contactIds);
      expect(new Set(ids).size).toBe(2_100);
      expect(rest.nextCursor).toBeUndefined();
    }),
  );

  it(
    'stores neither numbers nor names of contacts that are nobody’s',
    tellStory({ users: users(1), restless: true }, async (story) => {
      story.messageMedia.account.seedContact({ firstName: 'Zebedee', number: mobile(4321) });

      await adopt(story);

      const parts = JSON.stringify(story.tables.rows('parts'));
      expect(parts).not.toContain(mobile(4321));
      expect(parts).not.toContain('Zebedee');
    }),
  );
});
