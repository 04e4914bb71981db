import type { Operation } from './operation.ts';

/** Operations applied without approval, by what the limits count. */
export interface Applied {
  readonly removals: number;
  readonly updates: number;
  /** People taken off a list, by list key. */
  readonly perList: Readonly<Record<string, number>>;
  /** Values taken away, by field. */
  readonly clears?: Readonly<Record<string, number>>;
}
export const NOTHING_APPLIED: Applied = { removals: 0, updates: 0, perList: {} };

/** The part of an operation that protection looks at; a million of them must fit in memory. */
export interface Weighed {
  readonly personId: string;
  /** The person leaves, and stops being looked after. */
  readonly isLeaver: boolean;
  /** Something is taken away from whoever leaves. */
  readonly isRemoval: boolean;
  readonly isUpdate: boolean;
  readonly leaves: readonly { readonly key: string; readonly name: string }[];
  /** Fields whose value is taken away. */
  readonly clears: readonly string[];
}

/** Kinds that change values of people who have a contact: on either side. */
const UPDATING: readonly Operation['kind'][] = ['update', 'move', 'restore', 'pull'];

const NO_CLEARS: readonly string[] = [];

export function weigh(operation: Operation): Weighed | undefined {
  const isLeaver = operation.kind === 'remove';
  const isRemoval = isLeaver && operation.action !== 'keep';
  const changesValues = operation.fields.length > 0;
  const isUpdate =
    (changesValues && UPDATING.includes(operation.kind)) || (operation.kind === 'adopt' && operation.overwrites);
  const leaves = operation.lists.remove;
  if (!isLeaver && !isUpdate && leaves.length === 0) return undefined;
  return {
    personId: operation.personId,
    isLeaver,
    isRemoval,
    isUpdate,
    leaves,
    clears: isUpdate ? clearedBy(operation) : NO_CLEARS,
  };
}

function clearedBy({ fields }: Operation): readonly string[] {
  const cleared = fields.filter(({ before, after }) => after === '' && before !== undefined && before !== '');
  return cleared.length === 0 ? NO_CLEARS : cleared.map(({ field }) => field);
}

function countEach(keys: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The counts that a plan adds to the 24-hour ledger when it is applied. */
export function tally(weighed: readonly Weighed[]): Applied {
  const clears = countEach(weighed.flatMap((one) => one.clears));
  return {
    removals: weighed.filter((one) => one.isRemoval).length,
    updates: weighed.filter((one) => one.isUpdate).length,
    perList: countEach(weighed.flatMap(({ leaves }) => leaves.map(({ key }) => key))),
    ...(Object.keys(clears).length === 0 ? {} : { clears }),
  };
}
