import { readAttribute } from '../config/attributes.ts';
import { withValues } from '../people/person-changes.ts';
import type { AttributeValue, Attributes } from '../people/person.ts';

/** What we wrote to the directory, under the attribute's path. The directory may show it late, or the former value first. */
export interface LateWrite {
  readonly value: string | null;
  /** What the directory had before, and before that as long as it had not shown what we wrote then. */
  readonly previous: readonly AttributeValue[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The directory showed a former value since: somebody may have taken ours back. Stands until it is looked at again. */
  readonly doubted?: true;
}

/** What is remembered of a person's fields besides the base, where both sides are written. */
export interface Memory {
  /** Writes that the directory has not shown yet, by attribute path. */
  readonly writes: Readonly<Record<string, LateWrite>>;
  /** When the merge last wrote a field, to whichever side: those of the last day, by field. */
  readonly turns: Readonly<Record<string, readonly number[]>>;
}

/** So long the directory's former value is taken for a delay; seen were seven and a half minutes. */
export const ECHO_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** So many times a day a field is written by the merge; then two systems must be at odds over it. */
const TURNS_A_DAY = 5;

const NOTHING: Memory = { writes: {}, turns: {} };

/** A person's attributes held against what we wrote. */
export interface Settled {
  /** As if the directory had shown our writes at once. */
  readonly attributes: Attributes;
  readonly memory: Memory | undefined;
  /** When the directory's silence has lasted too long to be a delay; absent: nothing is late. */
  readonly lookAgainAt?: number;
}

/** How the directory showed a value: among its changes, or to a question about the person, which is ahead of them. */
export type Sight = 'change' | 'reading';

/**
 * Holds what the directory shows against our own writes. `sightOf` says of a path how the directory showed it now:
 * what we only remember confirms nothing.
 */
export function settleEchoes(
  attributes: Attributes,
  memory: Memory | undefined,
  now: number,
  sightOf: (path: string) => Sight | undefined,
): Settled {
  const writes = Object.entries(memory?.writes ?? {});
  if (memory === undefined || writes.length === 0) return { attributes, memory };
  const isFormer = ([path, { previous }]: (typeof writes)[number]): boolean =>
    previous.some((former) => isSame(former, valueAt(attributes, path)));
  const late = writes.filter((write) => sightOf(write[0]) !== undefined && isYoung(write[1], now) && isFormer(write));
  const open = writes.filter(([path, write]) => {
    const sight = sightOf(path);
    // Read as we wrote it, and yet the changes may show the former value first.
    if (sight === 'reading') return isYoung(write, now) && isSame(write.value, valueAt(attributes, path));
    return sight === undefined && (isYoung(write, now) || write.doubted === true);
  });
  const doubted = late.map(([path, write]) => [path, { ...write, doubted: true as const }] as const);
  const values = Object.fromEntries(late.map(([path, { value }]) => [path, value]));
  const isKnown = open.length + late.length === writes.length && late.every(([, write]) => write.doubted === true);
  return {
    attributes: late.length === 0 ? attributes : withValues(values, attributes),
    memory: isKnown ? memory : { ...memory, writes: Object.fromEntries([...open, ...doubted]) },
    ...(late.length === 0 ? {} : { lookAgainAt: Math.max(...late.map(([, { at }]) => at + ECHO_MS)) }),
  };
}

function isYoung({ at }: LateWrite, now: number): boolean {
  return now - at < ECHO_MS;
}

/** Whether the directory showed a former value and the hour is over in which that means nothing. */
export function isToBeLookedAt(memory: Memory | undefined, now: number): boolean {
  return Object.values(memory?.writes ?? {}).some((write) => write.doubted === true && !isYoung(write, now));
}

function valueAt(attributes: Attributes, path: string): AttributeValue {
  return readAttribute(attributes, path) ?? null;
}

function isSame(a: AttributeValue, b: AttributeValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Until when a field is left alone because it was written too often, ms since 1970; undefined when it is not. */
export function frozenUntil(memory: Memory | undefined, field: string, now: number): number | undefined {
  const turns = lastDay(memory?.turns[field] ?? [], now);
  return turns.length < TURNS_A_DAY ? undefined : turns.at(-TURNS_A_DAY)! + DAY_MS;
}

/** The memory after fields and attributes were written at `now`. Undefined: nothing is worth remembering. */
export function rememberWrites(
  memory: Memory = NOTHING,
  written: { readonly writes: Readonly<Record<string, LateWrite>>; readonly fields: readonly string[] },
  now: number,
): Memory | undefined {
  const turns = new Map(Object.entries(memory.turns));
  for (const field of written.fields) turns.set(field, [...(turns.get(field) ?? []), now]);
  const recent = [...turns].map(([field, times]) => [field, lastDay(times, now)] as const);
  const kept = recent.filter(([, times]) => times.length > 0);
  const all = Object.entries({ ...memory.writes, ...written.writes });
  const writes = all.filter(([, write]) => isYoung(write, now) || write.doubted === true);
  if (kept.length === 0 && writes.length === 0) return undefined;
  return { writes: Object.fromEntries(writes), turns: Object.fromEntries(kept) };
}

function lastDay(times: readonly number[], now: number): readonly number[] {
  return times.filter((at) => now - at < DAY_MS);
}
