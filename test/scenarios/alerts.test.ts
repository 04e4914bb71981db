import { ALERT_NAMES } from '../../src/core/events.ts';
import { readStatus } from '../../src/core/run/read-status.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { tick } from '../../src/core/run/tick.ts';
import { checkedLog } from '../support/checked-log.ts';
import { HOUR_MS, weather } from '../support/rough-weather.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { tellStory } from '../support/story-checks.ts';
import { changeUsers, userId, users } from '../support/story-people.ts';

const DAY_MS = 24 * HOUR_MS;

/** What people are told, in order: the alert, and whether it began, continued or ended. */
function listen(story: Story): string[] {
  const told: string[] = [];
  const log = checkedLog(({ name, fields }) => {
    const change = /^alert\.(\w+)$/.exec(name)?.[1];
    if (change !== undefined) told.push(`${String(fields['alert'])} ${change}`);
  });
  story.engineChanges = { ...story.engineChanges, log };
  return told;
}

/** One story: something begins to need people, and is over some time later. */
interface Trouble {
  readonly options?: StoryOptions;
  readonly begin: (story: Story) => Promise<void> | void;
  readonly end: (story: Story) => Promise<void> | void;
  /** What else is told on the way. */
  readonly besides?: readonly string[];
}

const TROUBLES: Readonly<Record<(typeof ALERT_NAMES)[number], Trouble>> = {
  'run-failed': {
    begin: async (story) => {
      story.messageMedia.faults.add({ do: { status: 403 } });
      story.graph.admin.createUser({ ...users(60)[59]!, id: userId(60) });
      await story.run();
    },
    end: async (story) => {
      story.messageMedia.faults.clear();
      await story.run();
    },
  },
  'people-failing': {
    begin: async (story) => {
      changeUsers(story.graph, 1, 2, () => ({ surname: 'Renamed' }));
      story.messageMedia.faults.add({ match: { method: 'PATCH' }, do: { status: 500 } });
      await story.start();
      await weather(story);
    },
    end: async (story) => {
      story.messageMedia.faults.clear();
      await story.run();
    },
  },
  'removals-held': {
    begin: async (story) => {
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: false }));
      await story.run();
    },
    end: async (story) => {
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: true }));
      await story.run();
    },
  },
  'change-held': {
    begin: async (story) => {
      changeUsers(story.graph, 1, 30, () => ({ surname: 'Renamed' }));
      await story.run();
    },
    end: async (story) => {
      changeUsers(story.graph, 1, 30, (n) => ({ surname: String(n) }));
      await story.run();
    },
  },
  'resync-forced': {
    begin: async (story) => {
      story.graph.admin.expireTokens('gone');
      const { runId } = await story.start();
      await story.drain({ until: () => story.tables.rows('parts').some(({ partition }) => partition === runId) });
    },
    end: (story) => story.drain(),
  },
  'count-deviation': {
    begin: async (story) => {
      for (let n = 1; n <= 20; n += 1) story.graph.admin.hide(userId(n));
      await story.run('full');
    },
    end: async (story) => {
      for (let n = 1; n <= 20; n += 1) story.graph.admin.show(userId(n));
      await story.run('full');
    },
  },
  stale: {
    options: { sync: { schedule: '0 6 * * *' } },
    begin: async (story) => {
      story.graph.faults.add({ match: { path: /delta/ }, do: { status: 403 } });
      await story.clock.advance(2 * DAY_MS + 2 * HOUR_MS);
      await tick(story.engine());
    },
    end: async (story) => {
      story.graph.faults.clear();
      await story.run();
    },
    besides: ['run-failed began', 'run-failed ended'],
  },
  'credential-expiring': {
    begin: async (story) => {
      const expiresAt = story.clock.now() + 31 * DAY_MS;
      const credentialExpiries = () =>
        Promise.resolve([
          { name: 'messagemedia-api-key', expiresAt: expiresAt + DAY_MS },
          { name: 'entra-client-secret', expiresAt },
        ]);
      story.engineChanges = { ...story.engineChanges, credentialExpiries };
      await story.clock.advance(2 * DAY_MS);
      await story.run();
    },
    end: async (story) => {
      story.engineChanges = { ...story.engineChanges, credentialExpiries: () => Promise.resolve([]) };
      await story.run();
    },
  },
  'token-age': {
    options: { sync: { schedule: '0 6 1 * *', fullSchedule: '0 6 1 * *' } },
    begin: async (story) => {
      story.graph.faults.add({ match: { path: /delta/ }, do: { status: 403 } });
      await story.clock.advance(7 * DAY_MS);
      await tick(story.engine());
      await story.drain();
    },
    end: async (story) => {
      story.graph.faults.clear();
      await story.clock.advance(7 * HOUR_MS);
      await weather(story, { ticks: 2 });
    },
    besides: ['run-failed began', 'run-failed ended'],
  },
};

describe('noteAlerts', () => {
  it.each(ALERT_NAMES)('tells of %s once when it begins, and once when it is over', async (name) => {
    const { options = {}, begin, end, besides = [] } = TROUBLES[name];
    await tellStory({ users: users(40), ...options, isEdited: true, mayFail: true }, async (story) => {
      await tick(story.engine());
      await story.run();
      const told = listen(story);

      await begin(story);
      expect(told.filter((one) => !besides.includes(one))).toEqual([`${name} began`]);
      expect((await readStatus(story.engine())).alerts.map((alert) => alert.name)).toContain(name);
      await tick(story.engine());
      if (name !== 'resync-forced') await story.drain();
      expect(told.filter((one) => !besides.includes(one))).toEqual([`${name} began`]);

      await end(story);
      await tick(story.engine());
      expect(told.filter((one) => !besides.includes(one))).toEqual([`${name} began`, `${name} ended`]);
      expect((await readStatus(story.engine())).alerts).toEqual([]);
      await story.drain();
    })();
  });

  it(
    'tells again when the worker that was about to tell died',
    tellStory({ users: users(40), restless: true, mayFail: true }, async (story) => {
      await story.run();
      const told = listen(story);
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: false }));
      const { log } = story.engineChanges;
      story.engineChanges = {
        log: {
          event: (name, fields) => {
            if (name.startsWith('alert.')) throw new Error('died');
            log?.event(name, fields);
          },
        },
      };
      await story.run().catch(() => undefined);
      story.engineChanges = { log: log! };
      expect(told).toEqual([]);

      await weather(story, { ticks: 3 });

      expect(told).toEqual(['removals-held began']);
    }),
  );

  it(
    'tells once a day of what still stands: monitoring looks back two days at most',
    tellStory({ users: users(40), restless: true, mayFail: true }, async (story) => {
      await story.run();
      const told = listen(story);
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: false }));
      await story.run();

      for (let hour = 0; hour < 50; hour += 1) {
        await story.clock.advance(HOUR_MS);
        await tick(story.engine());
        await story.drain();
      }

      expect(told.filter((one) => one.startsWith('removals-held'))).toEqual([
        'removals-held began',
        'removals-held continued',
        'removals-held continued',
      ]);
    }),
  );

  it(
    'tells once, however many workers look at the same time',
    tellStory({ users: users(40), restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: false }));
      await story.run();
      const told = listen(story);
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: true }));
      await startRun(story.engine(), { mode: 'delta', dryRun: false, trigger: 'http' });
      await story.drain();

      await Promise.all(Array.from({ length: 5 }, () => tick(story.engine())));

      expect(told).toEqual(['removals-held ended']);
    }),
  );
});
