import { Crash } from '../support/story.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { contactOf, expectInvariants, expectRest, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { startStory } from '../support/story.ts';
import { employMortals, endStateOf, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import type { EndState } from '../support/rough-weather.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const ACCOUNTS = [
  { uniqueNumbers: true, channelsMode: 'replace' },
  { uniqueNumbers: false, channelsMode: 'merge' },
  { uniqueNumbers: true, channelsMode: 'merge' },
] as const;

function storyOf(account: StoryOptions['account']): StoryOptions {
  return { users: users(12), lanes: 2, account: { ...account } };
}

function seedAccount({ messageMedia }: Story): void {
  messageMedia.account.seedContact({ number: '+61491570006', firstName: 'By hand', lists: ['Friends'] });
  messageMedia.account.seedContact({ number: mobile(3), note: 'About 3', customFields: { shoe_size: '43' } });
}

/** A bit of everything: a joiner, a rename, a mover, leavers, a new number, hand-overs, a swap. */
function changeDirectory({ graph, messageMedia }: Story): void {
  messageMedia.account.seedContact({ number: mobile(21), firstName: 'Known', lists: ['Sales'] });
  graph.admin.createUser(aUser(20, { mobilePhone: mobile(1) }) as never);
  graph.admin.createUser(aUser(21) as never);
  graph.admin.createUser(aUser(22, { department: 'Support' }) as never);
  graph.admin.softDelete(userId(1));
  graph.admin.updateUser(userId(2), { mobilePhone: mobile(92) });
  graph.admin.updateUser(userId(3), { department: 'Support', surname: 'Moved' });
  graph.admin.updateUser(userId(4), { department: 'Sales' });
  graph.admin.updateUser(userId(5), { accountEnabled: false });
  changeUsers(graph, 6, 7, (n) => ({ mobilePhone: mobile(13 - n) }));
  graph.admin.updateUser(userId(8), { mobilePhone: mobile(2) });
  graph.admin.updateUser(userId(9), { mail: 'nine@example.com' });
}

/** What happens to the workers of one telling: `effect` counts from 1 over all of its effects. */
type Fate = (effect: number, what: string) => void;

async function tell(story: Story, fate: Fate): Promise<EndState> {
  let effects = 0;
  employMortals(story, (what) => fate(++effects, what));
  seedAccount(story);
  await story.start();
  await weather(story);
  changeDirectory(story);
  await story.start();
  await weather(story);
  await untilNobodyWaits(story);
  return endStateOf(story);
}

async function tellWith(account: StoryOptions['account'], fate: Fate): Promise<EndState> {
  const story = await startStory(storyOf(account));
  try {
    const end = await tell(story, fate);
    story.employ = undefined;
    expectInvariants(story);
    await expectRest(story);
    expectInvariants(story);
    expect(story.failures).toEqual([]);
    expect(endStateOf(story)).toEqual(end);
    return end;
  } finally {
    await story.close();
  }
}

/** Dies once at effect `at`; its message comes back at once, or when the host lets go of it. */
function dieAt(at: number, returnsAfterMs: number): Fate {
  return (effect) => {
    if (effect === at) throw new Crash(returnsAfterMs);
  };
}

describe('a worker that dies', () => {
  const undisturbed: { end: EndState; effects: number }[] = [];

  beforeAll(async () => {
    for (const account of ACCOUNTS) {
      let effects = 0;
      const end = await tellWith(account, (effect) => void (effects = effect));
      undisturbed.push({ end, effects });
    }
  });

  it('tells the same story in every account', () => {
    expect(undisturbed.map(({ end }) => end)).toEqual(ACCOUNTS.map(() => undisturbed[0]!.end));
  });

  const EVERY = Number(process.env['CRASH_EVERY'] ?? 5);
  it.each(Array.from({ length: EVERY }, (_, offset) => offset))(
    'is replaced, whatever the effect it dies at (every fifth from %i)',
    async (offset) => {
      const wrong: string[] = [];
      for (let at = 1 + offset; at <= undisturbed[0]!.effects + 10; at += EVERY) {
        const which = at % ACCOUNTS.length;
        const returnsAfterMs = at % 2 === 0 ? 0 : 600_000;
        try {
          const end = await tellWith(ACCOUNTS[which], dieAt(at, returnsAfterMs));
          expect(end).toEqual(undisturbed[which]!.end);
        } catch (error) {
          wrong.push(`${at} ${which} ${returnsAfterMs}: ${String((error as Error).stack).slice(0, 1500)}`);
        }
      }
      if (wrong.length > 0) throw new Error(`${wrong.length} wrong\n${wrong.slice(0, 8).join('\n')}`);
    },
    120_000,
  );
});

if (process.env['CRASH_AT'] !== undefined) {
  it.only('debug', async () => {
    const [at, which, after] = process.env['CRASH_AT']!.split(',').map(Number);
    const story = await startStory(storyOf(ACCOUNTS[which!]));
    const log: string[] = [];
    const seen: string[] = [];
    story.engineChanges = { log: { event: (level, event, fields) => void log.push(`${level} ${event} ${JSON.stringify(fields)}`) } };
    await tell(story, (effect, what) => {
      if (effect >= at! - 25 && effect < at! + 150) seen.push(`${effect} ${new Date(story.clock.now()).toISOString().slice(11, 19)} ${what}`);
      if (effect === at) throw new Crash(after);
    });
    const runs = story.tables.rows('runs').map(({ body }) => body as { runId: string; state: string; counts: unknown; waves: unknown });
    const out = [
      log.filter((line) => !line.includes('debug')).join('\n'),
      seen.join('\n'),
      runs.map((run) => JSON.stringify([run.runId, run.state, run.counts, run.waves])).join('\n'),
      story.tables.rows('people').filter(({ key }) => key.startsWith('pending') ).map((row) => JSON.stringify([row.key, row.body])).join('\n'),
      story.tables.rows('parts').filter(({ key }) => key.startsWith('outcome')).map((row) => row.partition + row.key + JSON.stringify(row.body)).join('\n'),
      story.messageMedia.requests.map((r) => `${r.method} ${r.path.slice(-60)} ${r.status} ${r.body.slice(0, 250)}`).slice(20).join('\n'),
    ].join('\n\n');
    require('node:fs').writeFileSync('/tmp/debug.txt', out);
    await story.close();
  });
}
