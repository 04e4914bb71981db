/** Who has to act on an error: the person at the keyboard, the administrator of a neighbour, or us. */
export type Audience = 'operator' | 'administrator' | 'developer';

export type Neighbour = 'entra' | 'graph' | 'messagemedia' | 'keyvault' | 'storage';

/**
 * What a neighbour's refusal means to the engine, whatever its wire says.
 * - `access-denied`: credentials or permissions refused; the run stops at once.
 * - `throttled` / `unavailable`: will pass; `retryAfterMs` when the neighbour named a time.
 * - `answer-lost`: the request may have been applied; look before repeating a write that is not idempotent.
 * - `not-found` / `conflict` / `invalid`: about this one thing; a repeat will not help.
 * - `on-premises` / `privileged`: a person whom the directory lets nobody, or not this app, change; a repeat will not help.
 * - `resync`: the delta token is no longer usable; start a full chain.
 * - `unexpected-answer`: status was fine, the body was not what the contract says.
 */
export type NeighbourFailure =
  | 'access-denied'
  | 'throttled'
  | 'unavailable'
  | 'answer-lost'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'on-premises'
  | 'privileged'
  | 'resync'
  | 'unexpected-answer';

/**
 * What is wrong with our access, as far as the neighbour tells. Each has a cure of its own, which the message names.
 * - `secret-missing` / `secret-disabled` / `secret-expired`: there is no value that could be used.
 * - `secret-refused`: wrong, or no longer valid. `token-refused`: the token is, although it is new.
 * - `identity-missing`: nobody could sign in for us. `identity-refused`: the sign-in was refused, for no cause we know.
 * - `app-unknown` / `tenant-unknown`: ids that fit no app or tenant. `app-disabled`: it was switched off.
 * - `consent-missing` / `permission-missing`: nobody allowed it.
 * - `policy-blocked`: a policy or a network rule forbids it. `cloud-mismatch`: addresses of different clouds.
 * - `clock-skew`: our clock is wrong, so that signatures count as old or as made in the future.
 * - `account-refused`: the account behind the credentials may not be used.
 */
export const ACCESS_PROBLEMS = [
  'secret-missing',
  'secret-disabled',
  'secret-expired',
  'secret-refused',
  'token-refused',
  'identity-missing',
  'identity-refused',
  'app-unknown',
  'app-disabled',
  'tenant-unknown',
  'consent-missing',
  'permission-missing',
  'policy-blocked',
  'cloud-mismatch',
  'clock-skew',
  'account-refused',
] as const;
export type AccessProblem = (typeof ACCESS_PROBLEMS)[number];

export interface NeighbourErrorDetail {
  readonly status?: number;
  /** Always there with `access-denied`. */
  readonly access?: AccessProblem;
  readonly retryAfterMs?: number;
  /** The neighbour's own id of the failed request, for its support desk. */
  readonly requestId?: string;
  /** Neighbour's error code (`resyncRequired`, `AADSTS7000215`, `duplicated_value`…): never free text with personal data. */
  readonly neighbourCode?: string;
  /** For `invalid`: field names (never values), the most characters one may have, and the ids named as bad. */
  readonly fields?: readonly { readonly name: string; readonly code: string; readonly limit?: number }[];
  readonly invalidIds?: readonly string[];
}

/** A neighbour did not do what was asked. The message holds no number, mail, name or secret. */
export class NeighbourError extends Error {
  override readonly name = 'NeighbourError';
  readonly neighbour: Neighbour;
  readonly failure: NeighbourFailure;
  readonly detail: NeighbourErrorDetail;

  constructor(
    neighbour: Neighbour,
    failure: NeighbourFailure,
    message: string,
    detail: NeighbourErrorDetail = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.neighbour = neighbour;
    this.failure = failure;
    this.detail = detail;
  }
}

export type SyncErrorCode =
  | 'configuration-invalid'
  | 'request-invalid'
  | 'run-active'
  | 'run-not-found'
  | 'person-not-found'
  | 'plan-changed'
  | 'access-denied'
  | 'directory-unreadable'
  | 'neighbour-unavailable'
  | 'state-mismatch'
  | 'superseded'
  | 'cancelled'
  | 'forbidden'
  | 'idempotency-key-reused'
  | 'claim-lost'
  | 'poisoned'
  | 'unexpected';

/** Which errors a repeat can mend, and who is told: the one table of it. */
export const SYNC_ERRORS: Record<SyncErrorCode, { readonly retryable: boolean; readonly audience: Audience }> = {
  'configuration-invalid': { retryable: false, audience: 'administrator' },
  'request-invalid': { retryable: false, audience: 'operator' },
  'run-active': { retryable: true, audience: 'operator' },
  'run-not-found': { retryable: false, audience: 'operator' },
  'person-not-found': { retryable: false, audience: 'operator' },
  'plan-changed': { retryable: false, audience: 'operator' },
  'access-denied': { retryable: false, audience: 'administrator' },
  'directory-unreadable': { retryable: true, audience: 'administrator' },
  'neighbour-unavailable': { retryable: true, audience: 'operator' },
  'state-mismatch': { retryable: false, audience: 'administrator' },
  superseded: { retryable: true, audience: 'operator' },
  cancelled: { retryable: false, audience: 'operator' },
  forbidden: { retryable: false, audience: 'operator' },
  'idempotency-key-reused': { retryable: false, audience: 'operator' },
  'claim-lost': { retryable: true, audience: 'developer' },
  poisoned: { retryable: true, audience: 'developer' },
  unexpected: { retryable: true, audience: 'developer' },
};

/** An error of our own with a code that docs/operations.md explains. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: SyncErrorCode;
  /** Safe, structured extras for problem details (for example the id of the active run). */
  readonly extras: Readonly<Record<string, unknown>>;

  constructor(code: SyncErrorCode, message: string, extras: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.extras = extras;
  }

  get retryable(): boolean {
    return SYNC_ERRORS[this.code].retryable;
  }
}

/** Why a person was skipped, held, rejected, failed or waits. Each is explained in docs/operations.md. */
export const REASON_CODES = [
  'not-in-scope',
  'disabled',
  'guest',
  'excluded',
  'no-phone',
  'bad-phone',
  'not-mobile',
  'duplicate-phone',
  'opted-out',
  'held-removal',
  'held-change',
  'grace',
  'contact-conflict',
  'invalid-value',
  'in-doubt',
  'throttled',
  'service-unavailable',
  'access-denied',
  'superseded',
  'stale-plan',
  'privileged',
  'on-premises',
  'frozen',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Somebody else has what the worker was at: it stops, and must not even write down what it did. */
export function isClaimLost(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'claim-lost';
}
