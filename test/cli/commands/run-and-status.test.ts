import { aNeighbour, aRecord, aRun, aStatus } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const STARTED = { status: 202, body: { runId: RUN, state: 'queued', statusUrl: 'http://127.0.0.1/api' } };
const HOLD = { rule: 'list-share', list: 'Sales', operations: 35, limit: 0.1, recent: 0, members: 85 } as const;

let app: SmallApp | undefined;

async function appWith(answers: Answers): Promise<SmallApp> {
  app = await startSmallApp(answers);
  return app;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('run', () => {
  it('starts a run as the options say, and tells how to follow it', async () => {
    const started = await appWith({ 'POST /runs': STARTED });

    const shown = await runCommand('run', started, {
      options: { full: true, departments: 'Sales, Support,', people: 'p1', reason: 'why not' },
    });

    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(shown.out).toContain(`npm run sync -- status ${RUN} --watch`);
    expect(started.asked[0]?.body).toEqual({
      mode: 'full',
      dryRun: false,
      departments: ['Sales', 'Support'],
      people: ['p1'],
      reason: 'why not',
    });
  });

  it('watches it to its end, with its progress beside the output', async () => {
    const states = [
      aRun({ state: 'queued' }),
      aRun({ state: 'running', phase: 'plan' }),
      aRun({ counts: { created: 3 } as never }),
    ];
    const started = await appWith({
      'POST /runs': STARTED,
      [`GET /runs/${RUN}`]: (_asked, count) => ({ body: states[count - 1] }),
    });

    const shown = await runCommand('run', started, { options: { watch: true } });

    expect(shown.exit).toBe(0);
    expect(shown.progress).toEqual(['waits for a worker, 10 people read, 0 ms', 'plan, 10 people read, 250 ms', '']);
    expect(shown.out).toBe(`✔ Delta run ${RUN} is completed (4.2 s).\n  10 people read: 3 created.\n`);
  });

  it('goes on watching when the app is away for a moment', async () => {
    const started = await appWith({
      'POST /runs': STARTED,
      [`GET /runs/${RUN}`]: (_asked, count) => (count < 9 ? { status: 503 } : { body: aRun() }),
    });

    expect(await runCommand('run', started, { options: { watch: true } })).toMatchObject({ exit: 0 });
  });

  it('gives up when the app stays away', async () => {
    const started = await appWith({ 'POST /runs': STARTED, [`GET /runs/${RUN}`]: { status: 503 } });

    const shown = await runCommand('run', started, { options: { watch: true } });

    expect(shown.exit).toBe(6);
    expect(started.asked.filter(({ method }) => method === 'GET')).toHaveLength(10);
  });

  it.each([
    ['held', aRun({ state: 'held', holds: [HOLD] }), 4, ['records', 'approve', 'reject', 'leave the list "Sales"']],
    ['not for everybody', aRun({ state: 'completed-with-errors' }), 3, ['--outcome failed', '--outcome rejected']],
    ['failed', aRun({ state: 'failed', error: { code: 'access-denied', message: 'No.' } }), 5, ['access-denied: No.']],
    ['a dry run', aRun({ dryRun: true, counts: { updated: 1 } as never }), 0, ['Apply exactly this plan']],
    ['cancelled', aRun({ state: 'cancelled' }), 1, ['was cancelled']],
    ['full, for a reason', aRun({ mode: 'full', reason: 'token-age' }), 0, ['Full run', 'Reason: token-age']],
    ['after a change', aRun({ impact: { entering: 0, leaving: 2, rewritten: 0 } }), 0, ['2 people leave']],
    ['like a newer app', { ...aRun(), state: 'of-a-newer-app' }, 0, ['of-a-newer-app']],
  ])('says how it ended and what to do: %s', async (_name, run, exit, words) => {
    const started = await appWith({ 'POST /runs': STARTED, [`GET /runs/${RUN}`]: { body: run } });

    const shown = await runCommand('run', started, { options: { watch: true, 'dry-run': true } });

    expect(shown.exit).toBe(exit);
    for (const word of words) expect(shown.out).toContain(word);
  });

  it('gives nothing to approve when a dry run would change nothing', async () => {
    const started = await appWith({ 'POST /runs': STARTED, [`GET /runs/${RUN}`]: { body: aRun({ dryRun: true }) } });

    const shown = await runCommand('run', started, { options: { watch: true, 'dry-run': true } });

    expect(shown.out).not.toContain('approve');
  });

  it('counts nothing for a run that ended before it did anything', async () => {
    const failed = aRun({
      state: 'failed',
      counts: { read: 0 } as never,
      error: { code: 'access-denied', message: 'No.' },
    });
    const started = await appWith({ 'POST /runs': STARTED, [`GET /runs/${RUN}`]: { body: failed } });

    const shown = await runCommand('run', started, { options: { watch: true } });

    expect(shown.out).toBe(`✖ Delta run ${RUN} has failed (4.2 s).\n  access-denied: No.\n`);
  });

  it('passes on what the app refuses', async () => {
    const problems = [{ path: 'departments', message: 'is not supported yet' }];
    const refusing = await appWith({ 'POST /runs': problem(400, 'request-invalid', { problems }) });

    const shown = await runCommand('run', refusing, { options: { departments: 'Sales' } });

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(shown.err).toBe('✖ It is request-invalid.\n  departments: is not supported yet\n');
  });

  it('gives a refusal as JSON, and nothing beside it', async () => {
    const refusing = await appWith({ 'POST /runs': problem(409, 'run-active', { runId: 'r-other' }) });

    const shown = await runCommand('run', refusing, { options: { json: true } });

    expect(shown).toMatchObject({ exit: 2, err: '' });
    expect(jsonOf(shown)).toMatchObject({ error: { code: 'run-active', exit: 2, problem: { runId: 'r-other' } } });
  });
});

describe('status', () => {
  it('says that everybody is in step, and when the next runs are', async () => {
    const shown = await runCommand('status', await appWith({ 'GET /status': { body: aStatus() } }));

    expect(shown.exit).toBe(0);
    expect(shown.out).toContain('✔ In step.');
    expect(shown.out).toContain('(59 minutes ago)');
    expect(shown.out).toContain('Thu 15 Oct 2026');
    expect(shown.out).toContain('1 hour old');
    expect(shown.out).toMatch(/✔ +storage +12 ms/);
  });

  it('says what is off: holds with the run to decide on, failures, neighbours, alerts, credentials', async () => {
    const status = {
      ...aStatus({
        held: 35,
        leaversKept: 2,
        activeRunId: 'r-active',
        pending: { 'held-removal': 35, 'in-doubt': 2, 'duplicate-phone': 4, 'of-a-newer-app': 1 },
        neighbours: [aNeighbour('storage'), aNeighbour('graph', { ok: false, code: 'access-denied' })],
      }),
      alerts: [{ name: 'removals-held', since: '2026-10-14T06:00:00.000Z' }],
      credentials: [
        { name: 'entra-client-secret', expiresAt: '2026-10-20T06:00:00.000Z', daysLeft: 6 },
        { name: 'messagemedia-api-key', expiresAt: '2026-10-01T06:00:00.000Z', daysLeft: -13 },
      ],
    };
    const decided = aRun({
      runId: 'r-1',
      state: 'held',
      decision: { kind: 'rejected', at: '2026-10-14T06:00:00.000Z' },
    });
    const answers = {
      'GET /status': { body: status },
      'GET /runs': { body: { items: [decided, aRun({ runId: 'r-2', state: 'held' })] } },
    };

    const shown = await runCommand('status', await appWith(answers));

    expect(shown.exit).toBe(0);
    expect(shown.out.replaceAll(/\s+/g, ' ')).toContain(
      'Not in step: 35 people wait for approval, 3 people could not be brought in step and graph does not answer as expected.',
    );
    expect(shown.out).toContain('npm run sync -- approve r-2');
    expect(shown.out).toMatch(/35 +held-removal +The removal is part of/);
    expect(shown.out).toContain('removals-held, since Wed 14 Oct 2026');
    expect(shown.out).toContain('expires in 6 days');
    expect(shown.out).toContain('expired Thu 1 Oct 2026');
    expect(shown.out).toMatch(/✖ +graph +access-denied/);
    expect(shown.out).toContain('r-active');
    expect(shown.out).toContain('2 contacts kept');
    expect(Math.max(...shown.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['paused', { paused: true, pausedSince: '2026-10-14T06:30:00.000Z' }, 'the sync is paused'],
    ['failed', { lastRun: { runId: 'r', state: 'failed' } }, 'the last run failed'],
    ['new', { lastSuccessAt: undefined, lastRun: undefined, tokenAgeHours: undefined }, 'no run has succeeded yet'],
  ])('says that the sync is not in step: %s', async (_name, changes, words) => {
    const shown = await runCommand('status', await appWith({ 'GET /status': { body: { ...aStatus(), ...changes } } }));

    expect(shown.out).toContain(words);
  });

  it('says of what age things are, and which neighbours are not well', async () => {
    const neighbours = [
      aNeighbour('storage', { ageSeconds: 30 }),
      aNeighbour('graph', { ok: false, code: 'neighbour-unavailable' }),
      { ...aNeighbour('messagemedia', { ok: false }), message: 'Put a valid pair into the vault.' },
      aNeighbour('keyvault', { ok: false }),
    ];

    const shown = await runCommand(
      'status',
      await appWith({ 'GET /status': { body: aStatus({ neighbours, tokenAgeHours: 0.2 }) } }),
    );

    expect(shown.out.replaceAll(/\s+/g, ' ')).toContain('graph, messagemedia and keyvault do not answer as expected');
    expect(shown.out).toContain('12 ms, 30 s ago');
    expect(shown.out).toContain('less than an hour old');
    expect(shown.out).toMatch(/messagemedia +Put a valid pair into the vault\.\n.*keyvault +not well/);
  });

  it('takes people who wait by design for people in step', async () => {
    const body = aStatus({ pending: { grace: 3, 'duplicate-phone': 1 } });

    const shown = await runCommand('status', await appWith({ 'GET /status': { body } }), { options: { json: true } });

    expect(jsonOf(shown)).toMatchObject({ inStep: true, off: [], pending: { grace: 3 } });
  });

  it('shows one run as it stands, or waits for its end', async () => {
    const running = aRun({ state: 'running', phase: 'apply', finishedAt: undefined as never });
    const answers: Answers = { [`GET /runs/${RUN}`]: (_asked, count) => ({ body: count < 3 ? running : aRun() }) };
    const shared = await appWith(answers);

    const now = await runCommand('status', shared, { arguments: [RUN] });
    const end = await runCommand('status', shared, { arguments: [RUN], options: { watch: true } });

    expect(now.out).toContain(`● Delta run ${RUN} is under way.`);
    expect(end.out).toContain(`✔ Delta run ${RUN} is completed (4.2 s).`);
  });
});

describe('records', () => {
  const page = (items: readonly unknown[], nextCursor?: string) => ({ body: { items, nextCursor } });

  it('shows people in words with their fields, and that there are more', async () => {
    const records = Array.from({ length: 51 }, (_, n) => aRecord(n + 1));
    const fields = [
      { field: 'email', before: 'a…', after: '' },
      { field: 'first_name', after: 'P…' },
    ];
    const many = await appWith({
      [`GET /runs/${RUN}/records`]: page([aRecord(0, { fields }), ...records.slice(1)], '5.0'),
    });

    const shown = await runCommand('records', many, { arguments: [RUN] });

    expect(many.asked.map(({ path }) => path)).toEqual([`/runs/${RUN}/records?limit=51`]);
    expect(shown.out).toContain('Sales · create · planned');
    expect(shown.out).toContain('    email       a… → (empty)\n    first_name  P…\n');
    expect(shown.out).toMatch(/The first 50 records; there are more\.\n$/);
  });

  it('passes filters on, and asks for page after page', async () => {
    const asked = await appWith({
      [`GET /runs/${RUN}/records`]: ({ path }) =>
        path.includes('cursor=5.0') ? page([aRecord(2)]) : page([aRecord(1)], '5.0'),
    });

    const shown = await runCommand('records', asked, {
      arguments: [RUN],
      options: {
        outcome: 'held',
        operation: 'remove',
        department: 'R&D',
        impact: 'entering',
        reveal: true,
        json: true,
      },
    });

    expect(asked.asked.map(({ path }) => path)).toEqual([
      `/runs/${RUN}/records?limit=500&outcome=held&operation=remove&department=R%26D&impact=entering&reveal=true`,
      `/runs/${RUN}/records?limit=500&outcome=held&operation=remove&department=R%26D&impact=entering&reveal=true&cursor=5.0`,
    ]);
    expect(jsonOf(shown)).toEqual({ items: [aRecord(1), aRecord(2)], hasMore: false });
  });

  it('gives CSV and nothing else', async () => {
    const shown = await runCommand('records', await appWith({ [`GET /runs/${RUN}/records`]: page([aRecord(1)]) }), {
      arguments: [RUN],
      options: { csv: true },
    });

    expect(shown.out.split('\n')).toHaveLength(3);
    expect(shown.out).toMatch(/^personId,/);
  });

  it('gives as many as it is asked for, with their reasons', async () => {
    const held = aRecord(1, {
      operation: 'remove',
      outcome: 'held',
      reason: 'held-removal',
      department: '',
      fields: [],
    });
    const asked = await appWith({ [`GET /runs/${RUN}/records`]: page([held, aRecord(2)]) });

    const shown = await runCommand('records', asked, { arguments: [RUN], options: { limit: '1' } });

    expect(asked.asked[0]?.path).toBe(`/runs/${RUN}/records?limit=2`);
    expect(shown.out).toContain('remove · held (held-removal)');
    expect(shown.out).toMatch(/The first 1 record; there are more\.\n$/);
  });

  it('says that there are none', async () => {
    const shown = await runCommand('records', await appWith({ [`GET /runs/${RUN}/records`]: page([]) }), {
      arguments: [RUN],
    });

    expect(shown.out.trim()).toBe('No records.');
  });

  it.each(['0', '-1', 'many', '1.5'])('refuses a limit that is none: %s', async (limit) => {
    const shown = await runCommand(
      'records',
      { url: 'http://127.0.0.1:9/api' },
      { arguments: [RUN], options: { limit } },
    );

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(shown.err).toContain('--limit');
  });
});
