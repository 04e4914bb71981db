import type { Effect, FaultName } from './fault-names.ts';
import type { Department, Happening, History, Occurrence, SyncSection, World } from './history.ts';

/** A history that went wrong once, or that broke the design on paper. */
export interface KeptHistory {
  readonly name: string;
  readonly history: History;
  /** What has to have happened, or the history is not the one that was kept. */
  readonly shows: readonly FaultName[];
}

const CAUSES = ['deleted', 'disabled', 'outOfScope', 'unreachable'];
export const LENIENT = { maxRemovals: 200, maxRemovalShare: 1, perListShare: 1, maxUpdateShare: 1, floor: 100 };
export const MINUTE_MS = 60_000;

export function section(changes: SyncSection = {}, action = 'remove-from-lists'): SyncSection {
  return {
    direction: 'one-way',
    source: 'entra-id',
    target: 'messagemedia',
    schedule: '0 6 * * *',
    timeZone: 'UTC',
    mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
    filters: { department: ['Sales', 'Support'], accountEnabled: true },
    leavers: Object.fromEntries(CAUSES.map((cause) => [cause, { action }])),
    protection: LENIENT,
    ...changes,
  };
}

export type Person = readonly [n: number, number: number | null, department: Department];

export const FOUR: readonly Person[] = [
  [1, 1, 'Sales'],
  [2, 2, 'Support'],
  [3, 3, 'Sales'],
  [4, 4, 'Support'],
];

function world(people: readonly Person[], changes: Partial<World> = {}): World {
  return {
    startsAt: Date.UTC(2026, 0, 5, 7, 0, 0),
    people: people.map(([n, number, department]) => ({ n, number, department })),
    byHand: [],
    account: { uniqueNumbers: true, uniqueListNames: true, namesBadIds: true, mode: 'replace' },
    directory: {
      pageSize: 2,
      sparse: true,
      duplicates: 0,
      emptyPages: 0,
      splitEntries: false,
      initialTombstones: 'none',
      midChainChanges: 'same-chain',
    },
    syncs: [section()],
    instances: [{ skewMs: 0 }],
    lanes: 2,
    workers: 3,
    operator: 'approves',
    ...changes,
  };
}

export function startAt(minutes: number, mode: 'delta' | 'full' = 'delta'): Occurrence {
  return { when: { at: minutes * MINUTE_MS + 1 }, what: { do: 'start', mode, dryRun: false } };
}

export function at(minutes: number, what: Occurrence['what']): Occurrence {
  return { when: { at: minutes * MINUTE_MS }, what };
}

export function crashAfter(of: Extract<Occurrence['when'], { nth: number }>['of'], nth = 1): Occurrence {
  const what = { do: 'crash', side: 'after', instance: false, arrives: false, messageBackMs: 1_000 } as const;
  return { when: { nth, of }, what };
}

/** The seed decides who goes first: it matters only to a history that was found by chance. */
export function keep(
  name: string,
  shows: readonly FaultName[],
  people: readonly Person[],
  occurrences: readonly Occurrence[],
  changes: Partial<World> = {},
  seed = 1,
): KeptHistory {
  return { name, shows, history: { seed, world: world(people, changes), occurrences } };
}

export const ACCOUNT = { uniqueNumbers: true, uniqueListNames: true, namesBadIds: true, mode: 'replace' } as const;
export const WHOLE_PAGES: World['directory'] = {
  pageSize: 5,
  sparse: true,
  duplicates: 0,
  emptyPages: 0,
  splitEntries: false,
  initialTombstones: 'none',
  midChainChanges: 'same-chain',
};
/** What most histories that were found have in common. */
export const BASE = { startsAt: Date.UTC(2026, 0, 5, 6, 0, 0), directory: WHOLE_PAGES } as const;

export function after(ms: number, what: Happening): Occurrence {
  return { when: { at: ms }, what };
}

export function start(ms: number, mode: 'delta' | 'full' = 'delta', dryRun = false): Occurrence {
  return after(ms, { do: 'start', mode, dryRun });
}

export function on(nth: number, of: Effect, what: Happening): Occurrence {
  return { when: { nth, of }, what };
}
