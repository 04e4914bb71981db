import { z } from 'zod';
import { parseMoment } from '../people/dates.ts';
import { AttributePath, Text } from './schema-mapping.ts';
import type { Filter } from './sync-config.ts';

const Scalar = z.union([Text, z.number(), z.boolean()]);

const FilterDate = z
  .string()
  .refine((text) => parseMoment(text, 0) !== undefined, {
    error: 'an ISO date such as 2026-01-31, or now, now+14d, now-2d',
  })
  .meta({ examples: ['2026-01-31', 'now', 'now+14d'] });

const Comparison = z
  .strictObject({
    attribute: AttributePath,
    equals: Scalar.exactOptional().meta({ description: 'The value must be this one.', examples: ['Sales'] }),
    in: z
      .array(Scalar)
      .min(1)
      .exactOptional()
      .meta({ description: 'The value must be one of these.', examples: [['Sales', 'Support']] }),
    notEquals: Scalar.exactOptional().meta({
      description: 'The value must be missing or another one.',
      examples: ['External'],
    }),
    startsWith: Text.exactOptional().meta({ description: 'The value must begin like this.', examples: ['EMP'] }),
    endsWith: Text.exactOptional().meta({ description: 'The value must end like this.', examples: ['@example.com'] }),
    contains: Text.exactOptional().meta({ description: 'The value must contain this.', examples: ['Manager'] }),
    present: z
      .boolean()
      .exactOptional()
      .meta({ description: 'Whether the attribute must have a value.', examples: [true] }),
    greaterThan: z
      .number()
      .exactOptional()
      .meta({ description: 'The value must be a larger number.', examples: [1000] }),
    lessThan: z
      .number()
      .exactOptional()
      .meta({ description: 'The value must be a smaller number.', examples: [5000] }),
    before: FilterDate.exactOptional().meta({
      description: 'The value must be an earlier date.',
      examples: ['now+14d'],
    }),
    after: FilterDate.exactOptional().meta({
      description: 'The value must be a later date.',
      examples: ['2026-01-31'],
    }),
    matchCase: z
      .boolean()
      .exactOptional()
      .meta({ description: 'Compare upper and lower case and outer blanks too (default: false).', examples: [false] }),
  })
  .meta({ description: 'One comparison: an attribute and exactly one operator.' });

export const OPERATORS = Object.keys(Comparison.shape).filter((key) => key !== 'attribute' && key !== 'matchCase');
export const FILTER_KEYS = ['all', 'any', 'not', ...Object.keys(Comparison.shape)];

const FULL_FORMS = [
  z.strictObject({
    all: z.array(z.lazy(() => FullFilter)).meta({
      description: 'Every one of these filters must hold.',
      examples: [[{ attribute: 'department', equals: 'Sales' }]],
    }),
  }),
  z.strictObject({
    any: z
      .array(z.lazy(() => FullFilter))
      .min(1)
      .meta({
        description: 'At least one of these filters must hold.',
        examples: [[{ attribute: 'city', equals: 'Perth' }]],
      }),
  }),
  z.strictObject({
    not: z
      .lazy(() => FullFilter)
      .meta({ description: 'This filter must not hold.', examples: [{ attribute: 'jobTitle', contains: 'Intern' }] }),
  }),
  Comparison,
] as const;

const FullFilter: z.ZodType<Filter> = z
  .union(FULL_FORMS)
  .meta({ id: 'filter', description: 'Full form: `all`, `any`, `not` or one comparison.' });

const ShortFilter = z.record(AttributePath, z.union([Text, z.number(), z.boolean(), z.array(Scalar).min(1)])).meta({
  description: 'Short form: every attribute must have the value, or one of the values.',
  examples: [{ department: ['Sales', 'Support'], accountEnabled: true }],
});
export type ShortFilterInput = z.infer<typeof ShortFilter>;

export const Filters = z.union([...FULL_FORMS, ShortFilter]).meta({
  description:
    'Who is synchronised. Short or full form, never both mixed. Text is compared without case and outer blanks. Default: everybody.',
});
export type FiltersInput = z.infer<typeof Filters>;

/** None of these four words is an attribute, so the short form never has them as keys. */
export function isFullForm(filters: object): boolean {
  return ['all', 'any', 'not', 'attribute'].some((key) => Object.hasOwn(filters, key));
}
