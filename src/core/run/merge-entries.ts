import type { Attributes, DirectoryEntry, Person, PersonKind } from '../people/person.ts';
import type { PageEntry } from './parts.ts';

/** All entries of one person in a chain, merged in chain order, before the stored person is known. */
export interface MergedEntry {
  readonly id: string;
  /** Absent: a user. */
  readonly kind?: PersonKind;
  /** Attributes as last mentioned; null = cleared. */
  readonly patch: Attributes;
  readonly removed?: 'changed' | 'deleted' | undefined;
  /** Came back after a removal in the same chain, or an entry was reduced beside another: only reading by id tells. */
  readonly unclear: boolean;
  /** The only entry, and out of scope whatever else is true of the person. */
  readonly reduced: boolean;
}

/** Merges field by field in chain order: whole entries would lose what only an earlier one mentioned. */
export function mergeEntry(merged: MergedEntry | undefined, entry: PageEntry): MergedEntry {
  const { id } = entry;
  if ('reduced' in entry) {
    if (merged === undefined) return { id, patch: {}, unclear: false, reduced: true };
    // What was shown before is overruled by what is not known any more: only later entries go over the reading.
    return { ...merged, patch: {}, removed: undefined, unclear: true };
  }
  if (entry.removed !== undefined) {
    return { ...ofKind(entry), id, patch: {}, removed: entry.removed, unclear: false, reduced: false };
  }
  const isBack = merged?.removed !== undefined;
  return {
    ...ofKind(entry),
    id,
    patch: { ...merged?.patch, ...entry.attributes },
    unclear: (merged?.unclear ?? false) || (merged?.reduced ?? false) || isBack,
    reduced: false,
  };
}

// Users are the rule: their rows do not say so.
function ofKind({ kind }: { readonly kind?: PersonKind }): { readonly kind?: PersonKind } {
  return kind === undefined || kind === 'user' ? {} : { kind };
}

function withoutNulls(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

/** A person of a full round: from nothing; what was never mentioned is empty. */
export function personFromNothing(merged: MergedEntry): Person {
  return { ...ofKind(merged), id: merged.id, presence: 'present', attributes: withoutNulls(merged.patch) };
}

/** A person of an incremental round: what an entry omits is unchanged, null is cleared. */
export function personFromStored(stored: Person, merged: MergedEntry): Person {
  return {
    ...ofKind(merged),
    id: merged.id,
    presence: 'present',
    attributes: withoutNulls({ ...stored.attributes, ...merged.patch }),
  };
}

/** A person just read by id, with what the chain said laid over it. */
export function personFromReading(entry: DirectoryEntry, merged: MergedEntry | undefined): Person {
  return {
    ...ofKind(entry),
    id: entry.id,
    presence: 'present',
    attributes: withoutNulls({ ...entry.attributes, ...merged?.patch }),
  };
}

export function removedPerson(stored: Person, removed: 'changed' | 'deleted'): Person {
  return { ...stored, presence: removed === 'deleted' ? 'deleted' : 'soft-deleted' };
}

/** Whether two people say the same, whatever the order of their attributes. */
export function isSamePerson(a: Person, b: Person): boolean {
  return a.presence === b.presence && stable([a.attributes, a.manager]) === stable([b.attributes, b.manager]);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
