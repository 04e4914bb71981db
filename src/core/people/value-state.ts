import type { AttributeValue } from './person.ts';
import { scalarsOf } from './text.ts';

/** What an attribute that was not mentioned means: an empty one, or one that may hold anything. */
export type Missing = 'null' | 'unknown';

/**
 * How an attribute stands. Four ways to have no value are kept apart:
 * - `never-set`: a whole person who was read without it. `omitted`: a change that says nothing of it.
 * - `unset`: the directory says null. `empty`: the directory has it, and it holds nothing but blanks.
 */
export type ValueState = 'set' | 'never-set' | 'omitted' | 'unset' | 'empty';

/** How a value stands that was read from a whole person (`null`) or from a change (`unknown`). */
export function valueState(value: AttributeValue | undefined, missing: Missing): ValueState {
  if (value === undefined) return missing === 'null' ? 'never-set' : 'omitted';
  if (value === null) return 'unset';
  return scalarsOf(value).length === 0 ? 'empty' : 'set';
}
