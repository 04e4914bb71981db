import { CANARY_ATTRIBUTE } from '../people/canaries.ts';
import type { AttributeValue, Attributes, PersonValues } from '../people/person.ts';
import { attributesOfTemplate } from '../people/template.ts';
import {
  COLLECTION_ATTRIBUTES,
  EXTENSION_ATTRIBUTE,
  OBJECT_ATTRIBUTES,
  PLAIN_ATTRIBUTES,
  REFUSED_ATTRIBUTES,
  type AttributeKind,
} from './attribute-table.ts';
import { allClausesOf } from './filter-tree.ts';
import { nearest } from './nearest.ts';
import { flowOf, type MappingRule, type SyncConfig } from './sync-config.ts';
import { attributesWrittenBy } from './writable-attributes.ts';

const MANAGER = 'manager';
const MANAGER_PREFIX = `${MANAGER}.`;

const PATH = /^([A-Za-z]\w*)(?:\.([A-Za-z]\w*)|\[(\d{1,2})\])?$/;

// Needed for every person whatever the mapping says: who is in scope, the name rule and the region of a number.
const CONTROL_ATTRIBUTES = [
  'accountEnabled',
  'country',
  'displayName',
  'givenName',
  'surname',
  'usageLocation',
  'userType',
];

/** Every fixed attribute path, for suggestions and for the editor's completion. */
export const ATTRIBUTE_PATHS: readonly string[] = [
  ...Object.keys(PLAIN_ATTRIBUTES),
  ...COLLECTION_ATTRIBUTES.flatMap((name) => [name, `${name}[0]`]),
  ...Object.entries(OBJECT_ATTRIBUTES).flatMap(([name, parts]) => parts.map((part) => `${name}.${part}`)),
].toSorted();

/** One entry of a collection of text. */
export const INDEXED_ATTRIBUTE = new RegExp(`^(?:${COLLECTION_ATTRIBUTES.join('|')})\\[\\d{1,2}\\]$`);

export type AttributeCheck =
  | { readonly ok: true; readonly kind: AttributeKind }
  | { readonly ok: false; readonly expected: string; readonly nearest?: string };

/** An attribute of the manager, for the editor: what follows is checked when the configuration is read. */
export const MANAGER_ATTRIBUTE = /^manager\.(?!manager\b)[A-Za-z]/;

/** Says whether a path can be synchronised, what kind of value it holds, or why it is refused and what was probably meant. */
export function checkAttribute(path: string): AttributeCheck {
  if (path.startsWith(MANAGER_PREFIX)) return checkManagerAttribute(path.slice(MANAGER_PREFIX.length));
  const kind = kindOf(path);
  if (kind !== undefined) return { ok: true, kind };
  const expected = refusalOf(path);
  const suggestion = nearest(path, ATTRIBUTE_PATHS);
  return suggestion === undefined ? { ok: false, expected } : { ok: false, expected, nearest: suggestion };
}

/**
 * What the directory is asked for: the root properties of mapping, filters, conditions, exclusions and control
 * attributes; sorted, each once. Managers are people who were read, so what is used of them is asked for, too.
 */
export function selectOf(config: SyncConfig): readonly string[] {
  const byName = [...config.protection.canaries, ...config.exclude.people.filter((who) => who.includes('@'))];
  const named = byName.length === 0 ? [] : [CANARY_ATTRIBUTE];
  const paths = [...CONTROL_ATTRIBUTES, ...named, ...neededToWrite(config), ...usedPaths(config)];
  return [...new Set(paths.flatMap(selectedFor))].toSorted();
}

/** Whose directory is elsewhere cannot be written: known before a call is wasted. Mails help to tell whom a contact means. */
function neededToWrite(config: SyncConfig): readonly string[] {
  const flow = flowOf(config);
  const told = optOutPaths(config);
  if (flow === 'push' && told.length === 0) return [];
  return ['onPremisesSyncEnabled', ...told, ...(flow === 'pull' ? ['mail', 'userPrincipalName'] : [])];
}

/** Paths of the attributes that a run may write to the directory; none where it writes nothing there. */
export function writtenAttributesOf(config: SyncConfig): readonly string[] {
  const kept = config.mapping.filter(({ owner, apply }) => owner !== 'directory' && apply === 'always');
  const mapped = flowOf(config) === 'push' ? [] : kept.flatMap(attributesWrittenBy);
  return [...new Set(mapped), ...optOutPaths(config)];
}

function optOutPaths({ optOutAttribute }: SyncConfig): readonly string[] {
  return optOutAttribute === undefined ? [] : [optOutAttribute];
}

