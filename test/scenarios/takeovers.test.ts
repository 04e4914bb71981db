import { cancelRun } from '../../src/core/run/cancel-run.ts';
import { readRun } from '../../src/core/run/read-runs.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { employMortals, HOUR_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const MINUTE_MS = 60_000;
const OTHER_TENANT = '99999999-2222-4333-8444-555555555555';

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

describe('a worker that stood still while it closed a run', () => {
  it(
    'writes nothing any more when another one has finished the run and a newer one is over',
    tellStory({ users: users(6), mayFail: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ surname: 'First' }));
      story.messageMedia.faults.add({ match: { method: 'PATCH' }, times: 1, do: { status: 400 } });
      let wake: () => void = () => undefined;
      const seen = { stops: 0 };
      employMortals(story, (effect) => {
        const isClosing = story.tables.rows('runs').some(({ facets }) => facets['phase'] === 'close');
        if (!isClosing || !effect.startsWith('before people.write') || ++seen.stops > 1) return undefined;
        return new Promise<void>((resolve) => {
          wake = resolve;
        });
      });
      await story.start();
      // The zombie's delivery never ends; the message is delivered again when the host lets go of it.
      void story.drain({ until: () => seen.stops > 0 }).catch(() => undefined);
      for (let look = 0; seen.stops === 0 && look < 5_000; look += 1) await pause(1);
      expect(seen.stops).toBe(1);
      story.employ = undefined;
      await story.clock.advance(11 * MINUTE_MS);
      await weather(story, { ticks: 1 });
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Second' }));
      await story.clock.advance(MINUTE_MS);
      await story.run();
      expect(contactOf(story, 1)?.name).toBe('Person Second');
      const settled = story.tables.rows('people');

      wake();
      await pause(50);

      expect(story.tables.rows('people')).toEqual(settled);
    }),
  );
});

describe('a number that was about to be taken over when its former owner came back', () => {
  it(
    'stays with the former owner; whoever was to get it waits, and neither has the other’s contact',
    tellStory({ users: users(6), isEdited: true, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      await story.run();
      story.graph.admin.createUser(aUser(40, { mobilePhone: mobile(1) }));
      const id = contactOf(story, 1)!.id;
      // The change of the contact is refused, and nobody is to blame: the claim stays for the next try.
      const { account } = story.messageMedia;
      account.deleteField(account.snapshot().customFields.find(({ mergeTag }) => mergeTag === 'email')!.id);
      expect(countsOf(await story.run())).toMatchObject({ failed: 1 });
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: true }));
      await story.run();
      await untilNobodyWaits(story, 72);

      expect(contactOf(story, 1)).toMatchObject({ id, numbers: [mobile(1)], lists: ['Sales'] });
      expect(contactOf(story, 40)).toBeUndefined();
    }),
  );
});

describe('somebody whose contact was deleted by hand while another one made by hand has the number', () => {
  it(
    'gets that one, with everything that the own one had',
    tellStory({ users: users(6), isEdited: true }, async (story) => {
      await story.run();
      const { account } = story.messageMedia;
      account.deleteContact(contactOf(story, 1)!.id);
      const { id } = account.seedContact({ number: mobile(1), note: 'By hand', lists: ['Friends'] });
      changeUsers(story.graph, 1, 1, () => ({ surname: 'Renamed' }));

      expect(countsOf(await story.run())).toMatchObject({ updated: 1 });

      expect(contactOf(story, 1)).toEqual({
        id,
        name: 'Person Renamed',
        numbers: [mobile(1)],
        lists: ['Friends', 'Sales'],
        fields: { email: 'person.1@example.com' },
        note: 'By hand',
        owner: userId(1),
      });
      expect(contactsOf(story)).toHaveLength(6);
    }),
  );
});

describe('a tenant that changes between the start of a run and its work', () => {
  async function startThenChange(story: Story): Promise<string> {
    const { runId } = await story.start();
    story.engineChanges = { tenantId: OTHER_TENANT };
    await story.drain();
    return runId;
  }

  it(
    'ends that run; the next one holds whatever it would remove',
    tellStory({ users: users(6), restless: true }, async (story) => {
      await story.run();
      const { token } = await readState(story.engine());
      for (let n = 1; n <= 6; n += 1) story.graph.admin.hardDelete(userId(n));
      story.graph.admin.createUser(aUser(90, { department: 'Sales' }));

      const runId = await startThenChange(story);

      expect(await readRun(story.engine(), runId)).toMatchObject({ state: 'cancelled', error: { code: 'superseded' } });
      expect((await readState(story.engine())).token).toEqual(token);
      const next = await story.run();
      expect(next).toMatchObject({ mode: 'full', reason: 'tenant-changed', state: 'held', counts: { held: 6 } });
      await story.clock.advance(2 * HOUR_MS);
      expect(countsOf(await story.run('full'))).toMatchObject({ held: 6 });
    }),
  );

  it(
    'ends it also in the middle of applying',
    tellStory({ users: users(250), lanes: 1 }, async (story) => {
      const { runId } = await story.start();
      await story.drain({ until: () => contactsOf(story).length > 0 });
      story.engineChanges = { tenantId: OTHER_TENANT };

      await story.drain();

      expect((await readRun(story.engine(), runId)).state).toBe('cancelled');
      story.engineChanges = {};
      await cancelRun(story.engine(), runId);
    }),
  );
});
