import { COLLECTION_ATTRIBUTES, OBJECT_ATTRIBUTES, PLAIN_ATTRIBUTES } from '../../src/core/config/attribute-table.ts';
import { configSchemaText } from '../../src/core/config/json-schema.ts';
import { describeConfigProblem, parseSyncConfig } from '../../src/core/config/parse.ts';
import { operatorTable, transformTable } from '../../src/core/config/reference-tables.ts';
import { parseSchedule } from '../../src/core/config/schedule.ts';
import { OPERATORS } from '../../src/core/config/schema-filter.ts';
import { MAPPING_RULE_KEYS } from '../../src/core/config/schema-mapping.ts';
import { MESSAGING_FIELDS, type SyncConfig } from '../../src/core/config/sync-config.ts';
import { isWritable, writeProblemOf } from '../../src/core/config/writable-attributes.ts';
import { CUSTOM_FIELD_TYPES } from '../../src/core/people/contact.ts';
import { customFieldShape } from '../../src/core/people/custom-fields.ts';
import { protectPlan, type Distrust, type Members } from '../../src/core/plan/protect.ts';
import { NOTHING_APPLIED, type Applied, type Weighed } from '../../src/core/plan/weigh.ts';
import { AppSettings, LOCAL_SECRETS, SETTING_NAMES } from '../../src/functions/setting-names.ts';
import { blocksOf, codesIn, DOCUMENTS, readText, rowsByCode, sectionOf, tableRows, withoutBlocks } from './markdown.ts';

const configuration = readText('docs/configuration.md');
const codes = new Set(codesIn(withoutBlocks(configuration)));

/** Every name that the configuration's JSON Schema knows as a key, wherever it stands. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { readonly properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(keysOf)];
}

/** Whether a key stands in backticks by itself, or as the last part of a path such as `lists.prefix`. */
function isNamed(key: string): boolean {
  return [...codes].some((code) => code === key || code.endsWith(`.${key}`) || code.includes(`"${key}"`));
}

function defaults(): SyncConfig {
  const reading = parseSyncConfig(
    '{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilePhone": "phone_number"}}}',
    'minimal',
  );
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.config;
}

