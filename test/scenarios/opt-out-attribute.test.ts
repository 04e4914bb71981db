import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { receiveOptOut } from '../../src/core/run/receive-opt-out.ts';
import { tick } from '../../src/core/run/tick.ts';
import { contactOf, countsOf, exceptionsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import type { StoryRules } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';
import type { Story, StoryOptions } from '../support/story.ts';

const PATH = 'onPremisesExtensionAttributes.extensionAttribute5';

function telling(options: Partial<StoryOptions & StoryRules> = {}): StoryOptions & StoryRules {
  return {
    users: users(3),
    roles: [...READING_ROLES, ...WRITING_ROLES],
    ...options,
    sync: { optOutAttribute: PATH, ...options.sync },
  };
}

function toldOf(story: Story, n: number): unknown {
  const user = story.graph.admin.users().find(({ id }) => id === userId(n));
  return (user?.['onPremisesExtensionAttributes'] as Record<string, unknown> | undefined)?.['extensionAttribute5'];
}

function sendStop(story: Story, n: number): Promise<unknown> {
  return receiveOptOut(story.engine(), JSON.stringify({ event: 'opt-out', source_number: mobile(n) }));
}

/** What a run writes to the directory, and to the account. */
async function writesOf(story: Story, deed: () => Promise<unknown>): Promise<readonly string[]> {
  story.callsMade();
  await deed();
  const { graph, messageMedia } = story.callsMade();
  return [...writesAmong(graph), ...writesAmong(messageMedia)];
}

describe('an attribute that tells of opt-outs', () => {
  it(
    'is written with the run that carries the opt-out into the account, once',
    tellStory(telling(), async (story) => {
      await story.run();
      expect([1, 2, 3].map((n) => toldOf(story, n) ?? null)).toEqual([null, null, null]);
      await sendStop(story, 2);

      const run = await story.run();

      expect([1, 2, 3].map((n) => toldOf(story, n) ?? null)).toEqual([null, 'opted-out', null]);
      expect(countsOf(run)).toMatchObject({ pulled: 1 });
      const record = (await story.records(run.runId)).find(({ personId }) => personId === userId(2));
      expect(record?.words).toContain('write opt-out to the directory');
      expect(contactOf(story, 2)?.lists).toEqual(['Support']);
      expect(await writesOf(story, () => story.run('full'))).toEqual([]);
    }),
  );

  it(
    'is written by the timer’s next run, which comes for the opt-out alone',
    tellStory(telling(), async (story) => {
      await story.run();
      await sendStop(story, 1);

      await tick(story.engine());
      await story.drain();

      expect(toldOf(story, 1)).toBe('opted-out');
    }),
  );

  it(
    'is written of somebody new whose number is blocked, once they have a contact',
    tellStory(telling(), async (story) => {
      story.messageMedia.account.blockNumber(mobile(1));
      await story.run();
      expect(contactOf(story, 1)).toBeDefined();

      await story.run();

      expect(toldOf(story, 1)).toBe('opted-out');
      expect(toldOf(story, 2) ?? null).toBeNull();
    }),
  );

  it(
    'is written of everybody who opted out before it was configured',
    tellStory(telling({ sync: { optOutAttribute: undefined } }), async (story) => {
      await story.run();
      await sendStop(story, 3);
      await story.run();
      expect(toldOf(story, 3) ?? null).toBeNull();
      story.reconfigure({ optOutAttribute: PATH });

      await story.run();

      expect(toldOf(story, 3)).toBe('opted-out');
    }),
  );

  it(
    'stays when the person has another number',
    tellStory(telling(), async (story) => {
      await story.run();
      await sendStop(story, 1);
      await story.run();
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(50) });

      await story.run();

      expect(contactOf(story, 1)?.numbers).toEqual([mobile(50)]);
      expect(toldOf(story, 1)).toBe('opted-out');
    }),
  );

  it(
    'is left alone where it belongs to a directory on-premises, and the run says so',
    tellStory(telling({ users: [aUser(1, { onPremisesSyncEnabled: true }), aUser(2)] }), async (story) => {
      await story.run();
      await sendStop(story, 1);

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'rejected on-premises' });
      expect(toldOf(story, 1) ?? null).toBeNull();
      expect(story.messageMedia.account.contactsWith(mobile(1))).toMatchObject([
        { channels: [{ subscriptionState: 'UNSUBSCRIBED' }] },
      ]);
    }),
  );

  it(
    'ends the run with the permission that is missing',
    tellStory(telling({ roles: READING_ROLES, mayFail: true }), async (story) => {
      await story.run();
      await sendStop(story, 1);

      const run = await story.run();

      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect(run.error?.message).toContain('User.ReadUpdate.All');
    }),
  );
});
