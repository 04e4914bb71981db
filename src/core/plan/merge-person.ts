import type { FieldPolicies } from '../config/field-policies.ts';
import type { FieldValues } from '../people/map-field.ts';
import type { Wanted } from './diff-person.ts';
import type { Drift } from './drift.ts';
import type { Link } from './link.ts';
import { mergeField } from './merge-field.ts';
import type { Merge } from './merge-field.ts';
import type { FieldChange, ListRef } from './operation.ts';

/** One person on both sides. The number for SMS is the field `phone`. */
export interface Sides {
  readonly directory: FieldValues;
  /** Absent: never synchronised. */
  readonly base: FieldValues | undefined;
  /** What the contact has, where it is not what the base says. */
  readonly contact: FieldValues;
  /** Whether nobody can tell what the directory has for a field, or no rule fills it for this person. */
  readonly isOpen: (field: string) => boolean;
}

export type Decisions = ReadonlyMap<string, Merge>;

/** The values that the directory asks for, `phone` among them; `''` is a number that it does not have. */
export function directorySide({ fields, phone, directoryPhone = phone }: Wanted): FieldValues {
  return { ...fields, phone: directoryPhone };
}

export function baseSide({ fields, phone }: Link): FieldValues {
  return { ...fields, phone };
}

export function contactSide({ fields, phone }: Drift): FieldValues {
  return phone === undefined ? fields : { phone, ...fields };
}

/** What becomes of every field that differs somewhere, or that is not the directory's alone. */
export function decideFields(sides: Sides, policies: FieldPolicies): Decisions {
  const { directory, base, contact, isOpen } = sides;
  const touched = base === undefined ? [] : Object.keys(contact);
  const decisions = new Map<string, Merge>();
  for (const field of new Set([...policies.shared, ...touched])) {
    const policy = policies.of(field);
    const isSilent = directory[field] === undefined && policy?.owner === 'directory';
    if (policy === undefined || isSilent || isOpen(field)) continue;
    const states = {
      base: base?.[field],
      directory: directory[field] ?? '',
      messaging: contact[field] ?? base?.[field] ?? '',
    };
    decisions.set(field, mergeField(states, policy));
  }
  return decisions;
}

/** Decisions that are not carried out after all: what they are about is left alone and shown. */
export function withdraw(decisions: Decisions, fields: ReadonlySet<string>): Decisions {
  const entries = [...decisions].map(([field, merge]): [string, Merge] => [
    field,
    fields.has(field) ? { kind: 'report' } : merge,
  ]);
  return new Map(entries);
}

/** The fields that decisions of these kinds are about, with their values. */
export function valuesOf(decisions: Decisions, ...kinds: readonly Merge['kind'][]): FieldValues {
  const found = [...decisions].filter(([, { kind }]) => kinds.includes(kind));
  return Object.fromEntries(found.map(([field, merge]) => [field, 'value' in merge ? merge.value : '']));
}

/** Fields as they go to the directory, with what it has now. */
export function pullsOf(decisions: Decisions, { directory }: Sides): readonly FieldChange[] {
  return Object.entries(valuesOf(decisions, 'pull')).map(([field, after]) => ({
    field,
    before: directory[field] ?? '',
    after,
    to: 'directory',
  }));
}

/** Fields that differ and are left alone: the contact's value before, the directory's after. */
export function reportsOf(decisions: Decisions, { directory, base, contact }: Sides): readonly FieldChange[] {
  return Object.keys(valuesOf(decisions, 'report')).map((field) => ({
    field,
    before: contact[field] ?? base?.[field] ?? '',
    after: directory[field] ?? '',
  }));
}

/** What the contact is to have: without the fields that are decided otherwise than to be written to it. */
export function contactFields(wanted: FieldValues, decisions: Decisions): FieldValues {
  const others = Object.entries(wanted).filter(([field]) => !decisions.has(field));
  const { phone: _apart, ...pushed } = valuesOf(decisions, 'push');
  return { ...Object.fromEntries(others), ...pushed };
}

/** The base, as far as the contact still is what it says; of what is left alone it stays what it was. */
export function baseFields(base: FieldValues, decisions: Decisions, { contact }: Sides): FieldValues {
  const edited = Object.entries(contact).filter(
    ([field]) => field !== 'phone' && decisions.get(field)?.kind === 'push',
  );
  return { ...base, ...Object.fromEntries(edited) };
}

export interface MergedLists {
  /** Memberships that stand. */
  readonly standing: Link['lists'];
  /** Keys of lists that the contact was taken off by hand and belongs on. */
  readonly rejoins: readonly string[];
  readonly reported: readonly FieldChange[];
}

export function mergeLists(wanted: readonly ListRef[], link: Link, drift: Drift, policies: FieldPolicies): MergedLists {
  const isWanted = (key: string): boolean => wanted.some((list) => list.key === key);
  const lost = drift.lists.filter((key) => Object.hasOwn(link.lists, key));
  const reported = policies.drift === 'report' ? lost.filter(isWanted) : [];
  const standing = Object.entries(link.lists).filter(([key]) => !lost.includes(key) || reported.includes(key));
  return {
    standing: Object.fromEntries(standing),
    rejoins: lost.filter((key) => isWanted(key) && !reported.includes(key)),
    reported: reported.map((key): FieldChange => ({ field: 'group', before: '', after: link.lists[key]!.name })),
  };
}
