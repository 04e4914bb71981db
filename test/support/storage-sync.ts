import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { selectOf } from '../../src/core/config/attributes.ts';
import { fingerprintOf } from '../../src/core/config/fingerprint.ts';
import { parseSyncConfig } from '../../src/core/config/parse.ts';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import type { Tables } from '../../src/core/ports.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { checkedLog } from './checked-log.ts';
import { createFakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { createMemoryContactBook } from './memory-contact-book.ts';
import type { MemoryContactBook } from './memory-contact-book.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import type { MemoryDirectory } from './memory-directory.ts';
import { mortalWorker } from './mortal-worker.ts';
import type { MortalWorker, OnWork } from './mortal-worker.ts';
import type { Mailbox, PostOffice } from './post-office.ts';
import { mobile } from './story-people.ts';
import type { StoryUser } from './story-people.ts';
import { createTestDigest } from './test-digest.ts';

export interface StorageSyncOptions {
  /** Of ADDRESS_LENGTH characters: the sync's own rows, runs and messages are told from others' by it. */
  readonly name: string;
  readonly tables: Tables;
  readonly office: PostOffice;
  readonly users: readonly StoryUser[];
  /** Whether MessageMedia refuses a number that another contact has. */
  readonly uniqueNumbers: boolean;
}

/** A sync whose tables and queues are real and shared with others, its neighbours in memory, its time virtual. */
export interface StorageSync {
  readonly engine: Engine;
  readonly directory: MemoryDirectory;
  readonly book: MemoryContactBook;
  readonly clock: FakeClock;
  readonly mailbox: Mailbox;
  /** The configuration as it is written. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The account as people had made it by hand before the first run. */
  readonly handMade: AccountSnapshot;
  /** What handlers threw, the deaths of workers apart. */
  readonly failures: unknown[];
  /** Workers die by it at their effects; without it nobody does. */
  onWork: OnWork | undefined;
  /** A worker for one delivery. */
  hire(): MortalWorker;
  /** Waits for what dead workers still have on the wire. */
  settle(): Promise<void>;
}

export const ADDRESS_LENGTH = 4;
const LANES = 2;
const EPOCH = Date.UTC(2026, 0, 5, 6, 0, 0);

export function startStorageSync({ name, tables, office, users, uniqueNumbers }: StorageSyncOptions): StorageSync {
  const written = {
    name,
    // No tick may meet a slot: every run is started by the test.
    schedule: '0 6 1 12 *',
    fullSchedule: '0 3 1 12 *',
    mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
    filters: { accountEnabled: true },
  };
  const clock = createFakeClock(EPOCH, { sleepAdvances: true });
  const mailbox = office.open(name, () => clock.now());
  const directory = createMemoryDirectory({ clock, users });
  const book = createMemoryContactBook({ clock, uniqueNumbers });
  book.account.seedContact({ number: '+61491570006', firstName: 'By hand', lists: ['Friends'] });
  book.account.seedContact({ number: mobile(3), note: 'Known before', customFields: { shoe_size: '43' } });
  const engine = engineOf(configOf(written), { name, tables, mailbox, directory, book, clock });
  const hired: MortalWorker[] = [];

  const sync: StorageSync = {
    engine,
    directory,
    book,
    clock,
    mailbox,
    written,
    handMade: book.account.snapshot(),
    failures: [],
    onWork: undefined,
    hire() {
      const worker = mortalWorker(engine, (effect) => sync.onWork?.(effect));
      hired.push(worker);
      return worker;
    },
    async settle() {
      await Promise.all(hired.splice(0).map((worker) => worker.settled()));
    },
  };
  return sync;
}

function configOf(sync: Readonly<Record<string, unknown>>): SyncConfig {
  const reading = parseSyncConfig(JSON.stringify({ sync }), 'storage-sync');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, undefined, 1));
  return reading.config;
}

interface EngineParts {
  readonly name: string;
  readonly tables: Tables;
  readonly mailbox: Mailbox;
  readonly directory: MemoryDirectory;
  readonly book: MemoryContactBook;
  readonly clock: FakeClock;
}

function engineOf(config: SyncConfig, { name, tables, mailbox, directory, book, clock }: EngineParts): Engine {
  const digest = createTestDigest();
  let ids = 0;
  return {
    config,
    fingerprint: fingerprintOf(config, digest),
    select: selectOf(config),
    tenantId: '11111111-2222-4333-8444-555555555555',
    lanes: LANES,
    directory,
    contactBook: book,
    tables,
    queue: mailbox.queue,
    clock,
    digest,
    // A run's id keeps eight characters of one of these: whose it is, and a number.
    ids: { next: () => `${name}${(ids += 1).toString(36).padStart(4, '0')}` },
    log: checkedLog(),
    accountKeyHash: () => Promise.resolve(digest.hash('memory-key')),
    pseudonymFingerprint: 'pseudonym-1',
  };
}
