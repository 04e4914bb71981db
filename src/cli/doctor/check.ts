import type { ExitCode } from '../exit-codes.ts';

/** What was looked at, and what came of it. */
export interface Check {
  readonly name: string;
  /** `untried` is no fault: there was nothing to try it with. */
  readonly state: 'ok' | 'warning' | 'failed' | 'untried';
  readonly words: string;
  /** What to do, a line each. */
  readonly cures: readonly string[];
  /** Heading of docs/operations.md, as in a link. */
  readonly section?: string;
  /** How the command ends when this is the first check that failed. */
  readonly exit: ExitCode;
}

/** A check that needs nobody. */
export function fine(name: string, words: string, state: 'ok' | 'untried' = 'ok'): Check {
  return { name, state, words, cures: [], exit: 0 };
}
