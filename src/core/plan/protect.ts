import type { Protection } from '../config/sync-config.ts';
import type { ListRef } from './operation.ts';
import { tally } from './weigh.ts';
import type { Applied, Weighed } from './weigh.ts';

/** Why a whole reading of the directory is not believed as far as it removes people. */
export type Distrust = 'empty-directory' | 'tenant-changed' | 'count-deviation' | 'canary-missing';

export const HOLD_RULES = [
  'max-removals',
  'removal-share',
  'list-share',
  'list-emptied',
  'update-share',
  'field-clears',
  'first-run',
  'empty-directory',
  'tenant-changed',
  'count-deviation',
  'canary-missing',
] as const;
export type HoldRule = (typeof HOLD_RULES)[number];

/** Why part of a plan waits for approval. */
export interface Hold {
  readonly rule: HoldRule;
  /** The list whose share was exceeded or that would be empty, by name. */
  readonly list?: string;
  /** The field that would be cleared, as operations name it. */
  readonly field?: string;
  /** Operations held by this rule, and what they were measured against: limit, applied in the last 24 hours, members. */
  readonly operations: number;
  readonly limit: number;
  readonly recent: number;
  readonly members: number;
  /** Held before and not decided on in time: shown and announced afresh. */
  readonly renewed?: true;
}

/** The rule that holds one person, and what it is about: what has to go away for the hold to dissolve. */
export interface HeldBy {
  readonly rule: HoldRule;
  readonly list?: ListRef;
  readonly field?: string;
}

/** Who was managed before the run: in all, and by list key. */
export interface Members {
  readonly total: number;
  readonly perList: Readonly<Record<string, number>>;
}

export type HoldReason = 'held-removal' | 'held-change';

export interface ProtectedPlan {
  readonly holds: readonly Hold[];
  readonly held: ReadonlyMap<string, HeldBy & { readonly reason: HoldReason }>;
}

/** True when `count` (with `recent`) is a mass change: more than the floor, and more than the share of the members. */
function exceedsShare(count: number, recent: number, members: number, share: number, floor: number): boolean {
  const all = count + recent;
  return count > 0 && all > floor && all > share * members;
}

/** A rule that the plan breaks, and whom it holds. */
interface Breach {
  readonly hold: Hold;
  readonly by: HeldBy;
  readonly holdsBack: (one: Weighed) => boolean;
}

/** What a plan is held against. */
export interface Circumstances {
  /** The unapproved operations of the last 24 hours. */
  readonly recent: Applied;
  readonly members: Members;
  /** People in scope: stands in for the members of an account that had none, where a share of nothing would hold everything. */
  readonly plannedPeople: number;
  /** Keys of the lists that somebody joins by this plan. */
  readonly joined: ReadonlySet<string>;
  readonly distrust: Distrust | undefined;
}

/** Applies the protection rules to the operations that nobody approved and that are not held already. */
export function protectPlan(
  weighed: readonly Weighed[],
  circumstances: Circumstances,
  limits: Protection,
): ProtectedPlan {
  const plan = tally(weighed);
  const breaches = [
    ...distrustBreach(weighed, circumstances),
    ...removalBreach(plan.removals, circumstances, limits),
    ...listBreaches(weighed, plan.perList, circumstances, limits),
    ...updateBreach(plan.updates, circumstances, limits),
    ...clearBreaches(plan.clears ?? {}, circumstances, limits),
  ];
  const held = new Map<string, HeldBy & { reason: HoldReason }>();
  for (const one of weighed) {
    const breach = breaches.find(({ holdsBack }) => holdsBack(one));
    if (breach === undefined) continue;
    held.set(one.personId, { ...breach.by, reason: one.isLeaver ? 'held-removal' : 'held-change' });
  }
  return { holds: breaches.map(({ hold }) => hold), held };
}

/** A first plan that waits as a whole: whoever would be touched by it is held, additions included. */
export function holdFirstPlan(personIds: readonly string[]): ProtectedPlan {
  if (personIds.length === 0) return { holds: [], held: new Map() };
  const by = { rule: 'first-run', reason: 'held-change' } as const;
  const hold: Hold = { rule: 'first-run', operations: personIds.length, limit: 0, recent: 0, members: 0 };
  return { holds: [hold], held: new Map(personIds.map((id) => [id, by])) };
}

