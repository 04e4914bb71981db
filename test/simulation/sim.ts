import type { Random } from '../../local/simulator/random.ts';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import type { MemoryContactBook } from '../support/memory-contact-book.ts';
import type { MemoryDirectory } from '../support/memory-directory.ts';
import type { MemoryQueue } from '../support/memory-queue.ts';
import type { MemoryTables } from '../support/memory-tables.ts';
import type { FaultName } from './fault-names.ts';
import type { Deed, History, Invariant, SyncSection, Violation, WrongAnswer } from './history.ts';
import type { Moments } from './moments.ts';
import type { Rows } from './rows.ts';
import type { Scheduler } from './scheduler.ts';
import type { Watch } from './watch.ts';

export const SYNC_NAME = 'default';
export const TENANT = '11111111-2222-4333-8444-555555555555';
export const OTHER_TENANT = '99999999-2222-4333-8444-555555555555';

/** A configuration in force: as it is written, and as the engine reads it. */
export interface Configuration {
  readonly section: SyncSection;
  readonly config: SyncConfig;
  readonly fingerprint: string;
  readonly select: readonly string[];
}

/** One instance of the app: it has a configuration and a clock of its own, and all its workers die together. */
export interface Instance {
  readonly index: number;
  readonly skewMs: number;
  configuration: Configuration;
  lanes: number;
}

/** One invocation of a function. */
export interface Worker {
  readonly name: string;
  readonly instance: Instance;
  /** What was in force when it was called: a new configuration is for those who come after. */
  readonly configuration: Configuration;
  readonly runId: string | undefined;
  readonly lane: { readonly wave: number; readonly index: number } | undefined;
  /** Ids that it drew: a claim is its own when it carries one of them. */
  readonly ids: Set<string>;
  isAlive: boolean;
  /** Resolves with the time until its message comes back. */
  readonly died: Promise<number>;
  readonly die: (messageBackMs: number) => void;
}

/** What stands between the app and the neighbours for a while. */
export interface Weather {
  storm: { readonly until: number; readonly answer: WrongAnswer } | undefined;
  /** People whom neither the pages nor a reading by id show. */
  readonly missing: Set<string>;
  tenantId: string;
}

/** One history while it is being told. */
export interface Sim {
  readonly history: History;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly moments: Moments;
  readonly rows: Rows;
  readonly tables: MemoryTables;
  readonly queue: MemoryQueue;
  readonly directory: MemoryDirectory;
  readonly otherDirectory: MemoryDirectory;
  readonly book: MemoryContactBook;
  readonly instances: readonly Instance[];
  readonly workers: Set<Worker>;
  readonly weather: Weather;
  readonly watch: Watch;
  readonly fired: Map<FaultName, number>;
  readonly violations: Violation[];
  /** What happened, step by step, in words. */
  readonly told: string[];
  readonly tell: (words: () => string) => void;
  /** Does at once what somebody does. */
  readonly doDeed: (deed: Deed) => void;
  /** Does something when its time comes. */
  readonly later: (ms: number, act: () => void) => void;
  readonly nextId: () => string;
  /** The newest message taken from a queue. */
  readonly newest: { order: number };
  readonly configurationOf: (sync: number) => Configuration;
}

export function fire(sim: Sim, fault: FaultName): void {
  sim.fired.set(fault, (sim.fired.get(fault) ?? 0) + 1);
}

export function violate(sim: Sim, invariant: Invariant, words: string): void {
  sim.violations.push({ invariant, words, step: sim.scheduler.steps() });
  sim.tell(() => `${invariant} is broken: ${words}`);
}

/** A number in [0, sides). */
export function dice(random: Random, sides: number): number {
  return Math.floor(random() * sides);
}
