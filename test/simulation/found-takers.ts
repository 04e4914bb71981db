import { ACCOUNT, after, BASE, keep, LENIENT, on, section, start } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** Found by seeds: both sides are written, and a contact or a number goes to somebody half-way. */
export const FOUND_TAKERS: readonly KeptHistory[] = [
  keep(
    'a worker dies over the contact that takes the place of one deleted by hand',
    ['contact deleted by hand', 'crash before contact change'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Sales'],
    ],
    [
      start(1),
      start(2_926_377),
      after(1_078_248, { do: 'delete-contact', n: 1 }),
      on(1, 'contact change', { do: 'crash', side: 'before', instance: false, arrives: false, messageBackMs: 60_000 }),
      after(135_176, { do: 'edit-shared', n: 2, what: 'name', value: 18 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false, namesBadIds: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            schedule: '30 2 * * *',
            protection: { ...LENIENT, perListShare: 0.4, floor: 1 },
            owners: { email: { owner: 'either', conflict: 'messaging' }, phone_number: { owner: 'either' } },
          },
          'delete',
        ),
      ],
      lanes: 1,
      workers: 3,
      operator: 'waits',
    },
    10_000_302_148,
  ),
  keep(
    'a contact made by hand takes the place of a deleted one, and its number has opted out',
    ['foreign contact made', 'contact deleted by hand', 'opt-out'],
    [
      [2, 2, 'Support'],
      [4, 4, 'Support'],
    ],
    [
      start(1_954_045),
      start(272_280, 'full'),
      after(3_124_630, { do: 'foreign-contact', number: 4 }),
      on(2, 'pending row', { do: 'delete-contact', n: 4 }),
      after(3_191_843, { do: 'reply-stop', number: 4 }),
      after(1_469_758, { do: 'edit-contact', n: 4, what: 'name' }),
      after(296_690, { do: 'edit-shared', n: 2, what: 'name', value: 17 }),
    ],
    {
      ...BASE,
      account: ACCOUNT,
      syncs: [
        section(
          {
            direction: 'bidirectional',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1, canaries: ['fennimore.1@example.com'] },
            owners: { contact_name: { owner: 'either' }, email: { owner: 'either', conflict: 'messaging' } },
          },
          'unsubscribe',
        ),
      ],
      lanes: 1,
      workers: 2,
      operator: 'waits',
    },
    10_000_400_989,
  ),
  keep(
    "a number that somebody's contact may have by a lost answer is wanted by another",
    ['configuration changed', 'number handed over'],
    [
      [1, 1, 'Support'],
      [2, 2, 'Sales'],
      [3, 3, 'Sales'],
      [4, 1, 'Sales'],
      [5, 5, 'Finance'],
    ],
    [
      start(1),
      start(806_649),
      after(353_157, { do: 'renumber', n: 2, number: 3 }),
      on(2, 'contact creation', { do: 'hand-over', n: 1, to: 5 }),
      on(3, 'batch row', { do: 'hand-over', n: 4, to: 2 }),
      on(2, 'contact change', { do: 'answer', answer: 'truncated answer', applied: true }),
      on(3, 'contact change', { do: 'configure', sync: 1 }),
      on(3, 'contact change', { do: 'pause', ms: 700_000 }),
      after(1_225_465, { do: 'edit-shared', n: 4, what: 'mail', value: 10 }),
      after(263_819, { do: 'edit-shared', n: 2, what: 'number', value: 221 }),
    ],
    {
      ...BASE,
      account: { ...ACCOUNT, uniqueNumbers: false },
      syncs: [
        ['Sales', 'Support'],
        ['Sales', 'Support', 'Finance'],
      ].map((department) =>
        section(
          {
            direction: 'bidirectional',
            schedule: '*/20 * * * *',
            timeZone: 'Australia/Sydney',
            filters: { department, accountEnabled: true },
            protection: {
              ...LENIENT,
              maxRemovals: 1,
              maxRemovalShare: 0.2,
              perListShare: 0.3,
              maxUpdateShare: 0.3,
              floor: 1,
            },
            lists: { create: false },
            owners: { contact_name: { owner: 'either' } },
          },
          'keep',
        ),
      ),
      lanes: 1,
      workers: 3,
    },
    10_000_401_303,
  ),
  keep(
    "MessageMedia asks for time before the lists of somebody who takes a leaver's contact",
    ['429 with Retry-After', 'account disabled', 'number changed'],
    [
      [1, 2, 'Support'],
      [3, 1, 'Sales'],
    ],
    [
      after(4_572_762, { do: 'disable', n: 1 }),
      on(2, 'membership change', { do: 'answer', answer: '429 with Retry-After', applied: false }),
      after(1_489_292, { do: 'renumber', n: 3, number: 2 }),
    ],
    {
      ...BASE,
      startsAt: 1_775_318_100_000,
      byHand: [{ number: 2, list: 'Runners' }],
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            schedule: '*/20 * * * *',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxRemovals: 1 },
            owners: { email: { owner: 'either', conflict: 'messaging' } },
          },
          'keep',
        ),
      ],
      lanes: 1,
      workers: 3,
      operator: 'rejects',
    },
    10_000_402_441,
  ),
  keep(
    "two people with contacts made by hand come back with each other's number",
    ['empty directory', 'number swapped'],
    [
      [1, 1, 'Support'],
      [3, 2, 'Sales'],
    ],
    [
      start(1),
      start(1_013_385, 'full'),
      on(1, 'field look-up', { do: 'empty-directory', forMs: 1_800_000 }),
      on(2, 'field creation', { do: 'swap', n: 3, to: 1 }),
    ],
    {
      ...BASE,
      byHand: [
        { number: 2, list: 'Runners' },
        { number: 1, list: 'Runners' },
      ],
      account: { ...ACCOUNT, namesBadIds: false },
      syncs: [
        section(
          {
            direction: 'bidirectional',
            timeZone: 'Australia/Sydney',
            protection: { ...LENIENT, maxUpdateShare: 0.3, floor: 1 },
            owners: {
              contact_name: { owner: 'either' },
              email: { owner: 'either', conflict: 'messaging' },
              phone_number: { owner: 'either' },
            },
          },
          'keep',
        ),
      ],
      lanes: 1,
      workers: 4,
    },
    10_000_402_545,
  ),
];
