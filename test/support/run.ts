import type { ContactBook, Directory, QueueMessage } from '../../src/core/ports.ts';
import type { Case } from '../../src/core/run/apply-case.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import type { BatchPerson } from '../../src/core/run/parts.ts';
import { NO_COUNTS } from '../../src/core/run/run-rows.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { checkedLog } from './checked-log.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createMemoryQueue, type MemoryQueue } from './memory-queue.ts';
import { createMemoryTables, type MemoryTables, type OnEffect } from './memory-tables.ts';
import { aConfig, aPerson } from './people.ts';
import { anOperation, RUN_START } from './plan.ts';
import { createTestDigest, createTestIds } from './test-digest.ts';

/** An engine on memory and a clock that a sleep moves on. */
export interface TestEngine extends Engine {
  readonly tables: MemoryTables;
  readonly queue: MemoryQueue;
  readonly clock: FakeClock;
}

function refuse(): never {
  throw new Error('No neighbour is called here.');
}

const NO_DIRECTORY: Directory = {
  deltaPages: refuse,
  readPeople: refuse,
  findPerson: refuse,
  departmentMembers: refuse,
  groupMembers: refuse,
  updatePerson: refuse,
  checkWriting: refuse,
  check: refuse,
};
const NO_CONTACT_BOOK: ContactBook = {
  isEmpty: refuse,
  findByNumbers: refuse,
  readContacts: refuse,
  contactPages: refuse,
  createContact: refuse,
  updateContact: refuse,
  deleteContact: refuse,
  listLists: refuse,
  createList: refuse,
  listFields: refuse,
  createField: refuse,
  changeMembers: refuse,
  blockedNumbers: refuse,
  check: refuse,
};

/** An engine whose neighbours refuse every call; `onEffect` sees what tables and queues are asked for, and may crash it. */
export function anEngine(changes: Partial<Engine> & { readonly onEffect?: OnEffect } = {}): TestEngine {
  const { onEffect, ...parts } = changes;
  const clock = createFakeClock(RUN_START, { sleepAdvances: true });
  const effects = onEffect === undefined ? {} : { onEffect };
  return {
    config: aConfig(),
    fingerprint: 'fingerprint-1',
    select: ['id'],
    tenantId: '11111111-2222-4333-8444-555555555555',
    lanes: 4,
    directory: NO_DIRECTORY,
    contactBook: NO_CONTACT_BOOK,
    digest: createTestDigest(),
    ids: createTestIds(),
    log: checkedLog(),
    accountKeyHash: () => Promise.resolve('key-1'),
    pseudonymFingerprint: 'pseudonym-1',
    ...parts,
    tables: createMemoryTables(effects),
    queue: createMemoryQueue(clock, effects),
    clock,
  };
}

/** The messages of a queue, as far as they are there, in the order in which they were sent. */
export function messagesOf(engine: TestEngine, queue: 'sync-runs' | 'sync-batches'): readonly QueueMessage[] {
  return engine.queue.waiting(queue).map(({ message }) => message);
}

/** A full run that was queued and has done nothing yet. */
export function aRun(changes: Partial<RunRow> = {}): RunRow {
  return {
    runId: 'r0000000000001-id-1',
    generation: 1,
    mode: 'full',
    trigger: 'http',
    dryRun: false,
    state: 'queued',
    phase: 'read',
    wave: 0,
    lanes: 4,
    config: aConfig(),
    fingerprint: 'fingerprint-1',
    createdAt: RUN_START,
    chain: 1,
    knownLists: {},
    batchCount: 0,
    waves: {},
    exceptional: [],
    counts: NO_COUNTS,
    calls: { graph: 0, messagemedia: 0 },
    holds: [],
    closeCursor: 0,
    waitedMs: 0,
    ...changes,
  };
}

/** Somebody in a batch whose row does not say yet what the directory says. */
function aMember(changes: Partial<BatchPerson> = {}): BatchPerson {
  return { person: aPerson(), via: 'changed', changed: true, ...changes };
}

/** An operation about to be applied to somebody without a contact. */
export function aCase(changes: Partial<Case> = {}): Case {
  const member = changes.member ?? aMember();
  return {
    operation: anOperation(),
    member,
    person: member.person,
    pulled: {},
    untaken: undefined,
    late: {},
    verdict: undefined,
    etag: undefined,
    link: undefined,
    formerOwner: undefined,
    contact: undefined,
    unnoted: undefined,
    unnotedHolder: undefined,
    next: undefined,
    isReplaced: false,
    abandoned: undefined,
    isRetired: false,
    ending: undefined,
    stored: false,
    accountId: undefined,
    flaw: undefined,
    strays: [],
    defect: undefined,
    ...changes,
  };
}
