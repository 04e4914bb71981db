import type { FieldPolicy } from '../config/field-policies.ts';
import { isSameText } from '../people/text.ts';

/** One field as it was last synchronised and as both sides have it now; `''` = empty. */
export interface FieldStates {
  /** Undefined: never synchronised. */
  readonly base: string | undefined;
  /** In the form of the contact: mapped, and numbers in E.164. */
  readonly directory: string;
  readonly messaging: string;
}

/**
 * What becomes of a field. `agreed`: both sides say the same and the base does not. `push` and `pull`: the value goes
 * to the contact or to the directory; `overwrites` when somebody changed it there. `report`: left alone and shown.
 */
export type Merge =
  | { readonly kind: 'none' }
  | { readonly kind: 'agreed'; readonly value: string }
  | { readonly kind: 'push' | 'pull'; readonly value: string; readonly overwrites: boolean }
  | { readonly kind: 'report' };

const NONE: Merge = { kind: 'none' };

/** The three-way merge of one field. */
export function mergeField(states: FieldStates, policy: FieldPolicy): Merge {
  const { base = '', directory, messaging } = states;
  if (isSameText(directory, messaging)) {
    return isSameText(directory, base) ? NONE : { kind: 'agreed', value: directory };
  }
  return policy.owner === 'either' ? mergeEqual(states, policy) : mergeOwned(states, policy);
}

/** A change since the base travels, whichever side it is on; what is emptied is no change where the rule keeps it. */
function mergeEqual(states: FieldStates, { conflict, clears }: FieldPolicy): Merge {
  const { base = '', directory, messaging } = states;
  const hasChanged = (value: string): boolean => !isSameText(value, base) && (value !== '' || clears);
  const here = hasChanged(directory);
  const there = hasChanged(messaging);
  if (!here && !there) return NONE;
  if (here && there) return conflict === 'report' ? { kind: 'report' } : travel(conflict, states);
  return travel(here ? 'directory' : 'messaging', states);
}

/** The owner's value stands, on both sides. */
function mergeOwned(states: FieldStates, { owner, drift, clears }: FieldPolicy): Merge {
  const { base = '', directory, messaging } = states;
  const side = owner === 'messaging' ? 'messaging' : 'directory';
  const own = side === 'messaging' ? messaging : directory;
  // A contact that never had a value says nothing about the directory's.
  if (own === '' && states.base === undefined && side === 'messaging') return travel('directory', states);
  if (own === '' && !clears) return NONE;
  return drift === 'report' && isSameText(own, base) ? { kind: 'report' } : travel(side, states);
}

function travel(from: 'directory' | 'messaging', { base = '', directory, messaging }: FieldStates): Merge {
  return from === 'directory'
    ? { kind: 'push', value: directory, overwrites: !isSameText(messaging, base) }
    : { kind: 'pull', value: messaging, overwrites: !isSameText(directory, base) };
}
