import { z } from 'zod';
import { collapseBlanks, foldText } from './text.ts';
import { eachText, transformName, transformRow, type Changed, type Transformed } from './transform-row.ts';

const First = z.strictObject({ name: transformName('first') });
const Last = z.strictObject({ name: transformName('last') });

const Split = z.strictObject({
  name: transformName('split'),
  separator: z
    .string()
    .min(1)
    .meta({ description: 'What stands between the parts.', examples: ['/'] }),
  index: z
    .int()
    .exactOptional()
    .meta({
      description: 'The one part that is kept: 0 is the first, -1 the last one; all by default.',
      examples: [0],
    }),
});

const Join = z.strictObject({
  name: transformName('join'),
  separator: z
    .string()
    .default(', ')
    .meta({ description: 'What stands between the values.', examples: ['; '] }),
});

const LookUp = z.strictObject({
  name: transformName('map'),
  values: z
    .record(z.string().regex(/\S/, { error: 'text that is not blank' }), z.string())
    .refine((values) => Object.keys(values).length > 0, { error: 'at least one entry' })
    .meta({
      description: 'What each text becomes. Texts are found without case, outer blanks and runs of blanks.',
      examples: [{ 'Dept 10': 'Sales', 'Dept 20': 'Support' }],
    }),
  default: z
    .string()
    .exactOptional()
    .meta({ description: 'What every other text becomes; without it, they have no value.', examples: ['Other'] }),
});

/** Transforms that know of several values: of an attribute that has several, or of a text that was split. */
export const LIST_TRANSFORMS = {
  split: transformRow(Split, {
    description: 'Parts a text at a separator. Parts are trimmed.',
    examples: [
      { arguments: { separator: '/' }, input: ['Sydney / Level 3'], output: ['Sydney', 'Level 3'] },
      { arguments: { separator: '/', index: 0 }, input: ['Sydney / Level 3'], output: ['Sydney'] },
    ],
    apply: (texts, split) => ({ texts: texts.flatMap((text) => splitText(text, split)) }),
  }),
  join: transformRow(Join, {
    description: 'Makes one text of several values.',
    examples: [
      { input: ['ada@example.com', 'a.example@example.org'], output: ['ada@example.com, a.example@example.org'] },
    ],
    apply: (texts, { separator }): Transformed => ({ texts: [texts.join(separator)] }),
  }),
  first: transformRow(First, {
    description: 'Keeps the first of several values.',
    examples: [{ input: ['Sydney', 'Level 3'], output: ['Sydney'] }],
    apply: (texts) => ({ texts: texts.slice(0, 1) }),
  }),
  last: transformRow(Last, {
    description: 'Keeps the last of several values.',
    examples: [{ input: ['Sydney', 'Level 3'], output: ['Level 3'] }],
    apply: (texts) => ({ texts: texts.slice(-1) }),
  }),
  map: transformRow(LookUp, {
    description: 'Looks a text up in a table.',
    examples: [
      { arguments: { values: { 'Dept 10': 'Sales' } }, input: ['DEPT 10'], output: ['Sales'] },
      { arguments: { values: { 'Dept 10': 'Sales' } }, input: ['Dept 99'], output: [] },
      { arguments: { values: { 'Dept 10': 'Sales' }, default: 'Other' }, input: ['Dept 99'], output: ['Other'] },
    ],
    apply: eachText(lookUp),
  }),
};

function splitText(text: string, { separator, index }: z.output<typeof Split>): readonly string[] {
  const parts = text.split(separator).map((part) => part.trim());
  if (index === undefined) return parts;
  const part = parts.at(index);
  return part === undefined ? [] : [part];
}

function lookUp(text: string, table: z.output<typeof LookUp>): Changed {
  return foldedValues(table.values).get(lookUpKey(text)) ?? table.default ?? '';
}

// Hundreds of entries, asked for every person: the folded keys are kept as long as the configuration.
const folded = new WeakMap<object, ReadonlyMap<string, string>>();

function foldedValues(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const known = folded.get(values);
  // Stryker disable next-line ConditionalExpression: it is only faster
  if (known !== undefined) return known;
  const made = new Map(Object.entries(values).map(([text, value]) => [lookUpKey(text), value]));
  // Stryker disable next-line CallExpression: it is only faster
  folded.set(values, made);
  return made;
}

function lookUpKey(text: string): string {
  return collapseBlanks(foldText(text));
}
