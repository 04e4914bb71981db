import { spawnSync } from 'node:child_process';

export interface Ran {
  /** Undefined when there is no such program. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

// A compiled template is a few hundred kilobytes; the default of 1 MB would cut a larger one off.
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end and answers what it said. Throws only when it cannot be run although it is there. */
export function runCommand(program: string, args: readonly string[], options: RunOptions = {}): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
    // az and npm are scripts on Windows, which only a shell can start.
    shell: process.platform === 'win32',
    ...options,
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') {
    return { status: undefined, stdout: '', stderr: '' };
  }
  if (error !== undefined) throw new Error(`${program} could not be run: ${error.message}`, { cause: error });
  return { status: status ?? 1, stdout, stderr };
}

/** What a program said, on either stream, without blank ends. */
export function saidBy({ stdout, stderr }: Ran): string {
  return `${stdout}\n${stderr}`.trim();
}
