import { tellStory } from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { users } from '../support/story-people.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of each `run-ended`, in order. */
function endings(story: Story): Fields[] {
  const ended: Fields[] = [];
  story.engineChanges = {
    ...story.engineChanges,
    log: {
      event: (_level, event, fields) => {
        if (event === 'run-ended') ended.push(fields ?? {});
      },
    },
  };
  return ended;
}

describe('run-ended', () => {
  it(
    'says what the run cost in calls: those that the neighbours have seen',
    tellStory({ users: users(30) }, async (story) => {
      const ended = endings(story);

      const run = await story.run();

      const seen = story.callsMade();
      expect(seen.messageMedia.length).toBeGreaterThan(30);
      expect(ended).toEqual([
        expect.objectContaining({
          runId: run.runId,
          dryRun: false,
          created: 30,
          graphCalls: seen.graph.length,
          messagemediaCalls: seen.messageMedia.length,
        }),
      ]);
    }),
  );

  it(
    'tells a dry run from a real one',
    tellStory({ users: users(5) }, async (story) => {
      const ended = endings(story);

      await story.run('full', { dryRun: true });
      await story.run();

      expect(ended.map(({ dryRun, state }) => [dryRun, state])).toEqual([
        [true, 'completed'],
        [false, 'completed'],
      ]);
    }),
  );
});
