import { adoptAccount } from '../../src/core/run/adopt-account.ts';
import { readConsents, sendErrands } from '../../src/core/run/consent-ledger.ts';
import { tick } from '../../src/core/run/tick.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, exceptionsOf, tallyCalls, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const HOUR_MS = 3_600_000;

/** The channels that contacts were asked to have, call by call, as they were on the wire. */
function channelsWritten({ messageMedia }: Story): readonly unknown[] {
  return messageMedia.requests
    .filter(({ method, path }) => method !== 'GET' && /\/contacts\/contacts/.test(path))
    .flatMap(({ body }) => (body === '' ? [] : ((JSON.parse(body) as { channels?: unknown[] }).channels ?? [])));
}

const unsubscribed = (n: number) => ({ type: 'SMS', channelId: mobile(n), subscriptionState: 'UNSUBSCRIBED' });

function statesOf({ messageMedia: { account } }: Story, n: number): readonly string[] {
  return account
    .contactsWith(mobile(n))
    .flatMap(({ channels }) => channels.map(({ subscriptionState }) => subscriptionState));
}

async function consentOf(story: Story, n: number) {
  const engine = story.engine();
  const key = engine.digest.pseudonym(mobile(n));
  return (await readConsents(engine, [key])).get(key);
}

describe('consent', () => {
  it(
    'gives somebody new whose number is blocked a contact that is unsubscribed from the start',
    tellStory({ users: [aUser(1), aUser(2)] }, async (story) => {
      story.messageMedia.account.blockNumber(mobile(1));

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(channelsWritten(story)).toEqual(
        expect.arrayContaining([unsubscribed(1), { type: 'SMS', channelId: mobile(2) }]),
      );
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(await consentOf(story, 1)).toMatchObject({ source: 'blocked-list' });
      expect(await consentOf(story, 2)).toBeUndefined();
      const records = await story.records(run.runId);
      expect(records.find(({ personId }) => personId === userId(1))?.words).toContain('it is unsubscribed');
      expect(records.find(({ personId }) => personId === userId(2))?.words).not.toContain('unsubscribed');
    }),
  );

  it(
    'gives them none where the configuration says so',
    tellStory({ users: [aUser(1), aUser(2)], sync: { optedOut: 'skip' }, isEdited: true, reads: 1 }, async (story) => {
      story.messageMedia.account.blockNumber(mobile(1));

      const run = await story.run();

      expect(contactsOf(story)).toHaveLength(1);
      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped opted-out' });
    }),
  );

  it(
    'keeps a contact that is there already where the configuration wants none for new people',
    tellStory({ users: [aUser(1)], sync: { optedOut: 'skip' } }, async (story) => {
      await story.run();
      story.messageMedia.account.optOut(mobile(1));
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });

      await story.run('full');

      expect(contactOf(story, 1)?.name).toBe('Person Renamed');
    }),
  );

  it(
    'remembers an opt-out that a contact showed, and heeds it when the number moves to somebody else',
    tellStory({ users: [aUser(1), aUser(2, { mobilePhone: null })] }, async (story) => {
      await story.run();
      story.messageMedia.account.optOut(mobile(1));
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(7) });
      await story.run();
      story.messageMedia.account.optIn(mobile(1));
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(1) });

      await story.run();

      expect(contactOf(story, 2)?.numbers).toEqual([mobile(1)]);
      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
      expect(statesOf(story, 7)).toEqual(['SUBSCRIBED']);
    }),
  );

  it(
    'unsubscribes a contact made by hand when somebody adopts it with a number that opted out',
    tellStory({ users: [aUser(1, { department: 'Finance' })] }, async (story) => {
      story.messageMedia.account.blockNumber(mobile(1));
      await story.run();
      story.messageMedia.account.optIn(mobile(1));
      story.messageMedia.account.seedContact({ number: mobile(1), firstName: 'Person', lastName: '1' });
      story.graph.admin.updateUser(userId(1), { department: 'Sales' });

      await story.run();

      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
    }),
  );

  it(
    'opts a number out on every contact that has it, whoever made it, and on no other channel of theirs',
    tellStory({ users: [aUser(1)], account: { uniqueNumbers: false }, isEdited: true, reads: 2 }, async (story) => {
      const { account } = story.messageMedia;
      await story.run();
      account.seedContact({
        firstName: 'By hand',
        channels: [
          { type: 'WHATSAPP', channelId: mobile(1) },
          { type: 'SMS', channelId: mobile(9) },
        ],
      });
      account.blockNumber(mobile(1));
      await story.clock.advance(24 * HOUR_MS);

      await story.run();

      const states = account
        .snapshot()
        .contacts.flatMap(({ channels }) =>
          channels.map((one) => `${one.type} ${one.channelId} ${one.subscriptionState}`),
        );
      expect(states.toSorted()).toEqual(
        [
          `SMS ${mobile(1)} UNSUBSCRIBED`,
          `SMS ${mobile(9)} SUBSCRIBED`,
          `WHATSAPP ${mobile(1)} UNSUBSCRIBED`,
        ].toSorted(),
      );
    }),
  );

  it(
    'does not touch contacts that the configuration excludes',
    tellStory({ users: [aUser(1)], sync: { exclude: { phones: [mobile(5)] } }, isEdited: true }, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(5) });
      story.messageMedia.account.blockNumber(mobile(5));

      await story.run();

      expect(statesOf(story, 5)).toEqual(['SUBSCRIBED']);
      expect(await consentOf(story, 5)).toBeDefined();
    }),
  );

  it(
    'tells of a contact that it cannot write whole, and leaves it as it is',
    tellStory({ users: [aUser(1)] }, async (story) => {
      const { account } = story.messageMedia;
      const events: string[] = [];
      story.engineChanges = { log: { event: (event) => void events.push(event) } };
      account.seedContact({ number: mobile(5), channels: [{ type: 'INSTAGRAM', channelId: 'somebody' }] });
      account.blockNumber(mobile(5));

      await story.run();

      expect(statesOf(story, 5)).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
      expect(events).toContain('consent.unwritable');
    }),
  );

  it(
    'goes on with the others when MessageMedia refuses one contact, or it is deleted meanwhile',
    tellStory({ users: users(4), restless: true }, async (story) => {
      await story.run();
      const events: string[] = [];
      story.engineChanges = { log: { event: (event) => void events.push(event) } };
      await sendErrands(story.engine(), [mobile(1), mobile(2), mobile(3)]);
      story.messageMedia.faults.add({ match: { method: 'PATCH' }, nth: 1, do: { status: 409 } });
      story.messageMedia.faults.add({ match: { method: 'PATCH' }, nth: 2, do: { status: 404 } });

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(events.filter((event) => event.startsWith('consent.'))).toEqual(['consent.unwritable', 'consent.carried']);
      expect([1, 2, 3, 4].map((n) => statesOf(story, n)[0]).filter((state) => state === 'UNSUBSCRIBED')).toHaveLength(
        1,
      );
      expect(story.tables.rows('consent')).toEqual([]);
    }),
  );

  it(
    'tries an errand again later, and later still, for as long as MessageMedia is away',
    tellStory({ users: [aUser(1)], restless: true }, async (story) => {
      await story.run();
      await sendErrands(story.engine(), [mobile(1)]);
      const dueIn = async (): Promise<number> => {
        const at = story.clock.now();
        await story.run();
        const [errand] = story.tables.rows('consent');
        return Math.round((Number(errand?.facets['due']) - at) / 60_000);
      };
      story.messageMedia.faults.add({ match: { path: /contacts/ }, do: { status: 500 } });

      const waits: number[] = [];
      for (let tries = 0; tries < 3; tries += 1) {
        waits.push(await dueIn());
        await story.clock.advance(6 * HOUR_MS);
      }
      expect(waits).toEqual([15, 60, 360]);
      story.messageMedia.faults.clear();
      await story.clock.advance(6 * HOUR_MS);
      await story.run();

      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
    }),
  );

  it(
    'reads the blocked numbers once a day, and a number that is taken off the list stays opted out',
    tellStory({ users: [aUser(1, { department: 'Finance' })] }, async (story) => {
      const { account } = story.messageMedia;
      account.blockNumber(mobile(1));
      const asked = async (): Promise<number | undefined> => {
        story.callsMade();
        await story.run();
        return tallyCalls(story.callsMade().messageMedia)['GET /v1/number_authorisation/mt/blacklist'];
      };

      expect([await asked(), await asked()]).toEqual([1, undefined]);
      account.unblockNumber(mobile(1));
      await story.clock.advance(24 * HOUR_MS);
      expect(await asked()).toBe(1);
      story.graph.admin.updateUser(userId(1), { department: 'Sales' });
      await story.run();

      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
    }),
  );

  it(
    'goes on when the blocked numbers cannot be read, tells of it, and asks again with the next run',
    tellStory({ users: [aUser(1)] }, async (story) => {
      const events: string[] = [];
      story.engineChanges = { log: { event: (event) => void events.push(event) } };
      story.messageMedia.account.blockNumber(mobile(1));
      story.messageMedia.faults.add({ match: { path: /blacklist/ }, times: 1, do: { status: 404 } });

      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(events).toContain('consent.deferred');
      expect(statesOf(story, 1)).toEqual(['SUBSCRIBED']);

      await story.run();

      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
    }),
  );

  it(
    'reads a long list on from the page that failed, with the next run of the day',
    tellStory({ users: [aUser(1)] }, async (story) => {
      for (let n = 100; n < 350; n += 1) story.messageMedia.account.blockNumber(mobile(n));
      const pages = (): number => story.messageMedia.requests.filter(({ path }) => path.endsWith('/blacklist')).length;
      const known = async (): Promise<number> =>
        (await Promise.all(Array.from({ length: 250 }, (_, at) => consentOf(story, 100 + at)))).filter(Boolean).length;
      story.messageMedia.faults.add({ match: { path: /blacklist/ }, nth: 2, do: { status: 404 } });

      await story.run();
      expect([pages(), await known()]).toEqual([2, 100]);
      await story.run();

      expect([pages(), await known()]).toEqual([4, 250]);
      await story.run();
      expect(pages()).toBe(4);
    }),
  );

  it(
    'finds opt-outs in the pages of an account that is adopted',
    tellStory({ users: [aUser(1)] }, async (story) => {
      const { account } = story.messageMedia;
      account.seedContact({ number: mobile(8) });
      account.optOut(mobile(8));
      account.unblockNumber(mobile(8));

      await adoptAccount(story.engine(), { dryRun: false });
      await story.drain();

      expect(await consentOf(story, 8)).toMatchObject({ source: 'contact' });
      expect(await consentOf(story, 1)).toBeUndefined();
    }),
  );

  it(
    'leaves the ledger alone in a dry run',
    tellStory({ users: [aUser(1)], restless: true }, async (story) => {
      story.messageMedia.account.optOut(mobile(1));

      await story.run('full', { dryRun: true });

      expect(story.tables.rows('consent')).toEqual([]);
    }),
  );

  it(
    'starts a run for an opt-out that waits to be carried into the account, but never the first one',
    tellStory({ users: [aUser(1)] }, async (story) => {
      const engine = story.engine();
      await sendErrands(engine, [mobile(1)]);
      await tick(engine);
      await tick(engine);
      expect(story.queue.waiting('sync-runs')).toEqual([]);
      await story.run();
      await sendErrands(engine, [mobile(1)]);

      await tick(engine);
      await story.drain();

      expect(statesOf(story, 1)).toEqual(['UNSUBSCRIBED']);
      expect(story.tables.rows('consent').filter(({ key }) => key.startsWith('errand:'))).toEqual([]);
    }),
  );
});
