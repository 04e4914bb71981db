import type { Protection } from '../config/sync-config.ts';
import type { Operation } from './operation.ts';

/** Why a whole reading of the directory is not believed as far as it removes people. */
export type Distrust = 'empty-directory' | 'tenant-changed';

/** Why part of a plan waits for approval. */
export interface Hold {
  readonly rule: 'max-removals' | 'removal-share' | 'list-share' | 'update-share' | Distrust;
  /** The list whose share was exceeded, by name. */
  readonly list?: string;
  /** Operations held by this rule, and what they were measured against: limit, applied in the last 24 hours, members. */
  readonly operations: number;
  readonly limit: number;
  readonly recent: number;
  readonly members: number;
}

/** Operations applied without approval, by what the limits count. */
export interface Applied {
  readonly removals: number;
  readonly updates: number;
  /** People taken off a list, by list key. */
  readonly perList: Readonly<Record<string, number>>;
}
export const NOTHING_APPLIED: Applied = { removals: 0, updates: 0, perList: {} };

/** Who was managed before the run: in all, and by list key. */
export interface Members {
  readonly total: number;
  readonly perList: Readonly<Record<string, number>>;
}

export interface ProtectedPlan {
  readonly holds: readonly Hold[];
  readonly held: ReadonlyMap<string, 'held-removal' | 'held-change'>;
}

/** The part of an operation that protection looks at; a million of them must fit in memory. */
export interface Weighed {
  readonly personId: string;
  readonly isRemoval: boolean;
  readonly isUpdate: boolean;
  readonly leaves: readonly { readonly key: string; readonly name: string }[];
}

export function weigh(operation: Operation): Weighed | undefined {
  // Somebody who is kept only stops being looked after: nothing is taken away.
  const isRemoval = operation.kind === 'remove' && operation.action !== 'keep';
  const changesValues = operation.fields.length > 0;
  const isUpdate =
    (changesValues && (operation.kind === 'update' || operation.kind === 'move' || operation.kind === 'restore')) ||
    (operation.kind === 'adopt' && operation.overwrites);
  const leaves = operation.lists.remove;
  if (!isRemoval && !isUpdate && leaves.length === 0) return undefined;
  return { personId: operation.personId, isRemoval, isUpdate, leaves };
}

/** The counts that a plan adds to the 24-hour ledger when it is applied. */
export function tally(weighed: readonly Weighed[]): Applied {
  const perList = new Map<string, number>();
  for (const one of weighed) for (const { key } of one.leaves) perList.set(key, (perList.get(key) ?? 0) + 1);
  return {
    removals: weighed.filter((one) => one.isRemoval).length,
    updates: weighed.filter((one) => one.isUpdate).length,
    perList: Object.fromEntries(perList),
  };
}

/** True when `count` (with `recent`) is a mass change: more than the floor, and more than the share of the members. */
function exceedsShare(count: number, recent: number, members: number, share: number, floor: number): boolean {
  const all = count + recent;
  return count > 0 && all > floor && all > share * members;
}

/** A rule that the plan breaks, and whom it holds. */
interface Breach {
  readonly hold: Hold;
  readonly holdsBack: (one: Weighed) => boolean;
}

/**
 * Applies the protection rules to the operations that nobody approved and that are not held already.
 * `recent` are the unapproved operations of the last 24 hours; `plannedPeople` stands in for the members of an account
 * that had none before (a first run), where a share of nothing would hold everything.
 */
export function protectPlan(
  weighed: readonly Weighed[],
  recent: Applied,
  members: Members,
  plannedPeople: number,
  distrust: Distrust | undefined,
  limits: Protection,
): ProtectedPlan {
  const plan = tally(weighed);
  const breaches = [
    ...removalBreach(plan.removals, recent.removals, members.total, distrust, limits),
    ...listBreaches(weighed, plan.perList, recent.perList, members.perList, limits),
    ...updateBreach(plan.updates, recent.updates, members.total === 0 ? plannedPeople : members.total, limits),
  ];
  const held = new Map<string, 'held-removal' | 'held-change'>();
  for (const one of weighed) {
    if (!breaches.some(({ holdsBack }) => holdsBack(one))) continue;
    held.set(one.personId, one.isRemoval ? 'held-removal' : 'held-change');
  }
  return { holds: breaches.map(({ hold }) => hold), held };
}

/** The strictest removal rule that is broken: one is enough to hold every removal. */
function removalBreach(
  operations: number,
  recent: number,
  members: number,
  distrust: Distrust | undefined,
  { maxRemovals, maxRemovalShare, floor }: Protection,
): Breach[] {
  const breach = (rule: Hold['rule'], limit: number): Breach[] => [
    { hold: { rule, operations, limit, recent, members }, holdsBack: ({ isRemoval }) => isRemoval },
  ];
  if (operations === 0) return [];
  if (distrust !== undefined) return breach(distrust, 0);
  if (operations + recent > maxRemovals) return breach('max-removals', maxRemovals);
  return exceedsShare(operations, recent, members, maxRemovalShare, floor)
    ? breach('removal-share', maxRemovalShare)
    : [];
}

// A list may be called "constructor": what every object inherits is no count.
function countOn(perList: Applied['perList'], key: string): number {
  return Object.hasOwn(perList, key) ? perList[key]! : 0;
}

/** Leavers and movers alike: a list that loses many members loses them whatever the reason. */
function listBreaches(
  weighed: readonly Weighed[],
  leaving: Applied['perList'],
  lately: Applied['perList'],
  before: Members['perList'],
  { perListShare, floor }: Protection,
): Breach[] {
  const names = new Map(weighed.flatMap(({ leaves }) => leaves.map(({ key, name }) => [key, name] as const)));
  return Object.entries(leaving).flatMap(([key, operations]): Breach[] => {
    const recent = countOn(lately, key);
    const members = countOn(before, key);
    if (!exceedsShare(operations, recent, members, perListShare, floor)) return [];
    const hold: Hold = { rule: 'list-share', list: names.get(key)!, operations, limit: perListShare, recent, members };
    return [{ hold, holdsBack: ({ leaves }) => leaves.some((list) => list.key === key) }];
  });
}

function updateBreach(
  operations: number,
  recent: number,
  members: number,
  { maxUpdateShare, floor }: Protection,
): Breach[] {
  if (!exceedsShare(operations, recent, members, maxUpdateShare, floor)) return [];
  const hold: Hold = { rule: 'update-share', operations, limit: maxUpdateShare, recent, members };
  return [{ hold, holdsBack: ({ isUpdate }) => isUpdate }];
}
