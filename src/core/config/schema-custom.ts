import { z } from 'zod';
import { CUSTOM_FIELD_TYPES } from '../people/contact.ts';
import { DEFAULT_MAX_LENGTH, MERGE_TAG, mergeTagProblem } from '../people/custom-fields.ts';
import { Text } from './schema-text.ts';

const Shape = z.strictObject({
  label: Text.exactOptional().meta({
    description: 'How people see it; the merge tag by default.',
    examples: ['Staff number'],
  }),
  type: z
    .enum(CUSTOM_FIELD_TYPES)
    .default('TEXT')
    .meta({ description: 'What it holds. Values that are none are rejected.', examples: ['NUMBER'] }),
  maxLength: z
    .int()
    .min(1)
    .max(DEFAULT_MAX_LENGTH)
    .default(DEFAULT_MAX_LENGTH)
    .meta({ description: 'The most characters that it takes. Longer values are rejected.', examples: [20] }),
});
export const CUSTOM_KEYS = Object.keys(Shape.shape);

const MergeTag = z
  .string()
  .superRefine((tag, context) => {
    const problem = mergeTagProblem(tag);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({ pattern: MERGE_TAG.source });

export const Custom = z.record(MergeTag, Shape).meta({
  description: 'Custom fields that rules fill as `custom.<merge tag>`: what they are created as when they are missing.',
  examples: [{ staff_number: { label: 'Staff number', type: 'NUMBER', maxLength: 10 } }],
});
