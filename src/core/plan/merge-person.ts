import type { FieldPolicies } from '../config/field-policies.ts';
import type { Wanted } from './diff-person.ts';
import type { Drift } from './drift.ts';
import type { Link } from './link.ts';
import { mergeField } from './merge-field.ts';
import type { FieldChange } from './operation.ts';

/** What directory, contact and base make of a linked person. */
export interface Merged {
  /** Without what is to be left alone. */
  readonly wanted: Wanted;
  /** The base, as far as the contact still is what it says. */
  readonly link: Link;
  /** The contact's number, when it is another one than ours and is to make room for it; `''` when it has none. */
  readonly strayPhone?: string;
  /** Keys of lists that the contact was taken off by hand and belongs on. */
  readonly rejoins: readonly string[];
  /** What differs and is left alone: the contact's value before, the directory's after. */
  readonly reported: readonly FieldChange[];
  /** Values that both sides came to by themselves. */
  readonly agreed: Readonly<Record<string, string>>;
}

/** Merges every field of a linked person with what somebody made of the contact. */
export function mergePerson(wanted: Wanted, link: Link, drift: Drift, policies: FieldPolicies): Merged {
  const fields = mergeFields(wanted, link, drift, policies);
  const phone = mergePhone(wanted, link, drift, policies);
  const lists = mergeLists(wanted, link, drift, policies);
  return {
    wanted: { ...wanted, fields: fields.wanted, ...phone.wanted },
    link: { ...link, fields: fields.base, lists: lists.standing },
    ...(phone.stray === undefined ? {} : { strayPhone: phone.stray }),
    rejoins: lists.rejoins,
    reported: [...phone.reported, ...fields.reported, ...lists.reported],
    agreed: fields.agreed,
  };
}

function mergeFields(wanted: Wanted, link: Link, drift: Drift, policies: FieldPolicies) {
  const reported: FieldChange[] = [];
  const agreed: Record<string, string> = {};
  const fields: Record<string, string> = { ...wanted.fields };
  const base: Record<string, string> = { ...link.fields };
  for (const [field, messaging] of Object.entries(drift.fields)) {
    const directory = wanted.fields[field];
    const policy = policies.of(field);
    if (directory === undefined || policy === undefined) continue;
    const merge = mergeField({ base: link.fields[field], directory, messaging }, policy);
    if (merge.kind === 'push') base[field] = messaging;
    else delete fields[field];
    if (merge.kind === 'agreed') agreed[field] = merge.value;
    if (merge.kind === 'report') reported.push({ field, before: messaging, after: directory });
  }
  return { wanted: fields, base, reported, agreed };
}

interface MergedPhone {
  readonly wanted?: Pick<Wanted, 'phone' | 'phoneKey'>;
  readonly stray?: string;
  readonly reported: readonly FieldChange[];
}

/** A number that is left alone stays the one of the base, for whoever else may want it. */
function mergePhone({ phone }: Wanted, link: Link, drift: Drift, policies: FieldPolicies): MergedPhone {
  const policy = policies.of('phone');
  if (drift.phone === undefined || policy === undefined) return { reported: [] };
  const merge = mergeField({ base: link.phone, directory: phone, messaging: drift.phone }, policy);
  if (merge.kind === 'push') return { stray: drift.phone, reported: [] };
  if (merge.kind !== 'report') return { reported: [] };
  const { phone: former, phoneKey } = link;
  return {
    wanted: { phone: former, phoneKey },
    reported: [{ field: 'phone', before: drift.phone, after: phone }],
  };
}

function mergeLists(wanted: Wanted, link: Link, drift: Drift, { drift: rule }: FieldPolicies) {
  const isWanted = (key: string): boolean => wanted.lists.some((list) => list.key === key);
  const lost = drift.lists.filter((key) => Object.hasOwn(link.lists, key));
  const reported = rule === 'report' ? lost.filter(isWanted) : [];
  const standing = Object.entries(link.lists).filter(([key]) => !lost.includes(key) || reported.includes(key));
  return {
    standing: Object.fromEntries(standing),
    rejoins: lost.filter((key) => isWanted(key) && !reported.includes(key)),
    reported: reported.map((key): FieldChange => ({ field: 'group', before: '', after: link.lists[key]!.name })),
  };
}
