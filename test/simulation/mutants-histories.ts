import type { Occurrence } from './history.ts';
import { at, crashAfter, FOUR, keep, LENIENT, MINUTE_MS, section, startAt } from './kept-world.ts';
import type { KeptHistory } from './kept-world.ts';

const CALM = keep('calm', [], FOUR, []).history.world;
const BOTH_WAYS = section({ direction: 'bidirectional', owners: { contact_name: { owner: 'either' } } });
const SHARED_NUMBERS = { account: { ...CALM.account, uniqueNumbers: false } };

function dryRunAt(minutes: number): Occurrence {
  return at(minutes, { do: 'start', mode: 'delta', dryRun: true });
}

/** Histories in which the engine does well, and in which it matters that it does: each tells on a mutant. */
export const TELLING_HISTORIES: readonly KeptHistory[] = [
  keep(
    'a shared name is edited in a contact',
    ['shared value edited in the contact', 'old value shown after a write'],
    FOUR,
    [startAt(0), at(2, { do: 'edit-shared', n: 1, what: 'name', value: 9 }), startAt(3)],
    { syncs: [BOTH_WAYS], directory: { ...CALM.directory, writeDelayMs: 8 * MINUTE_MS, writeShowsOldFirst: true } },
  ),
  keep(
    'one person changes twice, and the directory shows it in pieces',
    ['rename', 'number changed'],
    FOUR,
    [startAt(0), at(2, { do: 'rename', n: 1, name: 9 }), at(2, { do: 'renumber', n: 1, number: 7 }), startAt(3)],
    { directory: { ...CALM.directory, splitEntries: true } },
  ),
  keep('somebody leaves, and the delta token is refused', ['deleted softly', 'resync: gone'], FOUR, [
    startAt(0),
    at(2, { do: 'delete', n: 1 }),
    at(2, { do: 'expire-tokens', mode: 'gone' }),
    startAt(3),
  ]),
  keep(
    'a worker dies over a change, its run is stopped, and the change is taken back',
    ['crash after contact change', 'cancelled'],
    FOUR,
    [
      startAt(0),
      at(2, { do: 'rename', n: 1, name: 9 }),
      startAt(3),
      crashAfter('contact change'),
      { when: { nth: 1, of: 'contact change' }, what: { do: 'cancel' } },
      at(4, { do: 'rename', n: 1, name: 0 }),
    ],
  ),
  keep(
    'a contact is made and its answer lost, where numbers are shared',
    ['answer lost after contact creation'],
    FOUR,
    [
      startAt(0),
      { when: { nth: 1, of: 'contact creation' }, what: { do: 'answer', answer: 'status 502', applied: true } },
    ],
    SHARED_NUMBERS,
  ),
  keep(
    'a worker dies over a creation, where numbers are shared',
    ['crash after contact creation'],
    FOUR,
    [startAt(0), crashAfter('contact creation')],
    SHARED_NUMBERS,
  ),
  keep(
    'a mover whose contact was made by hand',
    ['mover'],
    FOUR,
    [startAt(0), at(2, { do: 'move', n: 1, department: 'Support' }), startAt(3)],
    { byHand: [{ number: 1, list: 'Sales' }] },
  ),
  keep(
    'a number made by hand is passed on to another one',
    ['number handed over'],
    FOUR,
    [startAt(0), at(2, { do: 'hand-over', n: 1, to: 2 }), startAt(3)],
    {
      byHand: [
        { number: 1, list: 'Runners' },
        { number: 2, list: 'Runners' },
      ],
      syncs: [section({}, 'keep')],
    },
  ),
  keep('a worker stands still over a creation', ['zombie'], FOUR, [
    startAt(0),
    { when: { nth: 1, of: 'contact creation' }, what: { do: 'pause', ms: 400_000 } },
  ]),
  keep('a full reading lacks somebody, once', ['short read'], FOUR, [
    startAt(0),
    at(2, { do: 'short-read', n: 1, forMs: 8 * MINUTE_MS }),
    startAt(3, 'full'),
  ]),
  keep('MessageMedia asks for time again and again', ['storm of 429'], FOUR, [
    startAt(0),
    at(2, { do: 'move', n: 1, department: 'Support' }),
    at(2, { do: 'storm', answer: '429 without Retry-After', forMs: 10 * MINUTE_MS }),
    startAt(3),
  ]),
  keep('the directory asks for three quarters of a minute', ['429 with Retry-After'], FOUR, [
    startAt(0),
    { when: { nth: 2, of: 'directory page' }, what: { do: 'answer', answer: '429 with Retry-After', applied: false } },
  ]),
  keep('a dry run before a move', ['mover', 'dry run'], FOUR, [
    startAt(0),
    at(2, { do: 'move', n: 1, department: 'Support' }),
    dryRunAt(3),
  ]),
  keep('somebody replies STOP, and the number passes to somebody else', ['opt-out', 'number handed over'], FOUR, [
    startAt(0),
    at(2, { do: 'reply-stop', number: 1 }),
    at(2, { do: 'hand-over', n: 1, to: 2 }),
    startAt(3),
  ]),
  keep('somebody replies STOP while their contact is made', ['opt-out'], FOUR, [
    startAt(0),
    { when: { nth: 1, of: 'contact creation' }, what: { do: 'reply-stop', number: 1 } },
    { when: { nth: 2, of: 'contact creation' }, what: { do: 'reply-stop', number: 2 } },
  ]),
  keep('somebody replies STOP, and a worker dies over it', ['opt-out', 'crash after contact change'], FOUR, [
    startAt(0),
    at(2, { do: 'reply-stop', number: 1 }),
    crashAfter('contact change'),
    at(3, { do: 'rename', n: 2, name: 9 }),
  ]),
  keep(
    'what was approved changes before it is applied',
    ['all departments changed', 'approved', 'rename'],
    FOUR,
    [
      startAt(0),
      at(2, { do: 'everybody', change: 'other-department' }),
      startAt(3),
      at(5, { do: 'rename', n: 1, name: 9 }),
      at(6, { do: 'approve' }),
    ],
    { syncs: [section({ protection: { ...LENIENT, perListShare: 0.3, floor: 1 } })] },
  ),
  keep('what a dry run planned changes before it is applied', ['plan of a dry run approved', 'rename'], FOUR, [
    startAt(0),
    at(2, { do: 'move', n: 1, department: 'Support' }),
    dryRunAt(3),
    at(5, { do: 'rename', n: 1, name: 9 }),
    at(6, { do: 'approve-plan' }),
  ]),
];
