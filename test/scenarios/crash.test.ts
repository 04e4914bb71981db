import { seededRandom } from '../../local/simulator/random.ts';
import type { Link } from '../../src/core/plan/link.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { expectInvariants, expectRest } from '../support/story-checks.ts';
import { Crash, startStory } from '../support/story.ts';
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
  graph.admin.createUser(aUser(20, { mobilePhone: mobile(1) }));
  graph.admin.createUser(aUser(21));
  graph.admin.createUser(aUser(22, { department: 'Support' }));
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
    expectAdoptedStayForeign(story);
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

/** A contact that people made is never ours to delete, whoever died over its adoption. */
function expectAdoptedStayForeign(story: Story): void {
  const rows = story.tables.rows('people').filter(({ key }) => key.startsWith('person:'));
  const links = rows.map(({ key, body }) => [Number(key.slice(-3)), (body as { link?: Link }).link?.created] as const);
  const created = Object.fromEntries(links);
  expect(created).toMatchObject({ 3: false, 4: true, 21: false });
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

  /** Tells the story once for each fate; answers what went wrong, with the fate that did it. */
  async function tellAll(fates: readonly { name: string; account: number; fate: Fate }[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const { name, account, fate } of fates) {
      try {
        expect(await tellWith(ACCOUNTS[account], fate)).toEqual(undisturbed[account]!.end);
      } catch (error) {
        wrong.push(`${name} in account ${account}: ${String((error as Error).stack)}`);
      }
    }
    return wrong;
  }

  const EVERY = 5;

  it.each(Array.from({ length: EVERY }, (_, offset) => offset + 1))(
    'is replaced, whatever the effect it dies at (every fifth from %i)',
    async (first) => {
      const fates = [];
      for (let at = first; at <= undisturbed[0]!.effects; at += EVERY) {
        const returnsAfterMs = at % 2 === 0 ? 0 : 10 * MINUTE_MS;
        for (const account of EXHAUSTIVE ? [0, 1, 2] : [at % ACCOUNTS.length])
          fates.push({ name: `Death at ${at}`, account, fate: dieAt(at, returnsAfterMs) });
      }

      expect(await tellAll(fates)).toEqual([]);
    },
    240_000,
  );

  it('may be followed by others that die, too', async () => {
    const fates = Array.from({ length: EXHAUSTIVE ? 400 : 60 }, (_, seed) => {
      const random = seededRandom(seed + 1);
      const fate: Fate = (effect) => {
        if (effect > 150 && random() < 0.03) throw new Crash(random() < 0.5 ? 0 : 10 * MINUTE_MS);
      };
      return { name: `Seed ${seed + 1}`, account: seed % ACCOUNTS.length, fate };
    });

    expect(await tellAll(fates)).toEqual([]);
  }, 240_000);
});
