import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

const MERGES = { ...ACCOUNT, mode: 'merge' } as const;

/** About contacts that have one number too many, and a lane that is begun while its run ends; found as the others. */
export const FOUND_ROOMS: readonly KeptHistory[] = [
  keep(
    'a lane is claimed between a look at it and its end',
    ['cancelled', 'malformed message', 'zombie'],
    [
      [1, 2, 'Sales'],
      [2, 2, 'Sales'],
      [3, 3, 'Sales'],
      [4, 4, 'Finance'],
      [5, 5, 'Sales'],
      [6, 6, 'Sales'],
    ],
    [
      start(1),
      start(1_507_415),
      start(3_356_618),
      start(2_911_257),
      start(193_643),
      start(3_906_529, 'full'),
      after(27_527, { do: 'swap', n: 6, to: 2 }),
      on(5, 'batch message', { do: 'cancel' }),
      after(2_837_167, { do: 'revoke', forMs: 900_000 }),
      on(2, 'batch message', { do: 'message', how: 'malformed', delayMs: 130_000 }),
      on(3, 'batch message', { do: 'crash', side: 'after', instance: true, arrives: false, messageBackMs: 600_000 }),
      on(2, 'batch message', { do: 'message', how: 'malformed', delayMs: 177_000 }),
      on(1, 'membership change', { do: 'cancel' }),
      on(1, 'membership change', { do: 'pause', ms: 130_000 }),
    ],
    {
      ...BASE,
      byHand: [{ number: 5, list: 'Runners' }],
      account: { ...ACCOUNT, uniqueListNames: false },
      syncs: [
        section({ timeZone: 'Australia/Sydney', protection: { ...LENIENT, maxRemovalShare: 0.3, floor: 1 } }, 'delete'),
      ],
      instances: [{ skewMs: -1_673 }, { skewMs: 0 }],
      lanes: 1,
      workers: 2,
      operator: 'rejects',
    },
    300_001_057,
  ),
  keep(
    "a contact is made anew for a number that is beside another one on a leaver's",
    ['number handed over', 'number changed', 'foreign contact made'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Support'],
      [4, 4, 'Sales'],
      [5, 5, 'Sales'],
    ],
    [
      start(1_021_092),
      start(290_779),
      on(6, 'state row', { do: 'renumber', n: 2, number: 3 }),
      after(1_367_133, { do: 'hand-over', n: 2, to: 1 }),
      on(2, 'directory page', { do: 'foreign-contact', number: 2 }),
    ],
    {
      ...BASE,
      directory: { ...BASE.directory, pageSize: 3, initialTombstones: 'soft', midChainChanges: 'next-round' },
      account: MERGES,
      syncs: [section({ schedule: '30 2 * * *', protection: { ...LENIENT, perListShare: 0.4, floor: 1 } }, 'keep')],
      lanes: 1,
      workers: 2,
    },
    796_677_502,
  ),
  keep(
    'a number is edited between a look at the contact and a swap',
    ['number swapped', 'number edited in the contact', 'crash before people by id'],
    [
      [1, 1, 'Support'],
      [5, 5, 'Sales'],
      [6, 4, 'Support'],
    ],
    [
      start(1),
      start(943_298, 'full'),
      on(1, 'slot row', { do: 'hide', n: 1, forMs: 1_260_000 }),
      on(1, 'claim row', { do: 'swap', n: 5, to: 6 }),
      on(1, 'people by id', { do: 'crash', side: 'before', instance: true, arrives: true, messageBackMs: 600_000 }),
      after(1_040_900, { do: 'edit-shared', n: 6, what: 'number', value: 260 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueListNames: false, namesBadIds: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            schedule: '30 2 * * *',
            protection: { ...LENIENT, maxRemovals: 1 },
            owners: { email: { owner: 'either', conflict: 'messaging' } },
          },
          'unsubscribe',
        ),
      ],
      lanes: 1,
    },
    10_000_001_038,
  ),
  keep(
    "a leaver's contact is taken over whose number was edited, where PATCH keeps old channels",
    ['number handed over', 'number edited in the contact', 'all departments changed'],
    [
      [1, 5, 'Sales'],
      [4, 4, 'Sales'],
      [5, 5, 'Support'],
      [6, 5, 'Sales'],
    ],
    [
      start(1),
      start(517_732, 'full'),
      start(160_397),
      after(684_317, { do: 'hand-over', n: 1, to: 4 }),
      on(2, 'batch row', { do: 'move', n: 1, department: 'Sales' }),
      after(135_831, { do: 'everybody', change: 'other-department' }),
      after(733_485, { do: 'edit-shared', n: 1, what: 'number', value: 211 }),
    ],
    {
      ...BASE,
      account: MERGES,
      syncs: [
        section({
          direction: 'bidirectional',
          schedule: '*/20 * * * *',
          timeZone: 'Australia/Sydney',
          leavers: Object.fromEntries(
            ['deleted', 'disabled', 'outOfScope', 'unreachable'].map((cause) => [
              cause,
              { action: 'remove-from-lists', afterDays: 1 },
            ]),
          ),
          protection: { ...LENIENT, perListShare: 0.4, floor: 1 },
          owners: { contact_name: { owner: 'either' }, email: { owner: 'either', conflict: 'messaging' } },
        }),
      ],
      lanes: 1,
      workers: 4,
    },
    10_796_692_289,
  ),
  keep(
    'a worker dies over a number that was edited, where PATCH keeps old channels',
    ['crash after contact change', 'number edited in the contact', 'configuration changed'],
    [
      [3, 3, 'Support'],
      [7, 7, 'Sales'],
    ],
    [
      start(1),
      start(578_920),
      after(701_491, { do: 'configure', sync: 1 }),
      on(1, 'person row', { do: 'crash', side: 'after', instance: false, arrives: false, messageBackMs: 0 }),
      on(1, 'contact change', { do: 'crash', side: 'after', instance: false, arrives: false, messageBackMs: 60_000 }),
      on(20, 'lane row', { do: 'refuse-row', applied: true }),
      on(1, 'batch message', { do: 'crash', side: 'before', instance: false, arrives: true, messageBackMs: 60_000 }),
      after(554_060, { do: 'edit-shared', n: 7, what: 'number', value: 271 }),
      after(405_397, { do: 'edit-shared', n: 3, what: 'name', value: 17 }),
    ],
    {
      ...BASE,
      account: { ...MERGES, uniqueListNames: false },
      syncs: [['Sales', 'Support'], ['Sales']].map((department) =>
        section({
          direction: 'bidirectional',
          schedule: '30 2 * * *',
          filters: { department, accountEnabled: true },
          owners: { contact_name: { owner: 'either' } },
        }),
      ),
      lanes: 1,
      workers: 2,
    },
    10_000_001_618,
  ),
  keep(
    "a leaver's contact with two numbers is taken over after a refusal",
    ['crash after contact change', 'another tenant', 'deleted for good', 'number handed over'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Sales'],
      [3, 1, 'Sales'],
    ],
    [
      start(1_139_184),
      start(52_584),
      after(1_211_238, { do: 'other-tenant', forMs: 1_560_000 }),
      after(333_453, { do: 'hand-over', n: 1, to: 2 }),
      after(1_531_772, { do: 'delete-for-good', n: 2 }),
      on(1, 'contact change', { do: 'crash', side: 'after', instance: false, arrives: false, messageBackMs: 0 }),
    ],
    {
      ...BASE,
      account: { ...MERGES, uniqueListNames: false, namesBadIds: false },
      syncs: [section({ timeZone: 'Australia/Sydney', protection: { ...LENIENT, holdHours: 1 } })],
      lanes: 1,
      workers: 2,
      operator: 'rejects',
    },
    500_000_995,
  ),
];
