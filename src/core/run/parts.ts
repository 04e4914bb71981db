import type { Link, Pending } from '../plan/link.ts';
import type { Drift } from '../plan/drift.ts';
import type { Operation, Outcome } from '../plan/operation.ts';
import type { HeldBy } from '../plan/protect.ts';
import type { ReasonCode } from '../errors.ts';
import type { DirectoryEntry, Person } from '../people/person.ts';
import { RowConflict } from '../ports.ts';
import type { Row, StoredRow } from '../ports.ts';
import type { Marked } from './adopt-markers.ts';
import type { Engine } from './engine.ts';
import type { Impact } from './impact.ts';
import { ordinal } from './run-rows.ts';

/** An entry that cannot matter keeps only its id: it may overrule an earlier one of the same person. */
export type PageEntry = DirectoryEntry | { readonly id: string; readonly reduced: true };

export interface PagePart {
  readonly entries: readonly PageEntry[];
  /** Which of the configured streams it is of; absent: the first. */
  readonly stream?: number;
  readonly nextLink?: string;
  readonly deltaLink?: string;
}

/** Answers of reading by id, saved like pages so that a sweep can be sliced. */
export interface ReadPart {
  readonly found: readonly DirectoryEntry[];
  readonly missing: readonly string[];
}

/** Why a person is in the round. */
export type Via = 'changed' | 'membership' | 'manager' | 'swept' | 'due' | 'waiting' | 'contact' | 'planned' | 'named';

export interface BatchPerson {
  readonly person: Person;
  readonly via: Via;
  /** The person row that this was computed from. */
  readonly etag?: string;
  readonly link?: Link;
  /** Where the person's contact is not as it was left, as far as the run looked. */
  readonly drift?: Drift;
  readonly pending?: Pending;
  readonly pendingEtag?: string;
  /** The directory showed the person but does not answer for the id yet: to be tried again. */
  readonly unread?: true;
  /** Nobody said that the person is gone; the directory only does not know the id any more. */
  readonly absent?: true;
  /** Until when the directory's former value of something we wrote is taken for a delay, ms since 1970. */
  readonly echoUntil?: number;
  /** Names of the groups that the person is in, of those that the configuration asks about. */
  readonly groups?: readonly string[];
  /** In a run that adopts: contacts that only the marker finds. */
  readonly marked?: Marked;
  /** What the change of the configuration itself does to the person. */
  readonly impact?: Impact;
  /** The person row does not say yet what the directory says. */
  readonly changed: boolean;
}

export interface BatchPart {
  readonly department: string;
  readonly people: readonly BatchPerson[];
  /** Unlinked people that are out of scope now: their rows serve nobody. */
  readonly forget: readonly { readonly id: string; readonly etag: string }[];
}

/** How much a worker did: for how many people, and of which department, where that is known. */
export interface BatchWork {
  readonly department?: string;
  readonly people: number;
}

export interface PlanPart {
  /** What already waited for people of the batch when it was planned. */
  readonly standing: Readonly<Record<string, Pending>>;
  readonly operations: readonly Operation[];
}

/** What the judge says about one person, when it is not simply "go ahead in wave 1 or 2". */
export interface Verdict {
  readonly outcome?: Extract<Outcome, 'held' | 'skipped' | 'rejected'>;
  readonly reason?: ReasonCode;
  readonly waitsFor?: string;
  /** When a grace is over, ms since 1970. */
  readonly until?: number;
  /** The rule that holds the operation; renewed when nobody decided in time. */
  readonly heldBy?: HeldBy;
  readonly renewed?: true;
  /** Applied in this wave; in ring hand-overs a second time in `wave`. */
  readonly wave: number;
  readonly releaseWave?: number;
  /** The wanted number is somebody else's: a contact that was given up for it is made anew with the former one. */
  readonly keepsFormer?: true;
  /** The person who has to let go of the number first. */
  readonly after?: string;
  /** Whoever had the number left before and comes back in the same round: the contact is not to be taken over. */
  readonly holderReturns?: true;
  readonly approved?: boolean;
}
export type VerdictPart = Readonly<Record<string, Verdict>>;

export interface PersonOutcome {
  readonly personId: string;
  readonly outcome: Outcome;
  readonly reason?: ReasonCode;
  readonly waitsFor?: string;
  /** Rejected for a list that may not be created, and may be made by hand at any time. */
  readonly missesList?: true;
  /** The batch was begun before: an earlier worker may have made or found a contact that nobody noted. */
  readonly repeated?: true;
  /** The person row was written with the values of this round. */
  readonly stored?: true;
}
export interface OutcomePart {
  readonly people: readonly PersonOutcome[];
}

export const partKey = {
  page: (chain: number, index: number) => `page-${chain}-${ordinal(index)}`,
  pages: (chain: number) => `page-${chain}-`,
  read: (chain: number, index: number) => `read-${chain}-${ordinal(index)}`,
  reads: (chain: number) => `read-${chain}-`,
  batch: (nonce: string, index: number) => `batch-${nonce}-${ordinal(index)}`,
  batches: (nonce: string) => `batch-${nonce}-`,
  plan: (nonce: string, index: number) => `plan-${nonce}-${ordinal(index)}`,
  plans: (nonce: string) => `plan-${nonce}-`,
  verdict: (nonce: string, index: number) => `verdict-${nonce}-${ordinal(index)}`,
  outcome: (index: number, wave: number) => `outcome-${ordinal(index)}-${wave}`,
  outcomes: (index: number) => `outcome-${ordinal(index)}-`,
} as const;

/** The number at the end of a part's key. */
export function partIndex(row: StoredRow): number {
  return Number(row.key.slice(row.key.lastIndexOf('-') + 1));
}

/** Parts are inserted once and never overwritten: answers the row that stands, ours or an earlier worker's. */
export async function insertPart<T>(engine: Engine, runId: string, row: Row & { readonly body: T }): Promise<T> {
  try {
    await engine.tables.parts.write(runId, [{ kind: 'insert', row }]);
    return row.body;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    return fetchPart<T>(engine, runId, row.key);
  }
}

export async function findPart<T>(engine: Engine, runId: string, key: string): Promise<T | undefined> {
  return (await engine.tables.parts.get(runId, key))?.body as T | undefined;
}

export async function fetchPart<T>(engine: Engine, runId: string, key: string): Promise<T> {
  const body = await findPart<T>(engine, runId, key);
  if (body === undefined) throw new Error(`Part ${key} of run ${runId} is missing.`);
  return body;
}
