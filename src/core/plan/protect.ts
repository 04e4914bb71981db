import type { Protection } from '../config/sync-config.ts';
import type { Operation } from './operation.ts';

/** Why part of a plan waits for approval. */
export interface Hold {
  readonly rule: 'max-removals' | 'removal-share' | 'list-share' | 'update-share' | 'empty-directory';
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
  const perList: Record<string, number> = {};
  for (const one of weighed) for (const { key } of one.leaves) perList[key] = (perList[key] ?? 0) + 1;
  return {
    removals: weighed.filter((one) => one.isRemoval).length,
    updates: weighed.filter((one) => one.isUpdate).length,
    perList,
  };
}

/** True when `count` (with `recent`) is a mass change: more than the floor, and more than the share of the members. */
function exceedsShare(count: number, recent: number, members: number, share: number, floor: number): boolean {
  const all = count + recent;
  return count > 0 && all > floor && all > share * members;
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
  directoryWasEmpty: boolean,
  limits: Protection,
): ProtectedPlan {
  const holds: Hold[] = [];
  const held = new Map<string, 'held-removal' | 'held-change'>();
  const plan = tally(weighed);
  const holdRemovals = (rule: Hold['rule'], limit: number): void => {
    holds.push({ rule, operations: plan.removals, limit, recent: recent.removals, members: members.total });
    for (const one of weighed) if (one.isRemoval) held.set(one.personId, 'held-removal');
  };

  if (directoryWasEmpty && plan.removals > 0) holdRemovals('empty-directory', 0);
  else if (plan.removals > 0 && plan.removals + recent.removals > limits.maxRemovals)
    holdRemovals('max-removals', limits.maxRemovals);
  else if (exceedsShare(plan.removals, recent.removals, members.total, limits.maxRemovalShare, limits.floor))
    holdRemovals('removal-share', limits.maxRemovalShare);

  const names = new Map(weighed.flatMap((one) => one.leaves.map(({ key, name }) => [key, name] as const)));
  for (const [key, leaving] of Object.entries(plan.perList)) {
    const before = members.perList[key] ?? 0;
    const lately = recent.perList[key] ?? 0;
    if (!exceedsShare(leaving, lately, before, limits.perListShare, limits.floor)) continue;
    holds.push({
      rule: 'list-share',
      list: names.get(key) ?? '',
      operations: leaving,
      limit: limits.perListShare,
      recent: lately,
      members: before,
    });
    for (const one of weighed) {
      if (!one.leaves.some((list) => list.key === key)) continue;
      held.set(one.personId, one.isRemoval ? 'held-removal' : 'held-change');
    }
  }

  const base = members.total === 0 ? plannedPeople : members.total;
  if (exceedsShare(plan.updates, recent.updates, base, limits.maxUpdateShare, limits.floor)) {
    holds.push({
      rule: 'update-share',
      operations: plan.updates,
      limit: limits.maxUpdateShare,
      recent: recent.updates,
      members: base,
    });
    for (const one of weighed) if (one.isUpdate && !held.has(one.personId)) held.set(one.personId, 'held-change');
  }
  return { holds, held };
}
