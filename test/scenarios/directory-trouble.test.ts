import { readRun } from '../../src/core/run/read-runs.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, users } from '../support/story-people.ts';

describe('a delta token that the directory no longer knows', () => {
  it.each(['syncStateNotFound', 'gone', 'badlyFormed'] as const)('forces a full run (%s)', async (mode) => {
    await tellStory({ users: users(12) }, async (story) => {
      await story.run();
      story.graph.admin.expireTokens(mode);
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed' }));

      const run = await story.run('delta');

      expect(run).toMatchObject({ mode: 'full', state: 'completed', counts: { updated: 1, unchanged: 11 } });
    })();
  });

  it('starts the chain anew when it is lost in the middle', async () => {
    await tellStory({ users: users(30), pageSize: 10, mayFail: true }, async (story) => {
      story.graph.faults.add({
        match: { path: /users\/delta$/, query: /skiptoken/ },
        nth: 2,
        do: { status: 410, body: { error: { code: 'resyncRequired', message: 'Resync required.' } } },
      });

      const run = await story.run();

      expect(run).toMatchObject({ state: 'completed', chain: 2, counts: { created: 30 } });
    })();
  });
});

describe('a directory that misbehaves', () => {
  it.each([
    ['sends a next link of another host', (options: Record<string, unknown>) => (options['wrongHostNextLink'] = true)],
    ['sends the same next link for ever', (options: Record<string, unknown>) => (options['nextLinkLoop'] = true)],
  ])('and %s fails the run, with the token unmoved and nobody touched', async (_what, misbehave) => {
    await tellStory({ users: users(30), pageSize: 10, mayFail: true, restless: true }, async (story) => {
      await story.run();
      const before = [story.messageMedia.account.snapshot(), (await readState(story.engine())).token];
      story.graph.admin.options.pageSize = 5;
      misbehave(story.graph.admin.options as unknown as Record<string, unknown>);

      const run = await story.run('full');

      expect(run).toMatchObject({ state: 'failed', error: { code: 'directory-unreadable' } });
      expect([story.messageMedia.account.snapshot(), (await readState(story.engine())).token]).toEqual(before);
      expect(story.graph.unexpected).toEqual([]);
    })();
  });

  it('and refuses a page half-way fails the run at once, and removes nobody', async () => {
    await tellStory({ users: users(30), pageSize: 10, mayFail: true, restless: true }, async (story) => {
      await story.run();
      const before = story.messageMedia.account.snapshot();
      story.graph.faults.add({ match: { path: /users\/delta$/, query: /skiptoken/ }, do: { status: 403 } });

      const run = await story.run('full');

      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect(story.messageMedia.account.snapshot()).toEqual(before);
      story.graph.faults.clear();
      expect((await story.run('full')).state).toBe('completed');
    })();
  });

  it('and is down for some minutes is waited for', async () => {
    await tellStory({ users: users(12), mayFail: true }, async (story) => {
      const fault = story.graph.faults.add({ match: { path: /users\/delta$/ }, times: 20, do: { status: 503 } });

      const run = await story.run();

      expect(fault.fired).toBe(20);
      expect(run).toMatchObject({ state: 'completed', counts: { created: 12 } });
    })();
  });
});

describe('somebody whom the directory shows but does not answer for', () => {
  it('is tried again, and is there in the end', async () => {
    await tellStory({ users: users(4) }, async (story) => {
      await story.run();
      const id = story.graph.admin.createUser(aUser(9));
      let isShown = false;
      story.onEffect = (effect) => {
        if (isShown || effect !== 'after parts.write') return;
        isShown = true;
        story.graph.admin.softDelete(id);
      };

      const first = await story.run();
      story.graph.admin.restore(id);
      const second = await story.run();

      expect(isShown).toBe(true);
      expect(first).toMatchObject({ state: 'completed-with-errors', counts: { failed: 1, created: 0 } });
      expect(second).toMatchObject({ state: 'completed', counts: { created: 1 } });
    })();
  });
});

describe('a configuration that changes during a run', () => {
  it('ends the run with the token unmoved, and makes the next one full', async () => {
    await tellStory({ users: users(30), lanes: 1 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 5, () => ({ department: 'Support' }));
      const { token } = await readState(story.engine());
      const { runId } = await story.start();
      await story.drain({ until: () => story.queue.waiting('sync-batches').length > 0 });
      story.reconfigure({ filters: { department: ['Sales', 'Support'] } });
      await story.drain();

      const ended = await readRun(story.engine(), runId);
      expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'superseded' } });
      expect((await readState(story.engine())).token).toEqual(token);
      expect(await story.run('delta')).toMatchObject({ mode: 'full', state: 'completed' });
    })();
  });
});
