import { seededRandom } from '../../local/simulator/random.ts';
import type { Story } from '../support/story.ts';
import { expectInvariants, expectOracleAgrees, tellStory } from '../support/story-checks.ts';
import { aUser, mobile, userId } from '../support/story-people.ts';

const PEOPLE = 8;
// Fewer numbers than people: they share them, pass them on and swap them.
const NUMBERS = 5;
const DEPARTMENTS = ['Sales', 'Support', 'Finance'];

type Dice = (sides: number) => number;

function someNumber(dice: Dice): string | null {
  return dice(8) === 0 ? null : mobile(1 + dice(NUMBERS));
}

function somebody(n: number, dice: Dice): ReturnType<typeof aUser> {
  return aUser(n, { mobilePhone: someNumber(dice), department: DEPARTMENTS[dice(3)] });
}

/** One thing that happens to one person; what cannot happen to them does not. */
function happen({ graph }: Story, gone: Map<number, 'soft' | 'hard'>, dice: Dice): void {
  const { admin } = graph;
  const n = 1 + dice(PEOPLE);
  const id = userId(n);
  if (gone.get(n) === 'hard') return;
  if (gone.get(n) === 'soft') {
    if (dice(2) === 0) {
      admin.restore(id);
      gone.delete(n);
    }
    return;
  }
  const events: (() => void)[] = [
    () => admin.updateUser(id, { mobilePhone: someNumber(dice) }),
    () => admin.updateUser(id, { mobilePhone: someNumber(dice), department: DEPARTMENTS[dice(3)] ?? null }),
    () => admin.updateUser(id, { department: DEPARTMENTS[dice(3)] ?? null }),
    () => admin.updateUser(id, { accountEnabled: dice(3) > 0 }),
    () =>
      admin.updateUser(id, { surname: `Name ${dice(5)}`, mail: dice(3) === 0 ? null : `mail.${dice(9)}@example.com` }),
    () => {
      admin.softDelete(id);
      gone.set(n, 'soft');
    },
    () => {
      if (dice(3) > 0) return;
      admin.hardDelete(id);
      gone.set(n, 'hard');
    },
  ];
  events[dice(events.length)]!();
}

function meetContactsMadeByHand({ messageMedia: { account } }: Story, dice: Dice): void {
  const count = dice(4);
  for (let n = 1; n <= count; n += 1) {
    account.seedContact({ number: mobile(n), note: 'By hand', customFields: { shoe_size: '44' }, lists: ['Runners'] });
  }
  if (dice(2) === 0) account.optOut(mobile(1 + dice(NUMBERS)));
}

const ACCOUNTS = [true, false].flatMap((uniqueNumbers) =>
  (['replace', 'merge'] as const).flatMap((mode) =>
    (['remove-from-lists', 'delete', 'keep', 'unsubscribe'] as const).map((action) => ({
      uniqueNumbers,
      mode,
      action,
    })),
  ),
);
// More of them, from another start: SEEDS=50 FIRST_SEED=1000.
const SEEDS = Number(process.env['SEEDS'] ?? 2);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 0);

/** Days that went wrong once. */
const KEPT = [
  { seed: 15_114, uniqueNumbers: false, mode: 'merge', action: 'unsubscribe' },
  { seed: 13_511, uniqueNumbers: false, mode: 'merge', action: 'delete' },
  { seed: 10_310, uniqueNumbers: false, mode: 'replace', action: 'keep' },
] as const;

const cases = ACCOUNTS.flatMap((account, at) =>
  Array.from({ length: SEEDS }, (_, index) => ({ seed: FIRST_SEED + at * 1000 + index, ...account })),
);

describe('days on which anything may happen', () => {
  it.each([...KEPT, ...cases])('end where the directory is: %j', async ({ seed, uniqueNumbers, mode, action }) => {
    const random = seededRandom(seed);
    const dice: Dice = (sides) => Math.floor(random() * sides);
    const causes = ['deleted', 'disabled', 'outOfScope', 'unreachable'];
    const sync = {
      mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
      leavers: Object.fromEntries(causes.map((cause) => [cause, { action }])),
    };
    const account = { uniqueNumbers, channelsMode: mode, customFieldsMode: mode };
    const people = Array.from({ length: PEOPLE }, (_, index) => somebody(index + 1, dice));
    const rules = { account, sync, lanes: 1 + dice(4), reads: NUMBERS };
    await tellStory({ users: people, ...rules }, async (story) => {
      // Where numbers cannot be replaced, an adopted contact cannot change its number: another story.
      if (mode === 'replace') meetContactsMadeByHand(story, dice);
      const gone = new Map<number, 'soft' | 'hard'>();
      await story.run();
      for (let day = 0; day < 8; day += 1) {
        for (let events = 1 + dice(4); events > 0; events -= 1) happen(story, gone, dice);
        await story.clock.advance(3_600_000);

        const run = await story.run(dice(4) === 0 ? 'full' : 'delta');

        expect(run.counts.failed).toBe(0);
        expectInvariants(story);
        expectOracleAgrees(story);
      }
    })();
  });
});
