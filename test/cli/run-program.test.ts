import { PassThrough } from 'node:stream';
import { COMMANDS } from '../../src/cli/commands.ts';
import { readCommandLine } from '../../src/cli/program.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import { aRun, aStatus } from './answers.ts';
import { startSmallApp } from './small-app.ts';
import type { SmallApp } from './small-app.ts';

const RUN = aRun().runId;
const HELD = aRun({ state: 'held', counts: { held: 2 } as never });
const ESC = '\u001B';

interface Shown {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

interface Around {
  readonly env?: Readonly<Record<string, string>>;
  /** What the person at the terminal types; `null` is Ctrl-D. Absent: nobody is there. */
  readonly typed?: string | null;
  readonly columns?: number;
}

/** A stream that remembers what was written to it. */
function aScreen(more: { readonly isTTY: boolean; readonly columns?: number }) {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), more);
  stream.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
  return { stream, text: () => chunks.join('') };
}

async function run(words: readonly string[], { env = {}, typed, columns }: Around = {}): Promise<Shown> {
  const isTTY = typed !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stdout = aScreen({ isTTY, ...(columns !== undefined && { columns }) });
  const stderr = aScreen({ isTTY });
  if (typed === null) stdin.end();
  else if (typed !== undefined) stdin.write(`${typed}\n`);
  const exit = await runProgram(words, { env, stdin, stdout: stdout.stream, stderr: stderr.stream });
  return { exit, out: stdout.text(), err: stderr.text() };
}

describe('runProgram', () => {
  let app: SmallApp;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    app = await startSmallApp({
      'GET /status': { body: aStatus() },
      'POST /runs': { status: 202, body: { runId: RUN, state: 'queued' } },
      [`GET /runs/${RUN}`]: (_asked, count) => ({
        body: count === 1 ? aRun({ state: 'running', phase: 'plan' }) : HELD,
      }),
      [`GET /runs/${RUN}/records`]: { body: { items: [] } },
      [`POST /runs/${RUN}/reject`]: { status: 202, body: { runId: RUN, state: 'held' } },
    });
    env = { ENTRA_SYNC_URL: app.url, ENTRA_SYNC_KEY: 'a-key' };
  });

  afterAll(() => app.close());

  it.each([[[]], [['--help']]])('shows the help and ends well: %j', async (words) => {
    const { exit, out, err } = await run(words, { columns: 300 });

    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    for (const { name } of COMMANDS) expect(out).toContain(`\n  ${name} `);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('refuses words that it does not know, and points to the help', async () => {
    const { exit, out, err } = await run(['stats']);

    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(/^✖ unknown command 'stats' \(Did you mean status\?\)\n.*--help/);
  });

  it('gives a mistake in the words as JSON where JSON is asked for', async () => {
    const { exit, out, err } = await run(['stats', '--json']);

    expect({ exit, err }).toEqual({ exit: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage', exit: 2 } });
  });

  it('runs a command with the environment that it is given', async () => {
    const { exit, out, err } = await run(['status'], { env });

    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('✔ In step.');
  });

  it('shows progress on a terminal, each line in the place of the one before', async () => {
    const { exit, err } = await run(['run', '--watch'], { env, typed: '' });

    expect(exit).toBe(4);
    expect(err).toMatch(new RegExp(`^\\r${ESC}\\[Kplan, 10 people read, \\d+ ms\\r${ESC}\\[K$`));
  });

  it('takes the answer of the person at the terminal', async () => {
    const { exit, out } = await run(['reject', RUN], { env, typed: 'y' });

    expect(exit).toBe(0);
    expect(out).toContain('Reject what is held for 2 people? [y/N]');
    expect(out).toContain('Rejected');
  });

  it('does nothing when the input ends before there is an answer', async () => {
    const { exit, err } = await run(['reject', RUN], { env, typed: null });

    expect(exit).toBe(2);
    expect(err).toContain('There was no answer: nothing was done.');
  });

  it.each<readonly [name: string, more: Readonly<Record<string, string>>, words: readonly string[], coloured: boolean]>(
    [
      ['on a terminal', {}, [], true],
      ['not on one that cannot show them', { TERM: 'dumb' }, [], false],
      ['wherever they are forced', { TERM: 'dumb', FORCE_COLOR: '1' }, [], true],
      ['not with NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
      ['with an empty NO_COLOR', { NO_COLOR: '' }, [], true],
      ['not with --no-color', { FORCE_COLOR: '1' }, ['--no-color'], false],
      ['not in JSON', { FORCE_COLOR: '1' }, ['--json'], false],
    ],
  )('colours %s', async (_name, more, words, coloured) => {
    const { out } = await run(['status', ...words], { env: { ...env, ...more }, typed: '' });

    expect(out.includes(ESC)).toBe(coloured);
  });

  it('colours what is wrong with the words, too', async () => {
    expect((await run(['stats'], { typed: '' })).err).toContain(`${ESC}[31m`);
  });
});

describe('readCommandLine', () => {
  const help = { write: () => undefined, width: 80 };

  it('reads arguments by position and options by their name, before and behind the command', () => {
    const asked = readCommandLine(['--url', 'http://127.0.0.1/api', 'run', '--dry-run', '--reason', 'why'], help);

    if (!('command' in asked)) throw new Error('No command was read.');
    expect(asked.command.name).toBe('run');
    expect(asked.given.flag('dry-run')).toBe(true);
    expect(asked.given.flag('watch')).toBe(false);
    expect(asked.given.text('reason')).toBe('why');
    expect(asked.given.text('url')).toBe('http://127.0.0.1/api');
    expect(asked.given.text('dry-run')).toBeUndefined();
    expect(asked.given.argument(0)).toBeUndefined();
  });

  it.each(COMMANDS.map(({ name }) => [name] as const))('shows the help of %s without running it', (name) => {
    let text = '';

    const asked = readCommandLine([name, '--help'], { write: (more) => (text += more), width: 80 });

    expect(asked).toEqual({ exit: 0, message: undefined });
    expect(text).toContain(`npm run sync -- ${name}`);
  });

  it.each([
    [['records'], "missing required argument 'run'"],
    [['run', '--ful'], "unknown option '--ful'"],
    [['run', '--reason'], "option '--reason <text>' argument missing"],
    [['status', 'a', 'b'], "too many arguments for 'status'"],
  ])('tells what is wrong with the words: %j', (words, message) => {
    const asked = readCommandLine(words, help);

    expect(asked).toEqual({ exit: 2, message: expect.stringContaining(message) as string });
  });
});
