import { z } from 'zod';
import { MERGE_TAG, mergeTagOf, mergeTagProblem } from '../people/custom-fields.ts';
import { parseTemplate } from '../people/template.ts';
import { TRANSFORM_NAMES, TRANSFORMS } from '../people/transforms.ts';
import { checkAttribute } from './attributes.ts';
import { nearest } from './nearest.ts';
import { AnyFilter } from './schema-filter.ts';
import { AttributePath, Text } from './schema-text.ts';
import { PHONE_FORMATS } from '../people/phone-format.ts';
import { CONFLICTS, MESSAGING_FIELDS, OWNERS, type MessagingField as MessagingFieldType } from './sync-config.ts';

const FIELD_WORDS = `one of ${MESSAGING_FIELDS.join(', ')}, or custom.<merge tag>`;

const MessagingFieldName = z
  .string()
  .superRefine((field, context) => {
    if ((MESSAGING_FIELDS as readonly string[]).includes(field)) return;
    const tag = mergeTagOf(field);
    const message = tag === undefined ? FIELD_WORDS : mergeTagProblem(tag);
    if (message === undefined) return;
    context.addIssue({ code: 'custom', message, params: { nearest: nearestField(field, tag) } });
  })
  .meta({
    id: 'messagingField',
    anyOf: [{ enum: MESSAGING_FIELDS }, { pattern: MERGE_TAG.source.replace('^', String.raw`^custom\.`) }],
    description:
      'A field of the MessageMedia contact. `contact_name` fills first and last name, `phone_number` is the SMS number, `group` puts the contact on the list of that name, `custom.<merge tag>` is a custom field.',
    examples: ['contact_name', 'phone_number', 'email', 'group', 'custom.staff_number'],
  });
const MessagingField = MessagingFieldName as unknown as z.ZodType<MessagingFieldType, string>;

function nearestField(field: string, tag: string | undefined): string | undefined {
  if (tag === undefined) return nearest(field, MESSAGING_FIELDS);
  const mended = tag.replace(/\W+/g, '_');
  return mergeTagProblem(mended) === undefined ? `custom.${mended}` : undefined;
}

const Template = Text.superRefine((text, context) => {
  const reading = parseTemplate(text);
  if (!reading.ok) context.addIssue({ code: 'custom', message: reading.expected });
  const attributes = reading.ok ? reading.parts.flatMap((part) => ('attribute' in part ? [part.attribute] : [])) : [];
  for (const attribute of attributes) {
    const check = checkAttribute(attribute);
    if (check.ok) continue;
    context.addIssue({
      code: 'custom',
      message: `${check.expected} in {${attribute}}`,
      params: { nearest: check.nearest },
    });
  }
});

// A transform that needs no arguments may stand there by its name alone.
const BARE_TRANSFORMS = TRANSFORM_NAMES.filter((name) => TRANSFORMS[name].schema.safeParse({ name }).success);

const Transform = z.union([z.enum(BARE_TRANSFORMS), z.discriminatedUnion('name', transformSchemas())]).meta({
  id: 'transform',
  description: 'A change made to a value: a name, or an object with the name and arguments.',
});
export type TransformInput = z.infer<typeof Transform>;

const MappingRule = z
  .strictObject({
    to: MessagingField,
    from: AttributePath.exactOptional().meta({
      description: 'The attribute that the value comes from.',
      examples: ['mobilePhone'],
    }),
    template: Template.exactOptional().meta({
      description:
        'A text with attributes in braces, in place of `from`. When one of them is empty, there is no value. `{{` is a brace.',
      examples: ['{jobTitle}, {officeLocation}'],
    }),
    constant: Text.exactOptional().meta({
      description: 'The same value for everybody, in place of `from`.',
      examples: ['Synchronised from the directory'],
    }),
    fallback: z
      .array(AttributePath)
      .exactOptional()
      .meta({
        description: 'Attributes to try, in order, when `from` or `template` has no acceptable value.',
        examples: [['businessPhones[0]']],
      }),
    transform: z
      .array(Transform)
      .exactOptional()
      .meta({
        description: 'Changes made to the value, in order.',
        examples: [['trim', { name: 'truncateWords', maxLength: 40 }]],
      }),
    default: Text.exactOptional().meta({
      description: 'The value when neither `from` nor `fallback` has one.',
      examples: ['Unassigned'],
    }),
    when: AnyFilter.exactOptional().meta({
      description: 'For whom the rule counts: a filter. For others it gives no value.',
      examples: [{ country: 'Australia' }],
    }),
    whenEmpty: z
      .enum(['keep', 'clear'])
      .exactOptional()
      .meta({
        description: 'What an empty value does to the contact: leave the field alone (`keep`, default) or empty it.',
        examples: ['keep'],
      }),
    apply: z
      .enum(['always', 'on-create'])
      .exactOptional()
      .meta({ description: 'Whether the field is kept in step or only filled once.', examples: ['always'] }),
    owner: z
      .enum(OWNERS)
      .exactOptional()
      .meta({
        description:
          'Whose value stands on both sides: `directory` (default), `messaging`, or `either`, where a change on one side travels to the other. Other than `directory` only with `bidirectional`.',
        examples: ['either'],
      }),
    conflict: z
      .enum(CONFLICTS)
      .exactOptional()
      .meta({
        description:
          'With `either`, when both sides changed: whose change wins (`directory`, default, or `messaging`), or `report`: both stay, and it is shown.',
        examples: ['report'],
      }),
    format: z
      .enum(PHONE_FORMATS)
      .exactOptional()
      .meta({
        description:
          'How a number is written to the directory: in the form it had there (`keep`, default), in E.164 (`e164`), or as people write it in their country (`national`).',
        examples: ['national'],
      }),
  })
  .meta({ description: 'One rule: a messaging field and where its value comes from.' });
export type MappingRuleInput = z.infer<typeof MappingRule>;
export const MAPPING_RULE_KEYS = Object.keys(MappingRule.shape);

const ShortMapping = z.record(AttributePath, MessagingField).meta({
  description: 'Short form: directory attribute to messaging field.',
  examples: [{ displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' }],
});

export const Mapping = z.union([ShortMapping, z.array(MappingRule).min(1)]).meta({
  description:
    'What a contact is made of. `phone_number` must be mapped, once; only `group` may be mapped several times.',
});
export type MappingInput = z.infer<typeof Mapping>;

function transformSchemas() {
  const [first, ...others] = TRANSFORM_NAMES.map((name) => TRANSFORMS[name].schema);
  return [first!, ...others] as const;
}
