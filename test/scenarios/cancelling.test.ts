import { SyncError } from '../../src/core/errors.ts';
import { cancelRun } from '../../src/core/run/cancel-run.ts';
import { pauseSync, resumeSync } from '../../src/core/run/pause-sync.ts';
import { listRuns, readRun } from '../../src/core/run/read-runs.ts';
import { readStatus } from '../../src/core/run/read-status.ts';
import { IDEMPOTENCY_MS, startRunOnce } from '../../src/core/run/start-run-once.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import { employMortals, HOUR_MS, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactsOf, tellStory } from '../support/story-checks.ts';
import { users } from '../support/story-people.ts';

/** Something happens when the `nth` effect of that name has come. */
function atTheEffect(story: Story, effect: string, nth: number, happen: () => Promise<unknown>): void {
  let seen = 0;
  employMortals(story, async (what) => {
    if (what === effect && ++seen === nth) await happen();
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SyncError ? error.code : 'none';
}

describe('cancelRun', () => {
  it.each([
    ['while it reads', 'after page read', 1],
    ['while it plans', 'after parts.write insert', 12],
    ['while it applies', 'after createContact', 30],
  ])('ends a run %s within a batch a lane; the next one completes', async (_when, effect, nth) => {
    await tellStory({ users: users(450), lanes: 2 }, async (story) => {
      const { runId } = await story.start();
      let created = 0;
      atTheEffect(story, effect, nth, async () => {
        created = contactsOf(story).length;
        await cancelRun(story.engine(), runId);
      });

      await story.drain();

      const run = await readRun(story.engine(), runId);
      expect(run).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
      // Two lanes, each with the batch it was at.
      expect(contactsOf(story).length).toBeLessThanOrEqual(created + 200);
      expect((await readState(story.engine())).token).toBeUndefined();
      story.employ = undefined;
      const made = contactsOf(story).length;
      expect(run.counts.created).toBe(made);
      expect((await story.run()).counts.created).toBe(450 - made);
    })();
  });

  it(
    'ends a run whose message was lost, with the next tick',
    tellStory({ users: users(4), restless: true }, async (story) => {
      const { runId } = await story.start();
      story.queue.done(story.queue.take('sync-runs')!);
      await cancelRun(story.engine(), runId);
      story.queue.done(story.queue.take('sync-runs')!);
      await story.clock.advance(HOUR_MS / 2);

      await tick(story.engine());
      await story.drain();

      expect((await readRun(story.engine(), runId)).state).toBe('cancelled');
    }),
  );

  it(
    'leaves a run alone that has ended, and knows no other',
    tellStory({ users: users(4) }, async (story) => {
      const { runId } = await story.run();

      expect((await cancelRun(story.engine(), runId)).state).toBe('completed');
      expect(await codeOf(cancelRun(story.engine(), 'r1-none'))).toBe('run-not-found');
    }),
  );
});

describe('pauseSync', () => {
  it(
    'ends the run under way and starts nothing by itself until it is resumed',
    tellStory({ users: users(250), lanes: 1, sync: { schedule: '0 * * * *' } }, async (story) => {
      await tick(story.engine());
      const { runId } = await story.start();
      atTheEffect(story, 'after createContact', 5, () => pauseSync(story.engine()));
      await story.drain();
      story.employ = undefined;
      expect((await readRun(story.engine(), runId)).state).toBe('cancelled');
      const { since } = await pauseSync(story.engine());
      expect((await readStatus(story.engine())).pausedSince).toBe(since);

      await weather(story, { ticks: 40 });
      expect((await listRuns(story.engine(), 10)).items).toHaveLength(1);

      expect(await resumeSync(story.engine())).toEqual({ paused: false });
      await resumeSync(story.engine());
      await weather(story, { ticks: 2 });
      const runs = (await listRuns(story.engine(), 10)).items;
      expect(runs.map(({ trigger, state }) => [trigger, state])).toEqual([
        ['schedule', 'completed'],
        ['http', 'cancelled'],
      ]);
      expect((await readStatus(story.engine())).pausedSince).toBeUndefined();
    }),
  );

  it(
    'lets people start a run by hand',
    tellStory({ users: users(4) }, async (story) => {
      await pauseSync(story.engine());

      expect((await story.run()).state).toBe('completed');
    }),
  );
});

describe('startRunOnce', () => {
  const request = { mode: 'delta', dryRun: false, trigger: 'http' } as const;

  it(
    'gives one run to everybody who asks with the same key, while it runs and after',
    tellStory({ users: users(4) }, async (story) => {
      const engine = story.engine();

      const answers = await Promise.all(Array.from({ length: 5 }, () => startRunOnce(engine, request, 'key')));
      await story.drain();
      answers.push(await startRunOnce(engine, request, 'key'));

      expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
      expect(answers.at(-1)).toMatchObject({ state: 'completed' });
      expect((await listRuns(engine, 10)).items).toHaveLength(1);
    }),
  );

  it(
    'refuses the key for another request',
    tellStory({ users: users(4) }, async (story) => {
      await startRunOnce(story.engine(), request, 'key');
      await story.drain();

      const another = startRunOnce(story.engine(), { ...request, mode: 'full' }, 'key');

      expect(await codeOf(another)).toBe('idempotency-key-reused');
    }),
  );

  it(
    'leaves the key free when another run is active',
    tellStory({ users: users(4) }, async (story) => {
      await story.start();

      expect(await codeOf(startRunOnce(story.engine(), request, 'key'))).toBe('run-active');
      await story.drain();
      await story.clock.advance(1000);
      await startRunOnce(story.engine(), { ...request, mode: 'full' }, 'key');
      await story.drain();

      expect((await listRuns(story.engine(), 10)).items.map(({ mode }) => mode)).toEqual(['full', 'full']);
    }),
  );

  it(
    'starts the run of a starter that died after it had reserved the key',
    tellStory({ users: users(4) }, async (story) => {
      story.onEffect = (effect) => {
        if (effect === 'before runs.write') throw new Error('died');
      };
      await expect(startRunOnce(story.engine(), request, 'key')).rejects.toThrow('died');
      story.onEffect = undefined;
      await story.clock.advance(HOUR_MS);

      const run = await startRunOnce(story.engine(), request, 'key');
      await story.drain();

      expect((await readRun(story.engine(), run.runId)).state).toBe('completed');
    }),
  );

  it(
    'forgets the key after a day, and leaves nothing of it behind',
    tellStory({ users: users(4) }, async (story) => {
      const first = await startRunOnce(story.engine(), request, 'key');
      await story.drain();
      const isKept = () => story.tables.rows('state').some(({ key }) => key.startsWith('idempotency:'));
      await story.clock.advance(IDEMPOTENCY_MS);

      const second = await startRunOnce(story.engine(), request, 'key');
      await story.drain();
      expect(second.runId).not.toBe(first.runId);
      expect(isKept()).toBe(true);
      await story.clock.advance(IDEMPOTENCY_MS);
      await weather(story, { ticks: 3 });

      expect(isKept()).toBe(false);
    }),
  );
});
