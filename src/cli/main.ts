import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute, refusalLines } from './execute.ts';
import type { Surroundings } from './execute.ts';
import { EXIT } from './exit-codes.ts';
import { readCommandLine } from './program.ts';
import { Refusal } from './refusal.ts';
import { createLook } from './screen/look.ts';

/** Where nobody says how wide it is. */
const STANDARD_WIDTH = 80;
/** Longer lines are hard to read. */
const MAX_WIDTH = 120;

const { env, argv, stdin, stdout, stderr } = process;

async function main(words: readonly string[]): Promise<number> {
  const width = Math.min(stdout.columns ?? STANDARD_WIDTH, MAX_WIDTH);
  const asked = readCommandLine(words, { write: (text) => stdout.write(text), width });
  if ('command' in asked) return execute(asked.command, asked.given, surroundings(width, words));
  if (asked.message !== undefined) showUsageError(asked.message, width, words);
  return asked.exit;
}

function surroundings(width: number, words: readonly string[]): Surroundings {
  return {
    env,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    colours: wantsColours(words),
    width,
    now: Date.now,
    sleep: (ms) => sleep(ms),
    person: stdin.isTTY && stdout.isTTY ? { ask } : undefined,
    progress,
  };
}

/** https://no-color.org: an empty NO_COLOR counts as none. */
function wantsColours(words: readonly string[]): boolean {
  if (words.includes('--no-color') || (env['NO_COLOR'] ?? '') !== '') return false;
  return (env['FORCE_COLOR'] ?? '') !== '' || (stdout.isTTY && env['TERM'] !== 'dumb');
}

function showUsageError(message: string, width: number, words: readonly string[]): void {
  const hints = ['`npm run sync -- --help` shows every command.'];
  if (words.includes('--json')) {
    const error = { code: 'usage', message, exit: EXIT.usage, hints };
    stdout.write(`${JSON.stringify({ error }, undefined, 2)}\n`);
    return;
  }
  const look = createLook(wantsColours(words), width);
  stderr.write(
    refusalLines({ message, hints }, look)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

async function ask(question: string): Promise<string> {
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

/** One line that the next one overwrites, beside the output and never in it. */
function progress(text: string): void {
  if (stderr.isTTY) stderr.write(`\r\u001B[K${text}`);
}

// `npm run sync -- records … | head` closes the pipe early: that is no error, and nothing is left to print to.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

// Set, not called: what is still being written to a pipe comes through.
void main(argv.slice(2)).then((code) => {
  process.exitCode = code;
});
