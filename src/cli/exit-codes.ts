import type { SyncErrorCode } from '../core/errors.ts';

/** How a command ends, for scripts; docs/cli.md explains each. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  peopleFailed: 3,
  held: 4,
  access: 5,
  neighbourDown: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Each exit code in a few words, for the help and docs/cli.md. */
export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, and nothing to look at',
  unexpected: 'something unexpected, or the run was cancelled',
  usage: 'the command, the configuration or the moment does not allow it',
  peopleFailed: 'the run ended, but some people failed or were rejected',
  held: 'something is held, or would be, and waits for approval',
  access: 'a key, credential or permission is refused',
  neighbourDown: 'the app or a neighbour of it does not answer',
};

const BY_CODE: Readonly<Record<SyncErrorCode, ExitCode>> = {
  'configuration-invalid': EXIT.usage,
  'request-invalid': EXIT.usage,
  'run-active': EXIT.usage,
  'run-not-found': EXIT.usage,
  'person-not-found': EXIT.usage,
  'plan-changed': EXIT.usage,
  'state-mismatch': EXIT.usage,
  'idempotency-key-reused': EXIT.usage,
  'access-denied': EXIT.access,
  forbidden: EXIT.access,
  'directory-unreadable': EXIT.neighbourDown,
  'neighbour-unavailable': EXIT.neighbourDown,
  superseded: EXIT.unexpected,
  cancelled: EXIT.unexpected,
  'claim-lost': EXIT.unexpected,
  poisoned: EXIT.unexpected,
  unexpected: EXIT.unexpected,
};

/** The exit code for an error code of the app; for one of a newer app, what its HTTP status says. */
export function exitOfCode(code: string, status = 500): ExitCode {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code as SyncErrorCode];
  if (status === 401 || status === 403) return EXIT.access;
  return status < 500 ? EXIT.usage : EXIT.unexpected;
}

interface EndedRun {
  readonly state: string;
  readonly dryRun: boolean;
  readonly holds: readonly unknown[];
  readonly error?: { readonly code: string } | undefined;
}

/** What a run says by the way it ended; one that is under way says nothing yet. A dry run holds what its plan would. */
export function exitOfRun({ state, dryRun, holds, error }: EndedRun): ExitCode {
  if (state === 'held' || (state === 'completed' && dryRun && holds.length > 0)) return EXIT.held;
  if (state === 'completed-with-errors') return EXIT.peopleFailed;
  if (state === 'failed') return exitOfCode(error?.code ?? 'unexpected');
  return state === 'cancelled' ? EXIT.unexpected : EXIT.ok;
}
