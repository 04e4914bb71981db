import { tick } from '../../src/core/run/tick.ts';
import type { LoggedEvent } from '../support/checked-log.ts';
import { hearEvents } from '../support/hear-events.ts';
import { HOUR_MS } from '../support/rough-weather.ts';
import { tellStory } from '../support/story-checks.ts';
import { changeUsers, users } from '../support/story-people.ts';

function named(heard: readonly LoggedEvent[], name: LoggedEvent['name']): readonly LoggedEvent['fields'][] {
  return heard.filter((event) => event.name === name).map(({ fields }) => fields);
}

function sumOf(events: readonly LoggedEvent['fields'][], field: string): number {
  return events.reduce((sum, fields) => sum + Number(fields[field] ?? 0), 0);
}

describe('run.ended', () => {
  it(
    'says what the run cost in calls: those that the neighbours have seen',
    tellStory({ users: users(30) }, async (story) => {
      const heard = hearEvents(story);

      const run = await story.run();

      const seen = story.callsMade();
      expect(seen.messageMedia.length).toBeGreaterThan(30);
      expect(named(heard, 'run.ended')).toEqual([
        expect.objectContaining({
          runId: run.runId,
          dryRun: false,
          created: 30,
          people: 30,
          graphCalls: seen.graph.length,
          messagemediaCalls: seen.messageMedia.length,
        }),
      ]);
    }),
  );

  it(
    'tells a dry run from a real one',
    tellStory({ users: users(5) }, async (story) => {
      const heard = hearEvents(story);

      await story.run('full', { dryRun: true });
      await story.run();

      expect(named(heard, 'run.ended').map(({ dryRun, state }) => [dryRun, state])).toEqual([
        [true, 'completed'],
        [false, 'completed'],
      ]);
    }),
  );

  it(
    'says how old the delta token is and when the next run is due',
    tellStory({ users: users(5) }, async (story) => {
      await story.run();
      await story.clock.advance(3 * HOUR_MS);
      const heard = hearEvents(story);

      await story.run('full', { dryRun: true });

      const [ended] = named(heard, 'run.ended');
      expect(Number(ended?.['tokenAgeMs'])).toBeGreaterThanOrEqual(3 * HOUR_MS);
      expect(Number(ended?.['nextRunAt'])).toBeGreaterThan(story.clock.now());
    }),
  );
});

describe('phase.ended', () => {
  it(
    'follows a run through its phases, which together take as long as the run was worked on',
    tellStory({ users: users(12) }, async (story) => {
      const heard = hearEvents(story);

      await story.run();

      const phases = named(heard, 'phase.ended');
      const [ended] = named(heard, 'run.ended');
      expect(phases.map(({ phase }) => phase)).toEqual(['read', 'split', 'plan', 'judge', 'prepare', 'apply', 'close']);
      expect(sumOf(phases, 'durationMs')).toBe(Number(ended?.['durationMs']) - Number(ended?.['queuedMs']));
    }),
  );
});

describe('batch.settled', () => {
  it(
    'adds up to what the run counts, department by department',
    tellStory({ users: users(40), isEdited: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 4, () => ({ surname: 'Renamed' }));
      changeUsers(story.graph, 5, 7, () => ({ department: 'Support' }));
      const heard = hearEvents(story);

      await story.run();

      const settled = named(heard, 'batch.settled');
      const [ended] = named(heard, 'run.ended');
      const counted = ['created', 'updated', 'moved', 'removed', 'unchanged', 'skipped', 'people'] as const;
      expect(counted.map((field) => sumOf(settled, field))).toEqual(counted.map((field) => ended?.[field]));
      expect(settled.map(({ department }) => department)).toContain('support');
    }),
  );
});

describe('batch.ended', () => {
  it(
    'tells of each batch that was planned and applied, for how many people and how fast',
    tellStory({ users: users(40) }, async (story) => {
      const heard = hearEvents(story);

      await story.run();

      const ended = named(heard, 'batch.ended');
      const ofPhase = (phase: string) => ended.filter((fields) => fields['phase'] === phase);
      expect([sumOf(ofPhase('plan'), 'people'), sumOf(ofPhase('apply'), 'people')]).toEqual([40, 40]);
      expect(ofPhase('apply').every(({ peoplePerSecond }) => Number(peoplePerSecond) > 0)).toBe(true);
      expect(ended.every(({ department }) => typeof department === 'string')).toBe(true);
    }),
  );

  it(
    'keeps to itself a department that is about one person',
    tellStory(
      { users: users(4), sync: { mapping: { mobilePhone: 'phone_number', displayName: 'group' } } },
      async (story) => {
        const heard = hearEvents(story);

        await story.run();

        expect(named(heard, 'batch.ended').length).toBeGreaterThan(3);
        expect(heard.filter(({ fields }) => fields['department'] !== undefined)).toEqual([]);
      },
    ),
  );
});

describe('hold.opened', () => {
  it(
    'says which rule holds how many, once for each hold, and who decided what',
    tellStory({ users: users(40), isEdited: true, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 15, () => ({ accountEnabled: false }));
      const heard = hearEvents(story);

      await story.run('delta', { dryRun: true });
      expect(named(heard, 'hold.opened')).toEqual([]);
      const run = await story.run();

      const opened = { runId: run.runId, people: 15, renewed: false };
      expect(named(heard, 'hold.opened')).toEqual([expect.objectContaining(opened)]);
    }),
  );
});

describe('tick.ended', () => {
  it(
    'says how the sync stands, also when nothing was to be done',
    tellStory({ users: users(5) }, async (story) => {
      await story.run();
      const heard = hearEvents(story);

      await tick(story.engine());

      expect(named(heard, 'tick.ended')).toEqual([
        expect.objectContaining({ paused: false, held: 0, failing: 0, nextRunAt: expect.any(Number) }),
      ]);
    }),
  );
});
