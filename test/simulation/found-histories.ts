import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start, WHOLE_PAGES } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** Found by the seed that is given with each, and shortened: told again, everybody goes in the same order. */
export const FOUND_HISTORIES: readonly KeptHistory[] = [
  keep(
    'a field deleted by hand is found by one lane, and another one is refused for it',
    ['field deleted by hand', 'crash before claim row'],
    [
      [1, 1, 'Support'],
      [2, 2, 'Support'],
      [4, 4, 'Sales'],
    ],
    [
      start(1),
      after(94_391, { do: 'silence', days: 5 }),
      after(589_438, { do: 'delete', n: 1 }),
      after(753_171, { do: 'delete-field' }),
      on(1, 'claim row', { do: 'foreign-contact', number: 2 }),
      on(2, 'state row', { do: 'crash', side: 'after', instance: true, arrives: false, messageBackMs: 60_000 }),
      on(1, 'contact change', { do: 'slow', ms: 16_744 }),
      on(1, 'claim row', { do: 'crash', side: 'before', instance: false, arrives: true, messageBackMs: 60_000 }),
    ],
    { ...BASE, account: { ...ACCOUNT, namesBadIds: false }, lanes: 3 },
    1_299,
  ),
  keep(
    'a configuration comes, applies part of its plan, and goes again',
    ['instances disagree on the configuration', 'two app instances'],
    [
      [1, 1, 'Support'],
      [2, 2, 'Sales'],
      [3, 3, 'Finance'],
      [4, 4, 'Sales'],
      [5, 5, 'Support'],
      [6, 6, 'Support'],
      [7, 7, 'Sales'],
    ],
    [start(1), start(68_465), after(43_805, { do: 'configure', sync: 1, instance: 1 })],
    {
      ...BASE,
      directory: {
        ...WHOLE_PAGES,
        pageSize: 3,
        emptyPages: 0.3,
        initialTombstones: 'all',
        midChainChanges: 'next-round',
      },
      syncs: [
        section({ schedule: '*/20 * * * *', lists: { create: false } }),
        section({
          schedule: '*/20 * * * *',
          lists: { create: false },
          filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true },
        }),
      ],
      instances: [{ skewMs: 0 }, { skewMs: 0 }],
      lanes: 3,
      workers: 4,
      operator: 'rejects',
    },
    2_867,
  ),
  keep(
    'what somebody rejected is planned again without the doubt that it had',
    ['cancelled', 'zombie', 'rejected'],
    [
      [1, 3, 'Support'],
      [2, 2, 'Sales'],
      [5, 5, 'Sales'],
      [6, 6, 'Sales'],
    ],
    [
      start(1_213_843),
      on(2, 'contact creation', { do: 'cancel' }),
      on(2, 'contact creation', { do: 'pause', ms: 400_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueListNames: false, mode: 'merge' },
      syncs: [
        section({
          schedule: '30 2 * * *',
          protection: { ...LENIENT, perListShare: 0.4, floor: 1, holdHours: 1 },
        }),
      ],
      operator: 'rejects',
    },
    3_264,
  ),
  keep(
    'a worker stands still while it writes down the doubt of a run that was cancelled',
    ['cancelled', 'zombie'],
    [
      [2, 1, 'Support'],
      [3, 3, 'Sales'],
    ],
    [
      start(1_893_751, 'full'),
      start(1_224_925, 'full'),
      on(1, 'pending row', { do: 'pause', ms: 700_000 }),
      on(2, 'person row', { do: 'cancel' }),
      on(2, 'person row', { do: 'pause', ms: 700_000 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueListNames: false, namesBadIds: false, mode: 'merge' },
      syncs: [section({}, 'keep')],
      lanes: 1,
    },
    5_699,
  ),
  keep(
    'a batch waits for its next try while its run is stopped',
    ['table write refused', 'storm of 429', 'paused'],
    [
      [1, 1, 'Sales'],
      [4, 4, 'Support'],
    ],
    [
      start(1),
      after(521_618, { do: 'pause-sync', forMs: 300_000 }),
      on(2, 'field creation', { do: 'storm', answer: '429 with Retry-After', forMs: 510_000 }),
      after(922_458, { do: 'delete', n: 1 }),
      after(178_411, { do: 'delete-list', department: 'Support' }),
      on(1, 'person row', { do: 'refuse-row', applied: false }),
    ],
    { ...BASE, lanes: 1, workers: 2, operator: 'rejects' },
    12_739,
  ),
  keep(
    'the tenant changes before any run has finished',
    ['another tenant'],
    [
      [3, 7, 'Support'],
      [6, 6, 'Sales'],
    ],
    [
      start(1_429_657),
      on(2, 'claim row', { do: 'other-tenant', forMs: 1_800_000 }),
      start(1_560_467, 'full'),
      start(2_040_467, 'full'),
    ],
    {
      ...BASE,
      startsAt: Date.UTC(2026, 3, 4, 15, 39, 0),
      account: { ...ACCOUNT, namesBadIds: false, mode: 'merge' },
      lanes: 1,
      workers: 2,
    },
    22_395,
  ),
  keep(
    'a starter stands still for days between the state and its run row, and the timer comes by',
    ['token older than seven days'],
    [[2, 1, 'Sales']],
    [
      start(1),
      start(130_565),
      start(211_190),
      start(396_148),
      start(41_908, 'full'),
      start(1_265_645, 'full'),
      after(1_764_424, { do: 'silence', days: 5 }),
      after(938_277, { do: 'silence', days: 8 }),
      on(1, 'field creation', { do: 'answer', answer: '429 with Retry-After', applied: false }),
    ],
    {
      ...BASE,
      startsAt: 1_775_316_960_000,
      account: { ...ACCOUNT, mode: 'merge' },
      syncs: [section({ protection: { ...LENIENT, maxRemovals: 1, holdHours: 1 } }, 'delete')],
      lanes: 1,
      workers: 3,
    },
    10_352,
  ),
];
