import { z } from 'zod';
import type { Digest } from '../ports.ts';
import type { PhoneRules } from './phone.ts';
import type { PersonValues } from './person.ts';

/** What a transform may look at besides the text: whose it is, how numbers are read, and the keyed digest. */
export interface TransformTools {
  readonly person: PersonValues;
  readonly phone: PhoneRules;
  readonly digest: Pick<Digest, 'pseudonym'>;
}

/** What a transform makes of texts. `limit`: what a text would have had to be that it could not use. */
export interface Transformed {
  readonly texts: readonly string[];
  readonly limit?: string;
}

/** A text, or what it would have had to be. */
export type Changed = string | { readonly limit: string };

export interface TransformExample {
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly input: readonly string[];
  /** Empty: no value. */
  readonly output: readonly string[];
}

export interface TransformRow<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  /** One sentence without a verb's subject: "removes outer blanks". */
  readonly description: string;
  readonly examples: readonly TransformExample[];
  apply(texts: readonly string[], transform: z.output<Schema>, tools: TransformTools): Transformed;
}

/** The key by which a transform is told apart. */
export function transformName<Name extends string>(name: Name): z.ZodLiteral<Name> {
  return z.literal(name).meta({ description: 'Which transform it is.', examples: [name] });
}

/** One row of the table of transforms; `schema` holds the name and the arguments. */
export function transformRow<Schema extends z.ZodObject>(
  schema: Schema,
  row: Omit<TransformRow<Schema>, 'schema'>,
): TransformRow<Schema> {
  return { schema: schema.meta({ description: row.description }), ...row };
}

/** A transform of single texts: of several, each is changed, and those that cannot be used drop out. */
export function eachText<Transform>(
  change: (text: string, transform: Transform, tools: TransformTools) => Changed,
): (texts: readonly string[], transform: Transform, tools: TransformTools) => Transformed {
  return (texts, transform, tools) => {
    const changed = texts.map((text) => change(text, transform, tools));
    const refused = changed.find((one) => typeof one !== 'string');
    const usable = changed.filter((one) => typeof one === 'string');
    return refused === undefined ? { texts: usable } : { texts: usable, limit: refused.limit };
  };
}
