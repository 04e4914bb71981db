import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute, refusalLines } from './execute.ts';
import type { Surroundings } from './execute.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { readCommandLine } from './program.ts';
import { Refusal } from './refusal.ts';
import { createLook } from './screen/look.ts';

/** Where nobody says how wide it is. */
const STANDARD_WIDTH = 80;
/** Longer lines are hard to read. */
const MAX_WIDTH = 120;

/** What a process has around it, as far as the command line looks at it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
}

type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Does what the words behind the program's name ask for. Answers the exit code. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { stdout } = terminal;
  const width = Math.min(stdout.columns ?? STANDARD_WIDTH, MAX_WIDTH);
  const asked = readCommandLine(words, { write: (text) => stdout.write(text), width });
  if ('command' in asked) return execute(asked.command, asked.given, surroundings(width, words, terminal));
  if (asked.message !== undefined) showUsageError(asked.message, width, words, terminal);
  return asked.exit;
}

function surroundings(width: number, words: readonly string[], terminal: Terminal): Surroundings {
  const { env, stdin, stdout, stderr } = terminal;
  return {
    env,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    colours: wantsColours(words, terminal),
    width,
    now: Date.now,
    sleep: (ms) => sleep(ms),
    person: stdin.isTTY === true && stdout.isTTY === true ? { ask: (question) => ask(question, terminal) } : undefined,
    // One line that the next one overwrites, beside the output and never in it.
    progress: (text) => {
      if (stderr.isTTY === true) stderr.write(`\r\u001B[K${text}`);
    },
  };
}

/** https://no-color.org: an empty NO_COLOR counts as none. */
function wantsColours(words: readonly string[], { env, stdout }: Terminal): boolean {
  if (words.includes('--no-color') || (env['NO_COLOR'] ?? '') !== '') return false;
  return (env['FORCE_COLOR'] ?? '') !== '' || (stdout.isTTY === true && env['TERM'] !== 'dumb');
}

function showUsageError(message: string, width: number, words: readonly string[], terminal: Terminal): void {
  const { stdout, stderr } = terminal;
  const hints = ['`npm run sync -- --help` shows every command.'];
  if (words.includes('--json')) {
    const error = { code: 'usage', message, exit: EXIT.usage, hints };
    stdout.write(`${JSON.stringify({ error }, undefined, 2)}\n`);
    return;
  }
  const look = createLook(wantsColours(words, terminal), width);
  stderr.write(
    refusalLines({ message, hints }, look)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

async function ask(question: string, { stdin, stdout }: Terminal): Promise<string> {
  const lines = createInterface({ input: stdin, output: stdout });
  // Ctrl-C and Ctrl-D close the input, and nothing else would ever answer.
  const closed = new Promise<never>((_resolve, reject) => {
    lines.once('close', () =>
      reject(new Refusal(EXIT.usage, 'not-answered', 'There was no answer: nothing was done.')),
    );
  });
  try {
    return await Promise.race([lines.question(question), closed]);
  } catch (error) {
    // What is shown next begins on a line of its own.
    stdout.write('\n');
    throw error;
  } finally {
    lines.close();
  }
}