describe('docs/configuration.md', () => {
  it('names every key of the configuration', () => {
    const keys = [...new Set(keysOf(JSON.parse(configSchemaText())))];

    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter((key) => !isNamed(key))).toEqual([]);
  });

  it.each(['phone', 'lists', 'protection', 'retention'] as const)('gives the defaults of %s as they are', (group) => {
    const rows = new Map(
      configuration
        .split('\n')
        .filter((line) => line.startsWith(`| \`${group}.`))
        .map((line) => [codesIn(line)[0]!, line] as const),
    );

    const shown = Object.entries(defaults()[group]).map(([key]) => codesIn(rows.get(`${group}.${key}`))[1]);

    expect(shown).toEqual(Object.values(defaults()[group]).map((value) => JSON.stringify(value)));
  });

  it('describes every messaging field', () => {
    const rows = rowsByCode(configuration, 'Messaging fields');

    expect(MESSAGING_FIELDS.filter((field) => !rows.has(field))).toEqual([]);
  });

  it.each([
    ['operators', operatorTable()],
    ['transforms', transformTable()],
  ])('has the table of %s that npm run config:schema writes', (name, [, ...wanted]) => {
    const [, part = ''] = configuration.split(`<!-- ${name}: written by npm run config:schema -->`);

    const rows = tableRows(part.slice(0, part.indexOf(`<!-- ${name}: end -->`)));

    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(wanted.map((row) => row.map((cell) => cell.trim())));
  });

  it('names what can be written to the directory, with its limits, and nothing else', () => {
    const rows = rowsByCode(configuration, 'Attributes that can be written');
    const fixed = [...rows].filter(([path]) => path in PLAIN_ATTRIBUTES || path === 'businessPhones');
    const writable = [...Object.keys(PLAIN_ATTRIBUTES), ...COLLECTION_ATTRIBUTES].filter((path) => isWritable(path));

    expect(fixed.map(([path]) => path).toSorted()).toEqual(writable.toSorted());
    for (const [path, [, told = '']] of fixed) {
      const limit = Number(told.replace(',', ''));
      const problem = writeProblemOf(path, 'x'.repeat(5_000));
      // A country code has a form, which is told beside its length.
      if (path !== 'usageLocation') expect([path, problem?.limit]).toEqual([path, limit || undefined]);
    }
  });

  it('describes every operator of a filter', () => {
    const rows = rowsByCode(configuration, 'Filters');

    expect(OPERATORS.filter((operator) => !rows.has(operator))).toEqual([]);
  });

  it('describes every type of a custom field, with its defaults', () => {
    const rows = rowsByCode(configuration, 'Custom fields');
    const { label, ...shape } = customFieldShape('any', defaults());

    expect(CUSTOM_FIELD_TYPES.filter((type) => !rows.has(type))).toEqual([]);
    expect(label).toBe('any');
    for (const [key, value] of Object.entries(shape)) {
      expect(codesIn(rows.get(`custom.<tag>.${key}`)?.[1])).toEqual([JSON.stringify(value)]);
    }
  });

  it('gives the keys of a rule and their defaults as they are', () => {
    const rows = rowsByCode(configuration, 'Mapping');
    const [rule] = defaults().mapping;
    const { to: _to, from: _from, ...shown } = rule!;

    expect(MAPPING_RULE_KEYS.filter((key) => !rows.has(key))).toEqual([]);
    for (const [key, value] of Object.entries(shown))
      expect(codesIn(rows.get(key)?.[1])).toEqual([JSON.stringify(value)]);
  });

  it('names every directory attribute', () => {
    const named = new Set(codesIn(sectionOf(configuration, 'Directory attributes')));
    const attributes = [...Object.keys(PLAIN_ATTRIBUTES), ...COLLECTION_ATTRIBUTES];

    expect(attributes.filter((attribute) => !named.has(attribute))).toEqual([]);
    expect(Object.keys(OBJECT_ATTRIBUTES).filter((root) => ![...named].some((name) => name.startsWith(root)))).toEqual(
      [],
    );
  });

  it('describes every app setting, and no other', () => {
    const rows = rowsByCode(configuration, 'App settings');
    const settings = [...rows.keys()].filter((name) => /^[A-Z_]+$|^AzureWebJobsStorage/.test(name));

    expect(new Set(settings)).toEqual(new Set<string>(SETTING_NAMES));
  });

  it.each(SETTING_NAMES.map((name) => [name]))('gives the default of %s as it is', (name) => {
    const reading = AppSettings.shape[name].safeParse(undefined);
    const row = rowsByCode(configuration, 'App settings').get(name) ?? [];

    const expected = reading.success && reading.data !== undefined ? [String(reading.data)] : [];

    expect(codesIn(row[1])).toEqual(name === 'AzureWebJobsStorage__clientId' ? ['AZURE_CLIENT_ID'] : expected);
  });

  it.each(Object.entries(LOCAL_SECRETS))('says under which name the vault has %s', (secret, setting) => {
    const row = rowsByCode(configuration, 'App settings').get(setting) ?? [];

    expect(codesIn(row[2])).toContain(secret);
  });
});

describe('configurations in the documents', () => {
  const examples = DOCUMENTS.flatMap((path) =>
    blocksOf(readText(path))
      .filter(({ language, body }) => /^jsonc?$/.test(language) && body.includes('"sync"'))
      .map(({ body }, index) => [`${path} ${index + 1}`, body] as const),
  );

  it('are in the README and in docs/configuration.md', () => {
    expect(examples.map(([name]) => name)).toEqual(
      expect.arrayContaining(['README.md 1', 'README.md 2', 'docs/configuration.md 1', 'docs/configuration.md 2']),
    );
  });

  it.each(examples)('can be used as they stand: %s', (name, text) => {
    expect(parseSyncConfig(text, name)).toMatchObject({ ok: true });
  });
});

describe('the problem that docs/configuration.md shows', () => {
  it('is told in these words', () => {
    const [shown] = blocksOf(configuration);
    const lines = [
      '{ "sync": {',
      '  "schedule": "0 6 * * *",',
      '  "mapping": { "mobilePhone": "phone_number" },',
      '  "timeZone":       "Sydney"',
      '} }',
    ];

    const reading = parseSyncConfig(lines.join('\n'), 'sync.config.json');

    const told = reading.ok ? [] : reading.problems.map(describeConfigProblem);
    expect(told).toEqual([shown?.body.trim()]);
  });
});

