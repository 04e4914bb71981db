import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start, WHOLE_PAGES } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** About numbers and contacts that pass from one person to another; found and shortened as the others. */
export const FOUND_HAND_OVERS: readonly KeptHistory[] = [
  keep(
    'an adoption is repeated, refused, and forgotten when the number goes',
    ['crash after contact change', 'table write refused', 'all phones empty'],
    [
      [3, 3, 'Support'],
      [7, 7, 'Sales'],
    ],
    [
      start(1),
      on(1, 'slot row', { do: 'everybody', change: 'no-phone' }),
      after(1_299_155, { do: 'renumber', n: 3, number: 1 }),
      after(464_687, { do: 'delete-field' }),
      on(1, 'contact change', { do: 'crash', side: 'after', instance: false, arrives: false, messageBackMs: 600_000 }),
      on(2, 'outcome row', { do: 'refuse-row', applied: false }),
      on(4, 'contact look-up', { do: 'crash', side: 'before', instance: false, arrives: true, messageBackMs: 600_000 }),
    ],
    {
      ...BASE,
      byHand: [{ number: 3, list: 'Runners' }],
      account: { ...ACCOUNT, uniqueNumbers: false },
      syncs: [section({ schedule: '*/20 * * * *' }, 'delete')],
      lanes: 1,
      workers: 4,
      operator: 'rejects',
    },
    3_730,
  ),
  keep(
    'an operation that is applied before it is tried leaves the person as they were seen before',
    ['number changed', 'contact edited by hand'],
    [
      [3, 3, 'Sales'],
      [4, 4, 'Support'],
    ],
    [
      start(1_264_824),
      start(8_450),
      on(1, 'pending row', { do: 'edit-contact', n: 3, what: 'name' }),
      after(1_267_448, { do: 'renumber', n: 3, number: 3 }),
      on(1, 'outcome row', { do: 'renumber', n: 3, number: 4 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [section({ schedule: '30 2 * * *', lists: { create: false } }, 'keep')],
      lanes: 1,
      workers: 4,
    },
    4_358,
  ),
  keep(
    'a take-over is repeated after a wait, and the list of the former owner stays',
    ['429 with Retry-After', 'number swapped'],
    [
      [2, null, 'Support'],
      [4, 4, 'Support'],
    ],
    [
      start(1),
      start(251_506),
      after(173_276, { do: 'swap', n: 2, to: 4 }),
      on(1, 'list look-up', { do: 'everybody', change: 'other-department' }),
      on(1, 'membership change', { do: 'answer', answer: '429 with Retry-After', applied: false }),
    ],
    { ...BASE, syncs: [section({}, 'keep')], lanes: 1, workers: 2 },
    6_370,
  ),
  keep(
    'a take-over ends before the former contact is given back',
    ['number swapped', 'number handed over', 'list deleted by hand'],
    [
      [1, 4, 'Sales'],
      [3, 3, 'Finance'],
      [4, 5, 'Sales'],
      [5, 5, 'Support'],
    ],
    [
      start(1_562_472, 'delta', true),
      start(3_725, 'full'),
      after(1_604_402, { do: 'delete-list', department: 'Sales' }),
      on(1, 'person row', { do: 'swap', n: 1, to: 5 }),
      on(1, 'claim row', { do: 'foreign-contact', number: 4 }),
      on(3, 'directory page', { do: 'hand-over', n: 4, to: 5 }),
    ],
    {
      ...BASE,
      byHand: [
        { number: 3, list: 'Runners' },
        { number: 5, list: 'Runners' },
      ],
      account: { ...ACCOUNT, namesBadIds: false },
      directory: {
        ...WHOLE_PAGES,
        pageSize: 3,
        sparse: false,
        duplicates: 0.4,
        emptyPages: 0.3,
        midChainChanges: 'next-round',
      },
      syncs: [section({}, 'keep')],
      lanes: 1,
    },
    10_285,
  ),
  keep(
    'somebody keeps the former number while the leaver who has the new one comes back',
    ['number swapped', 'field deleted by hand'],
    [
      [1, 1, 'Finance'],
      [2, 2, 'Sales'],
      [3, 1, 'Support'],
    ],
    [
      start(2_318_490, 'full'),
      after(2_845_318, { do: 'renumber', n: 3, number: null }),
      after(1_916_313, { do: 'delete-field' }),
      after(1_919_913, { do: 'swap', n: 1, to: 2 }),
      after(1_919_914, { do: 'renumber', n: 3, number: null }),
      on(1, 'membership change', { do: 'renumber', n: 3, number: 1 }),
    ],
    {
      ...BASE,
      account: { uniqueNumbers: false, uniqueListNames: false, namesBadIds: false, mode: 'merge' },
      syncs: [
        section(
          {
            schedule: '*/20 * * * *',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxRemovalShare: 0.3, floor: 1, canaries: ['fennimore.1@example.com'] },
          },
          'unsubscribe',
        ),
      ],
      lanes: 1,
    },
    23_008,
  ),
  keep(
    'a contact is deleted by hand, and a worker stands still after it was made anew for a list',
    ['zombie', 'contact deleted by hand', 'mover'],
    [
      [1, 3, 'Sales'],
      [2, 2, 'Support'],
      [3, 3, 'Finance'],
      [4, 4, 'Support'],
    ],
    [
      start(1),
      after(373_600, { do: 'delete-contact', n: 1 }),
      after(1_187_900, { do: 'storm', answer: 'connection reset', forMs: 540_000 }),
      on(4, 'directory page', { do: 'move', n: 1, department: 'Support' }),
      on(2, 'membership change', { do: 'pause', ms: 700_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, namesBadIds: false },
      syncs: [section({ schedule: '*/20 * * * *' }, 'keep')],
      lanes: 1,
      workers: 2,
      operator: 'waits',
    },
    3_002_344,
  ),
];
