import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/commands.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { userId } from '../support/story-people.ts';
import { aRecord, aRun, aStatus, anExplanation } from './answers.ts';
import { appEnv, runCli } from './cli-process.ts';
import { problem, startSmallApp } from './small-app.ts';
import type { SmallApp } from './small-app.ts';

const RUN = aRun().runId;
const KEY = 'canary-key-4711';

describe('the command line, in a process of its own', () => {
  let app: SmallApp;

  beforeAll(async () => {
    app = await startSmallApp({
      'GET /health': { body: { status: 'ok' } },
      'GET /status': { body: aStatus() },
      'GET /runs': { body: { items: [aRun({ dryRun: true })] } },
      'POST /adopt': { status: 202, body: { runId: RUN, state: 'queued' } },
      'POST /runs': { status: 202, body: { runId: RUN, state: 'queued' } },
      [`GET /runs/${RUN}`]: { body: aRun({ dryRun: true }) },
      [`GET /runs/${RUN}/records`]: { body: { items: [aRecord(1)] } },
      // More than a pipe takes without a reader.
      'GET /runs/r-many/records': { body: { items: Array.from({ length: 5000 }, (_, n) => aRecord(n)) } },
      [`POST /runs/${RUN}/approve`]: { status: 202, body: { runId: RUN, state: 'completed' } },
      [`POST /runs/${RUN}/cancel`]: { status: 202, body: { runId: RUN, state: 'completed' } },
      'GET /webhook': { body: { url: 'https://sync.example.com', registered: true, signing: 'on', problems: [] } },
      'POST /pause': { body: { paused: true } },
      'POST /resume': { body: { paused: false } },
      [`POST /people/${userId(1)}/erase`]: { body: { personId: userId(1), rows: 1, kept: [] } },
      [`GET /people/${userId(1)}`]: { body: anExplanation(1) },
      [`POST /runs/${RUN}/reject`]: problem(409, 'plan-changed'),
    });
  });

  afterAll(() => app.close());

  it('shows every command, option and exit code', async () => {
    const { code, stdout, stderr } = await runCli(['--help']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name, summary } of COMMANDS) {
      expect(stdout).toContain(`  ${name} `);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    }
    for (const { flags } of GLOBAL_OPTIONS) expect(stdout).toContain(`  ${flags} `);
    for (const exit of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`^ {2}${exit}  `, 'm'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('shows the same without a word, and the options of a command with --help', async () => {
    const [nothing, help, plan] = await Promise.all([runCli([]), runCli(['--help']), runCli(['plan', '--help'])]);

    expect(nothing).toEqual(help);
    expect(plan.stdout).toContain('--csv');
    expect(plan.stdout).toContain('--url <url>');
  });

  it.each([
    [['stats'], /unknown command 'stats'[^]*Did you mean status/],
    [['records'], /missing required argument 'run'/],
    [['run', '--ful'], /unknown option '--ful'/],
    [['status', 'a', 'b'], /too many arguments/],
  ])('refuses words that it does not know: %j', async (words, message) => {
    const { code, stdout, stderr } = await runCli(words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('gives a mistake in the words as JSON, too', async () => {
    const { code, stdout, stderr } = await runCli(['stats', '--json']);

    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', exit: 2 } });
  });

  it.each([
    ['before', (url: string) => ['--url', url, '--key', KEY, '--json', 'status']],
    ['behind', (url: string) => ['status', '--url', url, '--key', KEY, '--json']],
  ])('takes options %s the command', async (_name, words) => {
    const { code, stdout } = await runCli(words(app.url));

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ inStep: true });
    expect(app.asked.at(-1)?.key).toBe(KEY);
  });

  it.each<readonly [name: string, words: readonly string[], code: number]>([
    ['validate', ['sync.config.sample.jsonc'], 0],
    ['doctor', [], 0],
    ['plan', [], 0],
    ['run', ['--watch'], 0],
    ['status', [], 0],
    ['records', [RUN], 0],
    ['explain', [userId(1)], 0],
    ['approve', [RUN, '--yes'], 0],
    ['reject', [RUN, '--yes'], 2],
    ['cancel', [RUN], 0],
    ['pause', [], 0],
    ['resume', [], 0],
    ['adopt', [], 0],
    ['erase', [userId(1), '--yes'], 0],
    ['init', ['--yes', '--file', 'FILE'], 0],
    ['webhook', ['verify'], 0],
  ])('gives one JSON value and nothing else: %s', async (name, words, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    const file = join(folder, 'sync.config.json');

    const ended = await runCli([name, ...words.map((word) => (word === 'FILE' ? file : word)), '--json'], appEnv(app));
    rmSync(folder, { recursive: true });

    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
    expect(typeof JSON.parse(ended.stdout)).toBe('object');
  });

  it('has each command in the test above', () => {
    expect(COMMANDS.map(({ name }) => name).toSorted()).toEqual(
      ['validate', 'doctor', 'plan', 'run', 'status', 'records', 'explain', 'approve', 'reject']
        .concat(['cancel', 'pause', 'resume', 'adopt', 'erase', 'init', 'webhook'])
        .toSorted(),
    );
  });

  it.each([
    ['a pipe', {}, [], false],
    ['a pipe that can show them', { FORCE_COLOR: '1' }, [], true],
    ['--no-color', { FORCE_COLOR: '1' }, ['--no-color'], false],
    ['NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
  ])('colours where that is wanted: %s', async (_name, env, words, coloured) => {
    const { stdout } = await runCli(['status', ...words], { ...appEnv(app), ...env });

    // ESC is how every colour begins.
    expect(stdout.includes('\u001B')).toBe(coloured);
  });

  it('shows progress on a terminal only', async () => {
    const { stderr } = await runCli(['plan'], appEnv(app));

    expect(stderr).toBe('');
  });

  it('never says the key again, whatever goes wrong', async () => {
    const refusing = await startSmallApp({ 'GET /status': { status: 401 }, 'GET /runs/r1': { status: 500 } });
    const wordings = [
      ['status'],
      ['status', 'r1'],
      ['doctor'],
      ['explain', 'a b'],
      ['stats'],
      ['plan', '--url', 'http://example.com'],
    ];

    const ended = await Promise.all(
      wordings.flatMap((words) => [
        runCli([...words, '--key', KEY], { ENTRA_SYNC_URL: refusing.url }),
        runCli([...words, '--json'], { ENTRA_SYNC_URL: refusing.url, ENTRA_SYNC_KEY: KEY }),
      ]),
    );
    await refusing.close();

    expect(ended.filter(({ code }) => code === 0)).toEqual([]);
    expect(ended.filter(({ stdout, stderr }) => `${stdout}${stderr}`.includes(KEY))).toEqual([]);
  });

  it('does not mind that nobody reads to the end', async () => {
    const child = spawn(process.execPath, ['dist/sync.js', 'records', 'r-many', '--csv'], { env: appEnv(app) });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(String(chunk)));
    child.stdout.once('readable', () => child.stdout.destroy());

    const code = await new Promise((resolve) => child.once('close', resolve));

    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  });
});
