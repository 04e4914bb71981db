import { advanceRun } from '../../src/core/run/advance-run.ts';
import type { Lane } from '../../src/core/run/lanes.ts';
import { processBatch } from '../../src/core/run/process-batch.ts';
import { readRun } from '../../src/core/run/read-runs.ts';
import type { QueueMessage, QueueName } from '../../src/core/ports.ts';
import { employMortals, endStateOf, MINUTE_MS, pauseAt, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactsOf, countsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, users } from '../support/story-people.ts';

const QUEUES = ['sync-runs', 'sync-batches'] as const;

/** Changes what is sent: each message into any number of messages, delayed as they like. */
function resend(story: Story, delaysOf: (message: QueueMessage, name: QueueName) => readonly number[]): () => number {
  const send = story.queue.send.bind(story.queue);
  let sent = 0;
  story.engineChanges = {
    ...story.engineChanges,
    queue: {
      async send(name, message, { delayMs = 0 } = {}) {
        for (const extraMs of delaysOf(message, name)) {
          sent += 1;
          await send(name, message, { delayMs: delayMs + extraMs });
        }
      },
    },
  };
  return () => sent;
}

function lanesOf(story: Story): Lane[] {
  return story.tables
    .rows('parts')
    .filter(({ key }) => key.startsWith('lane-'))
    .map(({ body }) => body as Lane);
}

async function change(story: Story): Promise<void> {
  changeUsers(story.graph, 1, 40, (n) => ({ surname: `Renamed ${n}` }));
  changeUsers(story.graph, 41, 44, (n) => ({ mobilePhone: mobile(n === 44 ? 41 : n + 1) }));
  changeUsers(story.graph, 45, 49, () => ({ department: 'Support' }));
  changeUsers(story.graph, 50, 52, () => ({ accountEnabled: false }));
}

describe('messages', () => {
  const habits: Record<string, (message: QueueMessage, name: QueueName) => readonly number[]> = {
    'delivered twice': () => [0, 0],
    'delivered twice, the second late': () => [0, 3 * MINUTE_MS],
    'delivered late': (message) => [message.lane?.index === 0 ? 2 * MINUTE_MS : 1_000],
    'delivered again when all is over': () => [0, 60 * MINUTE_MS],
  };

  it.each(Object.keys(habits))('%s change nothing', async (habit) => {
    const people = users(230);
    await tellStory({ users: people, lanes: 3, restless: true }, async (plain) => {
      await plain.run();
      await change(plain);
      await plain.run();

      await tellStory({ users: people, lanes: 3 }, async (story) => {
        const sent = resend(story, habits[habit]!);
        employMortals(story, () => undefined);
        const first = await story.start();
        await weather(story);
        await change(story);
        const second = await story.start();
        await weather(story);

        expect(countsOf(await readRun(story.engine(), first.runId))).toEqual({ read: 230, inScope: 230, created: 230 });
        expect((await readRun(story.engine(), second.runId)).state).toBe('completed');
        expect(endStateOf(story)).toEqual(endStateOf(plain));
        // A repeated message is harmless: it must not breed, either.
        expect(sent()).toBeLessThan(400);
        story.engineChanges = {};
      })();
    })();
  });

  it(
    'for runs that nobody knows, or that have been purged, end without effect',
    tellStory({ users: users(5) }, async (story) => {
      await story.run();
      const engine = story.engine();
      const before = (['state', 'runs', 'parts', 'people'] as const).map((name) => story.tables.rows(name));
      story.callsMade();

      for (const runId of ['r0000000000000-gone', story.tables.rows('runs')[0]!.key]) {
        await advanceRun(engine, { v: 1, runId });
        for (const wave of [0, 1, 2, 9])
          for (const index of [0, 7]) await processBatch(engine, { v: 1, runId, lane: { wave, index, cursor: 0 } });
        await processBatch(engine, { v: 1, runId });
      }

      expect(QUEUES.flatMap((name) => story.queue.waiting(name))).toEqual([]);
      expect((['state', 'runs', 'parts', 'people'] as const).map((name) => story.tables.rows(name))).toEqual(before);
      expect(story.callsMade()).toEqual({ graph: [], messageMedia: [] });
    }),
  );

  it(
    'for a lane, repeated while it is at work, neither fork nor stall it',
    tellStory({ users: users(500, { department: 'Sales' }), lanes: 1 }, async (story) => {
      let creating = 0;
      let most = 0;
      let repeats = 0;
      employMortals(story, async (effect) => {
        if (effect === 'before createContact') most = Math.max(most, ++creating);
        if (effect !== 'after createContact') return;
        creating -= 1;
        if (++repeats % 50 !== 0) return;
        const lane = lanesOf(story).find(({ wave }) => wave === 2);
        const { runId } = story.tables.rows('runs')[0]!.body as { runId: string };
        for (const cursor of [lane!.cursor, 0, lane!.cursor + 1]) {
          await story.queue.send('sync-batches', { v: 1, runId, lane: { wave: 2, index: 0, cursor } });
        }
      });
      const { runId } = await story.start();

      await weather(story);

      expect(countsOf(await readRun(story.engine(), runId))).toMatchObject({ created: 500 });
      expect(most).toBeLessThanOrEqual(100);
      expect(
        story.messageMedia.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/contacts')),
      ).toHaveLength(500);
    }),
  );
});

