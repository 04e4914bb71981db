import { fieldPolicies } from '../config/field-policies.ts';
import type { FieldPolicies } from '../config/field-policies.ts';
import { updateContactFor } from './diff-person.ts';
import type { Drift } from './drift.ts';
import type { Link } from './link.ts';
import {
  baseFields,
  baseSide,
  contactFields,
  contactSide,
  decideFields,
  directorySide,
  mergeLists,
  pullsOf,
  reportsOf,
  valuesOf,
} from './merge-person.ts';
import type { Decisions, Sides } from './merge-person.ts';
import type { Draft } from './operation.ts';
import { openFields, settleDecisions } from './settle-decisions.ts';
import type { Mapped, Planning } from './settle-decisions.ts';

/** A linked person as directory, contact and our tables have them. */
export interface LinkedPerson extends Mapped {
  readonly link: Link;
  /** Undefined: as it was left, or nobody looked. */
  readonly drift: Drift | undefined;
  /** What was last written is not sure. */
  readonly doubt: boolean;
}

const AS_LEFT: Drift = { fields: {}, lists: [] };

/** What is to be done about a linked person: what the directory asks for, and what became of the contact. */
export function updateLinked(linked: LinkedPerson, planning: Planning): Draft {
  const { wanted, link, drift, invalid, doubt } = linked;
  const policies = fieldPolicies(planning.config);
  if (drift?.gone === true) {
    // What it had was what both sides had: a change of the directory since counts as ever.
    const anew = mergeLinked({ ...linked, doubt: true }, AS_LEFT, policies, planning);
    return { ...anew, kind: 'update', repair: true, gone: true };
  }
  if (drift === undefined && policies.shared.length === 0) {
    return updateContactFor(wanted, link, planning.known, invalid, doubt);
  }
  return mergeLinked(linked, drift ?? AS_LEFT, policies, planning);
}

function mergeLinked(linked: LinkedPerson, drift: Drift, policies: FieldPolicies, planning: Planning): Draft {
  const { wanted, link, invalid, doubt } = linked;
  const sides: Sides = {
    directory: directorySide(wanted),
    base: baseSide(link),
    contact: contactSide(drift),
    isOpen: openFields(linked, planning),
  };
  const merge = settleDecisions(decideFields(sides, policies), sides, linked, planning);
  const phone = phoneAfter(merge.decisions, sides, linked, planning);
  const lists = mergeLists(wanted.lists, link, drift, policies);
  const asked = { ...wanted, fields: contactFields(wanted.fields, merge.decisions), ...phone.wanted };
  const base = { ...link, fields: baseFields(link.fields, merge.decisions, sides), lists: lists.standing };
  const draft = updateContactFor(asked, base, planning.known, [...invalid, ...merge.invalid], doubt, phone.seen);
  const pulls = pullsOf(merge.decisions, sides);
  const reported = [...reportsOf(merge.decisions, sides), ...lists.reported];
  const { phone: _byItself, ...agreed } = valuesOf(merge.decisions, 'agreed');
  return {
    ...draft,
    ...(draft.kind === 'none' && pulls.length > 0 ? { kind: 'pull' as const } : {}),
    fields: [...draft.fields, ...pulls],
    ...(draft.kind === 'none' || drift === AS_LEFT ? {} : { repair: true as const }),
    ...(phone.stray === undefined ? {} : { strayPhone: phone.stray }),
    ...(lists.rejoins.length === 0 ? {} : { rejoins: lists.rejoins }),
    ...(reported.length === 0 ? {} : { reported }),
    ...(Object.keys(agreed).length === 0 ? {} : { unchanged: agreed }),
    ...merge.extras,
  };
}

/** The number that the contact is to have, and the one that it has. */
function phoneAfter(decisions: Decisions, { contact }: Sides, { link }: LinkedPerson, { context }: Planning) {
  const decision = decisions.get('phone');
  const seen = contact['phone'];
  if (decision === undefined) return { wanted: {}, seen: undefined, stray: undefined };
  if (decision.kind === 'push') return { wanted: {}, seen, stray: seen === '' ? undefined : seen };
  if (decision.kind === 'agreed') return { wanted: {}, seen: undefined, stray: undefined };
  if (decision.kind === 'pull') {
    const { value: phone } = decision;
    return { wanted: { phone, phoneKey: context.digest.pseudonym(phone) }, seen: phone, stray: undefined };
  }
  const { phone, phoneKey } = link;
  return { wanted: { phone, phoneKey }, seen: undefined, stray: undefined };
}
