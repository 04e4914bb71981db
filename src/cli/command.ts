import type { Api } from './api/api.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Look } from './screen/look.ts';

/** What a command has found out: one value for programs, the same in lines for people, and how it ends. */
export interface Report {
  readonly exit: ExitCode;
  readonly json: unknown;
  readonly lines: readonly string[];
}

/** What the user gave: arguments by position, options by their name without dashes (`dry-run`). */
export interface Given {
  argument(at: number): string | undefined;
  flag(name: string): boolean;
  text(name: string): string | undefined;
}

/** The person at the terminal, if there is one. */
export interface Dialogue {
  /** Whether somebody is there who can answer. */
  readonly isAnswered: boolean;
  /** Shows lines before the command has ended; with `--json` nobody sees them. */
  say(lines: readonly string[]): void;
  /** One line that the next one replaces; only on a terminal. An empty text takes it away. */
  progress(text: string): void;
  ask(question: string): Promise<string>;
}

/** Everything that a command works with. */
export interface Context {
  /** Throws a Refusal when address or key cannot be used: a command that needs no app never asks. */
  readonly api: () => Api;
  /** Address of the app; throws like `api`. */
  readonly url: () => string;
  readonly given: Given;
  readonly look: Look;
  readonly dialogue: Dialogue;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A command of ours as the reader would type it, for the same app. */
  readonly typed: (command: string) => string;
}

export interface OptionSpec {
  /** As commander reads them: `--departments <names>`. */
  readonly flags: string;
  readonly description: string;
}

/** One command: what it is called, what it takes, what it does. */
export interface Command {
  readonly name: string;
  /** As commander reads them: `<run>`, `[file]`. */
  readonly arguments?: readonly { readonly name: string; readonly description: string }[];
  readonly summary: string;
  readonly options?: readonly OptionSpec[];
  run(context: Context): Promise<Report>;
}
