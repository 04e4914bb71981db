import type { z } from 'zod';
import { LETTER_TRANSFORMS } from './transform-letters.ts';
import { LIST_TRANSFORMS } from './transform-lists.ts';
import { PART_TRANSFORMS } from './transform-parts.ts';
import type { Transformed, TransformRow, TransformTools } from './transform-row.ts';
import { VALUE_TRANSFORMS } from './transform-values.ts';

/** Every transform: its arguments, what it does, and examples. The reference in the documents is written from here. */
export const TRANSFORMS = { ...LETTER_TRANSFORMS, ...PART_TRANSFORMS, ...LIST_TRANSFORMS, ...VALUE_TRANSFORMS };

export type TransformName = keyof typeof TRANSFORMS;
/** A transform with all its arguments. */
export type Transform = { [Name in TransformName]: z.output<(typeof TRANSFORMS)[Name]['schema']> }[TransformName];

export const TRANSFORM_NAMES = Object.keys(TRANSFORMS) as readonly TransformName[];

export function isTransformName(name: unknown): name is TransformName {
  return typeof name === 'string' && Object.hasOwn(TRANSFORMS, name);
}

/** Applies one transform. What it leaves blank is no value; of texts that it cannot use, the limit is told. */
export function applyTransform(texts: readonly string[], transform: Transform, tools: TransformTools): Transformed {
  const row = TRANSFORMS[transform.name] as unknown as TransformRow;
  const { texts: changed, ...limit } = row.apply(texts, transform, tools);
  return { texts: changed.filter((text) => text.trim() !== ''), ...limit };
}
