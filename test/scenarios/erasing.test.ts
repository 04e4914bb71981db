import { SyncError } from '../../src/core/errors.ts';
import { erasePerson } from '../../src/core/run/erase-person.ts';
import { readState } from '../../src/core/run/state-row.ts';
import type { TableName } from '../../src/core/ports.ts';
import { HOUR_MS, MINUTE_MS, pauseAt, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const TABLES: readonly TableName[] = ['state', 'runs', 'parts', 'people', 'consent'];

/** Everything in our tables, as text. */
function everything(story: Story): string {
  return JSON.stringify(TABLES.map((table) => story.tables.rows(table)));
}

function tracesOf(story: Story, ...texts: readonly string[]): string[] {
  const all = everything(story);
  return texts.filter((text) => all.includes(text));
}

/** Rows of people, without those that say who may write to them. */
function peopleOf(story: Story): ReturnType<Story['tables']['rows']> {
  return story.tables.rows('people').filter(({ key }) => !key.startsWith('fence'));
}

/** What names person 1, 3 and 40 anywhere. */
const ADA = { id: userId(1), phone: mobile(1), mail: 'person.1@example.com' };

async function eventfulMonth(story: Story): Promise<void> {
  await story.run();
  changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed' }));
  await story.run();
  await story.run('full', { dryRun: true });
  // Somebody else waits for her number, and takes it over when she leaves.
  story.graph.admin.createUser(aUser(40, { mobilePhone: mobile(1) }));
  await story.run();
  story.graph.admin.softDelete(userId(1));
  await story.run();
  await story.clock.advance(HOUR_MS);
}

describe('erasePerson', () => {
  it(
    'leaves no trace of what somebody wrote into the contact, either',
    tellStory({ users: users(3), restless: true }, async (story) => {
      await story.run();
      const { account } = story.messageMedia;
      const contact = contactOf(story, 1)!;
      account.editContact(contact.id, { lastName: 'Handwritten' });
      await story.run('reconcile', { dryRun: true });
      expect(tracesOf(story, 'Handwritten')).toHaveLength(1);
      story.graph.admin.softDelete(userId(1));
      await story.run('delta');
      account.deleteContact(contact.id);

      await erasePerson(story.engine(), userId(1));

      expect(tracesOf(story, 'Handwritten', ...Object.values(ADA))).toEqual([]);
    }),
  );

  it(
    'leaves no trace of a person who left in any table, and everybody else as they were',
    tellStory({ users: users(8), restless: true }, async (story) => {
      await story.run();
      story.graph.admin.softDelete(userId(1));
      await story.run('delta');
      await story.run('full', { dryRun: true });
      expect(tracesOf(story, ...Object.values(ADA))).toHaveLength(3);
      const others = peopleOf(story).filter(({ body, facets }) => {
        return !JSON.stringify([body ?? null, facets]).includes(ADA.id);
      });

      const erasure = await erasePerson(story.engine(), ADA.id);

      expect(erasure).toMatchObject({ personId: ADA.id, kept: ['consent'] });
      expect(erasure.rows).toBeGreaterThan(5);
      expect(tracesOf(story, ...Object.values(ADA))).toEqual([]);
      expect(peopleOf(story)).toEqual(others);
      expect((await readState(story.engine())).lease).toBeUndefined();
      // The reports of the others can still be read.
      const runs = story.tables.rows('runs').map(({ key }) => key);
      for (const runId of runs) expect(await story.records(runId)).not.toContainEqual({ personId: ADA.id });
      expect((await story.run('full')).state).toBe('completed');
    }),
  );

  it(
    'keeps a worker that stood still in a write from putting the person back',
    tellStory({ users: [aUser(1), aUser(2, { department: 'Support' })], restless: true }, async (story) => {
      const { asleep, wake } = pauseAt(story, 'before people.write insert put', 1);
      await story.start();
      const working = story.drain();
      await asleep;
      await story.clock.advance(11 * MINUTE_MS);
      await weather(story, { ticks: 3 });
      await erasePerson(story.engine(), ADA.id);
      expect(peopleOf(story).map(({ key }) => key)).not.toContain(`person:${ADA.id}`);

      wake();
      await working;

      expect(peopleOf(story).map(({ key }) => key)).not.toContain(`person:${ADA.id}`);
    }),
  );

  it(
    'forgets her also where the records of others name her',
    tellStory({ users: users(8) }, async (story) => {
      await eventfulMonth(story);
      expect(tracesOf(story, ADA.id)).toEqual([ADA.id]);

      await erasePerson(story.engine(), ADA.id);

      expect(tracesOf(story, ADA.id, 'Renamed')).toEqual([]);
      expect(contactOf(story, 40)).toMatchObject({ numbers: [mobile(1)] });
    }),
  );

  it(
    'forgets somebody who is still here until the next full run shows them again, on the same contact',
    tellStory({ users: users(8), reads: 1 }, async (story) => {
      await story.run();
      const { id } = contactOf(story, 1)!;

      await erasePerson(story.engine(), ADA.id);
      expect(tracesOf(story, ...Object.values(ADA))).toEqual([]);
      await story.run('full');

      expect(contactOf(story, 1)?.id).toBe(id);
    }),
  );

  it(
    'finds nothing of somebody it never knew',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();

      expect(await erasePerson(story.engine(), userId(99))).toMatchObject({ rows: 0 });
    }),
  );

  it(
    'waits for the run under way, and lets none start meanwhile',
    tellStory({ users: users(4) }, async (story) => {
      await story.start();
      await expect(erasePerson(story.engine(), ADA.id)).rejects.toMatchObject({ code: 'run-active' });
      await story.drain();
      let refused: unknown;
      story.onEffect = async (effect) => {
        if (effect !== 'before people.scan' || refused !== undefined) return;
        refused = 'asking';
        refused = await story.start().catch((error: unknown) => error);
      };

      await erasePerson(story.engine(), ADA.id);

      story.onEffect = undefined;
      expect(refused).toBeInstanceOf(SyncError);
      await story.run('full');
    }),
  );
});
