import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start, WHOLE_PAGES } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** About contacts, lists and fields that people made or deleted by hand, and readings that fell short; found and shortened as the others. */
export const FOUND_BY_HAND: readonly KeptHistory[] = [
  keep(
    'a contact made by hand is adopted in mid-creation, the worker dies, and the number changes',
    ['foreign contact made', 'crash before membership change', 'number changed'],
    [
      [4, 4, 'Sales'],
      [5, 1, 'Sales'],
    ],
    [
      on(2, 'contact creation', { do: 'foreign-contact', number: 4 }),
      on(1, 'membership change', {
        do: 'crash',
        side: 'before',
        instance: false,
        arrives: true,
        messageBackMs: 600_000,
      }),
      start(1_495_230),
      on(2, 'membership change', { do: 'renumber', n: 4, number: 3 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, namesBadIds: false, mode: 'merge' },
      syncs: [
        section(
          { schedule: '30 2 * * *', timeZone: 'Australia/Sydney', protection: { ...LENIENT, maxRemovals: 1 } },
          'unsubscribe',
        ),
      ],
      lanes: 1,
    },
    602_714,
  ),
  keep(
    'a take-over is left half-way by a change of the configuration, which puts the taker out of scope',
    ['configuration changed', 'zombie', 'deleted for good'],
    [
      [1, 4, 'Sales'],
      [4, 4, 'Support'],
    ],
    [
      after(1_989_668, { do: 'delete-for-good', n: 1 }),
      on(3, 'membership change', { do: 'configure', sync: 1 }),
      on(3, 'membership change', { do: 'pause', ms: 400_000 }),
    ],
    {
      ...BASE,
      byHand: [{ number: 4, list: 'Runners' }],
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [
        section({ schedule: '*/20 * * * *', protection: { ...LENIENT, perListShare: 0.4, floor: 1 } }, 'keep'),
        section(
          {
            schedule: '*/20 * * * *',
            filters: { department: ['Sales'], accountEnabled: true },
            protection: { ...LENIENT, perListShare: 0.4, floor: 1 },
          },
          'keep',
        ),
      ],
      lanes: 1,
      workers: 4,
      operator: 'rejects',
    },
    603_879,
  ),
  keep(
    'two people swap numbers after a field was deleted, and the one who opens the ring is refused for it',
    ['field deleted by hand', 'number swapped'],
    [
      [2, 2, 'Sales'],
      [3, 1, 'Sales'],
    ],
    [
      start(211_546),
      on(1, 'membership change', { do: 'delete-field' }),
      after(677_017, { do: 'swap', n: 2, to: 3 }),
      after(644_480, { do: 'rename', n: 2, name: 5 }),
    ],
    {
      ...BASE,
      byHand: [{ number: 1, list: 'Runners' }],
      account: { ...ACCOUNT, uniqueNumbers: false },
      syncs: [section({ schedule: '30 2 * * *', protection: { ...LENIENT, perListShare: 0.4, floor: 1 } })],
      lanes: 1,
      workers: 4,
    },
    501_305,
  ),
  keep(
    'a contact made by hand stands in for one that was given up, and its lists are left later',
    ['foreign contact made', 'number swapped', 'all departments changed'],
    [
      [3, 3, 'Sales'],
      [5, 5, 'Support'],
    ],
    [
      start(884_398, 'full'),
      after(1_676_035, { do: 'swap', n: 5, to: 3 }),
      after(3_491_510, { do: 'foreign-contact', number: 3 }),
      after(1_529_390, { do: 'everybody', change: 'other-department' }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [
        section({
          timeZone: 'Australia/Sydney',
          protection: {
            ...LENIENT,
            maxRemovals: 1,
            maxRemovalShare: 0.2,
            perListShare: 0.3,
            maxUpdateShare: 0.3,
            floor: 1,
          },
        }),
      ],
      lanes: 1,
      workers: 4,
    },
    601_476,
  ),
  keep(
    'a reading comes up short while two workers read the same page',
    ['short read', 'split entries', 'deleted softly'],
    [
      [1, 1, 'Finance'],
      [2, 2, 'Support'],
      [3, 3, 'Finance'],
    ],
    [
      start(1),
      start(1_686_403, 'delta', true),
      start(21_940),
      start(3_883_011, 'delta', true),
      start(3_767_826, 'delta', true),
      start(1_370_633, 'delta', true),
      after(1_299_700, { do: 'renumber', n: 2, number: 1 }),
      on(11, 'state row', { do: 'silence', days: 2 }),
      after(2_471_449, { do: 'short-read', n: 2, forMs: 1_140_000 }),
      after(2_640_728, { do: 'delete', n: 2 }),
      on(2, 'batch message', { do: 'message', how: 'twice', delayMs: 85_000 }),
      on(1, 'batch message', { do: 'message', how: 'twice', delayMs: 91_000 }),
    ],
    {
      ...BASE,
      startsAt: Date.UTC(2026, 3, 4, 14, 30, 0),
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, namesBadIds: false, mode: 'merge' },
      directory: { ...WHOLE_PAGES, pageSize: 2, splitEntries: true },
      syncs: [
        section(
          {
            schedule: '30 2 * * *',
            leavers: {
              deleted: { action: 'unsubscribe', afterDays: 1 },
              disabled: { action: 'unsubscribe', afterDays: 1 },
              outOfScope: { action: 'unsubscribe', afterDays: 1 },
              unreachable: { action: 'unsubscribe', afterDays: 1 },
            },
            protection: { ...LENIENT, perListShare: 0.4, floor: 1, holdHours: 1 },
          },
          'unsubscribe',
        ),
      ],
      lanes: 1,
    },
    13_168,
  ),
  keep(
    'the directory is empty while a number passes on to a list that was deleted',
    ['empty directory', 'number handed over', 'list deleted by hand'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Sales'],
    ],
    [
      start(206_175),
      start(1_444_989, 'full'),
      start(2_031_397, 'full'),
      after(1_846_480, { do: 'hand-over', n: 1, to: 2 }),
      on(1, 'list creation', { do: 'empty-directory', forMs: 1_440_000 }),
      on(4, 'batch message', { do: 'delete-list', department: 'Sales' }),
    ],
    {
      ...BASE,
      byHand: [
        { number: 2, list: 'Runners' },
        { number: 1, list: 'Runners' },
      ],
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, namesBadIds: false },
      syncs: [
        section(
          {
            leavers: {
              deleted: { action: 'keep', afterDays: 1 },
              disabled: { action: 'keep', afterDays: 1 },
              outOfScope: { action: 'keep', afterDays: 1 },
              unreachable: { action: 'keep', afterDays: 1 },
            },
            protection: { ...LENIENT, perListShare: 0.4, floor: 1 },
          },
          'keep',
        ),
      ],
      lanes: 1,
    },
    796_653_310,
  ),
];
