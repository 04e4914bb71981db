import { SyncError } from '../../src/core/errors.ts';
import { listRuns } from '../../src/core/run/read-runs.ts';
import { readStatus } from '../../src/core/run/read-status.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { changeState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import type { Story } from '../support/story.ts';
import { tellStory } from '../support/story-checks.ts';
import { changeUsers, users } from '../support/story-people.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function runsOf(story: Story): Promise<readonly RunRow[]> {
  return (await listRuns(story.engine(), 100)).items;
}

/** Lets the timer tick every quarter of an hour for a while. */
async function letTick(story: Story, forMs: number): Promise<void> {
  for (let passed = 0; passed < forMs; passed += HOUR_MS / 4) {
    await story.clock.advance(HOUR_MS / 4);
    await tick(story.engine());
    await story.drain();
  }
}

describe('the timer', () => {
  // Stories begin on a Monday at 06:00 UTC, the moment of the published sample's schedule.
  it(
    'starts the day’s run once, at its time in its zone',
    tellStory({ users: users(4), sync: { schedule: '30 9 * * *', timeZone: 'Europe/London' } }, async (story) => {
      await tick(story.engine());
      await letTick(story, DAY_MS);

      const runs = await runsOf(story);
      expect(runs.map(({ trigger, createdAt }) => [trigger, new Date(createdAt).toISOString()])).toEqual([
        ['schedule', '2026-01-05T09:30:00.000Z'],
      ]);
    }),
  );

  it(
    'runs an overdue schedule once, and is not misled by a run that somebody started',
    tellStory({ users: users(4), sync: { schedule: '0 7 * * *' } }, async (story) => {
      await tick(story.engine());
      await story.run();
      await story.clock.advance(3 * DAY_MS);

      await letTick(story, 2 * HOUR_MS);

      // One for the three days that were missed, and one at seven.
      const runs = (await runsOf(story)).map(({ trigger }) => trigger);
      expect(runs).toEqual(['schedule', 'schedule', 'http']);
    }),
  );

  it(
    'makes Sunday’s run a full one',
    tellStory({ users: users(4), sync: { schedule: '0 7 * * *' } }, async (story) => {
      await tick(story.engine());
      await letTick(story, 7 * DAY_MS);

      const modes = (await runsOf(story)).map(({ mode }) => mode);
      expect(modes).toEqual(['full', 'delta', 'delta', 'delta', 'delta', 'delta', 'full']);
    }),
  );

  it(
    'looks at the contacts when that is due, in place of the run that would have been',
    tellStory({ users: users(4), sync: { schedule: '0 7 * * *', reconcileSchedule: '0 7 * * 3' } }, async (story) => {
      await tick(story.engine());
      await letTick(story, 4 * DAY_MS);

      const modes = (await runsOf(story)).map(({ mode }) => mode);
      expect(modes).toEqual(['delta', 'reconcile', 'delta', 'full']);
      const { schedule } = await readStatus(story.engine());
      expect(schedule.reconcileWords).toBe('on Wednesdays at 07:00 (UTC)');
    }),
  );

  it(
    'reads everybody before the directory forgets the delta token',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      await story.clock.advance(6.6 * DAY_MS);

      expect(await story.run('delta')).toMatchObject({ mode: 'full', reason: 'token-age' });
    }),
  );

  it(
    'calls a lane and a run again whose messages were lost',
    tellStory({ users: users(30), lanes: 2 }, async (story) => {
      await story.start();
      for (const queue of ['sync-runs', 'sync-batches', 'sync-runs', 'sync-batches', 'sync-runs'] as const) {
        await story.drain({ until: () => story.queue.waiting(queue).length > 0 });
        for (let lost = story.queue.take(queue); lost !== undefined; lost = story.queue.take(queue))
          story.queue.done(lost);
        await story.clock.advance(10 * 60_000);
        await tick(story.engine());
      }
      await story.drain();

      expect((await runsOf(story))[0]).toMatchObject({ state: 'completed', counts: { created: 30 } });
    }),
  );

  it(
    'frees the lease of a starter that died before its run was written',
    tellStory({ users: users(4) }, async (story) => {
      await changeState(story.engine(), (state) => ({
        ...state,
        lease: { runId: 'r1-ghost', since: story.clock.now() },
      }));
      await expect(story.start()).rejects.toThrow(SyncError);
      await story.clock.advance(2 * 60_000);

      await tick(story.engine());

      expect((await story.run()).state).toBe('completed');
    }),
  );

  it(
    'deletes runs and their parts when they are old enough, and nothing else',
    tellStory({ users: users(4), sync: { retention: { runsDays: 2 } } }, async (story) => {
      const first = await story.run();
      await story.clock.advance(3 * DAY_MS);
      const second = await story.run();

      await tick(story.engine());
      await story.drain();

      const partitions = new Set(story.tables.rows('parts').map(({ partition }) => partition));
      const kept = (await runsOf(story)).map(({ runId }) => runId);
      expect(kept).toContain(second.runId);
      expect(kept).not.toContain(first.runId);
      expect(partitions.has(first.runId)).toBe(false);
    }),
  );
});

