import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSyncConfig } from '../../src/core/config/parse.ts';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import { explainScope, type ClauseExplanation } from '../../src/core/people/explain-scope.ts';
import { mapPerson } from '../../src/core/people/map-person.ts';
import type { Person } from '../../src/core/people/person.ts';
import { judgeScope } from '../../src/core/people/scope.ts';
import { textOf } from '../../src/core/people/text.ts';
import type { MappingContext } from '../../src/core/people/rule-value.ts';
import { createTestDigest } from '../support/test-digest.ts';
import { blocksOf, codesIn, readText, sectionOf, tableRows } from './markdown.ts';

const FIXTURES = 'test/fixtures/cookbook';
const NOW = Date.UTC(2026, 2, 10, 12);

/** Somebody of the invented directory, with the groups that the person is in, through nested groups, too. */
interface FixturePerson extends Person {
  readonly why: string;
  readonly memberOf?: readonly string[];
}

const cookbook = readText('docs/mapping-cookbook.md');
const ENTRA = 'Coming from Microsoft Entra provisioning';
const recipes = [...cookbook.matchAll(/^## (.*)$/gm)].map(([, title]) => title!).filter((title) => title !== ENTRA);

function fileOf(recipe: string): string {
  return recipe.toLowerCase().replaceAll(' ', '-');
}

function configOf(recipe: string): SyncConfig {
  const [block] = blocksOf(sectionOf(cookbook, recipe));
  const reading = parseSyncConfig(block!.body, recipe);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.config;
}

function peopleOf(recipe: string): readonly FixturePerson[] {
  return JSON.parse(readFileSync(join(FIXTURES, `${fileOf(recipe)}.people.json`), 'utf8')) as readonly FixturePerson[];
}

function contextOf(person: FixturePerson): MappingContext {
  const groups = new Set(person.memberOf);
  return { now: NOW, isMember: (groupId) => groups.has(groupId), digest: createTestDigest() };
}

/** What becomes of one person: a contact with its values and lists, or why there is none. */
function planOf(person: FixturePerson, config: SyncConfig): readonly string[] {
  const context = contextOf(person);
  const scope = explainScope(person, config, context);
  const title = `${textOf(person.attributes['displayName'])} (${person.why})`;
  if (!scope.inScope) {
    const asked = scope.clauses.filter(({ path }) => path.startsWith(scope.decidedBy!));
    return [`- ${title}`, `    ${scope.reason}`, ...asked.map(clauseLine)];
  }
  const mapped = mapPerson(person, config, context);
  const rejected = mapped.invalid.map(({ field, limit }) => `    rejected ${field}: not ${limit}`);
  if (!mapped.reachable) return [`! ${title}`, `    ${mapped.reason}`, ...rejected];
  const { phone, whatsapp, fields, onCreate, lists } = mapped.desired;
  const values = { phone, ...(whatsapp === undefined ? {} : { whatsapp }), ...fields };
  return [
    `+ ${title}`,
    ...Object.entries(values).map(([field, text]) => {
      return `    ${field.padEnd(20)} ${text === '' ? '(cleared)' : text}${onCreate.includes(field) ? ' (once)' : ''}`;
    }),
    `    ${'lists'.padEnd(20)} ${lists.join(', ') || '(none)'}`,
    ...rejected,
  ];
}

function clauseLine({ path, expected, state, value, holds }: ClauseExplanation): string {
  const found =
    state === undefined ? '' : `; found ${value === undefined ? `nothing (${state})` : JSON.stringify(value)}`;
  return `    ${holds === true ? 'yes' : 'no '} ${path}: ${expected}${found}`;
}

describe('docs/mapping-cookbook.md', () => {
  it('has a directory and a plan for every recipe, and no other', () => {
    const files = recipes.flatMap((recipe) => [`${fileOf(recipe)}.people.json`, `${fileOf(recipe)}.plan.txt`]);

    expect(recipes.length).toBeGreaterThan(6);
    expect(readdirSync(FIXTURES).toSorted()).toEqual(files.toSorted());
  });

  it.each(recipes)('plans as %s says', (recipe) => {
    const config = configOf(recipe);

    const plan = peopleOf(recipe).map((person) => planOf(person, config).join('\n'));

    const golden = readFileSync(join(FIXTURES, `${fileOf(recipe)}.plan.txt`), 'utf8');
    expect(`${plan.join('\n\n')}\n`).toBe(golden);
  });

  it.each(recipes)('shows every rule of %s at work', (recipe) => {
    const config = configOf(recipe);
    const mapped = peopleOf(recipe).map((person) => mapPerson(person, config, contextOf(person)));
    const fields = new Set(mapped.flatMap((one) => (one.reachable ? Object.keys(one.desired.fields) : [])));
    const custom = config.mapping.filter(({ to }) => to.startsWith('custom.')).map(({ to }) => to.replace('.', ':'));

    const outcomes = new Set(peopleOf(recipe).map((person) => explainScope(person, config, contextOf(person)).inScope));

    expect(custom.filter((field) => !fields.has(field))).toEqual([]);
    expect(outcomes).toEqual(new Set([true, false]));
  });
});

describe('what Microsoft Entra provisioning calls it', () => {
  const rows = tableRows(sectionOf(cookbook, ENTRA)).map((row): readonly [string, string, string, string] => {
    const [here = '', of = '', gives = ''] = row.slice(1).map((cell) => codesIn(cell)[0]);
    return [row[0]!, here, of, gives];
  });
  const isFilter = (here: string): boolean => /^\{"(?:attribute|all|any|not)"/.test(here);
  const mappings = rows.filter(([, here]) => !isFilter(here));
  const filters = rows.filter(([, here]) => isFilter(here));

  /** A configuration with this rule for the note, or with these filters. */
  function configWith(rule: object, filter: object = {}): SyncConfig {
    const mapping = [
      { to: 'phone_number', from: 'mobilePhone' },
      { to: 'note', ...rule },
    ];
    const people = { users: { disabled: true } };
    const sync = { schedule: '0 6 * * *', people, mapping, filters: filter };
    const reading = parseSyncConfig(JSON.stringify({ sync }), 'row');
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    return reading.config;
  }

  function somebody(attributes: string): Person {
    const given = JSON.parse(attributes) as Person['attributes'];
    return { id: '1', presence: 'present', attributes: { mobilePhone: '+61450000001', ...given } };
  }

  const context: MappingContext = { now: NOW, isMember: () => false, digest: createTestDigest() };

  it('has the mappings and the filters', () => {
    expect(mappings.length).toBeGreaterThan(15);
    expect(filters.length).toBeGreaterThan(10);
  });

  it.each(mappings)('maps %s', (_entra, rule, attributes, gives) => {
    const mapped = mapPerson(somebody(attributes), configWith(JSON.parse(rule) as object), context);

    expect(mapped).toMatchObject({ reachable: true, desired: { fields: { note: gives } } });
  });

  it.each(filters)('filters by %s', (_entra, filter, holds, doesNot) => {
    const config = configWith({ constant: 'x' }, JSON.parse(filter) as object);

    expect(judgeScope(somebody(holds), config, context).inScope).toBe(true);
    if (doesNot !== '') expect(judgeScope(somebody(doesNot), config, context).inScope).toBe(false);
  });
});
