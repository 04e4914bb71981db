import type { ExitCode } from './exit-codes.ts';

/** Why a command ends without having done what it was asked. Holds no key, number, mail address or name. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly exit: ExitCode;
  /** The app's own code, or one of ours: `usage`, `app-unreachable`, `key-refused`, `call-unknown`, … */
  readonly code: string;
  /** What to look at or to do, a line each. */
  readonly hints: readonly string[];
  /** The problem document of the app, where it sent one. */
  readonly problem: Problem | undefined;

  constructor(
    exit: ExitCode,
    code: string,
    message: string,
    more: { readonly hints?: readonly string[]; readonly problem?: Problem; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.exit = exit;
    this.code = code;
    this.hints = more.hints ?? [];
    this.problem = more.problem;
  }
}

/** An error as the app tells it (RFC 9457), as far as the command line looks at it. */
export interface Problem {
  readonly code: string;
  readonly detail?: string;
  readonly runId?: string;
  readonly correlationId?: string;
  readonly problems?: readonly Readonly<Record<string, unknown>>[];
  readonly neighbour?: string;
  readonly neighbours?: readonly unknown[];
}
