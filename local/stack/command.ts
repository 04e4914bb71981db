import pc from 'picocolors';

/** Registers what has to be undone when the command ends, however it ends. */
export type OnEnd = (cleanup: () => Promise<void>) => void;

const INTERRUPTED = 130;

/**
 * Runs a command line program and exits with the code it answers. An error becomes a message and code 1, Ctrl-C and
 * SIGTERM code 130; the clean-ups run in every case, the newest first. A second Ctrl-C does not wait for them.
 */
export async function runCommand(program: (onEnd: OnEnd) => Promise<number>): Promise<void> {
  const cleanups: (() => Promise<void>)[] = [];
  let ending = false;
  const end = async (code: number): Promise<void> => {
    ending = true;
    process.exit(Math.max(code, await cleanUp(cleanups)));
  };
  const interrupt = (): void => {
    if (ending) process.exit(INTERRUPTED);
    process.stdout.write('\nStopping …\n');
    void end(INTERRUPTED);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  exitWhenNobodyReads();
  try {
    const code = await program((cleanup) => cleanups.push(cleanup));
    if (!ending) await end(code);
  } catch (error) {
    // What fails while everything is being stopped fails because of that.
    if (ending) return;
    printError(error);
    await end(1);
  }
}

async function cleanUp(cleanups: readonly (() => Promise<void>)[]): Promise<number> {
  let code = 0;
  for (const cleanup of cleanups.toReversed()) {
    try {
      await cleanup();
    } catch (error) {
      printError(error);
      code = 1;
    }
  }
  return code;
}

function printError(error: unknown): void {
  const cause = error instanceof AggregateError ? error.errors.map(messageOf).join('\n  ') : '';
  process.stderr.write(`\n${pc.red('✖')} ${messageOf(error)}${cause === '' ? '' : `\n  ${cause}`}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `npm run demo | head` closes the pipe early: that is no error, and nothing is left to print to. */
function exitWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
