import { adoptAccount } from '../../src/core/run/adopt-account.ts';
import { findPeople } from '../../src/core/run/find-people.ts';
import { listRuns } from '../../src/core/run/read-runs.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { employMortals, endStateOf, MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import { expectInvariants, expectRest } from '../support/story-checks.ts';
import { Crash, startStory } from '../support/story.ts';
import type { Story } from '../support/story.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

/** Each telling takes a while, and neighbouring effects are alike. */
const EVERY = process.env['EXHAUSTIVE'] === 'true' ? 1 : 3;

/** What the tables knew is lost, and one number has changed since; the account is full of other things, too. */
async function loseEverything(story: Story): Promise<void> {
  await story.run('full');
  for (const name of ['people', 'state'] as const) {
    for (const { key } of story.tables.rows(name)) await story.tables[name].write('default', [{ kind: 'delete', key }]);
  }
  story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(71) });
  for (let n = 1; n <= 1_001; n += 1) story.messageMedia.account.seedContact({ number: mobile(2_000 + n) });
}

interface Telling {
  readonly end: unknown;
  readonly runs: readonly Pick<RunRow, 'state' | 'counts' | 'adoption' | 'only'>[];
  readonly effects: number;
}

/** What is before the run; answers how it is started. */
type Prepare = (story: Story) => Promise<() => Promise<RunRow>>;

const ADOPTING: Prepare = async (story) => {
  await loseEverything(story);
  return () => adoptAccount(story.engine(), { dryRun: false });
};

const FOR_SOME: Prepare = async (story) => {
  await story.run('full');
  story.graph.admin.createUser(aUser(5));
  story.graph.admin.updateUser(userId(1), { department: 'Support' });
  story.graph.admin.updateUser(userId(3), { accountEnabled: false });
  const only = { departments: ['Sales'], ...(await findPeople(story.engine(), [userId(2)])) };
  return () => startRun(story.engine(), { mode: 'delta', dryRun: false, trigger: 'http', only });
};

/** One run from its start on, by workers of whom one dies at effect `at`. */
async function tell(prepare: Prepare, at: number): Promise<Telling> {
  const story = await startStory({ users: users(4), lanes: 2 });
  try {
    const start = await prepare(story);
    await story.clock.advance(MINUTE_MS);
    let effects = 0;
    const { runId } = await start();
    employMortals(story, () => {
      effects += 1;
      if (effects === at) throw new Crash(at % 2 === 0 ? 0 : 10 * MINUTE_MS);
    });
    await weather(story);
    await untilNobodyWaits(story);
    story.employ = undefined;
    expectInvariants(story);
    const { items } = await listRuns(story.engine(), 100);
    const runs = items.filter((run) => run.runId === runId);
    // What a run for some people left is the next one's.
    await story.run();
    await expectRest(story);
    expectInvariants(story);
    return {
      end: endStateOf(story),
      runs: runs.map(({ state, counts, adoption, only }) => ({
        state,
        counts,
        ...(adoption === undefined ? {} : { adoption }),
        ...(only === undefined ? {} : { only }),
      })),
      effects,
    };
  } finally {
    await story.close();
  }
}

describe.each([
  ['that reads the whole account', ADOPTING],
  ['for some people', FOR_SOME],
])('a run %s', (_what, prepare) => {
  it('comes to the same end, whatever the effect one of its workers dies at', async () => {
    const { effects, ...undisturbed } = await tell(prepare, Number.POSITIVE_INFINITY);
    expect(effects).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (let at = 1; at <= effects; at += EVERY) {
      try {
        const { effects: _effects, ...told } = await tell(prepare, at);
        expect(told.end).toEqual(undisturbed.end);
        expect(told.runs.map(({ state, adoption, only }) => [state, adoption, only])).toEqual(
          undisturbed.runs.map(({ state, adoption, only }) => [state, adoption, only]),
        );
      } catch (error) {
        wrong.push(`Death at ${at}: ${String((error as Error).stack)}`);
      }
    }

    expect(wrong).toEqual([]);
  }, 240_000);
});