describe('schedules in docs/configuration.md', () => {
  const rows = tableRows(sectionOf(configuration, 'Schedules')).map(
    (row) => [codesIn(row[0]), codesIn(row[2])] as const,
  );

  it('are refused as it says', () => {
    const refused = rows.flatMap(([wrong]) => wrong);

    expect(refused.length).toBeGreaterThan(6);
    expect(refused.filter((code) => parseSchedule(code.length > 1 ? code : `0 9 * * ${code}`).ok)).toEqual([]);
  });

  it('are accepted where it says what to write', () => {
    const whole = rows.flatMap(([, right]) => right).filter((code) => code.split(' ').length > 1);
    const weekdays = ['SUN', 'FRI,SAT,SUN,MON'].map((days) => `0 9 * * ${days}`);

    expect([...whole, ...weekdays].filter((schedule) => !parseSchedule(schedule).ok)).toEqual([]);
  });
});

describe('worked numbers of protection in docs/configuration.md', () => {
  const SALES = { key: 'sales', name: 'Sales' };
  const MEMBERS: Members = { total: 1000, perList: { sales: 300 } };

  /** `count` operations, the first `fromSales` of which leave the list Sales. */
  function operations(kind: 'removal' | 'update' | 'move', count: number, fromSales = 0): Weighed[] {
    return Array.from({ length: count }, (_, index) => ({
      personId: `p${index}`,
      isLeaver: kind === 'removal',
      isRemoval: kind === 'removal',
      isUpdate: kind === 'update',
      leaves: index < fromSales ? [SALES] : [],
      clears: [],
    }));
  }

  const small: Members = { total: 12, perList: {} };
  const plans: readonly (readonly [string, readonly Weighed[], Partial<Applied>, Members, Distrust | undefined])[] = [
    ['150 leavers, 25 of them in Sales', operations('removal', 150, 25), {}, MEMBERS, undefined],
    ['150 leavers, 40 of them in Sales', operations('removal', 150, 40), {}, MEMBERS, undefined],
    ['201 leavers', operations('removal', 201), {}, MEMBERS, undefined],
    ['60 leavers, after 150 this morning', operations('removal', 60), { removals: 150 }, MEMBERS, undefined],
    ['35 people move from Sales to Support', operations('move', 35, 35), {}, MEMBERS, undefined],
    ['600 people get a new job title that is mapped', operations('update', 600), {}, MEMBERS, undefined],
    ['12 managed people in all, 10 leave', operations('removal', 10), {}, small, undefined],
    ['12 managed people in all, 11 leave', operations('removal', 11), {}, small, undefined],
    ['a full run in which the directory shows nobody', operations('removal', 1), {}, MEMBERS, 'empty-directory'],
    ['the first run against another tenant', operations('removal', 1), {}, MEMBERS, 'tenant-changed'],
    ['a full run that does not show a canary', operations('removal', 1), {}, MEMBERS, 'canary-missing'],
    [
      'a full run that shows 700 people, after one that showed 1,000',
      operations('removal', 1),
      {},
      MEMBERS,
      'count-deviation',
    ],
  ];
  const rows = new Map(tableRows(sectionOf(configuration, 'Protection')).map((row) => [row[0], row] as const));

  it.each(plans)('are right: %s', (plan, weighed, recent, members, distrust) => {
    const { holds, held } = protectPlan(
      weighed,
      { recent: { ...NOTHING_APPLIED, ...recent }, members, plannedPeople: members.total, joined: new Set(), distrust },
      defaults().protection,
    );

    const result = rows.get(plan)?.[2];
    const people = Number(/the (\d+)/.exec(result ?? '')?.[1] ?? weighed.length);
    expect(result).toBeDefined();
    expect(holds.map(({ rule }) => rule)).toEqual(codesIn(result));
    expect(held.size).toBe(holds.length === 0 ? 0 : people);
  });

  it('are right for a first run', () => {
    const overwriting = operations('update', 60);

    const { holds, held } = protectPlan(
      overwriting,
      {
        recent: NOTHING_APPLIED,
        members: { total: 0, perList: {} },
        plannedPeople: 100,
        joined: new Set(),
        distrust: undefined,
      },
      defaults().protection,
    );

    expect(holds.map(({ rule, members }) => [rule, members])).toEqual([['update-share', 100]]);
    expect(held.size).toBe(60);
  });
});
