import { z } from 'zod';
import { EXTENSION_ATTRIBUTE } from './attribute-table.ts';
import { ATTRIBUTE_PATHS, checkAttribute, INDEXED_ATTRIBUTE, MANAGER_ATTRIBUTE } from './attributes.ts';

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
    anyOf: [
      { enum: ATTRIBUTE_PATHS },
      { pattern: INDEXED_ATTRIBUTE.source },
      { pattern: EXTENSION_ATTRIBUTE.source },
      { pattern: MANAGER_ATTRIBUTE.source },
    ],
    description: 'An attribute of the directory user, or of the manager.',
    examples: [
      'mobilePhone',
      'businessPhones[0]',
      'onPremisesExtensionAttributes.extensionAttribute3',
      'manager.displayName',
    ],
  });