describe('SYNC_LANES', () => {
  it.each([1, 2, 7])('changed to %i in mid-run leaves the lanes of the run as they are', async (lanes) => {
    await tellStory({ users: users(450), lanes: 4 }, async (story) => {
      let created = 0;
      employMortals(story, (effect) => {
        if (effect === 'before page read') story.setLanes(lanes);
        if (effect === 'after createContact' && ++created === 120) story.setLanes(lanes === 7 ? 1 : 7);
      });
      const { runId } = await story.start();

      await weather(story);

      const run = await readRun(story.engine(), runId);
      expect(run).toMatchObject({ state: 'completed', lanes: 4 });
      expect(countsOf(run)).toMatchObject({ created: 450 });
      expect(lanesOf(story).filter(({ wave }) => wave === 2)).toHaveLength(4);
    })();
  });

  it(
    'may be more than there are batches, and there may be none',
    tellStory({ users: [aUser(1, { department: 'Finance' })], lanes: 16 }, async (story) => {
      const empty = await story.run();
      expect(empty).toMatchObject({ state: 'completed', batchCount: 0 });
      expect(lanesOf(story)).toEqual([]);
      story.graph.admin.createUser(aUser(2));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ created: 1 });
      expect(lanesOf(story)).toHaveLength(2);
    }),
  );
});

describe('a worker that pauses beyond its claim', () => {
  const moments = [
    ['before createContact', 1],
    ['before createContact', 7],
    ['after createContact', 3],
    ['before people.write insert insert', 1],
    ['before people.write insert put', 1],
    ['after parts.write insert', 4],
    ['before runs.write replace', 5],
    ['before runs.write replace', 9],
    ['before state.write insert', 2],
    ['before state.write replace', 1],
    ['before parts.write insert', 6],
    ['before send', 3],
  ] as const;

  it.each(moments)('%s (%i) writes nothing any more', async (effect, nth) => {
    await tellStory({ users: users(30), lanes: 2 }, async (story) => {
      const zombie = pauseAt(story, effect, nth);
      const { runId } = await story.start();
      const working = story.drain();
      await zombie.asleep;
      await story.settle?.();
      // The queue gives its message to somebody else; meanwhile the timer looks after what is stuck.
      await story.clock.advance(11 * MINUTE_MS);
      await weather(story, { ticks: 3 });
      expect((await readRun(story.engine(), runId)).state).toBe('completed');
      const before = allOf(story);
      const calls = story.messageMedia.requests.length;

      zombie.wake();
      await working;
      await weather(story);

      expect(story.messageMedia.requests.slice(calls).filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(allOf(story)).toEqual(before);
      expect(contactsOf(story)).toHaveLength(30);
      expect(listSizes(story)).toEqual({ Sales: 15, Support: 15 });
    })();
  });
});

/** The account and what we know of it. */
function allOf(story: Story): unknown {
  const rows = (['people', 'state'] as const).flatMap((name) => story.tables.rows(name));
  return { account: endStateOf(story), rows };
}
