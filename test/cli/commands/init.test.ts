import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSyncConfig } from '../../../src/core/config/parse.ts';
import { aRecord, aRun, aStatus } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const NO_CONFIG = problem(503, 'configuration-invalid', {
  problems: [{ name: 'SYNC_CONFIG_FILE', expected: 'a sync configuration beside host.json (there is no such file)' }],
});
const DRY_RUN: Answers = {
  'POST /runs': { status: 202, body: { runId: RUN, state: 'queued' } },
  [`GET /runs/${RUN}`]: { body: aRun({ dryRun: true, counts: { created: 3 } as never }) },
  [`GET /runs/${RUN}/records`]: ({ path }) => ({
    body: { items: path.includes('operation=create') ? [aRecord(1), aRecord(2), aRecord(3)] : [] },
  }),
};
/** Answers the eight questions with their standard; then whether the file is written. */
const STANDARD = ['', '', '', '', '', '', '', ''];

describe('init', () => {
  let app: SmallApp | undefined;
  let folder = '';
  let file = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'init-'));
    file = join(folder, 'sync.config.json');
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await app?.close();
    app = undefined;
  });

  async function appWith(answers: Answers): Promise<SmallApp> {
    app = await startSmallApp({
      'GET /health': { body: { status: 'ok' } },
      'GET /status': NO_CONFIG,
      ...DRY_RUN,
      ...answers,
    });
    return app;
  }

  function written(): { readonly sync: Readonly<Record<string, unknown>> } {
    const text = readFileSync(file, 'utf8');
    expect(parseSyncConfig(text, file)).toMatchObject({ ok: true });
    return JSON.parse(text) as { sync: Record<string, unknown> };
  }

  it('walks through the steps, tries each answer at once, writes the file and shows real people', async () => {
    const answers = [
      'mobilPhone',
      'mobilePhone',
      '',
      'none',
      '',
      'Sales, Support',
      'UK',
      'GB',
      '61 * * * *',
      '30 7 * * 1-5',
      'UTC',
      'y',
    ];

    const shown = await runCommand('init', await appWith({}), { options: { file }, answers });

    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(shown.questions).toHaveLength(12);
    expect(shown.questions[0]).toBe('  Attribute with the mobile number? [mobilePhone] ');
    expect(shown.out).toContain('did you mean\n  "mobilePhone"?');
    expect(shown.out).toMatch(/1 Connect[^]*2 Map[^]*3 Schedule[^]*is written/);
    expect(shown.out.match(/ 07:30 UTC/g)).toHaveLength(5);
    expect(shown.out).toContain('3 created');
    expect(shown.out).toContain('Sales · create · planned');
    expect(shown.out).toMatch(/npm run sync -- plan --full\n$/);
    expect(written().sync).toEqual({
      direction: 'one-way',
      source: 'entra-id',
      target: 'messagemedia',
      schedule: '30 7 * * 1-5',
      timeZone: 'UTC',
      mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' },
      filters: { department: ['Sales', 'Support'], accountEnabled: true },
      phone: { defaultCountry: 'GB' },
    });
  });

  it('works without a terminal, by options', async () => {
    const options = {
      file,
      yes: true,
      name: 'none',
      list: 'mobilePhone',
      'time-zone': 'Australia/Perth',
      reveal: true,
    } as const;

    const shown = await runCommand('init', await appWith({}), { options });

    expect(shown).toMatchObject({ exit: 0, questions: [] });
    // One attribute fills two fields, which the short form cannot say.
    expect(written().sync).toMatchObject({
      timeZone: 'Australia/Perth',
      mapping: [
        { from: 'mobilePhone', to: 'phone_number' },
        { from: 'mail', to: 'email' },
        { from: 'mobilePhone', to: 'group' },
      ],
      filters: { accountEnabled: true },
    });
    expect(app?.asked.some(({ path }) => path.includes('operation=create&reveal=true'))).toBe(true);
  });

  it('asks only what no option has answered', async () => {
    const options = {
      file,
      number: 'mobilePhone',
      name: 'displayName',
      mail: 'mail',
      list: 'department',
      offline: true,
    } as const;

    const shown = await runCommand('init', undefined, { options, answers: ['', '', '', '', 'y'] });

    expect(shown).toMatchObject({ exit: 0 });
    expect(shown.questions.map((question) => question.trim())).toEqual([
      'Only these departments, separated by commas? [none]',
      'Country of numbers without a country code, such as AU? [none]',
      'When does it run (cron)? [0 6 * * *]',
      expect.stringMatching(/^In which time zone\? \[.+\]$/),
      `Write ${file}? [y/N]`,
    ]);
  });

  it('refuses options that make no valid configuration before it asks anybody', async () => {
    const asking = await appWith({});

    const shown = await runCommand('init', asking, { options: { file, yes: true, country: 'Australia' } });

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(shown.err).toContain('sync.phone.defaultCountry');
    expect(asking.asked).toEqual([]);
  });

  it.each([
    ['y', 'one-way', 0],
    ['n', 'mine', 2],
  ])('replaces a file only when it may: %s', async (answer, direction, exit) => {
    writeFileSync(file, '{"sync": {"direction": "mine"}}');

    const shown = await runCommand('init', undefined, {
      options: { file, offline: true },
      answers: [...STANDARD, answer],
    });

    expect(shown.exit).toBe(exit);
    expect(shown.questions.at(-1)).toBe(`${file} is there already. Replace it? [y/N] `);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ sync: { direction } });
  });

  it('never replaces a file for --yes alone', async () => {
    writeFileSync(file, 'mine');

    const kept = await runCommand('init', undefined, { options: { file, offline: true, yes: true } });
    const text = readFileSync(file, 'utf8');
    const replaced = await runCommand('init', undefined, {
      options: { file, offline: true, yes: true, overwrite: true },
    });

    expect(kept).toMatchObject({ exit: 2, out: '' });
    expect(kept.err).toContain('--overwrite');
    expect(text).toBe('mine');
    expect(replaced.exit).toBe(0);
    expect(written().sync).toMatchObject({ direction: 'one-way' });
  });

  it('needs somebody to ask, or --yes', async () => {
    const shown = await runCommand('init', undefined, { options: { file } });

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(shown.err).toContain('--yes');
  });

  it('stops before it asks anything when the app refuses the key', async () => {
    const shown = await runCommand('init', await appWith({ 'GET /status': { status: 401 } }), {
      options: { file },
      answers: [],
    });

    expect(shown).toMatchObject({ exit: 5, questions: [] });
    expect(shown.err).toContain('--offline');
  });

  it('says that an app which has a configuration takes up this one when it restarts', async () => {
    const configured = { 'GET /status': { body: aStatus() } };

    const asked = await runCommand('init', await appWith(configured), {
      options: { file },
      answers: [...STANDARD, 'y', ''],
    });
    await app?.close();
    const unasked = await runCommand('init', await appWith(configured), {
      options: { file, yes: true, overwrite: true },
    });

    expect(asked.questions.at(-1)).toBe('Restart the app so that it reads the file, then press Enter. ');
    expect(unasked.out).toContain('the configuration that the app had before');
  });

  it('says what still stands in the way of the app, after the file is written', async () => {
    const problems = [{ name: 'ENTRA_TENANT_ID', expected: 'the id of the tenant' }];
    const incomplete = await appWith({ 'POST /runs': problem(503, 'configuration-invalid', { problems }) });

    const shown = await runCommand('init', incomplete, { options: { file, yes: true, json: true } });

    expect(shown.exit).toBe(2);
    expect(jsonOf(shown)).toMatchObject({
      file,
      next: expect.arrayContaining([expect.stringMatching(/T06:00:00\.000Z$|:00\.000Z$/)]),
      error: {
        code: 'configuration-invalid',
        hints: expect.arrayContaining(['ENTRA_TENANT_ID: expected the id of the tenant']),
      },
    });
    expect(written().sync).toMatchObject({ direction: 'one-way' });
  });

  it('says that there is no example where everybody is in step', async () => {
    const same = await appWith({ [`GET /runs/${RUN}/records`]: { body: { items: [] } } });

    const shown = await runCommand('init', same, { options: { file, yes: true } });

    expect(shown.out).toContain('There is no example');
  });

  it('ends as the dry run does when that fails', async () => {
    const failed = aRun({ dryRun: true, state: 'failed', error: { code: 'access-denied', message: 'Consent to it.' } });
    const refused = await appWith({
      [`GET /runs/${RUN}`]: { body: failed },
      [`GET /runs/${RUN}/records`]: { body: { items: [] } },
    });

    const shown = await runCommand('init', refused, { options: { file, yes: true } });

    expect(shown.exit).toBe(5);
    expect(shown.out).toContain('access-denied: Consent to it.');
    expect(shown.out).not.toContain('There is no example');
  });

  it('says why a file cannot be written', async () => {
    const nowhere = join(folder, 'no', 'such', 'folder.json');

    const shown = await runCommand('init', undefined, { options: { file: nowhere, yes: true, offline: true } });

    expect(shown.exit).toBe(2);
    expect(shown.err.replaceAll(/\s+/g, ' ')).toContain('cannot be written (ENOENT)');
  });
});
