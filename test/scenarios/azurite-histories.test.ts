import { startAzurite } from '../../local/azurite.ts';
import type { Azurite } from '../../local/azurite.ts';
import { seededRandom } from '../../local/simulator/random.ts';
import { createWorkQueue } from '../../src/adapters/storage/queue-work.ts';
import { createTables } from '../../src/adapters/storage/table-store.ts';
import type { Tables } from '../../src/core/ports.ts';
import type { OnWork } from '../support/mortal-worker.ts';
import { openPostOffice } from '../support/post-office.ts';
import type { PostOffice } from '../support/post-office.ts';
import { ADDRESS_LENGTH, startStorageSync } from '../support/storage-sync.ts';
import type { StorageSync } from '../support/storage-sync.ts';
import { Crash } from '../support/story.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';
import { expectAllIsWell, expectRest, runToTheEnd, untilNobodyIsDue } from '../support/work-off.ts';

// More of them, or others: SEEDS=3000 FIRST_SEED=1000.
const SEEDS = Number(process.env['SEEDS'] ?? 300);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);
const AT_ONCE = 10;
// Azurite walks whole tables and, once a minute, all its messages: a new one after so many histories takes half the time.
const A_STORAGE = 75;
// One more run costs as much as another history's day: some of them have it.
const REST_EVERY = 4;

const EFFECTS = [
  'state.write',
  'runs.write',
  'parts.write',
  'people.write',
  'send',
  'page read',
  'people read',
  'createContact',
  'updateContact',
  'changeMembers',
  'createList',
  'createField',
] as const;
const DEATHS = [...EFFECTS.flatMap((effect) => [`before ${effect}`, `after ${effect}`]), 'before message deleted'];
const STORAGES = Array.from({ length: Math.ceil(SEEDS / A_STORAGE) }, (_, index) => FIRST_SEED + index * A_STORAGE);
const STRAY_DEATHS = 2;
const STRAY_DEATH_SHARE = 0.01;

type Dice = (sides: number) => number;

function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  return (sides) => Math.floor(random() * sides);
}

/** Each history has the death that its seed asks for, at one of its first chances, and perhaps one or two elsewhere. */
function fateOf(seed: number, dice: Dice, died: (where: string) => void): OnWork {
  const asked = DEATHS[seed % DEATHS.length]!;
  let chances = 1 + dice(3);
  let strays = STRAY_DEATHS;
  return (effect) => {
    const where = DEATHS.find((death) => effect.startsWith(death));
    if (where === undefined) return;
    const isAsked = where === asked && (chances -= 1) === 0;
    const isStray = !isAsked && strays > 0 && dice(1_000) < 1_000 * STRAY_DEATH_SHARE;
    if (!isAsked && !isStray) return;
    if (isStray) strays -= 1;
    died(where);
    throw new Crash(dice(2) === 0 ? 0 : 10 * 60_000);
  };
}

/** A joiner, a mover, a leaver and a number that changes hands, by turns of the dice. Users 1 and 2 keep their lists alive. */
function liveThrough({ directory: { admin } }: StorageSync, day: number, dice: Dice): void {
  const [mover, leaver, giver, taker] = [3 + dice(4), 3 + dice(4), 1 + dice(6), 1 + dice(6)] as const;
  admin.createUser(aUser(10 + day, { department: dice(2) === 0 ? 'Sales' : `New ${day}` }));
  admin.updateUser(userId(mover), { department: dice(2) === 0 ? 'Sales' : 'Support', surname: `Name ${dice(3)}` });
  if (dice(3) > 0) admin.updateUser(userId(leaver), { accountEnabled: dice(3) === 0 });
  if (giver === taker) return;
  const numbers = new Map(admin.users().map(({ id, mobilePhone }) => [id, mobilePhone]));
  admin.updateUser(userId(taker), { mobilePhone: numbers.get(userId(giver)) });
  const isSwap = dice(2) === 0;
  admin.updateUser(userId(giver), {
    mobilePhone: isSwap ? numbers.get(userId(taker)) : mobile(100 + 10 * day + giver),
  });
}

interface Storage {
  readonly azurite: Azurite;
  readonly tables: Tables;
  readonly office: PostOffice;
}

async function startStorage(): Promise<Storage> {
  const azurite = await startAzurite();
  const { connectionString } = azurite;
  const tables = createTables({ connectionString });
  const queue = createWorkQueue({ connectionString });
  await Promise.all([tables.ensure(), queue.ensure()]);
  return { azurite, tables, office: openPostOffice(connectionString, queue, ADDRESS_LENGTH) };
}

describe('histories with crashes on real storage', () => {
  const deaths = new Map<string, number>();

  it.each(STORAGES)(
    'end as the directory asks for, whoever died: %i and those that follow',
    async (first) => {
      const { azurite, tables, office } = await startStorage();
      const count = Math.min(A_STORAGE, FIRST_SEED + SEEDS - first);
      const seeds = Array.from({ length: count }, (_, index) => first + index);
      const wrong: string[] = [];
      const teller = async (): Promise<void> => {
        for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
          try {
            await tell(seed, { tables, office });
          } catch (error) {
            wrong.push(
              `Seed ${seed} (FIRST_SEED=${seed} SEEDS=1 npx jest azurite-histories -t 'end as'): ${String((error as Error).stack)}`,
            );
          }
        }
      };

      await Promise.all(Array.from({ length: AT_ONCE }, teller));
      await azurite.stop();

      expect(wrong).toEqual([]);
    },
    300_000,
  );

  it.each(DEATHS)('have seen a worker die %s', (where) => {
    expect(deaths.get(where)).toBeGreaterThan(0);
  });

  async function tell(seed: number, storage: Pick<Storage, 'tables' | 'office'>): Promise<void> {
    const dice = diceOf(seed);
    const name = seed.toString(36).padStart(ADDRESS_LENGTH, '0');
    const sync = startStorageSync({ name, ...storage, users: users(6), uniqueNumbers: seed % 2 === 0 });
    sync.onWork = fateOf(seed, dice, (where) => deaths.set(where, (deaths.get(where) ?? 0) + 1));
    await runToTheEnd(sync, 'full');
    const days = dice(4) === 0 ? 2 : 1;
    for (let day = 1; day <= days; day += 1) {
      liveThrough(sync, day, dice);
      await runToTheEnd(sync, dice(3) === 0 ? 'full' : 'delta');
    }
    sync.onWork = undefined;
    await untilNobodyIsDue(sync);
    await expectAllIsWell(sync);
    if (seed % REST_EVERY === 0) await expectRest(sync);
    expect(sync.failures).toEqual([]);
  }
});
