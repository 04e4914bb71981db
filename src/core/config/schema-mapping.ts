import { z } from 'zod';
import { EXTENSION_ATTRIBUTE } from './attribute-table.ts';
import { ATTRIBUTE_PATHS, checkAttribute, INDEXED_ATTRIBUTE } from './attributes.ts';
import { MESSAGING_FIELDS, type TransformName } from './sync-config.ts';

const TRANSFORM_NAMES = [
  'trim',
  'collapseSpaces',
  'lower',
  'upper',
  'title',
  'digits',
  'stripDiacritics',
] as const satisfies readonly TransformName[];

/** Text that says something: blank text never matches and never fills a field. */
export const Text = z.string().regex(/\S/, { error: 'text that is not blank' });

/** A directory attribute, by the path that the configuration uses. */
export const AttributePath = z
  .string()
  .superRefine((path, context) => {
    const check = checkAttribute(path);
    if (!check.ok) context.addIssue({ code: 'custom', message: check.expected, params: { nearest: check.nearest } });
  })
  .meta({
    id: 'attribute',
    anyOf: [{ enum: ATTRIBUTE_PATHS }, { pattern: INDEXED_ATTRIBUTE.source }, { pattern: EXTENSION_ATTRIBUTE.source }],
    description: 'An attribute of the directory user.',
    examples: ['mobilePhone', 'businessPhones[0]', 'onPremisesExtensionAttributes.extensionAttribute3'],
  });

const MessagingField = z.enum(MESSAGING_FIELDS).meta({
  id: 'messagingField',
  description:
    'A field of the MessageMedia contact. `contact_name` fills first and last name, `phone_number` is the SMS number, `group` puts the contact on the list of that name.',
  examples: ['contact_name', 'phone_number', 'email', 'group'],
});

const MappingRule = z
  .strictObject({
    to: MessagingField,
    from: AttributePath.exactOptional().meta({
      description: 'The attribute that the value comes from.',
      examples: ['mobilePhone'],
    }),
    constant: Text.exactOptional().meta({
      description: 'The same value for everybody, in place of `from`.',
      examples: ['Synchronised from the directory'],
    }),
    fallback: z
      .array(AttributePath)
      .exactOptional()
      .meta({
        description: 'Attributes to try, in order, when `from` has no acceptable value.',
        examples: [['businessPhones[0]']],
      }),
    transform: z
      .array(z.enum(TRANSFORM_NAMES))
      .exactOptional()
      .meta({ description: 'Changes made to the value, in order.', examples: [['trim', 'title']] }),
    default: Text.exactOptional().meta({
      description: 'The value when neither `from` nor `fallback` has one.',
      examples: ['Unassigned'],
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
