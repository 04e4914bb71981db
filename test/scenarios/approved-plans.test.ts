import { SyncError } from '../../src/core/errors.ts';
import { approveRun, rejectRun } from '../../src/core/run/decide-run.ts';
import { listRuns } from '../../src/core/run/read-runs.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, userId, users } from '../support/story-people.ts';

const HOUR_MS = 3_600_000;
const RARELY = { schedule: '0 6 1 1 *', fullSchedule: '0 6 1 1 *' };

async function dryRun(story: Story, mode: 'delta' | 'full' = 'delta'): Promise<RunRow> {
  const run = await story.run(mode, { dryRun: true });
  await story.clock.advance(1000);
  return run;
}

async function lastRun(story: Story): Promise<RunRow> {
  await story.drain();
  return (await listRuns(story.engine(), 1)).items[0]!;
}

/** A joiner, a rename, a mover, a leaver. */
function change({ graph }: Story): void {
  graph.admin.createUser(aUser(40));
  changeUsers(graph, 1, 1, () => ({ surname: 'Renamed' }));
  changeUsers(graph, 2, 2, () => ({ department: 'Sales' }));
  changeUsers(graph, 3, 3, () => ({ accountEnabled: false }));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SyncError ? error.code : 'none';
}

describe('a dry run’s plan that is approved', () => {
  it(
    'is applied exactly; the token stays where it was',
    tellStory({ users: users(8) }, async (story) => {
      await story.run();
      change(story);
      const { token, lastSuccessAt } = await readState(story.engine());
      const dry = await dryRun(story);

      await approveRun(story.engine(), dry.runId, dry.planHash!);

      const run = await lastRun(story);
      expect(run).toMatchObject({ trigger: 'approval', planOf: dry.runId, state: 'completed', dryRun: false });
      expect(countsOf(run)).toMatchObject({ created: 1, updated: 1, moved: 1, removed: 1 });
      const after = await readState(story.engine());
      expect([after.token, after.lastSuccessAt]).toEqual([token, lastSuccessAt]);
      // What the token has not passed is seen again, and found done.
      expect(countsOf(await story.run())).toMatchObject({ unchanged: 4 });
    }),
  );

  it(
    'may be the very first one, with nothing before it',
    tellStory({ users: users(5), sync: { protection: { firstRun: 'approve' } } }, async (story) => {
      const dry = await dryRun(story, 'full');
      expect(countsOf(dry)).toMatchObject({ held: 5 });

      await approveRun(story.engine(), dry.runId, dry.planHash!);

      const run = await lastRun(story);
      expect(countsOf(run)).toMatchObject({ created: 5 });
      expect((await readState(story.engine())).lastSuccessAt).toBe(run.finishedAt);
      expect(countsOf(await story.run())).toMatchObject({ unchanged: 5 });
    }),
  );

  it(
    'includes what the dry run would have held, and leaves out what has changed since',
    tellStory({ users: users(60), restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 20, () => ({ accountEnabled: false }));
      const dry = await dryRun(story);
      expect(countsOf(dry)).toMatchObject({ held: 20 });
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: true, surname: 'Back' }));

      await approveRun(story.engine(), dry.runId, dry.planHash!);

      const run = await lastRun(story);
      expect(countsOf(run)).toMatchObject({ removed: 19, skipped: 1 });
      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped stale-plan' });
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person 1', lists: ['Sales'] });
      expect(countsOf(await story.run())).toMatchObject({ updated: 1 });
    }),
  );

  it(
    'touches nobody else, whatever happened to them meanwhile',
    tellStory({ users: users(8), restless: true }, async (story) => {
      await story.run();
      change(story);
      const dry = await dryRun(story);
      changeUsers(story.graph, 5, 5, () => ({ surname: 'Later' }));

      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();

      expect(contactOf(story, 5)?.name).toBe('Person 5');
    }),
  );

  it(
    'waits for a run that is under way; the timer starts it then',
    tellStory({ users: users(8) }, async (story) => {
      await story.run();
      change(story);
      const dry = await dryRun(story);
      await story.start('full', { dryRun: true });

      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();
      expect(contactOf(story, 40)).toBeUndefined();
      await story.clock.advance(1000);
      await tick(story.engine());

      expect(await lastRun(story)).toMatchObject({ planOf: dry.runId, counts: { created: 1 } });
      expect((await readState(story.engine())).plansApproved).toEqual([]);
    }),
  );

  it(
    'that waited for too long is let go',
    tellStory({ users: users(8), restless: true, sync: RARELY }, async (story) => {
      await story.run();
      change(story);
      const dry = await dryRun(story);
      await story.start('full', { dryRun: true });
      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();
      await story.clock.advance(25 * HOUR_MS);

      await tick(story.engine());
      await story.drain();

      expect(contactOf(story, 40)).toBeUndefined();
      expect((await readState(story.engine())).plansApproved).toEqual([]);
    }),
  );

  it(
    'is refused when it is another one, too old, decided on already, or of another configuration',
    tellStory({ users: users(8), restless: true }, async (story) => {
      await story.run();
      change(story);
      const dry = await dryRun(story);
      const old = await dryRun(story);
      await story.clock.advance(23 * HOUR_MS);
      const another = await dryRun(story);
      await story.clock.advance(2 * HOUR_MS);
      const { planHash } = dry;

      expect(await codeOf(approveRun(story.engine(), another.runId, 'another'))).toBe('plan-changed');
      expect(await codeOf(approveRun(story.engine(), old.runId, planHash!))).toBe('plan-changed');
      expect(await codeOf(rejectRun(story.engine(), another.runId, planHash!))).toBe('plan-changed');
      await approveRun(story.engine(), another.runId, planHash!);
      await story.drain();
      expect(await codeOf(approveRun(story.engine(), another.runId, planHash!))).toBe('plan-changed');
      const last = await dryRun(story);
      story.reconfigure({ filters: { accountEnabled: true } });
      expect(await codeOf(approveRun(story.engine(), last.runId, last.planHash!))).toBe('plan-changed');
    }),
  );

  it(
    'reads only its own people, by id',
    tellStory({ users: users(30), pageSize: 5 }, async (story) => {
      await story.run();
      change(story);
      const dry = await dryRun(story);
      story.callsMade();

      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();

      expect(story.callsMade().graph).toEqual(['POST /v1.0/$batch']);
      expect(contactsOf(story)).toHaveLength(31);
    }),
  );
});

