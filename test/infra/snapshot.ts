import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource as the compiler predicts it. Texts in `[…]` are known only while Azure deploys. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly kind?: string;
  readonly sku?: Readonly<Record<string, string>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Snapshot {
  readonly predictedResources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly diagnostics: readonly unknown[];
}

export type Variant = 'main' | 'private';
export const VARIANTS: readonly Variant[] = ['main', 'private'];

/** What a set of parameters makes, as `npm run infra:check` holds it against the compiler. */
export function readSnapshot(variant: Variant): Snapshot {
  return JSON.parse(readFileSync(join('infra', `${variant}.snapshot.json`), 'utf8')) as Snapshot;
}

export function resourcesOf(variant: Variant, type: string): readonly Resource[] {
  return readSnapshot(variant).predictedResources.filter((resource) => resource.type === type);
}

/** The only resource of its type; throws when there are none or several. */
export function theResource(variant: Variant, type: string): Resource {
  const [found, ...more] = resourcesOf(variant, type);
  if (found === undefined || more.length > 0) throw new Error(`There are ${more.length + 1} or no ${type}.`);
  return found;
}

/** One part of the app's configuration; undefined where the parameters leave it out. */
export function siteConfig(variant: Variant, part: string): Resource['properties'] | undefined {
  return resourcesOf(variant, 'Microsoft.Web/sites/config').find(({ name }) => name.endsWith(`/${part}`))?.properties;
}

/** The app settings, with those known only to Azure as their expressions. */
export function appSettings(variant: Variant): Readonly<Record<string, string>> {
  return siteConfig(variant, 'appsettings') as Readonly<Record<string, string>>;
}

/** Every text in a value, wherever it stands, with the path to it. */
export function textsIn(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}/${key}`));
}
