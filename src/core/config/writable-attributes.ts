import type { Attributes, AttributeValue } from '../people/person.ts';
import { EXTENSION_ATTRIBUTE, OBJECT_ATTRIBUTES } from './attribute-table.ts';

/** What the directory takes for an attribute. Sources: `user` resource and "Update user" of Microsoft Graph v1.0. */
interface WriteRule {
  /** Characters; absent where Microsoft documents no limit. */
  readonly maxLength?: number;
  /** The directory refuses to have it empty. */
  readonly required?: true;
  readonly pattern?: RegExp;
  /** Set in the cloud for synchronised people too; everything else of theirs belongs to the directory on-premises. */
  readonly cloudMastered?: true;
  /** Belongs to Exchange, for good, as soon as the person was ever synchronised from on-premises. */
  readonly neverSyncedOnly?: true;
}

const PHONES: Readonly<Record<string, WriteRule>> = {
  // A list that takes one number only.
  businessPhones: { maxLength: 64 },
  mobilePhone: { maxLength: 64 },
};

/**
 * What an app may write on its own. Left out with intent, although it could be written: accountEnabled, userPrincipalName,
 * userType, otherMails and whatever else decides who can sign in. App-only never: employeeHireDate, aboutMe and the like.
 */
const OTHERS: Readonly<Record<string, WriteRule>> = {
  city: { maxLength: 128 },
  companyName: { maxLength: 64 },
  country: { maxLength: 128 },
  department: { maxLength: 64 },
  displayName: { maxLength: 256, required: true },
  employeeId: { maxLength: 16 },
  employeeType: {},
  faxNumber: {},
  givenName: { maxLength: 64 },
  jobTitle: { maxLength: 128 },
  // Letters with accents are refused.
  mail: { required: true, pattern: /^[\u0021-\u007E]+@[\u0021-\u007E]+$/ },
  officeLocation: {},
  postalCode: { maxLength: 40 },
  preferredLanguage: {},
  state: { maxLength: 128 },
  streetAddress: { maxLength: 1024 },
  surname: { maxLength: 64 },
  usageLocation: { required: true, pattern: /^[A-Za-z]{2}$/, cloudMastered: true },
};

const OBJECTS: Readonly<Record<string, WriteRule>> = {
  employeeOrgData: {},
  onPremisesExtensionAttributes: { maxLength: 1024, neverSyncedOnly: true },
};

// Of a text; numbers, dates and booleans are as long as they are.
const EXTENSION: WriteRule = { maxLength: 256, cloudMastered: true };

const PATH = /^(\w+)(?:\.(\w+)|\[(\d{1,2})\])?$/;

/** Whether we write this attribute, given by its path in the configuration. */
export function isWritable(path: string): boolean {
  const [, root = '', part, index] = PATH.exec(path) ?? [];
  if (part !== undefined) return Object.hasOwn(OBJECTS, root) && OBJECT_ATTRIBUTES[root]?.includes(part) === true;
  if (index !== undefined) return root === 'businessPhones' && Number(index) === 0;
  return Object.hasOwn(PHONES, root) || Object.hasOwn(OTHERS, root) || EXTENSION_ATTRIBUTE.test(root);
}

/** The attributes that a mapping rule writes when its field comes back: of a whole name its parts. */
export function attributesWrittenBy({
  to,
  from,
}: {
  readonly to?: unknown;
  readonly from?: unknown;
}): readonly string[] {
  if (to === 'contact_name') return ['givenName', 'surname'];
  return typeof from === 'string' ? [from.replace('[0]', '')] : [];
}

/** Whether an attribute, by path, is one that a tenant gives a meaning of its own. */
export function isExtension(path: string): boolean {
  return EXTENSION_ATTRIBUTE.test(path) || (path.startsWith('onPremisesExtensionAttributes.') && isWritable(path));
}

/** Whether an attribute, by path or root name, is a phone number: those have a permission and a request of their own. */
export function isPhone(path: string): boolean {
  return Object.hasOwn(PHONES, rootOf(path));
}

/**
 * Whether a person's attribute belongs to a directory on-premises, so that no write to it can succeed. Needs
 * `onPremisesSyncEnabled` among what is known of the person.
 */
export function isMasteredElsewhere(path: string, { onPremisesSyncEnabled: synced }: Attributes): boolean {
  const rule = ruleOf(rootOf(path));
  if (rule?.neverSyncedOnly === true) return typeof synced === 'boolean';
  return synced === true && rule?.cloudMastered !== true;
}

export interface WriteProblem {
  readonly code: 'not-writable' | 'required' | 'too-long' | 'malformed' | 'one-number-only';
  /** With `too-long`: the most characters. */
  readonly limit?: number;
}

/**
 * Why the directory would not take this value, given as text by path or as a whole by root name; null clears.
 * Undefined when nothing is known against it.
 */
export function writeProblemOf(path: string, value: AttributeValue): WriteProblem | undefined {
  const root = rootOf(path);
  const rule = ruleOf(root);
  if (rule === undefined || (path !== root && !isWritable(path))) return { code: 'not-writable' };
  if (value === null) return clearingProblem(path, rule);
  if (Array.isArray(value)) return root === 'businessPhones' ? phonesProblem(value) : { code: 'malformed' };
  if (typeof value === 'object') return partsProblem(root, value as Attributes);
  if (typeof value !== 'string') return EXTENSION_ATTRIBUTE.test(root) ? undefined : { code: 'malformed' };
  return textProblem(value, rule);
}

function clearingProblem(path: string, rule: WriteRule): WriteProblem | undefined {
  if (rule.required === true) return { code: 'required' };
  // Parts are cleared one by one: the whole would take those with it that nobody maps.
  return Object.hasOwn(OBJECTS, path) ? { code: 'malformed' } : undefined;
}

function phonesProblem(numbers: readonly AttributeValue[]): WriteProblem | undefined {
  if (numbers.length > 1) return { code: 'one-number-only' };
  return numbers.map((number) => writeProblemOf('businessPhones[0]', number)).find((problem) => problem !== undefined);
}

function partsProblem(root: string, parts: Attributes): WriteProblem | undefined {
  const problems = Object.entries(parts).map(([part, value]) => writeProblemOf(`${root}.${part}`, value));
  return problems.find((problem) => problem !== undefined);
}

function textProblem(text: string, { maxLength, pattern }: WriteRule): WriteProblem | undefined {
  // The directory has no empty texts: what is empty is cleared.
  if (text.trim() === '') return { code: 'malformed' };
  if (maxLength !== undefined && text.length > maxLength) return { code: 'too-long', limit: maxLength };
  return pattern?.test(text) === false ? { code: 'malformed' } : undefined;
}

function ruleOf(root: string): WriteRule | undefined {
  const tables = [PHONES, OTHERS, OBJECTS];
  const table = tables.find((rules) => Object.hasOwn(rules, root));
  return table?.[root] ?? (EXTENSION_ATTRIBUTE.test(root) ? EXTENSION : undefined);
}

function rootOf(path: string): string {
  return path.replace(/[.[].*$/, '');
}
