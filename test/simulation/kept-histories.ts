import type { Occurrence } from './history.ts';
import { FOUND_BY_HAND } from './found-by-hand.ts';
import { FOUND_DECISIONS } from './found-decisions.ts';
import { FOUND_DOUBTS } from './found-doubts.ts';
import { FOUND_EDITS } from './found-edits.ts';
import { FOUND_HAND_OVERS } from './found-hand-overs.ts';
import { FOUND_HISTORIES } from './found-histories.ts';
import { FOUND_ROOMS } from './found-rooms.ts';
import { FOUND_TAKERS } from './found-takers.ts';
import { at, crashAfter, FOUR, keep, LENIENT, MINUTE_MS, section, startAt } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

/** Histories that broke the design on paper, and those that broke the code. */
export const KEPT_HISTORIES: readonly KeptHistory[] = [
  keep('a later page puts somebody out of scope whom an earlier one showed', ['changes during a chain'], FOUR, [
    startAt(0),
    { when: { nth: 2, of: 'directory page' }, what: { do: 'move', n: 1, department: 'Finance' } },
    { when: { nth: 2, of: 'directory page' }, what: { do: 'move', n: 2, department: 'Finance' } },
  ]),
  keep('a later page removes somebody whom an earlier one showed', ['changes during a chain', 'deleted softly'], FOUR, [
    startAt(0),
    { when: { nth: 2, of: 'directory page' }, what: { do: 'delete', n: 1 } },
    { when: { nth: 2, of: 'directory page' }, what: { do: 'delete', n: 2 } },
  ]),
  keep(
    'a leaver is held, the token moves, and a sparse change must not bring them back',
    ['account disabled', 'number changed'],
    FOUR,
    [
      startAt(0),
      at(2, { do: 'disable', n: 1 }),
      at(2, { do: 'disable', n: 2 }),
      at(2, { do: 'disable', n: 3 }),
      startAt(3),
      at(5, { do: 'renumber', n: 1, number: 7 }),
      startAt(6),
    ],
    { syncs: [section({ protection: { ...LENIENT, maxRemovals: 1 } })], operator: 'waits' },
  ),
  keep('a number is freed and taken in one round', ['number handed over'], FOUR, [
    startAt(0),
    at(2, { do: 'hand-over', n: 1, to: 2 }),
    startAt(3),
  ]),
  keep('two people swap numbers', ['number swapped'], FOUR, [
    startAt(0),
    at(2, { do: 'swap', n: 1, to: 2 }),
    startAt(3),
  ]),
  keep(
    'two people swap numbers where PATCH keeps old channels',
    ['number swapped'],
    FOUR,
    [startAt(0), at(2, { do: 'swap', n: 1, to: 2 }), startAt(3)],
    { account: { uniqueNumbers: true, uniqueListNames: true, namesBadIds: true, mode: 'merge' } },
  ),
  keep('two joiners share a number', ['joiner'], FOUR, [
    startAt(0),
    at(2, { do: 'join', n: 10, number: 7, department: 'Sales' }),
    at(2, { do: 'join', n: 11, number: 7, department: 'Support' }),
    startAt(3),
    at(5, { do: 'delete', n: 10 }),
    startAt(6),
  ]),
  keep('a contact with two numbers is wanted by two people', [], FOUR, [startAt(0)], {
    byHand: [{ number: 1, second: 2, list: 'Runners' }],
  }),
  keep(
    'a leaver whose contact is adopted by the next owner of the number',
    ['number handed over', 'crash after contact change'],
    FOUR,
    [
      startAt(0),
      at(2, { do: 'hand-over', n: 1, to: 10 }),
      at(1, { do: 'join', n: 10, number: null, department: 'Support' }),
      startAt(3),
      crashAfter('contact change'),
    ],
  ),
  keep(
    'the filter takes in another department, of which the directory reports nothing',
    ['configuration changed'],
    [...FOUR, [5, 5, 'Finance']],
    [startAt(0), at(2, { do: 'configure', sync: 1 }), startAt(3)],
    { syncs: [section(), section({ filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true } })] },
  ),
  keep(
    'a lane message comes twice and late, and the number of lanes changes in mid-run',
    ['message delivered twice', 'message delivered late', 'lane count changed'],
    FOUR,
    [
      startAt(0),
      { when: { nth: 1, of: 'batch message' }, what: { do: 'message', how: 'twice', delayMs: 0 } },
      { when: { nth: 2, of: 'batch message' }, what: { do: 'message', how: 'late', delayMs: 70_000 } },
      { when: { nth: 1, of: 'plan row' }, what: { do: 'set-lanes', lanes: 4 } },
      at(2, { do: 'move', n: 1, department: 'Support' }),
      startAt(3),
    ],
  ),
  keep('a run has nobody to plan for', [], [[5, 5, 'Finance']], [startAt(0), startAt(3), startAt(6, 'full')]),
  keep('a stalled worker comes back with its plan after the plan was judged', ['zombie'], FOUR, [
    startAt(0),
    { when: { nth: 1, of: 'plan row' }, what: { do: 'pause', ms: 400_000 } },
    { when: { nth: 2, of: 'plan row' }, what: { do: 'move', n: 1, department: 'Support' } },
  ]),
  keep(
    'a list is created, its answer is lost, and the worker dies with it',
    ['answer lost after list creation', 'crash after list creation'],
    FOUR,
    [
      startAt(0),
      { when: { nth: 1, of: 'list creation' }, what: { do: 'answer', answer: 'connection reset', applied: true } },
      crashAfter('list creation', 2),
    ],
    { lanes: 4, account: { uniqueNumbers: true, uniqueListNames: false, namesBadIds: true, mode: 'replace' } },
  ),
  keep('the link is written and the membership call is never made', ['crash after person row'], FOUR, [
    startAt(0),
    at(2, { do: 'move', n: 1, department: 'Support' }),
    startAt(3),
    crashAfter('person row', 3),
    crashAfter('membership change'),
  ]),
  keep('a replica hides somebody from a full reading', ['replica lag'], FOUR, [
    startAt(0),
    at(2, { do: 'hide', n: 1, forMs: 10 * MINUTE_MS }),
    startAt(3, 'full'),
  ]),
  keep(
    'few removals at a time add up to many',
    ['deleted softly'],
    [...FOUR, [5, 5, 'Sales'], [6, 6, 'Sales']],
    [
      startAt(0),
      at(2, { do: 'delete', n: 1 }),
      startAt(3),
      at(5, { do: 'delete', n: 2 }),
      startAt(6),
      at(8, { do: 'delete', n: 3 }),
      startAt(9),
    ],
    { syncs: [section({ protection: { ...LENIENT, maxRemovals: 2 } })], operator: 'waits' },
  ),
  keep('a contact is made and its worker dies before the link', ['crash after contact creation'], FOUR, [
    startAt(0),
    crashAfter('contact creation', 1),
    crashAfter('contact creation', 3),
    { when: { nth: 5, of: 'contact creation' }, what: { do: 'answer', answer: 'status 502', applied: true } },
  ]),
  keep(
    'answers of our own tables and queues are lost',
    ['answer lost after a table write', 'answer lost after a message was sent'],
    FOUR,
    (['run row', 'lane row', 'person row', 'outcome row', 'state row', 'claim row', 'batch message'] as const).flatMap(
      (of): Occurrence[] => [startAt(0), { when: { nth: 2, of }, what: { do: 'refuse-row', applied: true } }],
    ),
  ),
  keep('a worker on a lane stands still until its run was stopped and has ended', ['zombie', 'cancelled'], FOUR, [
    startAt(0),
    { when: { nth: 1, of: 'contact creation' }, what: { do: 'cancel' } },
    { when: { nth: 1, of: 'contact creation' }, what: { do: 'pause', ms: 700_000 } },
    startAt(5),
  ]),
  keep('a worker stands still while it closes a run, and the next run closes before it', ['zombie'], FOUR, [
    startAt(0),
    { when: { nth: 1, of: 'outcome row' }, what: { do: 'swap', n: 1, to: 2 } },
    at(1, { do: 'join', n: 10, number: 1, department: 'Sales' }),
    startAt(2),
    { when: { nth: 1, of: 'pending row' }, what: { do: 'pause', ms: 700_000 } },
    startAt(6, 'full'),
  ]),
  keep(
    'a worker stands still while it claims a number, which newer runs claim and let go of meanwhile',
    ['zombie', 'cancelled', 'number changed'],
    [[1, 1, 'Sales']],
    [
      startAt(0),
      { when: { nth: 1, of: 'claim row' }, what: { do: 'cancel' } },
      { when: { nth: 1, of: 'claim row' }, what: { do: 'pause', ms: 700_000 } },
      startAt(3),
      at(5, { do: 'renumber', n: 1, number: 7 }),
      startAt(6),
    ],
  ),
  keep(
    'a hand-over fails half-way, and the leaver is back before the next try',
    ['number handed over', 'field deleted by hand'],
    [
      [1, 2, 'Support'],
      [2, 1, 'Sales'],
      [4, 1, 'Sales'],
    ],
    [
      startAt(0),
      at(3, { do: 'delete-field' }),
      at(13, { do: 'everybody', change: 'other-department' }),
      at(14, { do: 'hand-over', n: 1, to: 4 }),
      startAt(15),
      { when: { nth: 2, of: 'membership change' }, what: { do: 'renumber', n: 1, number: 2 } },
    ],
    { account: { uniqueNumbers: true, uniqueListNames: false, namesBadIds: false, mode: 'merge' } },
  ),
  keep(
    'a hand-over between contacts made by hand fails half-way',
    ['number handed over', 'field deleted by hand'],
    [
      [1, 1, 'Sales'],
      [2, 2, 'Sales'],
    ],
    [
      startAt(0),
      at(8, { do: 'hand-over', n: 1, to: 2 }),
      { when: { nth: 2, of: 'batch row' }, what: { do: 'delete-field' } },
      startAt(32),
    ],
    {
      byHand: [
        { number: 1, list: 'Runners' },
        { number: 2, list: 'Runners' },
      ],
      account: { uniqueNumbers: false, uniqueListNames: true, namesBadIds: true, mode: 'replace' },
      syncs: [section({}, 'keep')],
    },
  ),
  keep(
    'a contact is made, the repeat is refused for another reason, and the person leaves',
    ['crash after contact creation', 'field deleted by hand'],
    FOUR,
    [
      startAt(0),
      crashAfter('contact creation', 1),
      at(1, { do: 'delete-field' }),
      { when: { nth: 1, of: 'outcome row' }, what: { do: 'delete', n: 1 } },
      { when: { nth: 1, of: 'outcome row' }, what: { do: 'delete', n: 2 } },
      startAt(20),
    ],
  ),
  keep(
    'the tenant changes between the start of a run and its work',
    ['another tenant'],
    FOUR,
    [
      startAt(0),
      startAt(10),
      { when: { nth: 20, of: 'run row' }, what: { do: 'other-tenant', forMs: 15 * MINUTE_MS } },
      startAt(15, 'full'),
    ],
    { operator: 'waits' },
  ),
  keep(
    'people are approved as leavers and change before they are taken away',
    ['approved', 'restored'],
    FOUR,
    [
      startAt(0),
      at(2, { do: 'everybody', change: 'leaves' }),
      startAt(3),
      at(5, { do: 'restore', n: 1 }),
      at(6, { do: 'approve' }),
    ],
    { syncs: [section({ protection: { ...LENIENT, maxRemovals: 1 } })] },
  ),
  keep('the directory shows nobody', ['empty directory'], FOUR, [
    startAt(0),
    at(2, { do: 'empty-directory', forMs: 10 * MINUTE_MS }),
    startAt(3, 'full'),
    startAt(6, 'full'),
  ]),
  keep('no list may be made, and none is there', [], [[4, 4, 'Sales']], [startAt(0), startAt(3, 'full')], {
    syncs: [section({ lists: { create: false } })],
  }),
  ...FOUND_HISTORIES,
  ...FOUND_HAND_OVERS,
  ...FOUND_ROOMS,
  ...FOUND_DOUBTS,
  ...FOUND_BY_HAND,
  ...FOUND_DECISIONS,
  ...FOUND_EDITS,
  ...FOUND_TAKERS,
];
