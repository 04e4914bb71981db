import { z } from 'zod';
import { parseMoment } from '../people/dates.ts';
import { patternProblem } from '../people/patterns.ts';
import { AttributePath, Text } from './schema-text.ts';
import type { Filter } from './sync-config.ts';

const Scalar = z.union([Text, z.number(), z.boolean()]);

const FilterDate = z
  .string()
  .refine((text) => parseMoment(text, 0) !== undefined, {
    error: 'an ISO date such as 2026-01-31, or now, now+14d, now-2d',
  })
  .meta({ examples: ['2026-01-31', 'now', 'now+14d'] });

// By id, because two groups may have one name, and a group that is renamed is the same group.
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const GroupId = z
  .string()
  .regex(GUID, { error: 'the object id of a group, such as 0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f' });

const Pattern = Text.superRefine((pattern, context) => {
  const problem = patternProblem(pattern);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

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
    matches: Pattern.exactOptional().meta({
      description: 'Some part of the value must fit this RE2 pattern; `^` and `$` stand for its beginning and end.',
      examples: ['^EMP-[0-9]+$'],
    }),
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

const Membership = z
  .strictObject({
    memberOf: GroupId.meta({
      description: 'The person must be a member of the group with this object id.',
      examples: ['0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f'],
    }),
    transitive: z
      .boolean()
      .exactOptional()
      .meta({ description: 'Members of groups inside it count, too (default: false).', examples: [true] }),
  })
  .meta({ description: 'Membership of a group.' });

const { attribute: _attribute, matchCase: _matchCase, ...operators } = Comparison.shape;
/** What a comparison can ask, by its key. */
export const OPERATOR_SCHEMAS: Readonly<Record<string, z.ZodType>> = operators;
export const OPERATORS = Object.keys(OPERATOR_SCHEMAS);
export const FILTER_KEYS = ['all', 'any', 'not', ...Object.keys(Membership.shape), ...Object.keys(Comparison.shape)];

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
  Membership,
  Comparison,
] as const;

const FullFilter: z.ZodType<Filter> = z
  .union(FULL_FORMS)
  .meta({ id: 'filter', description: 'Full form: `all`, `any`, `not`, `memberOf` or one comparison.' });

const ShortFilter = z.record(AttributePath, z.union([Text, z.number(), z.boolean(), z.array(Scalar).min(1)])).meta({
  description: 'Short form: every attribute must have the value, or one of the values.',
  examples: [{ department: ['Sales', 'Support'], accountEnabled: true }],
});
export type ShortFilterInput = z.infer<typeof ShortFilter>;

/** A filter in either form. One flat union, so that a mistake is told of the form that its author means. */
export const AnyFilter = z.union([...FULL_FORMS, ShortFilter]);

export const Filters = AnyFilter.meta({
  description:
    'Who is synchronised. Short or full form, never both mixed. Text is compared without case and outer blanks. Default: everybody.',
});
export type FiltersInput = z.infer<typeof Filters>;

/** None of these words is an attribute, so the short form never has them as keys. */
export function isFullForm(filters: object): boolean {
  return ['all', 'any', 'not', 'attribute', 'memberOf', 'transitive'].some((key) => Object.hasOwn(filters, key));
}
