import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** Found by seeds: both sides are written, and what people edit meets what is late or in doubt. */
export const FOUND_EDITS: readonly KeptHistory[] = [
  keep(
    'a number is taken back within the hour, and another value changes when it is over',
    ['number edited in the contact', 'number swapped'],
    [
      [2, 2, 'Support'],
      [3, 2, 'Sales'],
      [4, 4, 'Sales'],
    ],
    [
      start(3_033_405, 'full'),
      on(1, 'slot row', { do: 'start', mode: 'full', dryRun: false }),
      after(4_179_275, { do: 'swap', n: 3, to: 2 }),
      after(3_420_393, { do: 'edit-shared', n: 2, what: 'mail', value: 13 }),
      after(2_051_071, { do: 'edit-shared', n: 2, what: 'number', value: 220 }),
    ],
    {
      ...BASE,
      startsAt: 1_775_317_980_000,
      account: { ...ACCOUNT, uniqueNumbers: false, mode: 'merge' },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            protection: { ...LENIENT, perListShare: 0.4, floor: 1 },
            owners: { email: { owner: 'either', conflict: 'messaging' }, phone_number: { owner: 'either' } },
          },
          'delete',
        ),
      ],
      lanes: 1,
      workers: 2,
      operator: 'waits',
    },
    10_000_200_373,
  ),
  keep(
    "a leaver's number is edited while the worker that unsubscribed it is dead",
    ['number edited in the contact', 'crash after contact change', 'restored'],
    [
      [2, 2, 'Sales'],
      [3, 3, 'Sales'],
    ],
    [
      start(452_086),
      after(1_808_245, { do: 'delete', n: 2 }),
      on(1, 'field creation', { do: 'expire-tokens', mode: 'syncStateNotFound' }),
      on(2, 'contact change', { do: 'crash', side: 'after', instance: true, arrives: false, messageBackMs: 600_000 }),
      after(957_627, { do: 'everybody', change: 'leaves' }),
      start(1_017_627),
      after(1_137_627, { do: 'approve' }),
      after(1_197_627, { do: 'restore', n: 2 }),
      after(1_491_149, { do: 'edit-shared', n: 2, what: 'number', value: 220 }),
    ],
    {
      ...BASE,
      startsAt: 1_775_317_200_000,
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            schedule: '30 2 * * *',
            lists: { create: false },
            owners: { email: { owner: 'either', conflict: 'messaging' } },
          },
          'unsubscribe',
        ),
      ],
      lanes: 1,
      workers: 3,
    },
    10_000_200_245,
  ),
  keep(
    'a number is edited while an earlier write is in doubt',
    ['number edited in the contact', 'crash before person row', 'configuration changed'],
    [
      [1, 1, 'Sales'],
      [6, 3, 'Support'],
    ],
    [
      start(1),
      start(657_365),
      on(4, 'plan row', { do: 'crash', side: 'before', instance: false, arrives: true, messageBackMs: 600_000 }),
      on(2, 'person row', { do: 'crash', side: 'before', instance: true, arrives: true, messageBackMs: 600_000 }),
      on(1, 'contact creation', { do: 'configure', sync: 1 }),
      after(763_060, { do: 'edit-shared', n: 1, what: 'number', value: 211 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, namesBadIds: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            schedule: '30 2 * * *',
            protection: { ...LENIENT, maxRemovalShare: 0.3, floor: 1 },
            owners: { contact_name: { owner: 'either' }, email: { owner: 'either', conflict: 'messaging' } },
          },
          'keep',
        ),
        section(
          {
            direction: 'bidirectional',
            schedule: '30 2 * * *',
            filters: { department: ['Sales'], accountEnabled: true },
            protection: { ...LENIENT, maxRemovalShare: 0.3, floor: 1 },
            owners: { contact_name: { owner: 'either' }, email: { owner: 'either', conflict: 'messaging' } },
          },
          'keep',
        ),
      ],
      lanes: 2,
      workers: 4,
      operator: 'rejects',
    },
    10_000_400_153,
  ),
  keep(
    'what we wrote is read by id before the changes show the former value',
    ['write shown late', 'replica lag'],
    [[4, 4, 'Sales']],
    [
      start(1),
      start(1_389_805, 'full'),
      start(1_641_618),
      after(743_808, { do: 'hide', n: 4, forMs: 840_000 }),
      after(582_089, { do: 'edit-shared', n: 4, what: 'mail', value: 15 }),
    ],
    {
      ...BASE,
      account: ACCOUNT,
      directory: {
        pageSize: 2,
        sparse: true,
        duplicates: 0,
        emptyPages: 0,
        splitEntries: true,
        initialTombstones: 'all',
        midChainChanges: 'both',
        writeDelayMs: 480_000,
        writeShowsOldFirst: false,
      },
      syncs: [
        section({
          direction: 'bidirectional',
          schedule: '*/20 * * * *',
          timeZone: 'Australia/Sydney',
          protection: { ...LENIENT, maxRemovals: 1, holdHours: 1 },
          owners: { email: { owner: 'either', conflict: 'messaging' }, phone_number: { owner: 'either' } },
        }),
      ],
      lanes: 1,
      workers: 3,
    },
    10_000_401_030,
  ),
];
