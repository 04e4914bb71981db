import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { isActive } from '../../src/core/run/run-row.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { isAnybodyDue } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { hideSomebody, liveThrough, peopleOfTheFirstDay } from '../support/eventful-day.ts';
import type { EventfulDay } from '../support/eventful-day.ts';
import { KILL_POINTS } from '../support/kill-points.ts';
import type { KillPoint } from '../support/kill-points.ts';
import { startProxiedStack } from '../support/proxied-stack.ts';
import type { ProxiedStack } from '../support/proxied-stack.ts';
import { expectStackIsWell } from '../support/stack-checks.ts';
import { mobile } from '../support/story-people.ts';

const SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  // No tick of this test may meet a slot: every run is started by hand.
  schedule: '0 6 1 1 *',
  fullSchedule: '0 3 1 1 *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { accountEnabled: true },
  // The days of this test pass in minutes: their leavers and updates would add up.
  protection: { maxRemovals: 1_000, floor: 1_000 },
};
/** Longer than a claim, a call's time-out and the timer's patience together, and than somebody waits for a next try. */
const LONG_ENOUGH_MS = 20 * 60_000;
const TIMEOUT_MS = 120_000;
const MAX_TICKS = 5;

describe('a process killed', () => {
  let proxied: ProxiedStack;
  let handMade: AccountSnapshot;
  let days = 0;

  beforeAll(async () => {
    proxied = await startProxiedStack({
      users: peopleOfTheFirstDay(),
      config: { sync: SYNC },
      pageSize: 40,
      // Nobody but us sees to it that a contact is not made twice.
      account: { uniqueNumbers: false },
    });
    const { account } = proxied.stack.messageMedia;
    account.seedContact({ number: '+61491570006', firstName: 'By hand', lists: ['Friends'] });
    account.seedContact({ number: mobile(7), note: 'Known before', customFields: { shoe_size: '43' } });
    handMade = account.snapshot();
    await proxied.stack.api.run({ mode: 'full' });
    hideSomebody(proxied.stack.entra.admin);
  }, TIMEOUT_MS);

  afterAll(() => proxied.stop());

  it.each(KILL_POINTS.map((point) => [point.name, point] as const))(
    '%s leaves nothing that the next one does not put right',
    async (_name, point) => {
      const { stack } = proxied;
      const day = liveThrough(stack.entra.admin, (days += 1));
      const before = new Set((await begunSince(new Set())).map(({ runId }) => runId));
      point.trouble?.(stack.messageMedia);

      await killedAt(point, day);
      point.leaves?.(stack.messageMedia, day);
      stack.messageMedia.faults.clear();
      await stack.restartHost();
      await comeToRest();

      if (!(await begunSince(before)).some(hasEnded)) {
        // A starter that died before the run row began nothing. A run whose state is committed waits for the next starter.
        expect(await stack.api.run({ mode: 'full' })).toMatchObject({ state: 'completed' });
        await eventually(async () => (await begunSince(before)).every(hasEnded));
      }
      const ends = (await begunSince(before)).map(({ state }) => state);
      expect(ends).toEqual(ends.map(() => 'completed'));
      await expectStackIsWell(proxied, { sync: SYNC, handMade });
    },
    TIMEOUT_MS,
  );

  it(
    'leaves nothing to do for a full run',
    async () => {
      const writes = proxied.stack.messageMedia.requests.filter(({ method }) => method !== 'GET').length;

      const run = await proxied.stack.api.run({ mode: 'full' });

      expect(run).toMatchObject({ state: 'completed', counts: { created: 0, updated: 0, moved: 0, removed: 0 } });
      expect(proxied.stack.messageMedia.requests.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
    },
    TIMEOUT_MS,
  );

  async function begunSince(before: ReadonlySet<string>): Promise<readonly RunRow[]> {
    return (await proxied.rows('runs')).map(({ body }) => body as RunRow).filter(({ runId }) => !before.has(runId));
  }

  /** Starts a full run and answers when its process was killed at the point. */
  function killedAt(point: KillPoint, day: EventfulDay): Promise<void> {
    const { stack, proxies } = proxied;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The run never came to: ${point.name}.`)), TIMEOUT_MS / 2);
      for (const proxy of [proxies.tables, proxies.queues]) {
        proxy.onCall = async (call, moment) => {
          if (moment !== point.moment || !point.isHere(call, day)) return undefined;
          proxies.tables.onCall = undefined;
          proxies.queues.onCall = undefined;
          await stack.killHost();
          clearTimeout(late);
          resolve();
          return 'lost';
        };
      }
      // The process may die before it answers: whether the run came to its point is what counts.
      stack.api.startRun({ mode: 'full' }).catch(() => undefined);
    });
  }

  /** Time passes and the timer ticks until no run is under way and nobody waits for a next try. */
  async function comeToRest(): Promise<void> {
    const isAtRest = async (): Promise<boolean> => !(await proxied.isLeased());
    for (let ticks = 0; ticks === 0 || !(await isAtRest()) || isAnybodyDue(await proxied.rows('people')); ticks += 1) {
      if (ticks === MAX_TICKS) throw new Error('The sync never came to rest.');
      proxied.proxies.tables.advance(LONG_ENOUGH_MS);
      await proxied.stack.host.invokeTimer('schedule-sync');
      await eventually(isAtRest);
    }
  }
});

function hasEnded(run: RunRow): boolean {
  return !isActive(run);
}
