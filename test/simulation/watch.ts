import type { QueueMessage, RowChange, TableName } from '../../src/core/ports.ts';
import type { MemoryCall } from '../support/memory-calls.ts';
import { snapshotOf } from './account-view.ts';
import type { Effect } from './fault-names.ts';
import { createHandMade } from './hand-made.ts';
import type { HandMade } from './hand-made.ts';
import type { Department } from './history.ts';
import { violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';
import { watchApprovals } from './watch-approvals.ts';
import type { WatchApprovals } from './watch-approvals.ts';
import { watchBounds } from './watch-bounds.ts';
import { watchCheckpoint } from './watch-checkpoint.ts';
import type { WatchCheckpoint } from './watch-checkpoint.ts';
import { watchClaims } from './watch-claims.ts';
import { watchPeople } from './watch-people.ts';
import type { WatchPeople } from './watch-people.ts';
import { watchPrivacy } from './watch-privacy.ts';
import { watchProtection } from './watch-protection.ts';

/** Everybody who looks on: what is seen at each step, and what is known of the world that the engine does not know. */
export interface Watch extends WatchPeople, Pick<WatchCheckpoint, 'chainBegins' | 'pageRead'> {
  /** How many workers there have been. */
  hired(): number;
  rowsWritten(worker: Worker, table: TableName, partition: string, changes: readonly RowChange[]): void;
  messageSent(message: QueueMessage): void;
  callStarts(worker: Worker, effect: Effect): void;
  callMade(worker: Worker, call: MemoryCall): void;
  callDone(worker: Worker, call: MemoryCall): void;
  triedAgain(worker: Worker, neighbour: 'graph' | 'messagemedia', failures: number): void;
  slept(who: string, ms: number): void;
  logged(event: string, text: string): void;
  thrown(worker: Worker, error: unknown): void;
  readonly approvals: WatchApprovals;
  readonly handMade: HandMade;
  /** Numbers whose owners sent STOP. */
  readonly optedOut: Set<string>;
  /** Numbers of which the app was told that their owners sent STOP, and answered that it knows. */
  readonly told: Set<string>;
  /** Contacts that people made by hand with a number of which the app had been told: whoever opts in by hand may. */
  readonly openedByHand: Set<string>;
  peopleEver(): number;
  everKnown(): ReadonlySet<string>;
  listTouched(department: Department, renamedId: string | undefined): void;
  fieldTouched(): void;
  /** Lists or fields were deleted or renamed by hand: what hangs on them has to be looked at again. */
  isStructureTouched(): boolean;
  readonly structure: { readonly lists: Map<Department, string | undefined>; isFieldGone: boolean };
}

export function createWatch(sim: Sim): Watch {
  let hired = 0;
  const people = watchPeople(sim);
  const claims = watchClaims(sim);
  const bounds = watchBounds(sim);
  const privacy = watchPrivacy(sim);
  const checkpoint = watchCheckpoint(sim);
  const approvals = watchApprovals(sim);
  const protection = watchProtection(sim);
  const mayDelete = JSON.stringify(sim.history.world.syncs).includes('"action":"delete"');
  const handMade = createHandMade(() => snapshotOf(sim), mayDelete, sim.history.world.account.mode === 'merge');
  const optedOut = new Set<string>();
  const told = new Set<string>();
  const openedByHand = new Set<string>();
  const structure: Watch['structure'] = { lists: new Map(), isFieldGone: false };
  const everKnown = new Set<string>(sim.directory.admin.users().map(({ id }) => id));

  /** I3 and I7, after every call that changed the account. */
  function checkAccount(worker: Worker): void {
    const { preferences } = snapshotOf(sim);
    for (const number of optedOut) {
      const isOut = preferences.some((one) => one.channelId === number && one.subscriptionState === 'UNSUBSCRIBED');
      if (!isOut) violate(sim, 'I7', 'a number that opted out is subscribed again');
    }
    if (sim.book.subscribedWrites.length > 0) violate(sim, 'I7', 'somebody asked to subscribe a number');
    for (const { words } of handMade.compare(worker.configuration.section).slice(0, 2)) violate(sim, 'I3', words);
  }

  return {
    ...people,
    personChanged(id, presence) {
      everKnown.add(id);
      people.personChanged(id, presence);
    },
    ...checkpoint,
    hired: () => (hired += 1),
    rowsWritten(worker, table, partition, changes) {
      claims.rowsWritten(worker, table, partition, changes);
      privacy.rowsWritten(table, changes);
      approvals.rowsWritten(worker, table, partition, changes);
      protection.rowsWritten(table, changes);
      if (table === 'state') checkpoint.stateWritten(worker);
    },
    messageSent: (message) => privacy.messageSent(message),
    callStarts: (worker, effect) => claims.callStarts(worker, effect),
    callMade: (worker, call) => bounds.callMade(worker, call),
    callDone(worker, call) {
      if (call.isWrite) checkAccount(worker);
    },
    triedAgain: (worker, neighbour, failures) => bounds.triedAgain(worker, neighbour, failures),
    slept: (who, ms) => bounds.slept(who, ms),
    logged: (event, text) => privacy.logged(event, text),
    thrown: (worker, error) => privacy.thrown(worker, error),
    approvals,
    handMade,
    optedOut,
    told,
    openedByHand,
    peopleEver: () => everKnown.size,
    everKnown: () => everKnown,
    listTouched: (department, renamedId) => void structure.lists.set(department, renamedId),
    fieldTouched() {
      structure.isFieldGone = true;
    },
    isStructureTouched: () => structure.lists.size > 0 || structure.isFieldGone,
    structure,
  };
}
