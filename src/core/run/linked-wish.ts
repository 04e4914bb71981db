import { fieldPolicies } from '../config/field-policies.ts';
import { flowOf } from '../config/sync-config.ts';
import { mapPerson } from '../people/map-person.ts';
import type { MappedPerson } from '../people/map-person.ts';
import { withValues } from '../people/person-changes.ts';
import type { MappingContext } from '../people/rule-value.ts';
import { isDoubtful } from '../plan/final-outcome.ts';
import { updateLinked } from '../plan/update-linked.ts';
import type { Wish } from './look-around.ts';
import type { BatchPerson } from './parts.ts';
import type { RunRow } from './run-row.ts';

/**
 * Somebody whom the directory has no usable number for, as if it had the one of their contact: where numbers are not
 * the directory's alone, that is no reason to leave.
 */
export function standInNumber(
  { person, link, drift }: BatchPerson,
  { config }: RunRow,
  context: MappingContext,
): MappedPerson | undefined {
  const policies = fieldPolicies(config);
  const { from } = policies.ruleOf('phone') ?? {};
  const phone = drift?.phone ?? link?.phone ?? '';
  if (from === undefined || phone === '' || flowOf(config) === 'push' || !policies.shared.includes('phone'))
    return undefined;
  return mapPerson({ ...person, attributes: withValues({ [from]: phone }, person.attributes) }, config, context);
}

/** A linked person's wish, merged with what became of the contact: the number it is about is the one that comes of it. */
export function mergedWish(wish: Wish, run: RunRow, isUnnoted: boolean): Wish {
  const { member, wanted, invalid, context } = wish;
  const { person, link, drift, pending, echoUntil } = member;
  if (link === undefined) return wish;
  // A contact that was given up to be made anew, and was not: written whole, whatever the base says.
  const doubt = isUnnoted || isDoubtful(pending) || link.carry !== undefined || link.released === true;
  const planning = { config: run.config, known: run.knownLists, context };
  const merged = updateLinked({ person, wanted, link, drift, invalid, doubt }, planning);
  const update = {
    // Beside ours it is no edit: the write that was to take it away may have put ours there.
    ...(pending?.stray === undefined || pending.stray === merged.phone ? {} : { strayPhone: pending.stray }),
    ...merged,
    ...(echoUntil === undefined ? {} : { echoUntil }),
    ...(link.carry === undefined && link.released !== true ? {} : { givenUp: true as const }),
  };
  return { ...wish, wanted: { ...wanted, phone: update.phone!, phoneKey: update.phoneKey! }, update };
}
