import { seededRandom } from '../../local/simulator/random.ts';
import { Crash } from '../support/story.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { expectInvariants, expectRest } from '../support/story-checks.ts';
import { startStory } from '../support/story.ts';
import { employMortals, endStateOf, MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import type { EndState } from '../support/rough-weather.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const EXHAUSTIVE = process.env['EXHAUSTIVE'] === 'true';

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

  it('debug', async () => {
const which = 0;
 const fate: Fate = ((random) => (effect: number) => { if (effect > 150 && random() < 0.03) throw new Crash(random() < 0.5 ? 0 : 10 * MINUTE_MS); })(seededRandom(304));
    const story = await startStory(storyOf(ACCOUNTS[which!]));
    const log: string[] = [];
    const seen: string[] = [];
    story.engineChanges = { log: { event: (level, event, fields) => void log.push(`${level} ${event} ${JSON.stringify(fields)}`) } };
    await tell(story, (effect, what) => { seen.push(`${effect} ${new Date(story.clock.now()).toISOString().slice(11, 19)} ${what}`); try { fate(effect, what) } catch (e) { seen.push('DIES'); throw e; } });
    const runs = story.tables.rows('runs').map(({ body }) => body as { runId: string; state: string; counts: unknown; waves: unknown });
    const out = [ story.failures.map((e) => String((e as Error).stack)).slice(0,3).join('\n'),
      log.filter((line) => !line.includes('debug')).join('\n'),
      seen.join('\n'),
      runs.map((run) => JSON.stringify([run.runId, run.state, run.counts, run.waves])).join('\n'),
      story.tables.rows('people').filter(({ key }) => key.startsWith('pending') ).map((row) => JSON.stringify([row.key, row.body])).join('\n'),
      story.tables.rows('parts').filter(({ key }) => key.startsWith('outcome')).map((row) => row.partition + row.key + JSON.stringify(row.body)).join('\n'),
      story.messageMedia.requests.map((r) => `${r.method} ${r.path.slice(-60)} ${r.status} ${r.body.slice(0, 250)}`).slice(20).join('\n'),
    ].join('\n\n');
    require('node:fs').writeFileSync('/tmp/debug.txt', out);
    expectInvariants(story); story.employ = undefined; await expectRest(story); await story.close();
  });
