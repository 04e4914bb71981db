import type { z } from 'zod';
import type { TransformExample } from '../people/transform-row.ts';
import { TRANSFORM_NAMES, TRANSFORMS, type TransformName } from '../people/transforms.ts';
import type { AttributeKind } from './attribute-table.ts';
import { operatorFindings } from './filter-rules.ts';
import { OPERATOR_SCHEMAS } from './schema-filter.ts';

/** A table of the documents: its head, then its rows, as cells of Markdown. */
export type Table = readonly (readonly string[])[];

/** Every key of the schemas is explained and has an example; a test holds them to it. */
interface Explained {
  readonly description: string;
  readonly examples: readonly unknown[];
}

const KINDS: Readonly<Record<AttributeKind, string>> = {
  text: 'text',
  boolean: 'true or false',
  date: 'dates',
  open: 'extensions and parts of objects',
};

/** Every operator of a comparison, as its schema and the checks of the parser have it. */
export function operatorTable(): Table {
  const rows = Object.entries(OPERATOR_SCHEMAS).map(([operator, schema]) => {
    const { description, examples } = schema.meta() as unknown as Explained;
    const [example] = examples;
    return [code(operator), description, kindsOf(operator, example), code(JSON.stringify({ [operator]: example }))];
  });
  return [['operator', 'holds when', 'for', 'example'], ...rows];
}

/** Every transform with its arguments and examples, as the table of transforms has it. */
export function transformTable(): Table {
  const rows = TRANSFORM_NAMES.map((name) => {
    const { description, examples } = TRANSFORMS[name];
    return [code(name), description, argumentsOf(name), examples.map((one) => exampleText(name, one)).join('<br>')];
  });
  return [['transform', 'does', 'arguments', 'examples'], ...rows];
}

function kindsOf(operator: string, example: unknown): string {
  const operands = [example, true];
  const kinds = Object.entries(KINDS).filter(([kind]) =>
    operands.some((operand) => operatorFindings(kind as AttributeKind, operator, operand, []).length === 0),
  );
  return kinds.length === Object.keys(KINDS).length ? 'all' : kinds.map(([, words]) => words).join(', ');
}

function argumentsOf(name: TransformName): string {
  const shape: Readonly<Record<string, z.ZodType>> = TRANSFORMS[name].schema.shape;
  return Object.entries(shape)
    .filter(([key]) => key !== 'name')
    .map(([key, schema]) => `${code(key)}${standingOf(schema)}: ${(schema.meta() as unknown as Explained).description}`)
    .join('<br>');
}

/** Whether an argument has to be there, or what it is when it is not. */
function standingOf(schema: z.ZodType): string {
  const { data, success } = schema.safeParse(undefined);
  if (success) return ` (${code(JSON.stringify(data))})`;
  return schema.def.type === 'optional' ? '' : ' (required)';
}

function exampleText(name: TransformName, { arguments: args, input, output }: TransformExample): string {
  const transform = args === undefined ? '' : `${code(JSON.stringify({ name, ...args }))}: `;
  return `${transform}${valueText(input)} → ${output.length === 0 ? 'no value' : valueText(output)}`;
}

function valueText(texts: readonly string[]): string {
  return texts.map((text) => code(JSON.stringify(text))).join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
