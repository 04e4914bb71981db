import { findPeople } from '../../src/core/run/find-people.ts';
import { listRecords, readRun } from '../../src/core/run/read-runs.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { contactOf, countsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

/** Whom the change concerns, by user number. */
async function impactsOf(story: Story, run: RunRow): Promise<Record<number, string>> {
  const { items } = await listRecords(story.engine(), run.runId, { limit: 100_000 });
  return Object.fromEntries(
    items.flatMap(({ personId, impact }) => (impact === undefined ? [] : [[Number(personId.slice(-12)), impact]])),
  );
}

const BOTH = { department: ['Sales', 'Support'], accountEnabled: true };

describe('the impact of a change of the configuration', () => {
  it(
    'is told apart from what the directory did, beforehand by a dry run and then by the first full run',
    tellStory({ users: [...users(30), aUser(31, { department: 'Finance' })], restless: true }, async (story) => {
      await story.run('full');
      // The directory: 2 leaves Support, 4 is renamed, 32 is hired.
      story.graph.admin.updateUser(userId(2), { accountEnabled: false });
      story.graph.admin.updateUser(userId(3), { surname: 'Renamed' });
      story.graph.admin.createUser(aUser(32));
      // The configuration: Support goes, Finance comes, and a note is written.
      story.reconfigure({
        filters: { department: ['Sales', 'Finance'], accountEnabled: true },
        mapping: {
          displayName: 'contact_name',
          mobilePhone: 'phone_number',
          mail: 'email',
          department: 'group',
          jobTitle: 'note',
        },
        protection: { floor: 100 },
      });
      story.graph.admin.updateUser(userId(1), { jobTitle: 'Baker' });
      story.callsMade();

      const dry = await story.run('delta', { dryRun: true });

      expect(dry).toMatchObject({ mode: 'full', reason: 'configuration-changed' });
      expect(dry.impact).toEqual({ entering: 1, leaving: 15, rewritten: 1 });
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
      const even = Array.from({ length: 15 }, (_, at) => [2 * (at + 1), 'leaving'] as const);
      const expected = Object.fromEntries([[1, 'rewritten'], [31, 'entering'], ...even]);
      expect(await impactsOf(story, dry)).toEqual(expected);

      const real = await story.run('delta');
      expect(real.impact).toEqual(dry.impact);
      expect(await impactsOf(story, real)).toEqual(expected);
      expect(countsOf(real)).toMatchObject({ created: 2, updated: 2, held: 15 });
      expect(contactOf(story, 1)?.note).toBe('Baker');

      const next = await story.run('full');
      expect(next.impact).toBeUndefined();
      expect(await impactsOf(story, next)).toEqual({});
    }),
  );

  it(
    'is nobody for whom the new configuration means the same',
    tellStory({ users: users(4) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });
      story.reconfigure({ lists: { create: true, prefix: '', names: { Legal: 'Lawyers' } } });

      const run = await story.run();

      expect(run).toMatchObject({ mode: 'full', impact: { entering: 0, leaving: 0, rewritten: 0 } });
      expect(countsOf(run)).toMatchObject({ updated: 1, unchanged: 3 });
      expect(await impactsOf(story, run)).toEqual({});
    }),
  );

  it(
    'is everybody whose list is called otherwise',
    tellStory({ users: users(4), restless: true }, async (story) => {
      await story.run('full');
      story.reconfigure({ lists: { create: true, prefix: '', names: { Sales: 'Sales team' } } });

      const run = await story.run('full', { dryRun: true });

      expect(run.impact).toEqual({ entering: 0, leaving: 0, rewritten: 2 });
      expect(await impactsOf(story, run)).toEqual({ 1: 'rewritten', 3: 'rewritten' });
    }),
  );

  it(
    'is whoever can be reached now: a fallback gives them a number',
    tellStory(
      {
        users: [aUser(1), aUser(2, { mobilePhone: null, businessPhones: [mobile(2)] })],
        sync: {
          mapping: [
            { to: 'phone_number', from: 'mobilePhone' },
            { to: 'group', from: 'department' },
          ],
        },
        restless: true,
      },
      async (story) => {
        await story.run('full');
        story.reconfigure({
          mapping: [
            { to: 'phone_number', from: 'mobilePhone', fallback: ['businessPhones[0]'] },
            { to: 'group', from: 'department' },
          ],
        });

        const run = await story.run();

        expect(run.impact).toEqual({ entering: 1, leaving: 0, rewritten: 0 });
        expect(countsOf(run)).toMatchObject({ created: 1, unchanged: 1 });
      },
    ),
  );

  it(
    'is not somebody whom the former configuration had left out already, or taken on',
    tellStory(
      {
        users: users(30),
        sync: { filters: BOTH, leavers: { disabled: { action: 'remove-from-lists', afterDays: 14 } } },
        restless: true,
      },
      async (story) => {
        await story.run('full');
        story.graph.admin.updateUser(userId(1), { accountEnabled: false });
        await story.run();
        story.reconfigure({
          filters: { department: ['Sales'], accountEnabled: true },
          leavers: { disabled: { action: 'remove-from-lists', afterDays: 14 } },
          protection: { floor: 100 },
        });

        const run = await story.run('full', { dryRun: true });

        expect(run.impact).toEqual({ entering: 0, leaving: 15, rewritten: 0 });
        expect((await impactsOf(story, run))[1]).toBeUndefined();
      },
    ),
  );

  it(
    'is told by filter on the records, too',
    tellStory({ users: users(4), restless: true }, async (story) => {
      await story.run('full');
      story.reconfigure({ filters: { department: ['Sales'] }, protection: { floor: 100 } });

      const run = await story.run('full', { dryRun: true });

      const { items } = await listRecords(story.engine(), run.runId, { limit: 10, impact: 'leaving' });
      expect(items.map(({ personId }) => personId)).toEqual([userId(2), userId(4)]);
    }),
  );

  it(
    'is not told when the run that had the former configuration is not kept any more',
    tellStory({ users: users(2), restless: true }, async (story) => {
      const { runId } = await story.run('full');
      await story.tables.runs.write('default', [{ kind: 'delete', key: runId }]);
      story.reconfigure({ filters: { department: ['Sales'] }, protection: { floor: 100 } });

      const run = await story.run('full', { dryRun: true });

      expect(run).toMatchObject({ changedFrom: expect.any(String), state: 'completed' });
      expect(run.impact).toBeUndefined();
    }),
  );

  it(
    'is not told when that run was of a version that knew less',
    tellStory({ users: users(2), restless: true }, async (story) => {
      const { runId } = await story.run('full');
      const row = story.tables.rows('runs').find(({ key }) => key === runId)!;
      const { config, ...rest } = row.body as RunRow;
      const { exclude: _exclude, custom: _custom, ...former } = config;
      const { key, facets } = row;
      await story.tables.runs.write('default', [
        { kind: 'put', row: { key, facets, body: { ...rest, config: former } } },
      ]);
      story.reconfigure({ filters: { department: ['Sales'] }, protection: { floor: 100 } });

      const run = await story.run('full', { dryRun: true });

      expect(run.state).toBe('completed');
      expect(run.impact).toBeUndefined();
    }),
  );

  it(
    'is not told by a run for some people, nor by the very first',
    tellStory({ users: users(2), restless: true }, async (story) => {
      const first = await story.run('full');

      expect([first.changedFrom, first.impact]).toEqual([undefined, undefined]);
      story.reconfigure({ filters: { department: ['Sales'] }, protection: { floor: 100 } });
      const only = { departments: [], ...(await findPeople(story.engine(), [userId(1)])) };
      const { runId } = await startRun(story.engine(), { mode: 'full', dryRun: true, trigger: 'http', only });
      await story.drain();
      const some = await readRun(story.engine(), runId);
      expect([some.changedFrom, some.impact]).toEqual([undefined, undefined]);
    }),
  );
});
