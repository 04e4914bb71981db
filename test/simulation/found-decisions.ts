import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** Found by seeds: what somebody decided, or another worker did, comes between a plan and its work. */
export const FOUND_DECISIONS: readonly KeptHistory[] = [
  keep(
    'a contact that was rejected is not taken over from a leaver either',
    ['rejected', 'deleted for good', 'approved'],
    [[1, 1, 'Sales']],
    [
      start(77_212, 'full'),
      after(937_788, { do: 'approve' }),
      after(2_390_486, { do: 'delete-for-good', n: 1 }),
      after(814_991, { do: 'join', n: 12, number: 1, department: 'Sales' }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, mode: 'merge' },
      syncs: [
        section(
          {
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, perListShare: 0.4, floor: 1, firstRun: 'approve' },
          },
          'keep',
        ),
      ],
      lanes: 1,
      workers: 3,
      operator: 'rejects',
    },
    2_003_759,
  ),
  keep(
    'whoever took a contact over half-way has left when somebody gets its number',
    ['crash after membership change', 'all phones empty', 'number changed'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Support'],
      [3, 6, 'Sales'],
      [4, 2, 'Sales'],
      [5, 6, 'Sales'],
    ],
    [
      start(1),
      on(3, 'contact creation', { do: 'delete', n: 3 }),
      after(1_363_787, { do: 'everybody', change: 'no-phone' }),
      on(24, 'lane row', { do: 'delete-field' }),
      after(2_135_409, { do: 'renumber', n: 1, number: 6 }),
      on(1, 'plan row', { do: 'renumber', n: 4, number: 5 }),
      on(5, 'batch message', { do: 'refuse-row', applied: true }),
      on(2, 'outcome row', { do: 'crash', side: 'before', instance: false, arrives: false, messageBackMs: 600_000 }),
      on(1, 'membership change', { do: 'crash', side: 'after', instance: true, arrives: true, messageBackMs: 600_000 }),
    ],
    {
      ...BASE,
      byHand: [
        { number: 7, list: 'Runners' },
        { number: 5, list: 'Runners' },
      ],
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, namesBadIds: false },
      syncs: [section({ schedule: '*/20 * * * *', timeZone: 'Australia/Sydney' }, 'keep')],
      lanes: 1,
      workers: 2,
      operator: 'waits',
    },
    2_005_904,
  ),
  keep(
    'a list is made anew while two people pass numbers on where PATCH keeps old channels',
    ['list deleted by hand', 'number swapped', 'another tenant'],
    [
      [1, 6, 'Support'],
      [4, 3, 'Support'],
      [6, 6, 'Sales'],
    ],
    [
      start(724_289, 'full'),
      start(2_806_815),
      on(25, 'lane row', { do: 'delete-list', department: 'Support' }),
      after(1_787_996, { do: 'other-tenant', forMs: 780_000 }),
      after(2_138_035, { do: 'swap', n: 1, to: 4 }),
      start(2_138_037),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, mode: 'merge' },
      syncs: [section({ protection: { ...LENIENT, maxRemovals: 1 } }, 'keep')],
      lanes: 1,
      workers: 2,
    },
    50_005_579,
  ),
  keep(
    'a lane is closed by one instance and taken by the other',
    ['instances disagree on the configuration', 'dry run'],
    [
      [1, 1, 'Support'],
      [2, 1, 'Support'],
      [3, 3, 'Finance'],
      [4, 4, 'Support'],
      [5, 5, 'Sales'],
      [6, 2, 'Support'],
    ],
    [
      start(1),
      start(1_439_784, 'full', true),
      start(316_064),
      start(381_973),
      start(982_419),
      after(673_896, { do: 'reply-stop', number: 2 }),
      after(486_329, { do: 'configure', sync: 1, instance: 0 }),
      on(1, 'field look-up', { do: 'other-tenant', forMs: 1_080_000 }),
      on(1, 'outcome row', { do: 'refuse-row', applied: true }),
      on(4, 'plan row', { do: 'refuse-row', applied: true }),
      on(1, 'list creation', { do: 'crash', side: 'after', instance: false, arrives: true, messageBackMs: 600_000 }),
    ],
    {
      ...BASE,
      startsAt: 1_775_315_220_000,
      account: { ...ACCOUNT, uniqueNumbers: false, namesBadIds: false },
      syncs: [
        section({
          schedule: '30 2 * * *',
          timeZone: 'Australia/Sydney',
          leavers: {
            deleted: { action: 'keep', afterDays: 1 },
            disabled: { action: 'keep', afterDays: 1 },
            outOfScope: { action: 'keep', afterDays: 1 },
            unreachable: { action: 'keep', afterDays: 1 },
          },
          protection: { ...LENIENT, canaries: ['fennimore.1@example.com'] },
        }),
        section({
          schedule: '30 2 * * *',
          timeZone: 'Australia/Sydney',
          filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true },
          leavers: {
            deleted: { action: 'keep', afterDays: 1 },
            disabled: { action: 'keep', afterDays: 1 },
            outOfScope: { action: 'keep', afterDays: 1 },
            unreachable: { action: 'keep', afterDays: 1 },
          },
          protection: { ...LENIENT, canaries: ['fennimore.1@example.com'] },
        }),
      ],
      instances: [{ skewMs: 0 }, { skewMs: 0 }],
      lanes: 3,
      workers: 4,
      operator: 'rejects',
    },
    60_002_465,
  ),
];
