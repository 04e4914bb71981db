import { SyncError } from '../../src/core/errors.ts';
import { approveRun, rejectRun } from '../../src/core/run/decide-run.ts';
import { listRuns, readRun } from '../../src/core/run/read-runs.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import type { Story } from '../support/story.ts';
import { tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, userId, users } from '../support/story-people.ts';

/** Sixty people, of whom twenty leave at once: more than a fifth of them. */
const STAFF = { users: users(60) };

async function twentyLeave(story: Story): Promise<RunRow> {
  await story.run();
  changeUsers(story.graph, 1, 20, () => ({ accountEnabled: false }));
  return runLater(story);
}

/** Runs of the same millisecond have no order: nobody decides as fast as that. */
async function runLater(story: Story): Promise<RunRow> {
  await story.clock.advance(1000);
  const run = await story.run();
  await story.clock.advance(1000);
  return run;
}

async function lastRun(story: Story): Promise<RunRow> {
  await story.drain();
  return (await listRuns(story.engine(), 1)).items[0]!;
}

function pendingCount(story: Story): number {
  return story.tables.rows('people').filter(({ key }) => key.startsWith('pending:')).length;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SyncError ? error.code : 'none';
}

describe('a mass removal', () => {
  it(
    'is held and shown, touches nobody, and lets additions flow',
    tellStory({ ...STAFF, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 20, () => ({ accountEnabled: false }));
      story.graph.admin.createUser(aUser(70));
      story.callsMade();

      const held = await story.run();

      expect(held.state).toBe('held');
      expect(held.counts).toMatchObject({ held: 20, removed: 0, created: 1 });
      expect(held.holds.map(({ rule }) => rule)).toContain('removal-share');
      expect(story.callsMade().messageMedia.filter((call) => call.startsWith('POST'))).toHaveLength(1);
      expect(pendingCount(story)).toBe(20);
    }),
  );

  it(
    'is applied exactly when the plan that was shown is approved',
    tellStory(STAFF, async (story) => {
      const held = await twentyLeave(story);

      await approveRun(story.engine(), held.runId, held.planHash!);

      const applied = await lastRun(story);
      expect(applied).toMatchObject({ trigger: 'approval', state: 'completed', counts: { removed: 20, held: 0 } });
      expect(pendingCount(story)).toBe(0);
    }),
  );

  it(
    'is not approved by another plan’s hash, nor twice',
    tellStory(STAFF, async (story) => {
      const held = await twentyLeave(story);

      expect(await codeOf(approveRun(story.engine(), held.runId, 'another'))).toBe('plan-changed');
      expect(await codeOf(approveRun(story.engine(), 'r0-nothing', held.planHash!))).toBe('run-not-found');
      await approveRun(story.engine(), held.runId, held.planHash!);
      await story.drain();
      const { decision } = await readRun(story.engine(), held.runId);
      await story.clock.advance(1000);

      // A repeat, because the answer was lost, is answered like the first time, and changes nothing.
      await approveRun(story.engine(), held.runId, held.planHash!);
      expect((await lastRun(story)).counts.removed).toBe(20);
      expect(await codeOf(rejectRun(story.engine(), held.runId, held.planHash!))).toBe('plan-changed');
      expect((await readRun(story.engine(), held.runId)).decision).toEqual(decision);
    }),
  );

  it(
    'that is approved while another run is active is applied by the run that the timer starts',
    tellStory(STAFF, async (story) => {
      const held = await twentyLeave(story);
      const active = await story.start('full');

      await approveRun(story.engine(), held.runId, held.planHash!);
      await story.drain();
      expect((await readRun(story.engine(), active.runId)).trigger).toBe('http');
      await tick(story.engine());

      await lastRun(story);
      expect(pendingCount(story)).toBe(0);
    }),
  );

  it(
    'does not stack up, however often it is planned again',
    tellStory(STAFF, async (story) => {
      const held = await twentyLeave(story);

      for (const mode of ['full', 'delta', 'full'] as const) {
        await story.run(mode);
        await story.clock.advance(1000);
      }

      expect(pendingCount(story)).toBe(20);
      await approveRun(story.engine(), held.runId, held.planHash!);
      expect((await lastRun(story)).counts.removed).toBe(20);
    }),
  );

  it(
    'that somebody changed since it was shown stays, for that person alone',
    tellStory({ ...STAFF, restless: true }, async (story) => {
      const held = await twentyLeave(story);
      story.graph.admin.updateUser(userId(1), { accountEnabled: true, department: 'Nowhere' });
      story.reconfigure({ leavers: { outOfScope: { action: 'unsubscribe' } } });

      await approveRun(story.engine(), held.runId, held.planHash!);

      const applied = await lastRun(story);
      const stale = (await story.records(applied.runId)).filter(({ reason }) => reason === 'stale-plan');
      expect(applied.counts).toMatchObject({ removed: 19, held: 1 });
      expect(stale.map(({ personId }) => personId)).toEqual([userId(1)]);
    }),
  );

  it(
    'that is rejected leaves people as they are until something about them changes',
    tellStory({ ...STAFF, isEdited: true, restless: true }, async (story) => {
      const held = await twentyLeave(story);

      await rejectRun(story.engine(), held.runId, held.planHash!);

      expect(await story.run('full')).toMatchObject({ state: 'completed', counts: { held: 0, removed: 0 } });
      story.graph.admin.updateUser(userId(1), { accountEnabled: true });
      expect((await story.run()).counts).toMatchObject({ unchanged: 1, held: 0 });
      expect(pendingCount(story)).toBe(19);
    }),
  );

  it(
    'dissolves when the directory comes to its senses',
    tellStory(STAFF, async (story) => {
      await twentyLeave(story);
      changeUsers(story.graph, 1, 20, () => ({ accountEnabled: true }));

      expect(await story.run()).toMatchObject({ state: 'completed', counts: { held: 0, unchanged: 20 } });
      expect(pendingCount(story)).toBe(0);
    }),
  );
});

