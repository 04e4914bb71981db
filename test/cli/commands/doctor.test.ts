import { userId } from '../../support/story-people.ts';
import { aNeighbour, aRecord, aRun, aStatus } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import type { Shown } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answer, Answers, SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const HEALTH: Answers = { 'GET /health': { body: { status: 'ok' } } };
const NOT_YET = problem(400, 'request-invalid', { problems: [{ path: 'people', message: 'is not supported yet' }] });

let app: SmallApp | undefined;

async function appWith(answers: Answers): Promise<SmallApp> {
  app = await startSmallApp({ ...HEALTH, 'GET /runs': { body: { items: [] } }, ...answers });
  return app;
}

/** What a dry run of one person meets, in an app where somebody is known. */
function dryRun(start: Answer, run: object = aRun()): Answers {
  return {
    'GET /runs': { body: { items: [aRun({ runId: 'r-active', state: 'running' }), aRun()] } },
    [`GET /runs/${RUN}/records`]: { body: { items: [aRecord(1)] } },
    'POST /runs': start,
    [`GET /runs/${RUN}`]: { body: run },
  };
}

const STARTED: Answer = { status: 202, body: { runId: RUN, state: 'queued' } };

interface ShownCheck {
  readonly name: string;
  readonly state: string;
  readonly words: string;
  readonly section?: string;
  readonly cures: readonly string[];
}

async function checksOf(answers: Answers): Promise<{ readonly exit: number; readonly checks: readonly ShownCheck[] }> {
  const shown = await runCommand('doctor', await appWith(answers), { options: { json: true } });
  return { exit: shown.exit, checks: jsonOf(shown)['checks'] as readonly ShownCheck[] };
}