describe('starting', () => {
  it(
    'gives one run to twenty callers, and its id to the others',
    tellStory({ users: users(4) }, async (story) => {
      const answers = await Promise.allSettled(Array.from({ length: 20 }, () => story.start()));
      await story.drain();

      const started = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.runId] : []));
      const refused = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [(answer.reason as SyncError).extras['runId']] : [],
      );
      expect(started).toHaveLength(1);
      expect(new Set(refused)).toEqual(new Set(started));
    }),
  );
});

describe('readStatus', () => {
  it(
    'says where the sync stands',
    tellStory({ users: users(60), restless: true }, async (story) => {
      const run = await story.run();
      changeUsers(story.graph, 1, 2, () => ({ accountEnabled: false }));
      await story.run();
      changeUsers(story.graph, 11, 40, () => ({ accountEnabled: false }));
      await story.run();

      const status = await readStatus(story.engine());

      expect(status).toMatchObject({
        held: 30,
        pending: { 'held-removal': 30 },
        leaversKept: 2,
        tokenIssuedAt: expect.any(Number) as number,
        schedule: { words: 'every day at 06:00 (UTC)' },
      });
      expect(status.lastRun?.runId).not.toBe(run.runId);
      expect(status.schedule.next).toHaveLength(5);
      expect(status.activeRunId).toBeUndefined();
    }),
  );
});

describe('a dry run', () => {
  it(
    'shows the whole plan field by field and writes nothing but its own run',
    tellStory({ users: users(12) }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed' }));
      changeUsers(story.graph, 3, 3, () => ({ department: 'Support' }));
      changeUsers(story.graph, 5, 5, () => ({ accountEnabled: false }));
      const before = [story.messageMedia.account.snapshot(), story.tables.rows('people')];
      const state = story.tables.rows('state').find(({ key }) => key === 'state')?.body as { token: unknown };
      story.callsMade();

      const dry = await story.run('delta', { dryRun: true });

      const after = story.tables.rows('state').find(({ key }) => key === 'state')?.body as { token: unknown };
      const records = await story.records(dry.runId);
      expect(dry).toMatchObject({ state: 'completed', dryRun: true, counts: { updated: 1, moved: 1, removed: 1 } });
      expect(records.map(({ operation, outcome, fields, lists }) => ({ operation, outcome, fields, lists }))).toEqual(
        expect.arrayContaining([
          {
            operation: 'update',
            outcome: 'planned',
            fields: [{ field: 'last_name', before: '1', after: 'Renamed' }],
            lists: { add: [], remove: [] },
          },
          { operation: 'move', outcome: 'planned', fields: [], lists: { add: ['Support'], remove: ['Sales'] } },
          { operation: 'remove', outcome: 'planned', fields: [], lists: { add: [], remove: ['Sales'] } },
        ]),
      );
      expect(story.callsMade().messageMedia).toEqual([]);
      expect([story.messageMedia.account.snapshot(), story.tables.rows('people')]).toEqual(before);
      expect(after.token).toEqual(state.token);
      expect((await story.run()).counts).toMatchObject({ updated: 1, moved: 1, removed: 1 });
    }),
  );
});
