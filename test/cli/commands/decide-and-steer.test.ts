import { userId } from '../../support/story-people.ts';
import { aRecord, aRun } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const HELD = aRun({ state: 'held', counts: { held: 2 } as never });
const ACCEPTED = { status: 202, body: { runId: RUN, state: 'held' } };

let app: SmallApp | undefined;

async function appWith(answers: Answers): Promise<SmallApp> {
  app = await startSmallApp(answers);
  return app;
}

function holding(run: object, records: readonly object[] = [aRecord(1, { outcome: 'held' })]): Promise<SmallApp> {
  return appWith({
    [`GET /runs/${RUN}`]: { body: run },
    [`GET /runs/${RUN}/records`]: { body: { items: records } },
    [`POST /runs/${RUN}/approve`]: ACCEPTED,
    [`POST /runs/${RUN}/reject`]: ACCEPTED,
  });
}

/** What was decided: calls that change something. */
function decisions({ asked }: SmallApp): readonly string[] {
  return asked.filter(({ method }) => method === 'POST').map(({ path, body }) => `${path} ${JSON.stringify(body)}`);
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('approve and reject', () => {
  it('shows what is held, asks, and decides on the plan that was shown', async () => {
    const asking = await holding(HELD);

    const shown = await runCommand('approve', asking, { arguments: [RUN], answers: ['y'] });

    expect(shown).toMatchObject({ exit: 0, questions: ['Approve what is held for 2 people? [y/N] '] });
    expect(shown.out.indexOf(userId(1))).toBeGreaterThan(-1);
    expect(shown.out).toMatch(/✔ Approved\. .*starts now or when the active one ends/);
    expect(decisions(asking)).toEqual([`/runs/${RUN}/approve {"planHash":"hash-1"}`]);
  });

  it('says where the others are who are held', async () => {
    const held = Array.from({ length: 21 }, (_, n) => aRecord(n, { outcome: 'held' }));

    const shown = await runCommand('approve', await holding(HELD, held), { arguments: [RUN], options: { yes: true } });

    expect(shown.out).toContain(`npm run sync -- records ${RUN} --outcome held --csv`);
    expect(shown.out).not.toContain(userId(20));
  });

  it.each(['', 'n', 'yeah'])('does nothing unless the answer is yes: "%s"', async (answer) => {
    const asking = await holding(HELD);

    const shown = await runCommand('reject', asking, { arguments: [RUN], answers: [answer] });

    expect(shown).toMatchObject({ exit: 2, err: '✖ Nothing was done.\n' });
    expect(decisions(asking)).toEqual([]);
  });

  it('does nothing where nobody can be asked, unless --yes says so', async () => {
    const asking = await holding(HELD);

    const unasked = await runCommand('reject', asking, { arguments: [RUN] });
    const told = await runCommand('reject', asking, { arguments: [RUN], options: { yes: true } });

    expect(unasked).toMatchObject({ exit: 2 });
    expect(unasked.err).toContain('--yes');
    expect(told).toMatchObject({ exit: 0, questions: [] });
    expect(told.out).toContain('Rejected');
    expect(decisions(asking)).toEqual([`/runs/${RUN}/reject {"planHash":"hash-1"}`]);
  });

  it('asks nobody with --json, even on a terminal, and shows one value only', async () => {
    const asking = await holding(HELD);

    const unasked = await runCommand('approve', asking, { arguments: [RUN], options: { json: true }, answers: ['y'] });
    const told = await runCommand('approve', asking, { arguments: [RUN], options: { json: true, yes: true } });

    expect(jsonOf(unasked)).toMatchObject({ error: { code: 'not-confirmed', exit: 2 } });
    expect(jsonOf(told)).toEqual(ACCEPTED.body);
  });

  it('shows the plan of a dry run, and says where the rest is', async () => {
    const records = Array.from({ length: 21 }, (_, n) => aRecord(n));
    const asking = await holding(aRun({ dryRun: true }), records);

    const shown = await runCommand('approve', asking, { arguments: [RUN], answers: ['yes'] });

    expect(shown.questions).toEqual(['Approve this plan? [y/N] ']);
    expect(shown.out).toContain(`npm run sync -- records ${RUN} --outcome planned --csv`);
    expect(asking.asked.find(({ path }) => path.includes('records'))?.path).toContain('outcome=planned');
    expect(shown.out).toContain('✔ Approved. A run applies what is still exactly as shown.');
  });

  it.each([
    ['completed', aRun()],
    ['running', aRun({ state: 'running', dryRun: true })],
    ['failed', aRun({ state: 'failed' })],
  ])('has nothing to decide about a run that is %s', async (state, run) => {
    const asking = await holding(run);

    const shown = await runCommand('approve', asking, { arguments: [RUN], options: { yes: true } });

    expect(shown).toMatchObject({ exit: 2 });
    expect(shown.err).toContain(`is ${state}: there is nothing to decide`);
    expect(decisions(asking)).toEqual([]);
  });

  it('decides nothing twice', async () => {
    const decided = await holding({ ...HELD, decision: { kind: 'rejected', at: '2026-10-14T06:00:00.000Z' } });

    const shown = await runCommand('approve', decided, { arguments: [RUN], options: { yes: true } });

    expect(shown).toMatchObject({ exit: 2, err: `✖ What run ${RUN} holds was rejected already.\n` });
    expect(decisions(decided)).toEqual([]);
  });

  it('passes on that the plan has changed', async () => {
    const changed = await appWith({
      [`GET /runs/${RUN}`]: { body: HELD },
      [`GET /runs/${RUN}/records`]: { body: { items: [] } },
      [`POST /runs/${RUN}/approve`]: problem(409, 'plan-changed'),
    });

    expect(await runCommand('approve', changed, { arguments: [RUN], options: { yes: true } })).toMatchObject({
      exit: 2,
    });
  });
});

describe('cancel, pause, resume', () => {
  it.each([
    ['running', 'ends within a batch'],
    ['completed', 'has ended already: it is completed'],
  ])('cancels a run that is %s', async (state, words) => {
    const cancelling = await appWith({ [`POST /runs/${RUN}/cancel`]: { status: 202, body: { runId: RUN, state } } });

    const shown = await runCommand('cancel', cancelling, { arguments: [RUN] });

    expect(shown.exit).toBe(0);
    expect(shown.out).toContain(words);
  });

  it('pauses and goes on', async () => {
    const steered = await appWith({
      'POST /pause': { body: { paused: true, since: '2026-10-14T06:30:00.000Z' } },
      'POST /resume': { body: { paused: false } },
    });

    const paused = await runCommand('pause', steered);
    const resumed = await runCommand('resume', steered, { options: { json: true } });

    expect(paused.out).toContain('✔ Paused since Wed 14 Oct 2026');
    expect(jsonOf(resumed)).toEqual({ paused: false });
  });

  it('does without the time of a pause', async () => {
    const shown = await runCommand('pause', await appWith({ 'POST /pause': { body: { paused: true } } }));

    expect(shown.out).toMatch(/^✔ Paused\. /);
  });

  it('says that an older app does not know the call', async () => {
    const shown = await runCommand('pause', await appWith({}));

    expect(shown).toMatchObject({ exit: 2 });
    expect(shown.err).toContain('The app does not know POST /pause.');
  });
});

describe('erase', () => {
  const ERASED = { personId: userId(1), rows: 7, kept: ['consent'] };

  it('says what it means, asks, and tells what is kept', async () => {
    const erasing = await appWith({ [`POST /people/${userId(1)}/erase`]: { body: ERASED } });

    const shown = await runCommand('erase', erasing, { arguments: [userId(1)], answers: ['y'] });

    expect(shown.questions).toEqual(['Erase this person? [y/N] ']);
    expect(shown.out).toContain('The contact in MessageMedia stays');
    expect(shown.out).toMatch(/✔ Erased: 7 rows\. Kept: consent\.\n$/);
  });

  it('has nothing to say of what is kept when nothing is', async () => {
    const erasing = await appWith({ [`POST /people/${userId(1)}/erase`]: { body: { ...ERASED, rows: 1, kept: [] } } });

    const shown = await runCommand('erase', erasing, { arguments: [userId(1)], options: { yes: true } });

    expect(shown.out).toMatch(/✔ Erased: 1 row\.\n$/);
  });

  it('erases nobody without a yes', async () => {
    const erasing = await appWith({});

    const shown = await runCommand('erase', erasing, { arguments: [userId(1)] });

    expect(shown.exit).toBe(2);
    expect(erasing.asked).toEqual([]);
  });

  it('keeps an id from reaching another address', async () => {
    const erasing = await appWith({});

    await runCommand('erase', erasing, { arguments: ['../runs?x='], options: { yes: true } });

    expect(erasing.asked[0]?.path).toBe('/people/..%2Fruns%3Fx%3D/erase');
  });
});
