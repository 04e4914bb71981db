import fc from 'fast-check';
import { expectPeople } from '../../../local/oracle/expect-people.ts';
import { readOracleConfig } from '../../../local/oracle/oracle-config.ts';
import type { OracleUser, OracleWorld } from '../../../local/oracle/oracle-user.ts';
import { parseSyncConfig } from '../../../src/core/config/parse.ts';
import type { SyncConfig } from '../../../src/core/config/sync-config.ts';
import { mapPerson } from '../../../src/core/people/map-person.ts';
import type { Attributes, AttributeValue, Person } from '../../../src/core/people/person.ts';
import { judgeScope } from '../../../src/core/people/scope.ts';
import { filters, people } from './arbitraries.ts';
import { aContext, BOARD, NOW, ON_CALL } from './mapping-context.ts';

type Section = Readonly<Record<string, unknown>>;

const MANAGER: Attributes = { displayName: 'Mary Mentor', mail: 'mary@example.com', department: 'Board' };

/** What the documents promise, asked of the engine. */
function engineSays(person: Person, config: SyncConfig, memberships: Readonly<Record<string, boolean>>): object {
  const context = aContext(memberships);
  const scope = judgeScope(person, config, context);
  if (!scope.inScope)
    return scope.reason === 'excluded' ? { excluded: true } : { leftOut: scope.reason, cause: scope.cause };
  const mapped = mapPerson(person, config, context);
  if (!mapped.reachable) return { leftOut: mapped.reason, cause: 'unreachable' };
  const { phone, fields, onCreate, lists } = mapped.desired;
  // The oracle does not say what stands in a field that is filled only once.
  const kept = Object.entries(fields).filter(([field]) => !onCreate.includes(field));
  return { number: phone, fields: Object.fromEntries(kept), lists };
}

/** The same, asked of the oracle, which imports nothing of the engine. */
function oracleSays(person: Person, section: Section, memberships: Readonly<Record<string, boolean>>): object {
  const world: OracleWorld = {
    now: NOW,
    isMember: (_personId, groupId, transitive) => memberships[transitive ? `${groupId} transitive` : groupId] ?? false,
    managerOf: () => (person.manager === undefined ? undefined : { id: 'manager', ...person.manager }),
  };
  const user = { id: person.id, ...person.attributes } as OracleUser;
  const [expected] = expectPeople([user], readOracleConfig(section), world);
  if ('excluded' in expected!) return { excluded: true };
  if ('leftOut' in expected!) return { leftOut: expected.leftOut, cause: expected.cause };
  const { number, fields, lists } = expected!.contact;
  return { number, fields, lists };
}

function parsed(section: Section): SyncConfig {
  const reading = parseSyncConfig(JSON.stringify({ sync: section }), 'test');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.config;
}

const transforms = fc.array(
  fc.constantFrom<unknown>(
    'trim',
    'collapseSpaces',
    'lower',
    'upper',
    'digits',
    'first',
    'last',
    'join',
    { name: 'replace', find: 'sa', with: 'X' },
    { name: 'regexReplace', pattern: '[aeiou]+', with: '_$&_' },
    { name: 'split', separator: ' ' },
    { name: 'split', separator: ' ', index: -1 },
    { name: 'substring', start: -4, length: 3 },
    { name: 'map', values: { SALES: 'Sellers', HR: '' }, default: 'Others' },
    { name: 'map', values: { 'ada example': 'Countess' } },
    { name: 'truncateWords', maxLength: 7 },
  ),
  { maxLength: 3 },
);
const PATHS = [
  'displayName',
  'department',
  'mail',
  'businessPhones',
  'employeeOrgData.division',
  'manager.mail',
  'mobilePhone',
];
const path = fc.constantFrom(...PATHS);
const rule = fc
  .tuple(
    fc.oneof(
      fc.record({ from: path }),
      fc.record({ template: fc.constantFrom('{displayName} of {department}', '{{{mail}}}', '{manager.displayName}!') }),
      fc.record({ from: path, default: fc.constantFrom('None', '2026-02-03', 'x@example.com', '12') }),
    ),
    fc.record(
      {
        fallback: fc.array(path, { maxLength: 2 }),
        transform: transforms,
        when: fc.oneof(filters, fc.constant({ department: ['sales', 'Board'] })),
        whenEmpty: fc.constantFrom('keep', 'clear'),
        apply: fc.constantFrom('always', 'always', 'on-create'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([source, extras]) => ({ ...source, ...extras }));

const FIELDS = ['contact_name', 'last_name', 'email', 'note', 'custom.count', 'custom.since', 'custom.any'];

const sections: fc.Arbitrary<Section> = fc
  .record({
    number: fc.constantFrom<object>(
      { from: 'mobilePhone' },
      { from: 'mobilePhone', fallback: ['businessPhones[1]'] },
      { template: '{mobilePhone}', transform: ['trim'] },
    ),
    fields: fc.subarray(FIELDS).chain((names) => fc.tuple(...names.map((to) => rule.map((one) => ({ to, ...one }))))),
    groups: fc.array(fc.oneof(rule, fc.constant({ constant: 'All staff' })), { maxLength: 3 }),
    filter: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: filters }),
    lists: fc.constantFrom<object>({}, { prefix: 'E ' }, { names: { sales: 'Sellers' } }),
    exclude: fc.constantFrom<object>(
      {},
      {},
      {},
      { people: ['ada@example.com'] },
      { people: ['00000000-0000-4000-8000-000000000001'] },
      { lists: ['All staff'] },
    ),
    users: fc.record({ guests: fc.boolean(), disabled: fc.boolean() }),
  })
  .map(({ number, fields, groups, filter, lists, exclude, users }) => {
    const custom = { count: { type: 'NUMBER', maxLength: 4 }, since: { type: 'DATE' }, any: { maxLength: 6 } };
    const described = Object.entries(custom).filter(([tag]) => fields.some(({ to }) => to === `custom.${tag}`));
    return {
      schedule: '0 6 * * *',
      people: { users },
      custom: Object.fromEntries(described),
      mapping: [{ to: 'phone_number', ...number }, ...fields, ...groups.map((one) => ({ to: 'group', ...one }))],
      filters: filter,
      lists,
      exclude,
      phone: { defaultCountry: 'AU' },
    };
  });

const memberships = fc.dictionary(fc.constantFrom(ON_CALL, BOARD, `${ON_CALL} transitive`), fc.boolean());

/** Only these hold objects in a directory. */
function isPossible([name, value]: [string, AttributeValue]): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return !isObject || name === 'employeeOrgData' || name === 'manager';
}

/** Users of the directory as it may show them. */
const users = people.map(({ manager, ...person }): Person => {
  const attributes = Object.fromEntries(Object.entries(person.attributes).filter(isPossible));
  const user = { id: person.id, presence: 'present' as const, attributes };
  return manager === undefined ? user : { ...user, manager: MANAGER };
});

describe('scope and mapping', () => {
  it('make of a person what an oracle makes of the documents', () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(users, sections, memberships, (person, section, groups) => {
        const said = engineSays(person, parsed(section), groups);

        outcomes.add(Object.keys(said)[0]!);
        expect(said).toEqual(oracleSays(person, section, groups));
      }),
      { numRuns: 500 },
    );
    expect(outcomes).toEqual(new Set(['number', 'leftOut', 'excluded']));
  });
});