/** Nobody leaves by a reading that is not believed, not even whoever is kept: what is written down of them counts later. */
function distrustBreach(
  weighed: readonly Weighed[],
  { recent: { removals: recent }, members: { total: members }, distrust }: Circumstances,
): Breach[] {
  const operations = weighed.filter(({ isLeaver }) => isLeaver).length;
  if (distrust === undefined || operations === 0) return [];
  const hold: Hold = { rule: distrust, operations, limit: 0, recent, members };
  return [{ hold, by: { rule: distrust }, holdsBack: ({ isLeaver }) => isLeaver }];
}

/** The strictest removal rule that is broken: one is enough to hold every removal. */
function removalBreach(
  operations: number,
  { recent: { removals: recent }, members: { total: members }, distrust }: Circumstances,
  { maxRemovals, maxRemovalShare, floor }: Protection,
): Breach[] {
  const breach = (rule: HoldRule, limit: number): Breach[] => [
    { hold: { rule, operations, limit, recent, members }, by: { rule }, holdsBack: ({ isRemoval }) => isRemoval },
  ];
  if (operations === 0 || distrust !== undefined) return [];
  if (operations + recent > maxRemovals) return breach('max-removals', maxRemovals);
  return exceedsShare(operations, recent, members, maxRemovalShare, floor)
    ? breach('removal-share', maxRemovalShare)
    : [];
}

// A list or a field may be called "constructor": what every object inherits is no count.
function countOf(counts: Readonly<Record<string, number>> | undefined, key: string): number {
  return counts !== undefined && Object.hasOwn(counts, key) ? counts[key]! : 0;
}

/** One person who leaves a list of their own is everyday life; with two, nobody would be reached who was yesterday. */
const EMPTIED_FROM = 2;

/** Leavers and movers alike: a list that loses many members, or all of them, loses them whatever the reason. */
function listBreaches(
  weighed: readonly Weighed[],
  leaving: Applied['perList'],
  { recent: { perList: lately }, members: { perList: before }, joined }: Circumstances,
  { perListShare, floor }: Protection,
): Breach[] {
  const names = new Map(weighed.flatMap(({ leaves }) => leaves.map(({ key, name }) => [key, name] as const)));
  return Object.entries(leaving).flatMap(([key, operations]): Breach[] => {
    const recent = countOf(lately, key);
    const members = countOf(before, key);
    const breach = (rule: HoldRule, limit: number): Breach[] => [
      {
        hold: { rule, list: names.get(key)!, operations, limit, recent, members },
        by: { rule, list: { key, name: names.get(key)! } },
        holdsBack: ({ leaves }) => leaves.some((list) => list.key === key),
      },
    ];
    if (exceedsShare(operations, recent, members, perListShare, floor)) return breach('list-share', perListShare);
    const isEmptied = members > 0 && operations >= members && members + recent >= EMPTIED_FROM && !joined.has(key);
    return isEmptied ? breach('list-emptied', 0) : [];
  });
}

function membersToMeasure({ members, plannedPeople }: Circumstances): number {
  return members.total === 0 ? plannedPeople : members.total;
}

function updateBreach(
  operations: number,
  circumstances: Circumstances,
  { maxUpdateShare, floor }: Protection,
): Breach[] {
  const recent = circumstances.recent.updates;
  const members = membersToMeasure(circumstances);
  if (!exceedsShare(operations, recent, members, maxUpdateShare, floor)) return [];
  const hold: Hold = { rule: 'update-share', operations, limit: maxUpdateShare, recent, members };
  return [{ hold, by: { rule: 'update-share' }, holdsBack: ({ isUpdate }) => isUpdate }];
}

/** An attribute that is suddenly empty for everybody takes its field away from everybody: measured like removals. */
function clearBreaches(
  clears: Readonly<Record<string, number>>,
  circumstances: Circumstances,
  { maxRemovalShare, floor }: Protection,
): Breach[] {
  const members = membersToMeasure(circumstances);
  return Object.entries(clears).flatMap(([field, operations]): Breach[] => {
    const recent = countOf(circumstances.recent.clears, field);
    if (!exceedsShare(operations, recent, members, maxRemovalShare, floor)) return [];
    const hold: Hold = { rule: 'field-clears', field, operations, limit: maxRemovalShare, recent, members };
    return [{ hold, by: { rule: 'field-clears', field }, holdsBack: (one) => one.clears.includes(field) }];
  });
}
