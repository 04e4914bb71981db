import { parseSyncConfig } from '../../core/config/parse.ts';
import type { ConfigReading } from '../../core/config/parse.ts';

/** What a first configuration is made of; an absent part is left out of it. */
export interface Choices {
  readonly number: string;
  readonly name: string | undefined;
  readonly mail: string | undefined;
  readonly list: string | undefined;
  /** Empty: everybody with an enabled account. */
  readonly departments: readonly string[];
  readonly country: string | undefined;
  readonly schedule: string;
  readonly timeZone: string;
}

const SCHEMA = './schema/sync.schema.json';

/** The text of the configuration, as people would write it. */
export function draftConfig(choices: Choices): string {
  const { departments, country, schedule, timeZone } = choices;
  const sync = {
    direction: 'one-way',
    source: 'entra-id',
    target: 'messagemedia',
    schedule,
    timeZone,
    mapping: mappingOf(choices),
    filters: { ...(departments.length > 0 && { department: departments }), accountEnabled: true },
    ...(country !== undefined && { phone: { defaultCountry: country } }),
  };
  return `${JSON.stringify({ $schema: SCHEMA, sync }, undefined, 2)}\n`;
}

/** Read as the app will read it. */
export function readDraft(choices: Choices, file: string): ConfigReading {
  return parseSyncConfig(draftConfig(choices), file);
}

/** The short form, unless one attribute has to fill two fields. */
function mappingOf({ number, name, mail, list }: Choices): unknown {
  const rules = [
    { from: name, to: 'contact_name' },
    { from: number, to: 'phone_number' },
    { from: mail, to: 'email' },
    { from: list, to: 'group' },
  ].filter(({ from }) => from !== undefined);
  const sources = new Set(rules.map(({ from }) => from));
  return sources.size === rules.length
    ? (Object.fromEntries(rules.map(({ from, to }) => [from, to])) as unknown)
    : rules;
}
