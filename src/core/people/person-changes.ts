import { readAttribute } from '../config/attributes.ts';
import type { Attributes, AttributeValue } from './person.ts';

/**
 * What is written to the directory for values by attribute path (null clears): whole values under their root names.
 * `businessPhones`, with or without `[0]`, is its one number. The parts of employeeOrgData that are not mentioned stay as
 * they are in `attributes`, because the directory clears those that a write leaves out.
 */
export function composeChanges(values: Attributes, attributes: Attributes): Attributes {
  const changes: Record<string, AttributeValue> = {};
  for (const [path, value] of Object.entries(values)) {
    const root = path.replace(/[.[].*$/, '');
    const part = path.slice(root.length + 1);
    if (root === 'businessPhones') changes[root] = value === null ? [] : [value];
    else if (part === '') changes[root] = value;
    else changes[root] = { ...((changes[root] ?? partsKept(root, attributes)) as Attributes), [part]: value };
  }
  return changes;
}

// Of extension attributes those that are not mentioned stay without being sent.
function partsKept(root: string, attributes: Attributes): AttributeValue {
  return root === 'employeeOrgData' ? (readAttribute(attributes, root) ?? {}) : {};
}

/** The attributes of a person after values were written, by attribute path; null clears. */
export function withValues(values: Attributes, attributes: Attributes): Attributes {
  const after: Record<string, AttributeValue> = { ...attributes };
  for (const [root, value] of Object.entries(composeChanges(values, attributes))) {
    if (value === null) delete after[root];
    else if (typeof value === 'object' && !Array.isArray(value)) {
      after[root] = { ...(readAttribute(attributes, root) as Attributes | null | undefined), ...(value as Attributes) };
    } else after[root] = value;
  }
  return after;
}
