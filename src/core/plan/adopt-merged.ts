import { fieldPolicies } from '../config/field-policies.ts';
import type { FieldValues } from '../people/map-field.ts';
import { adoptContactFor } from './diff-person.ts';
import type { Found } from './diff-person.ts';
import { contactFields, decideFields, directorySide, pullsOf, reportsOf, valuesOf } from './merge-person.ts';
import type { Sides } from './merge-person.ts';
import type { Draft } from './operation.ts';
import { openFields, settleDecisions } from './settle-decisions.ts';
import type { Mapped, Planning } from './settle-decisions.ts';

/** Takes a contact that is nobody's for a person's: what is not the directory's alone comes from whoever has a value. */
export function adoptMerged(mapped: Mapped, found: Found, planning: Planning): Draft {
  const { wanted, invalid } = mapped;
  const policies = fieldPolicies(planning.config);
  if (policies.shared.length === 0) return adoptContactFor(wanted, found, undefined, planning.known, invalid);
  // Found by the number: both have it.
  const contact: FieldValues = { ...found.current, phone: wanted.phone };
  const directory = directorySide(wanted);
  const sides: Sides = { directory, base: undefined, contact, isOpen: openFields(mapped, planning) };
  const merge = settleDecisions(decideFields(sides, policies), sides, mapped, planning);
  const asked = { ...wanted, fields: contactFields(wanted.fields, merge.decisions) };
  const draft = adoptContactFor(asked, found, undefined, planning.known, [...invalid, ...merge.invalid]);
  const pulls = pullsOf(merge.decisions, sides);
  const reported = reportsOf(merge.decisions, sides);
  const { phone: _known, ...agreed } = valuesOf(merge.decisions, 'agreed');
  return {
    ...draft,
    fields: [...draft.fields, ...pulls],
    unchanged: { ...draft.unchanged, ...agreed },
    overwrites: draft.overwrites || pulls.some(({ before }) => before !== ''),
    ...(reported.length === 0 ? {} : { reported }),
    ...merge.extras,
  };
}