/** The root properties of managers that mapping, filters and conditions use; none when they use no manager. */
export function managerAttributesOf(config: Pick<SyncConfig, 'mapping' | 'filters'>): readonly string[] {
  const used = usedPaths(config).filter((path) => path.startsWith(MANAGER_PREFIX));
  return [...new Set(used.map((path) => rootOf(path.slice(MANAGER_PREFIX.length))))].toSorted();
}

function usedPaths(config: Pick<SyncConfig, 'mapping' | 'filters'>): readonly string[] {
  const compared = allClausesOf(config).flatMap((clause) => ('attribute' in clause ? [clause.attribute] : []));
  return [...config.mapping.flatMap(attributesOfRule), ...compared];
}

/** The attributes that a rule takes its value from, in the order in which they are tried. */
function attributesOfRule({ from, template, fallback }: MappingRule): readonly string[] {
  const first = from === undefined ? attributesOfTemplate(template ?? '') : [from];
  return [...first, ...fallback];
}

/** Reads a path of a person, those of the manager included: `null` = no manager, `undefined` = nobody knows. */
export function readPerson({ attributes, manager }: PersonValues, path: string): AttributeValue | undefined {
  if (!path.startsWith(MANAGER_PREFIX)) return readAttribute(attributes, path);
  if (manager === undefined) return attributes[MANAGER] === null ? null : undefined;
  return readAttribute(manager, path.slice(MANAGER_PREFIX.length));
}

/**
 * Reads one attribute by its path. `undefined` = the directory did not mention it; `null` = mentioned and empty.
 * A collection or object arrives whole, so a part missing from it is empty.
 */
export function readAttribute(attributes: Attributes, path: string): AttributeValue | undefined {
  const [, root = path, part, index] = PATH.exec(path) ?? [];
  const value = Object.hasOwn(attributes, root) ? attributes[root] : undefined;
  if (value === undefined || value === null) return value;
  if (index !== undefined) return Array.isArray(value) ? ((value[Number(index)] as AttributeValue) ?? null) : null;
  if (part !== undefined) return partOf(value, part);
  return value;
}

function partOf(value: Exclude<AttributeValue, null>, part: string): AttributeValue {
  if (typeof value !== 'object' || !Object.hasOwn(value, part)) return null;
  return (value as Readonly<Record<string, AttributeValue>>)[part] ?? null;
}

function checkManagerAttribute(path: string): AttributeCheck {
  if (path.startsWith(MANAGER))
    return { ok: false, expected: "an attribute of the manager: nobody's manager's manager" };
  const check = checkAttribute(path);
  if (check.ok || check.nearest === undefined) return check;
  return { ...check, nearest: MANAGER_PREFIX + check.nearest };
}

function selectedFor(path: string): readonly string[] {
  if (!path.startsWith(MANAGER_PREFIX)) return [rootOf(path)];
  return [MANAGER, rootOf(path.slice(MANAGER_PREFIX.length))];
}

function kindOf(path: string): AttributeKind | undefined {
  if (Object.hasOwn(PLAIN_ATTRIBUTES, path)) return PLAIN_ATTRIBUTES[path];
  if (EXTENSION_ATTRIBUTE.test(path)) return 'open';
  if (COLLECTION_ATTRIBUTES.includes(path) || INDEXED_ATTRIBUTE.test(path)) return 'text';
  const [, root = '', part] = PATH.exec(path) ?? [];
  if (part !== undefined && partsOf(root).includes(part)) return 'open';
  return undefined;
}

function refusalOf(path: string): string {
  const root = rootOf(path);
  if (root === MANAGER) return 'one attribute of the manager, for example manager.displayName';
  if (Object.hasOwn(REFUSED_ATTRIBUTES, root)) return REFUSED_ATTRIBUTES[root] as string;
  if (COLLECTION_ATTRIBUTES.includes(root)) return `one entry of the collection, for example ${root}[0]`;
  const [firstPart] = partsOf(root);
  if (firstPart !== undefined) return `one part of the object, for example ${root}.${firstPart}`;
  if (path.startsWith('extension_')) return 'extension_<application id, 32 hexadecimal digits without dashes>_<name>';
  return 'an attribute of the directory';
}

function partsOf(root: string): readonly string[] {
  return Object.hasOwn(OBJECT_ATTRIBUTES, root) ? (OBJECT_ATTRIBUTES[root] as readonly string[]) : [];
}

function rootOf(path: string): string {
  return path.replace(/[.[].*$/, '');
}
