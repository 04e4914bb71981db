import { startAzurite } from '../../local/azurite.ts';
import type { Azurite } from '../../local/azurite.ts';
import { createWorkQueue } from '../../src/adapters/storage/queue-work.ts';
import { createTables } from '../../src/adapters/storage/table-store.ts';
import type { Tables } from '../../src/core/ports.ts';
import { receiveOptOut } from '../../src/core/run/receive-opt-out.ts';
import type { RunMode } from '../../src/core/run/run-row.ts';
import { openPostOffice } from '../support/post-office.ts';
import type { PostOffice } from '../support/post-office.ts';
import type { StorageCall } from '../support/storage-call.ts';
import { startStorageProxy } from '../support/storage-proxy.ts';
import type { OnCall, StorageProxy } from '../support/storage-proxy.ts';
import { ADDRESS_LENGTH, startStorageSync } from '../support/storage-sync.ts';
import type { StorageSync } from '../support/storage-sync.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';
import { expectAllIsWell, expectRest, isOfStorage, runToTheEnd } from '../support/work-off.ts';

type Write = Exclude<StorageCall['kind'], 'receive' | 'other'>;

/** Every so many answers to a kind of write are lost. Deletions of a single row are rare. */
const LOST_EVERY: Readonly<Record<Write, number>> = { insert: 7, update: 7, transaction: 5, delete: 2, send: 7 };
const KINDS = Object.keys(LOST_EVERY) as Write[];
const SYNCS = 8;
const TIMEOUT_MS = 300_000;

function isWrite(kind: StorageCall['kind']): kind is Write {
  return kind in LOST_EVERY;
}

/** Loses answers after their writes were done; counts them. */
function loseAnswers(lost: Record<Write, number>): OnCall {
  const seen: Record<Write, number> = { insert: 0, update: 0, transaction: 0, delete: 0, send: 0 };
  return ({ kind }, moment) => {
    if (moment === 'before' || !isWrite(kind)) return undefined;
    seen[kind] += 1;
    if (seen[kind] % LOST_EVERY[kind] !== 0) return undefined;
    lost[kind] += 1;
    return 'lost';
  };
}

/** A joiner, a mover, a leaver, a new name, two who swap numbers, somebody whose turn for a number has come, an opt-out. */
async function liveThrough({ directory: { admin }, engine }: StorageSync): Promise<void> {
  admin.createUser(aUser(11, { department: 'New' }));
  admin.updateUser(userId(2), { department: 'Sales' });
  admin.updateUser(userId(3), { accountEnabled: false });
  admin.updateUser(userId(4), { surname: 'Renamed', mail: null });
  admin.updateUser(userId(5), { mobilePhone: mobile(6) });
  admin.updateUser(userId(6), { mobilePhone: mobile(5) });
  admin.updateUser(userId(1), { mobilePhone: mobile(101) });
  await untilAnswered(() => receiveOptOut(engine, JSON.stringify({ event: 'opt-out', source_number: mobile(2) })));
}

/** As MessageMedia does it: an event that was not answered comes again. */
async function untilAnswered(tell: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await tell();
      return;
    } catch (error) {
      if (!isOfStorage(error)) throw error;
    }
  }
}

function statesOf({ book }: StorageSync, number: string): readonly string[] {
  return book.account.contactsWith(number).flatMap(({ channels }) => channels.map((one) => one.subscriptionState));
}

const DAYS: readonly (readonly [RunMode, (sync: StorageSync) => void | Promise<void>])[] = [
  ['full', () => undefined],
  ['delta', liveThrough],
];

describe('storage that does its work and whose answers are lost', () => {
  const lost: Record<Write, number> = { insert: 0, update: 0, transaction: 0, delete: 0, send: 0 };
  let azurite: Azurite;
  let proxies: StorageProxy[];
  let tables: Tables;
  let office: PostOffice;

  beforeAll(async () => {
    azurite = await startAzurite();
    proxies = await Promise.all([startStorageProxy(azurite.tableUrl), startStorageProxy(azurite.queueUrl)]);
    const connectionString = proxies.reduce((direct, proxy) => proxy.reroute(direct), azurite.connectionString);
    const store = createTables({ connectionString });
    const queue = createWorkQueue({ connectionString });
    await Promise.all([store.ensure(), queue.ensure()]);
    tables = store;
    office = openPostOffice(azurite.connectionString, queue, ADDRESS_LENGTH);
    for (const proxy of proxies) proxy.onCall = loseAnswers(lost);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await azurite.stop();
  });

  it(
    'keeps whole runs right: the first, one with changes, a full one',
    async () => {
      // Each meets the losses at other writes: they share the count.
      const names = Array.from({ length: SYNCS }, (_, index) => String(index).padStart(ADDRESS_LENGTH, '0'));

      const told = await Promise.allSettled(names.map(tell));

      expect(told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))).toEqual([]);
      expect(proxies.flatMap(({ failures }) => failures)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(KINDS)('has lost answers to a storage %s', (kind) => {
    expect(lost[kind]).toBeGreaterThan(0);
  });

  async function tell(name: string): Promise<void> {
    const waiting = aUser(10, { department: 'Waiting', mobilePhone: mobile(1) });
    const uniqueNumbers = Number(name) % 2 === 0;
    const sync = startStorageSync({ name, tables, office, users: [...users(6), waiting], uniqueNumbers });
    for (const [mode, happens] of DAYS) {
      await happens(sync);
      expect((await runToTheEnd(sync, mode)).state).toBe('completed');
      await expectAllIsWell(sync);
    }
    await expectRest(sync);
    expect(statesOf(sync, mobile(2))).toEqual(['UNSUBSCRIBED']);
    expect(statesOf(sync, mobile(4))).toEqual(['SUBSCRIBED']);
    // All tries of a write may have lost their answers: that may fail a worker, and its message comes again.
    expect(sync.failures.filter((failure) => !isOfStorage(failure))).toEqual([]);
  }
});
