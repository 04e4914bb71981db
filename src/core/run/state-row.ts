import { RowConflict } from '../ports.ts';
import { SyncError } from '../errors.ts';
import type { SyncErrorCode } from '../errors.ts';
import type { Engine } from './engine.ts';
import type { RunState, StreamLinks } from './run-row.ts';

/** Noted by a run that may not be the one to deal with it: by which, where that matters. */
interface FullRunReason {
  readonly code: 'list-missing' | 'configuration-changed';
  readonly at: number;
  readonly runId?: string;
}

/** The one row that says where a sync stands. Times are milliseconds by the storage service's clock. */
export interface SyncState {
  readonly generation: number;
  /** Of which tenant the people are that we know: written with the first lease, and with every token. */
  readonly tenantId?: string;
  /** The active run; nobody else may start one until it is gone. */
  readonly lease?: { readonly runId: string; readonly since: number } | undefined;
  readonly token?: {
    /** Where each stream's chain ended. */
    readonly links: StreamLinks;
    /** Where the members of the groups stand as they were read then. */
    readonly memberships?: Readonly<Record<string, string>>;
    readonly fingerprint: string;
    readonly tenantId: string;
    readonly issuedAt: number;
  };
  readonly lastRun?: {
    readonly runId: string;
    readonly state: RunState;
    readonly finishedAt: number;
    readonly code?: SyncErrorCode;
  };
  readonly lastSuccessAt?: number;
  readonly lastFullAt?: number;
  /** People whom the last full run's chain showed. */
  readonly lastShown?: number;
  /** Why the next run has to read everybody, when the token alone would not say so. */
  readonly fullRunReason?: FullRunReason | undefined;
  /** Somebody approved held operations while another run was active. */
  readonly approvalWaiting?: boolean | undefined;
  /** Dry runs whose plans were approved while another run was active. */
  readonly plansApproved?: readonly string[] | undefined;
  /** Graph refused the token: until a full run has succeeded. */
  readonly resync?: { readonly code: string; readonly runId: string } | undefined;
  /** The last full run showed far fewer people than the one before. */
  readonly deviation?: { readonly shown: number; readonly before: number; readonly runId: string } | undefined;
  /** Nothing starts by itself. */
  readonly paused?: { readonly since: number } | undefined;
  readonly account?: { readonly id?: string; readonly keyHash: string };
  /** What the answer to the first number change showed of PATCH. */
  readonly channelsMerge?: boolean;
  readonly pseudonymFingerprint: string;
}

const STATE_KEY = 'state';
const MAX_TRIES = 12;

interface HeldState {
  readonly state: SyncState;
  readonly etag: string | undefined;
}

async function fetchState(engine: Engine): Promise<HeldState> {
  const row = await engine.tables.state.get(engine.config.name, STATE_KEY);
  if (row === undefined) {
    return { state: { generation: 0, pseudonymFingerprint: engine.pseudonymFingerprint }, etag: undefined };
  }
  const state = row.body as SyncState;
  if (state.pseudonymFingerprint !== engine.pseudonymFingerprint) {
    throw new SyncError(
      'state-mismatch',
      'The pseudonym key differs from the one this state was written with. Restore the former key: with another one the claims on numbers cannot be found.',
    );
  }
  return { state, etag: row.etag };
}

export async function readState(engine: Engine): Promise<SyncState> {
  return (await fetchState(engine)).state;
}

/** The generation of whoever takes the lease at `now`. Never below the clock: a state that was lost and begins anew fences nobody out. */
export function nextGeneration({ generation }: SyncState, now: number): number {
  return Math.max(generation + 1, Math.floor(now / 1000));
}

/**
 * Changes the state row by compare-and-set. `change` sees the newest state and may be called again;
 * answering undefined leaves everything as it is. Answers the state that stands afterwards.
 */
export async function changeState(
  engine: Engine,
  change: (state: SyncState) => SyncState | undefined,
): Promise<SyncState> {
  for (let attempt = 1; ; attempt += 1) {
    const { state, etag } = await fetchState(engine);
    const next = change(state);
    if (next === undefined) return state;
    const row = { key: STATE_KEY, facets: { generation: next.generation }, body: next };
    try {
      await engine.tables.state.write(engine.config.name, [
        etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag },
      ]);
      return next;
    } catch (error) {
      if (!(error instanceof RowConflict) || attempt >= MAX_TRIES) throw error;
      await engine.clock.sleep(20 * attempt);
    }
  }
}
