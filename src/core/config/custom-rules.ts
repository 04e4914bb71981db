import { mergeTagOf, mergeTagProblem } from '../people/custom-fields.ts';
import { findingOf, isObject, type Finding } from './finding.ts';
import { nearest } from './nearest.ts';

/** Custom fields that are described and that no rule fills: mostly a merge tag that is written in two ways. */
export function customFindings(custom: unknown, mapping: unknown): readonly Finding[] {
  if (!isObject(custom)) return [];
  const filled = targetsOf(mapping).flatMap((to) => mergeTagOf(to) ?? []);
  return Object.keys(custom)
    .filter((tag) => mergeTagProblem(tag) === undefined && !filled.includes(tag))
    .map((tag) =>
      findingOf(['sync', 'custom', tag], tag, `a merge tag that a rule fills as custom.${tag}`, {
        atKey: true,
        nearest: nearest(tag, filled),
      }),
    );
}

function targetsOf(mapping: unknown): readonly string[] {
  if (!Array.isArray(mapping) && !isObject(mapping)) return [];
  const targets = Array.isArray(mapping)
    ? mapping.map((rule: unknown) => (isObject(rule) ? rule['to'] : undefined))
    : Object.values(mapping);
  return targets.filter((to) => typeof to === 'string');
}
