import type { z } from 'zod';
import { isTransformName, TRANSFORM_NAMES, TRANSFORMS, type TransformName } from '../people/transforms.ts';
import { findingOf, isObject, type Finding } from './finding.ts';
import { nearest } from './nearest.ts';

type Path = readonly PropertyKey[];
type FindingsOf = (issues: readonly z.core.$ZodIssue[], base: Path) => readonly Finding[];

/** What is wrong with an entry of `transform`: its name, or the arguments that this transform takes. */
export function transformFindings(input: unknown, path: Path, findingsOf: FindingsOf): readonly Finding[] {
  if (typeof input === 'string') return [nameFinding(input, path)];
  if (!isObject(input))
    return [findingOf(path, input, 'the name of a transform, or an object with name and arguments')];
  const { name } = input;
  if (!isTransformName(name)) return [unknownName(name, [...path, 'name'])];
  // One of the forms of a union that did not fit, so there is an error.
  const { error } = TRANSFORMS[name].schema.safeParse(input, { reportInput: true });
  return error!.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownArgument(name, key, path))
      : findingsOf([issue], path),
  );
}

function nameFinding(name: string, path: Path): Finding {
  if (!isTransformName(name)) return unknownName(name, path);
  const { error } = TRANSFORMS[name].schema.safeParse({ name });
  const needed = error!.issues.map(({ path: [key] }) => String(key));
  return findingOf(path, name, `an object {"name": "${name}", …}: ${name} needs ${needed.join(' and ')}`);
}

function unknownArgument(name: TransformName, key: string, path: Path): Finding {
  const keys = Object.keys(TRANSFORMS[name].schema.shape).filter((one) => one !== 'name');
  const expected = keys.length === 0 ? `nothing: ${name} has no arguments` : `one of the arguments ${keys.join(', ')}`;
  return findingOf([...path, key], key, expected, { atKey: true, nearest: nearest(key, keys) });
}

function unknownName(name: unknown, path: Path): Finding {
  const expected = `one of ${TRANSFORM_NAMES.join(', ')}`;
  return findingOf(path, name, expected, {
    nearest: typeof name === 'string' ? nearest(name, TRANSFORM_NAMES) : undefined,
  });
}
