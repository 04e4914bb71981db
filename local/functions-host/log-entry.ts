import type { LogLevel } from './rpc.ts';

/** One line of the host's log. Categories are the real host's: `Function.<name>`, `Function.<name>.User`, `Host.*`. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly category: string;
  readonly message: string;
  /** Set when the line belongs to a running invocation. */
  readonly invocationId?: string;
}

export type OnLog = (entry: LogEntry) => void;

/** The text of anything that was thrown, with its stack where there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
