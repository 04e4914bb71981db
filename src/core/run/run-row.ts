import type { SyncConfig } from '../config/sync-config.ts';
import type { ReasonCode, SyncErrorCode } from '../errors.ts';
import type { Outcome } from '../plan/operation.ts';
import type { Distrust, Hold } from '../plan/protect.ts';
import type { Applied } from '../plan/weigh.ts';
import type { AdoptionCounts, AdoptionKind } from './adopt-report.ts';
import type { Impact, ImpactCounts } from './impact.ts';

/** `reconcile` reads everybody as `full` does, and the account besides. */
export const RUN_MODES = ['delta', 'full', 'reconcile'] as const;
export type RunMode = (typeof RUN_MODES)[number];
export type RunTrigger = 'schedule' | 'http' | 'pending' | 'approval';
export type RunState = 'queued' | 'running' | 'held' | 'completed' | 'completed-with-errors' | 'failed' | 'cancelled';
export const RUN_PHASES = ['read', 'split', 'plan', 'judge', 'prepare', 'apply', 'close', 'ended'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export const COUNT_NAMES = [
  'read',
  'inScope',
  'created',
  'adopted',
  'updated',
  'moved',
  'removed',
  'restored',
  'pulled',
  'unchanged',
  'skipped',
  'held',
  'rejected',
  'failed',
  'superseded',
] as const;
export type RunCounts = Readonly<Record<(typeof COUNT_NAMES)[number], number>>;

/** Links of delta chains, by the name of the stream. */
export type StreamLinks = Readonly<Record<string, string>>;

export interface CallCounts {
  readonly graph: number;
  readonly messagemedia: number;
}

/** The departments, as somebody wrote them, and the people by id whom a run is for. */
export interface OnlySome {
  readonly departments: readonly string[];
  readonly people: readonly string[];
}

/** One run, as stored. Times are milliseconds since 1970 by the storage service's clock. */
export interface RunRow {
  readonly runId: string;
  readonly generation: number;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly dryRun: boolean;
  readonly reason?: string;
  /** The dry run whose plan was approved: this run reads just its people, and applies what it plans identically. */
  readonly planOf?: string;
  /** The account is read, too, so that people are matched by the marker of their contact. */
  readonly adopt?: true;
  /** What a run that adopts found in the account. */
  readonly adoption?: AdoptionCounts;
  /** The fingerprint of the configuration before, in a full run after it changed. */
  readonly changedFrom?: string;
  /** How many people the change of the configuration itself concerns. */
  readonly impact?: ImpactCounts;
  /** Whom the run is for, when it is not for everybody. */
  readonly only?: OnlySome;
  readonly state: RunState;
  readonly phase: RunPhase;
  /** When the phase began; absent before the first one ended. */
  readonly phaseSince?: number;
  /** 0 outside apply; 1 removals, 2 the rest, 3… number hand-overs that wait for an earlier wave. */
  readonly wave: number;
  readonly lanes: number;
  readonly config: SyncConfig;
  readonly fingerprint: string;
  /** The tenant it was started for: work for another one would believe the wrong directory. */
  readonly tenantId?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Chain 1 is the first reading; a resync starts the next. */
  readonly chain: number;
  /** Where each stream's chain begins and where it ended, by the stream's name. */
  readonly startLinks?: StreamLinks | undefined;
  readonly deltaLinks?: StreamLinks | undefined;
  /** Where the members of the groups stand that the configuration names. */
  readonly memberships?: Readonly<Record<string, string>>;
  /** What had to be done about consent before anything else was done. */
  readonly consentKept?: true;
  /** Nobody had opted out when planning began. */
  readonly consentEmpty?: boolean;
  readonly accountEmpty?: boolean;
  readonly claimsEmpty?: boolean;
  /** Ids of our lists by key when planning began. */
  readonly knownLists: Readonly<Record<string, string>>;
  readonly batchNonce?: string;
  readonly batchCount: number;
  readonly sealNonce?: string;
  readonly planHash?: string;
  /** Batch indexes that have work, by wave. */
  readonly waves: Readonly<Record<string, readonly number[]>>;
  readonly needs?: {
    readonly lists: readonly { readonly key: string; readonly name: string }[];
    readonly fields: readonly string[];
    /** Root names of attributes that are written to the directory. */
    readonly attributes?: readonly string[];
  };
  readonly resolved?: {
    readonly lists: Readonly<Record<string, string>>;
    readonly fields: Readonly<Record<string, string>>;
    readonly missingLists: readonly string[];
  };
  readonly counts: RunCounts;
  readonly calls: CallCounts;
  readonly holds: readonly Hold[];
  readonly decision?: { readonly kind: 'approved' | 'rejected'; readonly at: number };
  /** Removals and updates applied without approval, for the 24-hour limits. */
  readonly applied?: Applied;
  readonly closeCursor: number;
  readonly claim?: { readonly nonce: string; readonly until: number } | undefined;
  readonly notBefore?: number | undefined;
  readonly waitedMs: number;
  readonly error?: { readonly code: SyncErrorCode; readonly message: string };
  /** Set when the run has to end early: lanes stop at their next step, then `advance-run` closes it. */
  readonly stopping?: {
    readonly state: 'failed' | 'cancelled';
    readonly code: SyncErrorCode;
    readonly message: string;
  };
  /** Batches with held, waiting or handed-over operations: their verdict rows have to be read. */
  readonly exceptional: readonly number[];
  /** People whom the chain showed as being there. */
  readonly shown?: number;
  /** Why the reading is not believed as far as it removes people: no removal goes ahead without approval. */
  readonly distrust?: Distrust | undefined;
}

/** A run for some people only: it has not seen what else changed in the directory. */
export function isForSome({ planOf, only }: Pick<RunRow, 'planOf' | 'only'>): boolean {
  return planOf !== undefined || only !== undefined;
}

/** A run that reads everybody, whatever else it reads. */
export function readsEverybody({ mode }: Pick<RunRow, 'mode'>): boolean {
  return mode !== 'delta';
}

/** A run that has not ended. */
export function isActive(run: RunRow): boolean {
  return run.phase !== 'ended';
}

/** Whether a worker is set up as the run was started: another configuration or tenant makes of it another run. */
export function isOfThisSetup(
  run: RunRow,
  engine: { readonly fingerprint: string; readonly tenantId: string },
): boolean {
  return run.fingerprint === engine.fingerprint && (run.tenantId ?? engine.tenantId) === engine.tenantId;
}

export interface RecordField {
  readonly field: string;
  readonly before?: string;
  readonly after: string;
  /** Absent: written to the contact. */
  readonly to?: 'directory';
  /** Differs on the two sides and stays so: the contact's value before, the directory's after. */
  readonly leftAlone?: true;
}

/** A row of GET /runs/{id}/records. Values are masked by the caller unless reveal was asked for. */
export interface RunRecord {
  readonly personId: string;
  readonly department: string;
  readonly operation: string;
  readonly outcome: Outcome | 'planned';
  readonly reason?: ReasonCode;
  /** One sentence in words, without personal data. */
  readonly words: string;
  readonly fields: readonly RecordField[];
  readonly lists: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** What the change of the configuration itself does to the person. */
  readonly impact?: Impact;
  /** What a run that adopts found; of a contact that is nobody's, `personId` is the id it carries, or empty. */
  readonly adoption?: AdoptionKind;
  /** Of a contact that nobody matches: people who have a name, a mail or a number in common with it. */
  readonly likely?: readonly string[];
  /** The contacts between which nobody but people can decide, or the one that is nobody's. */
  readonly contactIds?: readonly string[];
}
