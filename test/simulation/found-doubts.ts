import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** About what a worker leaves in doubt; found and shortened as the others. */
export const FOUND_DOUBTS: readonly KeptHistory[] = [
  keep(
    'a run is cancelled over a creation, and where PATCH keeps old channels the number goes on',
    ['cancelled', 'zombie', 'number handed over'],
    [
      [1, 7, 'Finance'],
      [4, 4, 'Support'],
      [5, 5, 'Support'],
    ],
    [
      start(532_349, 'full'),
      after(2_142_654, { do: 'hand-over', n: 1, to: 5 }),
      on(2, 'contact creation', { do: 'cancel' }),
      on(2, 'contact creation', { do: 'pause', ms: 400_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueListNames: false, mode: 'merge' },
      syncs: [
        section({
          schedule: '30 2 * * *',
          protection: {
            ...LENIENT,
            maxRemovals: 1,
            maxRemovalShare: 0.2,
            perListShare: 0.3,
            maxUpdateShare: 0.3,
            floor: 1,
            holdHours: 1,
          },
        }),
      ],
      lanes: 1,
      workers: 4,
    },
    503_299,
  ),
  keep(
    'a run is cancelled over a creation, and the number of somebody who is deleted comes',
    ['cancelled', 'slow answer', 'number handed over'],
    [
      [1, 1, 'Support'],
      [3, 3, 'Support'],
    ],
    [
      on(2, 'contact creation', { do: 'cancel' }),
      after(1_971_636, { do: 'hand-over', n: 3, to: 1 }),
      on(2, 'contact creation', { do: 'slow', ms: 18_995 }),
      on(22, 'run row', { do: 'crash', side: 'before', instance: true, arrives: false, messageBackMs: 600_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, mode: 'merge' },
      syncs: [
        section(
          {
            schedule: '*/20 * * * *',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxRemovalShare: 0.3, floor: 1 },
          },
          'delete',
        ),
      ],
      lanes: 1,
    },
    604_011,
  ),
  keep(
    'a take-over in doubt is held, and approved later',
    ['cancelled', 'number handed over', 'approved'],
    [
      [1, 1, 'Sales'],
      [3, 3, 'Sales'],
    ],
    [
      after(1_572_854, { do: 'hand-over', n: 1, to: 3 }),
      on(2, 'membership change', { do: 'answer', answer: 'status 504', applied: false }),
      on(3, 'membership change', { do: 'cancel' }),
      on(3, 'membership change', { do: 'pause', ms: 400_000 }),
    ],
    {
      ...BASE,
      byHand: [
        { number: 3, list: 'Runners' },
        { number: 1, list: 'Runners' },
      ],
      account: { ...ACCOUNT, uniqueNumbers: false },
      syncs: [
        section(
          {
            schedule: '*/20 * * * *',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1 },
          },
          'keep',
        ),
      ],
      lanes: 1,
    },
    703_011,
  ),
  keep(
    'people are in doubt while a configuration comes and everybody moves',
    ['configuration changed', 'zombie', 'all departments changed'],
    [
      [3, 3, 'Support'],
      [5, 5, 'Sales'],
      [6, 4, 'Support'],
      [7, 1, 'Sales'],
    ],
    [
      start(645_018),
      start(80_509),
      after(204_661, { do: 'everybody', change: 'other-department' }),
      on(3, 'membership change', { do: 'configure', sync: 1 }),
      on(3, 'membership change', { do: 'pause', ms: 700_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, mode: 'merge' },
      syncs: [
        section({
          schedule: '30 2 * * *',
          timeZone: 'Australia/Sydney',
          protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1 },
        }),
        section(
          {
            schedule: '30 2 * * *',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1 },
          },
          'keep',
        ),
      ],
      lanes: 1,
      operator: 'waits',
    },
    703_286,
  ),
  keep(
    'somebody moves in doubt, is held, and somebody decides against it',
    ['configuration changed', 'mover', 'rejected'],
    [
      [1, 1, 'Sales'],
      [4, 4, 'Sales'],
    ],
    [
      start(1),
      after(2_614_863, { do: 'move', n: 1, department: 'Finance' }),
      on(1, 'person row', { do: 'configure', sync: 1 }),
      on(1, 'person row', { do: 'pause', ms: 700_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [
        section(
          { schedule: '30 2 * * *', protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1, holdHours: 1 } },
          'delete',
        ),
        section(
          {
            schedule: '30 2 * * *',
            filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true },
            protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1, holdHours: 1 },
          },
          'delete',
        ),
      ],
      lanes: 1,
      operator: 'rejects',
    },
    705_002,
  ),
  keep(
    'a number passes on twice around a worker that stands still',
    ['zombie', 'cancelled', 'number handed over'],
    [
      [1, 1, 'Finance'],
      [4, 4, 'Sales'],
    ],
    [
      start(1),
      start(805_424, 'full'),
      after(1_613_415, { do: 'renumber', n: 4, number: 5 }),
      after(92_714, { do: 'move', n: 1, department: 'Support' }),
      after(696_532, { do: 'hand-over', n: 4, to: 1 }),
      on(2, 'membership change', { do: 'cancel' }),
      on(2, 'membership change', { do: 'pause', ms: 130_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, uniqueListNames: false, mode: 'merge' },
      syncs: [
        section(
          { schedule: '*/20 * * * *', timeZone: 'Australia/Sydney', protection: { ...LENIENT, holdHours: 1 } },
          'unsubscribe',
        ),
      ],
      lanes: 1,
      workers: 2,
    },
    796_653_580,
  ),
];