describe('doctor', () => {
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('finds nothing wrong with an app that is well, and tries one person for real', async () => {
    const well = await appWith({ 'GET /status': { body: aStatus() }, ...dryRun(STARTED) });

    const shown = await runCommand('doctor', well);

    expect(shown.exit).toBe(0);
    expect(shown.out.split('\n')).toEqual([
      `  ✔  app            answers at ${well.url}`,
      '  ✔  key            is accepted',
      '  ✔  configuration  settings and configuration are valid',
      '  ✔  storage        answered in 12 ms',
      '  ✔  keyvault       answered in 12 ms',
      '  ✔  graph          answered in 12 ms',
      '  ✔  messagemedia   answered in 12 ms',
      '  ✔  schedule       every day at 06:00 (UTC)',
      '  ✔  dry run        one person was read and planned',
      '',
      '✔ All is well.',
      '',
    ]);
    expect(well.asked.find(({ method }) => method === 'POST')?.body).toEqual({
      mode: 'delta',
      dryRun: true,
      reason: 'doctor',
      people: [userId(1)],
    });
  });

  it('stops at an app that does not answer', async () => {
    const gone = await appWith({});
    await gone.close();

    const shown = await runCommand('doctor', gone);

    expect(shown.exit).toBe(6);
    expect(shown.out).toMatch(/✖ +app +No answer/);
    expect(shown.out).toContain('✖ 1 check failed.');
  });

  it.each([
    ['the host', { status: 401 }],
    ['something before the app', { status: 403 }],
    ['roles', problem(403, 'forbidden')],
  ])('finds a key that is refused by %s', async (_name, answer) => {
    const { exit, checks } = await checksOf({ 'GET /status': answer });

    expect(exit).toBe(5);
    expect(checks.filter(({ state }) => state === 'failed')).toMatchObject([{ name: 'key' }]);
  });

  it('tells every problem of settings and configuration', async () => {
    const problems = [
      { name: 'SYNC_LANES', expected: 'a number' },
      { path: 'sync.mapping', expected: 'a mapping' },
    ];

    const { exit, checks } = await checksOf({ 'GET /status': problem(503, 'configuration-invalid', { problems }) });

    expect(exit).toBe(2);
    expect(checks.at(-1)).toMatchObject({
      name: 'configuration',
      state: 'failed',
      cures: ['SYNC_LANES: expected a number', 'sync.mapping: expected a mapping', 'Correlation id: c-1'],
    });
  });

  it.each([
    ['storage', 'access-denied', 5, 'install-in-azure', []],
    ['keyvault', 'access-denied', 5, 'what-to-do-when', []],
    ['keyvault', 'configuration-invalid', 2, 'install-in-azure', [expect.stringContaining('pseudonym-key')]],
    ['graph', 'access-denied', 5, 'what-to-do-when', []],
    ['entra', 'access-denied', 5, 'what-to-do-when', []],
    ['messagemedia', 'access-denied', 5, 'rotate-secrets', []],
    ['messagemedia', 'neighbour-unavailable', 6, 'the-retry-ladder', [expect.stringContaining('try again')]],
    ['graph', 'directory-unreadable', 6, 'the-retry-ladder', [expect.stringContaining('try again')]],
    ['graph', 'unexpected', 1, 'error-codes', []],
  ] as const)('says what the app says of %s: %s', async (neighbour, code, exit, section, cures) => {
    const neighbours = [aNeighbour(neighbour, { ok: false, code, message: 'It said no. Do this.' })];

    const result = await checksOf({ 'GET /status': { body: aStatus({ neighbours }) }, ...dryRun(NOT_YET) });

    const failed = result.checks.find(({ state }) => state === 'failed');
    expect(result.exit).toBe(exit);
    expect(failed).toMatchObject({ name: neighbour, words: 'It said no. Do this.', section, cures });
  });

  it('does not send somebody to the secrets when the clock is wrong', async () => {
    const no = { ok: false, code: 'access-denied', access: 'clock-skew', message: 'Set the clock right.' } as const;

    const { checks } = await checksOf({
      'GET /status': { body: aStatus({ neighbours: [aNeighbour('messagemedia', no)] }) },
      ...dryRun(NOT_YET),
    });

    expect(checks.find(({ state }) => state === 'failed')).toMatchObject({
      words: 'Set the clock right.',
      section: 'refused-access',
    });
  });

  it('says once what is wrong with the neighbour that the others need', async () => {
    const no = { ok: false, code: 'access-denied', message: 'The vault said no.' } as const;
    const neighbours = [aNeighbour('keyvault', no), aNeighbour('graph', no), aNeighbour('messagemedia', no)];

    const { checks } = await checksOf({ 'GET /status': { body: aStatus({ neighbours }) } });

    expect(checks.filter(({ state }) => state === 'failed').map(({ words }) => words)).toEqual([
      'The vault said no.',
      'for the same reason as keyvault',
      'for the same reason as keyvault',
    ]);
  });

  it('makes do with the code where the app has no words', async () => {
    const neighbours = [aNeighbour('graph', { ok: false, code: 'unexpected' }), aNeighbour('storage', { ok: false })];

    const { checks } = await checksOf({ 'GET /status': { body: aStatus({ neighbours }) } });

    expect(checks.filter(({ state }) => state === 'failed').map(({ words }) => words)).toEqual([
      'unexpected',
      'unexpected',
    ]);
  });

  it('has the neighbours of an app that cannot read its own state', async () => {
    const neighbours = [aNeighbour('keyvault', { ok: false, code: 'access-denied' }), aNeighbour('storage')];

    const { exit, checks } = await checksOf({
      'GET /status': problem(503, 'neighbour-unavailable', { neighbour: 'keyvault', neighbours }),
    });

    expect(exit).toBe(5);
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['app', 'ok'],
      ['key', 'ok'],
      ['configuration', 'ok'],
      ['keyvault', 'failed'],
      ['storage', 'ok'],
    ]);
  });

  it('shows a status that does not come for another reason', async () => {
    const { exit, checks } = await checksOf({ 'GET /status': problem(500, 'unexpected') });

    expect(exit).toBe(1);
    expect(checks.at(-1)).toMatchObject({ name: 'status', state: 'failed', words: 'It is unexpected.' });
  });

  it('warns of credentials that expire soon, of a pause and of alerts; one that has expired fails', async () => {
    const status = {
      ...aStatus(),
      paused: true,
      alerts: [{ name: 'stale', since: '2026-10-14T06:00:00.000Z' }],
      credentials: [
        { name: 'entra-client-secret', expiresAt: '2026-10-20T06:00:00.000Z', daysLeft: 6 },
        { name: 'pseudonym-key', expiresAt: '2026-10-20T06:00:00.000Z', daysLeft: 6 },
        { name: 'messagemedia-api-key', expiresAt: '2027-10-20T06:00:00.000Z', daysLeft: 371 },
      ],
    };
    const expired = [{ name: 'entra-client-secret', expiresAt: '2026-10-10T06:00:00.000Z', daysLeft: -4 }];

    const soon = await checksOf({ 'GET /status': { body: status } });
    await app?.close();
    const over = await checksOf({ 'GET /status': { body: { ...aStatus(), credentials: expired } } });

    expect(soon.exit).toBe(0);
    expect(soon.checks.filter(({ state }) => state === 'warning').map(({ name, section }) => [name, section])).toEqual([
      ['entra-client-secret', 'rotate-secrets'],
      ['pseudonym-key', 'rotate-secrets'],
      ['schedule', 'cancel-pause-resume'],
      ['alert', 'alerts'],
    ]);
    expect(soon.checks.find(({ name }) => name === 'pseudonym-key')?.cures).toEqual([
      expect.stringContaining('is not rotated'),
    ]);
    expect(over).toMatchObject({ exit: 5 });
  });

  it.each<readonly [string, Answers, string, string]>([
    ['nobody is known yet', {}, 'untried', 'no run has shown anybody yet'],
    ['a run is under way', dryRun(problem(409, 'run-active')), 'untried', 'a run is under way'],
    ['the app cannot limit runs', dryRun(NOT_YET), 'untried', 'cannot limit a run to one person yet'],
    ['the start is refused', dryRun(problem(503, 'state-mismatch')), 'failed', 'It is state-mismatch.'],
    [
      'it fails',
      dryRun(STARTED, aRun({ state: 'failed', error: { code: 'access-denied', message: 'No.' } })),
      'failed',
      'No.',
    ],
    ['it is cancelled', dryRun(STARTED, aRun({ state: 'cancelled' })), 'failed', 'The run is cancelled.'],
    ['it takes too long', dryRun(STARTED, aRun({ state: 'running', phase: 'read' })), 'warning', 'is still at read'],
  ])('says how the dry run went when %s', async (_name, answers, state, words) => {
    const { checks } = await checksOf({ 'GET /status': { body: aStatus() }, ...answers });

    expect(checks.at(-1)).toMatchObject({ name: 'dry run', state, words: expect.stringContaining(words) });
  });

  it.each(['access-denied', 'neighbour-unavailable'] as const)(
    'starts nothing while the directory cannot be read: %s',
    async (code) => {
      const neighbours = [aNeighbour('graph', { ok: false, code })];

      await checksOf({ 'GET /status': { body: aStatus({ neighbours }) }, ...dryRun(STARTED) });

      expect(app?.asked.filter(({ method }) => method === 'POST')).toEqual([]);
    },
  );

  it('keeps within 80 columns', async () => {
    const neighbours = [aNeighbour('graph', { ok: false, code: 'access-denied' })];
    const shown: Shown = await runCommand(
      'doctor',
      await appWith({ 'GET /status': { body: aStatus({ neighbours }) }, ...dryRun(NOT_YET) }),
    );

    expect(Math.max(...shown.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(shown.out).toContain('docs/operations.md#what-to-do-when');
  });
});
