import type { Random } from '../../local/simulator/random.ts';
import type { Department, SyncSection, World } from './history.ts';
import { dice } from './sim.ts';

const DEPARTMENTS: readonly Department[] = ['Sales', 'Support', 'Finance'];
const ACTIONS = ['remove-from-lists', 'remove-from-lists', 'delete', 'unsubscribe', 'keep'];
const CAUSES = ['deleted', 'disabled', 'outOfScope', 'unreachable'];
const SCHEDULES = ['0 6 * * *', '*/20 * * * *', '30 2 * * *'];
const WINTER = Date.UTC(2026, 0, 5, 6, 0, 0);
/** Clocks in Sydney go back at three in the morning of 5 April 2026. */
const SUMMER_TIME_ENDS = Date.UTC(2026, 3, 4, 16, 0, 0);

const LENIENT = { maxRemovals: 200, maxRemovalShare: 1, perListShare: 1, maxUpdateShare: 1, floor: 100 };
// As many people as a history has, these limits are soon above.
const PROTECTIONS = [
  LENIENT,
  LENIENT,
  { ...LENIENT, maxRemovals: 1 },
  { ...LENIENT, maxRemovalShare: 0.3, floor: 1 },
  { ...LENIENT, perListShare: 0.4, floor: 1 },
  { ...LENIENT, maxUpdateShare: 0.3, floor: 1 },
  { maxRemovals: 1, maxRemovalShare: 0.2, perListShare: 0.3, maxUpdateShare: 0.3, floor: 1 },
];

const CAUTIONS = [
  {},
  {},
  {},
  {},
  {},
  { firstRun: 'approve' },
  { canaries: ['fennimore.1@example.com'] },
  { holdHours: 1 },
];

export function isSummerTimeOver(from: number, to: number): boolean {
  return from < SUMMER_TIME_ENDS && to > SUMMER_TIME_ENDS;
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[dice(random, items.length)]!;
}

export function drawDepartment(random: Random): Department {
  return pick(random, DEPARTMENTS);
}

/** A number of the few there are, so that people share them, swap them and pass them on; now and then none. */
export function drawNumber(random: Random, numbers: number): number | null {
  return dice(random, 8) === 0 ? null : 1 + dice(random, numbers);
}

function drawSection(random: Random): SyncSection {
  const action = pick(random, ACTIONS);
  const afterDays = dice(random, 6) === 0 ? 1 : 0;
  return {
    direction: 'one-way',
    source: 'entra-id',
    target: 'messagemedia',
    schedule: pick(random, SCHEDULES),
    timeZone: pick(random, ['UTC', 'Australia/Sydney']),
    mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
    filters: { department: ['Sales', 'Support'], accountEnabled: true },
    leavers: Object.fromEntries(CAUSES.map((cause) => [cause, { action, afterDays }])),
    protection: { ...pick(random, PROTECTIONS), ...pick(random, CAUTIONS) },
    ...(dice(random, 12) === 0 ? { lists: { create: false } } : {}),
  };
}

/** The same configuration with one thing changed. */
function drawVariant(random: Random, section: SyncSection): SyncSection {
  const action = pick(random, ACTIONS);
  return {
    ...section,
    ...pick(random, [
      { filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true } },
      { filters: { department: ['Sales'], accountEnabled: true } },
      { mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' } },
      { leavers: Object.fromEntries(CAUSES.map((cause) => [cause, { action }])) },
      { protection: pick(random, PROTECTIONS) },
    ]),
  };
}

export function drawWorld(random: Random): World {
  const people = 3 + dice(random, 5);
  const numbers = people - 1 + dice(random, 3);
  const section = drawSection(random);
  const mode = pick(random, ['replace', 'replace', 'merge'] as const);
  const byHand = mode === 'replace' ? dice(random, 3) : 0;
  return {
    startsAt: dice(random, 5) === 0 ? SUMMER_TIME_ENDS - (1 + dice(random, 90)) * 60_000 : WINTER,
    people: Array.from({ length: people }, (_, index) => ({
      n: index + 1,
      number: dice(random, 4) === 0 ? drawNumber(random, numbers) : 1 + (index % numbers),
      department: dice(random, 5) === 0 ? 'Finance' : pick(random, ['Sales', 'Support'] as const),
    })),
    byHand: Array.from({ length: byHand }, () => ({ number: 1 + dice(random, numbers), list: 'Runners' })),
    account: {
      uniqueNumbers: dice(random, 3) > 0,
      uniqueListNames: dice(random, 3) > 0,
      namesBadIds: dice(random, 2) === 0,
      mode,
    },
    directory: {
      pageSize: 2 + dice(random, 4),
      sparse: dice(random, 3) > 0,
      duplicates: dice(random, 4) === 0 ? 0.4 : 0,
      emptyPages: dice(random, 5) === 0 ? 0.3 : 0,
      splitEntries: dice(random, 4) === 0,
      initialTombstones: pick(random, ['none', 'soft', 'all'] as const),
      midChainChanges: pick(random, ['same-chain', 'next-round', 'both'] as const),
    },
    syncs: [section, drawVariant(random, section)],
    instances: Array.from({ length: 1 + dice(random, 2) }, () => ({
      skewMs: dice(random, 4) === 0 ? dice(random, 4_000) - 2_000 : 0,
    })),
    lanes: 1 + dice(random, 3),
    workers: 2 + dice(random, 3),
    operator: pick(random, ['approves', 'approves', 'approves', 'rejects', 'waits'] as const),
  };
}
