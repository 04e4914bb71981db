import type { Attributes, AttributeValue } from '../../core/people/person.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';

/** Where an attribute of the configuration comes from, in an object that has another shape than a user. */
interface Origin {
  readonly property: string;
  readonly read: (value: unknown) => AttributeValue;
}
export type Origins = Readonly<Record<string, Origin>>;

/** The properties that hold these attributes; what such an object cannot have is not asked for. */
export function propertiesFor(origins: Origins, attributes: readonly string[]): string[] {
  return [...new Set(attributes.flatMap((name) => origins[name]?.property ?? []))];
}

/** The attributes of which the object says something: a property that is not mentioned says nothing of any of them. */
export function attributesFrom(origins: Origins, json: Json, attributes: readonly string[]): Attributes {
  const found: Record<string, AttributeValue> = {};
  for (const name of attributes) {
    const origin = origins[name];
    if (origin !== undefined && origin.property in json) found[name] = origin.read(json[origin.property]);
  }
  return found;
}

/** Attributes that are called what their property is called, and mean the same. */
export function sameName(...names: readonly string[]): Origins {
  // What JSON.parse gives is an AttributeValue by construction.
  return Object.fromEntries(names.map((name) => [name, { property: name, read: (value) => value as AttributeValue }]));
}

/** Attributes out of one object, or out of the first one of a list: an object that is not there clears them all. */
export function partsOf(property: string, parts: Readonly<Record<string, string>>): Origins {
  const partOf = (value: unknown, part: string): AttributeValue => {
    const holder: unknown = Array.isArray(value) ? value[0] : value;
    return isObject(holder) ? textOrNull(holder[part]) : null;
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, { property, read: (value) => partOf(value, part) }]),
  );
}

/** The value where it is text, null for everything else. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