describe('a directory that suddenly answers with nobody', () => {
  it.each([8, 60])('removes nobody of %i, and changes nothing when everybody is back', async (count) => {
    await tellStory({ users: users(count) }, async (story) => {
      await story.run();
      const before = story.messageMedia.account.snapshot();
      for (let n = 1; n <= count; n += 1) story.graph.admin.softDelete(userId(n));

      const held = await story.run('full');

      expect(held).toMatchObject({ state: 'held', counts: { held: count, removed: 0 } });
      for (let n = 1; n <= count; n += 1) story.graph.admin.restore(userId(n));
      expect((await story.run('full')).state).toBe('completed');
      expect(story.messageMedia.account.snapshot()).toEqual(before);
    })();
  });

  it(
    'does not lose its phones all at once either: that is held as well',
    tellStory({ users: users(60), restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 60, () => ({ mobilePhone: null }));

      expect(await story.run()).toMatchObject({ state: 'held', counts: { held: 60, removed: 0 } });
    }),
  );
});

describe('a mass change of values', () => {
  it(
    'is held above half of the people, and approved like a removal',
    tellStory({ users: users(40) }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 30, (n) => ({ surname: `Renamed ${n}` }));

      const held = await runLater(story);
      expect(held).toMatchObject({ state: 'held', counts: { held: 30, updated: 0 } });
      expect(held.holds.map(({ rule }) => rule)).toEqual(['update-share']);
      await approveRun(story.engine(), held.runId, held.planHash!);

      expect((await lastRun(story)).counts.updated).toBe(30);
    }),
  );
});

describe('removals in small steps', () => {
  it(
    'do not slip under the limit of a day',
    tellStory(
      {
        users: users(100),
        restless: true,
        sync: { protection: { maxRemovals: 25, perListShare: 1, maxRemovalShare: 1 } },
      },
      async (story) => {
        await story.run();
        const states: string[] = [];
        for (let step = 0; step < 4; step += 1) {
          changeUsers(story.graph, 1 + step * 10, 10 + step * 10, () => ({ accountEnabled: false }));
          states.push((await story.run()).state);
          await story.clock.advance(5 * 60_000);
        }

        expect(states).toEqual(['completed', 'completed', 'held', 'held']);
      },
    ),
  );
});
