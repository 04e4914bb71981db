import type { Effect } from './fault-names.ts';

/** When something happens: so long after the start, or at the nth effect of a kind, whoever's it is. */
export type When = { readonly at: number } | { readonly nth: number; readonly of: Effect };

/** What a call is answered instead of what it asked for. */
export type WrongAnswer =
  | '429 with Retry-After'
  | '429 without Retry-After'
  | 'status 500'
  | 'status 502'
  | 'status 503'
  | 'status 504'
  | 'connection reset'
  | 'no answer in time'
  | 'HTML with status 200'
  | 'truncated answer';

/** Something that goes wrong at an effect. */
export type Mishap =
  | {
      readonly do: 'crash';
      readonly side: 'before' | 'after';
      /** The whole instance dies, as in a redeploy, and not only the worker. */
      readonly instance: boolean;
      /** The effect was on the wire when the worker died, and arrives all the same. */
      readonly arrives: boolean;
      readonly messageBackMs: number;
    }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'slow'; readonly ms: number }
  | { readonly do: 'answer'; readonly answer: WrongAnswer; readonly applied: boolean }
  | { readonly do: 'refuse-row'; readonly applied: boolean }
  | {
      readonly do: 'message';
      readonly how: 'twice' | 'late' | 'malformed' | 'unknown-version';
      readonly delayMs: number;
    };

export type Department = 'Sales' | 'Support' | 'Finance';

/** Something that people do: in the directory, in the account, to the app. `n` numbers people, `number` phone numbers. */
export type Deed =
  | { readonly do: 'join'; readonly n: number; readonly number: number | null; readonly department: Department }
  | { readonly do: 'move'; readonly n: number; readonly department: Department }
  | { readonly do: 'rename'; readonly n: number; readonly name: number }
  | { readonly do: 'renumber'; readonly n: number; readonly number: number | null }
  | { readonly do: 'swap' | 'hand-over'; readonly n: number; readonly to: number }
  | { readonly do: 'disable' | 'enable' | 'delete' | 'delete-for-good' | 'restore'; readonly n: number }
  | { readonly do: 'everybody'; readonly change: 'leaves' | 'no-phone' | 'other-department' }
  | { readonly do: 'hide'; readonly n: number; readonly forMs: number }
  | { readonly do: 'short-read'; readonly n: number; readonly forMs: number }
  | { readonly do: 'empty-directory' | 'other-tenant' | 'revoke'; readonly forMs: number }
  | { readonly do: 'expire-tokens'; readonly mode: 'syncStateNotFound' | 'gone' | 'badlyFormed' }
  | { readonly do: 'silence'; readonly days: number }
  | { readonly do: 'storm'; readonly answer: WrongAnswer; readonly forMs: number }
  | { readonly do: 'edit-contact'; readonly n: number; readonly what: 'note' | 'name' | 'list' }
  | {
      readonly do: 'edit-shared';
      readonly n: number;
      readonly what: 'name' | 'mail' | 'number';
      readonly value: number;
    }
  | { readonly do: 'delete-contact'; readonly n: number }
  | { readonly do: 'foreign-contact'; readonly number: number }
  | { readonly do: 'edit-foreign'; readonly index: number }
  | { readonly do: 'delete-list' | 'rename-list'; readonly department: Department }
  | { readonly do: 'delete-field' }
  | { readonly do: 'opt-out' | 'reply-stop'; readonly number: number }
  | { readonly do: 'configure'; readonly sync: number; readonly instance?: number }
  | { readonly do: 'set-lanes'; readonly lanes: number }
  | { readonly do: 'redeploy'; readonly instance: number }
  | { readonly do: 'start'; readonly mode: 'delta' | 'full'; readonly dryRun: boolean }
  | { readonly do: 'start-twice' | 'approve' | 'approve-plan' | 'reject' | 'cancel' }
  | { readonly do: 'pause-sync'; readonly forMs: number };

export type Happening = Mishap | Deed;

export interface Occurrence {
  readonly when: When;
  readonly what: Happening;
}

/**
 * A `sync` section as it is written, in the short forms that the oracle reads. `owners` says of fields that they are not
 * the directory's alone: the engine gets the long form.
 */
export type SyncSection = Readonly<Record<string, unknown>>;

export interface World {
  /** Virtual time at which the history begins. */
  readonly startsAt: number;
  readonly people: readonly {
    readonly n: number;
    readonly number: number | null;
    readonly department: Department;
  }[];
  /** Contacts that somebody made by hand before the first run. */
  readonly byHand: readonly { readonly number: number; readonly list: string; readonly second?: number }[];
  readonly account: {
    readonly uniqueNumbers: boolean;
    readonly uniqueListNames: boolean;
    readonly namesBadIds: boolean;
    readonly mode: 'replace' | 'merge';
  };
  readonly directory: {
    readonly pageSize: number;
    readonly sparse: boolean;
    readonly duplicates: number;
    readonly emptyPages: number;
    readonly splitEntries: boolean;
    readonly initialTombstones: 'none' | 'soft' | 'all';
    readonly midChainChanges: 'same-chain' | 'next-round' | 'both';
    /** How late what the app wrote is shown, and whether the old value is shown once more before. */
    readonly writeDelayMs?: number;
    readonly writeShowsOldFirst?: boolean;
  };
  /** The first one is in force at the start; `configure` puts another one in its place. */
  readonly syncs: readonly SyncSection[];
  readonly instances: readonly { readonly skewMs: number }[];
  readonly lanes: number;
  /** How many workers the platform runs at once. */
  readonly workers: number;
  /** What somebody does with holds once the faults are over. */
  readonly operator: 'approves' | 'rejects' | 'waits';
}

/** A whole history as data: told again it is the same, and each occurrence can be left out. */
export interface History {
  readonly seed: number;
  readonly world: World;
  readonly occurrences: readonly Occurrence[];
}

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'defect'] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly invariant: Invariant;
  readonly words: string;
  readonly step: number;
}
