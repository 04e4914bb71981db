import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { parse } from 'jsonc-parser';
import { configSchemaText } from '../../../src/core/config/json-schema.ts';
import { parseSyncConfig } from '../../../src/core/config/parse.ts';
import { PUBLISHED_SAMPLE } from './configuration.ts';

const SAMPLE_FILE = 'sync.config.sample.jsonc';
const schema = JSON.parse(configSchemaText()) as object;
const isValid = new Ajv({ strict: false, formats: {} }).compile(schema);

interface Keyed {
  readonly properties?: Readonly<Record<string, Keyed>>;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly $ref?: string;
}

/** Every key with its schema, at any depth of the document. */
function keysOf(part: unknown): readonly (readonly [string, Keyed])[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = Object.entries((part as Keyed).properties ?? {});
  return [...own, ...Object.values(part).flatMap(keysOf)];
}

describe('configSchemaText', () => {
  it('is what schema/sync.schema.json holds (npm run config:schema writes it)', () => {
    expect(JSON.parse(readFileSync('schema/sync.schema.json', 'utf8'))).toEqual(schema);
  });

  it('explains every key', () => {
    const silent = keysOf(schema).filter(([, key]) => key.description === undefined && key.$ref === undefined);

    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it.each([
    ['the published sample', PUBLISHED_SAMPLE],
    ['the sample file', readFileSync(SAMPLE_FILE, 'utf8')],
  ])('accepts %s', (_name, text) => {
    expect(isValid(parse(text))).toBe(true);
    expect(parseSyncConfig(text, 'sample')).toMatchObject({ ok: true });
  });

  it.each([
    [{ sync: { schedule: '0 6 * * *', mapping: { mobilePhone: 'phone_number' }, template: 1 } }],
    [{ sync: { schedule: '0 6 * * *', mapping: { mobilPhone: 'phone_number' } } }],
    [{ sync: { schedule: '0 6 * * *', mapping: { mobilePhone: 'phone' } } }],
    [{ sync: { mapping: { mobilePhone: 'phone_number' } } }],
  ])('refuses %j', (document) => {
    expect(isValid(document)).toBe(false);
  });

  it('has the sample file agree with the published sample', () => {
    const file = parseSyncConfig(readFileSync(SAMPLE_FILE, 'utf8'), SAMPLE_FILE);
    const published = parseSyncConfig(PUBLISHED_SAMPLE, 'published');

    const phone = { accept: 'mobile', defaultCountry: 'AU' };
    expect(file).toEqual(published.ok ? { ok: true, config: { ...published.config, phone } } : undefined);
  });
});