describe('a hold that nobody decides on', () => {
  it(
    'is planned and announced afresh after holdHours, and stays held',
    tellStory({ users: users(60), restless: true, sync: { protection: { holdHours: 48 } } }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 20, () => ({ accountEnabled: false }));
      await story.run();
      // Ten of them are back: what is left would be below the limits by itself.
      changeUsers(story.graph, 1, 12, () => ({ accountEnabled: true }));
      await story.run();
      await story.clock.advance(47 * HOUR_MS);
      expect((await story.run()).holds).toEqual([]);
      await story.clock.advance(2 * HOUR_MS);

      const renewed = await story.run();

      expect(renewed.holds).toEqual([
        { rule: 'removal-share', operations: 8, limit: 0, recent: 0, members: 0, renewed: true },
      ]);
      expect(countsOf(renewed)).toMatchObject({ held: 8 });
      expect((await story.run()).holds).toEqual([]);
      await story.clock.advance(1000);
      await approveRun(story.engine(), renewed.runId, renewed.planHash!);
      expect(countsOf(await lastRun(story))).toMatchObject({ removed: 8 });
    }),
  );

  it(
    'dissolves only when what is held goes away, not when something else changes',
    tellStory({ users: users(60), restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 20, () => ({ accountEnabled: false }));
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed' }));
      story.graph.admin.softDelete(userId(2));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'held held-removal', 2: 'held held-removal' });
    }),
  );
});
