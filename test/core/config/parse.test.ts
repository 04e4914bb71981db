import { describeConfigProblem, parseSyncConfig } from '../../../src/core/config/parse.ts';
import { aConfig, problemsIn, problemsOf, PUBLISHED_SAMPLE } from './configuration.ts';

const phone = { to: 'phone_number', from: 'mobilePhone' };

/** The only problem there is. */
function problemOf(changes: Readonly<Record<string, unknown>>): object {
  const problems = problemsOf(changes);
  expect(problems).toHaveLength(1);
  return problems[0] as object;
}

describe('parseSyncConfig', () => {
  it('reads the published sample and fills in every default', () => {
    const reading = parseSyncConfig(PUBLISHED_SAMPLE, 'sample');

    const rule = { fallback: [], transform: [], whenEmpty: 'keep', apply: 'always' };
    const remove = { action: 'remove-from-lists', afterDays: 0 };
    expect(reading).toEqual({
      ok: true,
      config: {
        name: 'default',
        direction: 'one-way',
        source: 'entra-id',
        target: 'messagemedia',
        schedule: '0 6 * * *',
        fullSchedule: '0 6 * * 0',
        timeZone: 'UTC',
        people: { users: { guests: false, disabled: false } },
        mapping: [
          { ...rule, from: 'displayName', to: 'contact_name' },
          { ...rule, from: 'mobilePhone', to: 'phone_number' },
          { ...rule, from: 'mail', to: 'email' },
          { ...rule, from: 'department', to: 'group' },
        ],
        filters: {
          all: [
            { attribute: 'department', in: ['Sales', 'Support'] },
            { attribute: 'accountEnabled', equals: true },
          ],
        },
        phone: { accept: 'mobile' },
        lists: { create: true, prefix: '', names: {} },
        leavers: { deleted: remove, disabled: remove, outOfScope: remove, unreachable: remove },
        protection: {
          maxRemovals: 200,
          maxRemovalShare: 0.2,
          perListShare: 0.1,
          floor: 10,
          maxUpdateShare: 0.5,
          firstRun: 'apply',
          canaries: [],
          holdHours: 72,
        },
        retention: { runsDays: 90 },
      },
    });
  });

  it('reads comments, trailing commas and a byte order mark', () => {
    const text = `\uFEFF// ours\n{"$schema": "x", "sync": {"schedule": "0 6 * * *", /* one */ "mapping": {"mobilePhone": "phone_number",},},}`;

    expect(parseSyncConfig(text, 'file')).toMatchObject({ ok: true });
  });

  it('keeps the long forms as they are written', () => {
    const mapping = [
      { ...phone, fallback: ['businessPhones[0]'], transform: ['trim'], whenEmpty: 'clear', apply: 'on-create' },
      { to: 'group', from: 'department', default: 'Unassigned' },
      { to: 'group', constant: 'Everybody' },
    ];
    const filters = { any: [{ attribute: 'department', startsWith: 'S', matchCase: true }] };
    const people = { users: { guests: true } };

    const config = aConfig({ mapping, filters, people, fullSchedule: ' 0  5 * * sat ' });

    expect(config.mapping[0]).toEqual(mapping[0]);
    expect(config.mapping[2]).toMatchObject({ to: 'group', constant: 'Everybody', fallback: [] });
    expect(config.filters).toEqual(filters);
    expect(config.people).toEqual({ users: { guests: true, disabled: false } });
    expect(config.fullSchedule).toBe('0 5 * * SAT');
  });

  it('reads everybody without filters and with empty ones', () => {
    expect(aConfig().filters).toEqual({ all: [] });
    expect(aConfig({ filters: {} }).filters).toEqual({ all: [] });
  });

  it('accepts the kinds of people as a list', () => {
    expect(aConfig({ people: ['users'] }).people).toEqual({ users: { guests: false, disabled: false } });
  });

  it('answers all problems at once, in the order of the text, with line and column', () => {
    const text = [
      '{ "sync": {',
      '  "direction": "bidirectional",',
      '  "shedule": "0 6 * * *",',
      '  "schedule": "0 6 31 2 *",',
      '  "mapping": [{ "to": "phone", "from": "mobilePhone" },',
      '              { "to": "phone_number" }],',
      '  "exclude": {},',
      '  "protection": { "floor": 1.5 } } }',
    ].join('\n');

    expect(problemsIn(text).map(({ line, column, path }) => [line, column, path])).toEqual([
      [2, 16, 'sync.direction'],
      [3, 3, 'sync.shedule'],
      [4, 15, 'sync.schedule'],
      [5, 23, 'sync.mapping[0].to'],
      [6, 15, 'sync.mapping[1]'],
      [7, 3, 'sync.exclude'],
      [8, 28, 'sync.protection.floor'],
    ]);
  });

  it('answers what was found, what is expected and what was probably meant', () => {
    expect(problemOf({ phone: { accept: 'mobil' } })).toEqual({
      source: 'sync.config.json',
      line: 1,
      column: expect.any(Number),
      path: 'sync.phone.accept',
      found: '"mobil"',
      expected: 'one of mobile, valid, possible',
      nearest: 'mobile',
    });
  });
});

describe('parseSyncConfig, text that is no configuration', () => {
  it.each([
    ['', 'a value'],
    ['{"sync": {"schedule": "0 6 * * *" "mapping": {"mobilePhone": "phone_number"}}}', 'a comma'],
    ['{"sync" {}}', 'a colon'],
    ['{"sync": {}', 'a closing brace }'],
    ['{"sync": [1', 'a closing bracket ]'],
    ['{"sync": {}} 1', 'the end of the file'],
    ['{"sync": "x', 'a closing double quote'],
    ['{"sync": {} /* x', 'the end of the comment'],
    ['{sync: {}}', 'valid JSON'],
    ['{"sync": {"a"}}', 'a colon'],
  ])('tells what is wrong with %j', (text, expected) => {
    expect(problemsIn(text)).toContainEqual(expect.objectContaining({ path: '', expected }));
  });

  it('tells the other problems of a broken text, but not what only seems to be missing', () => {
    const problems = problemsIn('{"sync": {"schedule": "never" "people": ["robots"]');

    expect(problems.map(({ path, expected }) => path || expected)).toEqual([
      'sync.schedule',
      'a comma',
      'sync.people[0]',
      'a closing brace }',
      'a closing brace }',
    ]);
  });

  it('counts lines and columns from 1, in texts of Windows too', () => {
    expect(problemsIn('{\r\n  "sync": 5\r\n}')).toEqual([
      { source: 'sync.config.json', line: 2, column: 11, path: 'sync', found: '5', expected: 'an object' },
    ]);
  });

  it.each([
    ['[]', [['', 'a list', 'an object']]],
    ['null', [['', 'null', 'an object']]],
    ['{}', [['sync', undefined, 'an object']]],
  ])('refuses %s', (text, expected) => {
    expect(problemsIn(text).map(({ path, found, expected: wanted }) => [path, found, wanted])).toEqual(expected);
  });

  it('notices the missing sync key', () => {
    expect(problemsIn('{"direction": "one-way"}').map(({ path }) => path)).toEqual(['sync', 'direction']);
  });

  it('refuses a key that stands twice, of which JSON would forget the first', () => {
    const problems = problemsIn(
      '{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilePhone": "phone_number", "mail": "email", "mail": "note"}}}',
    );

    expect(problems).toEqual([
      expect.objectContaining({ path: 'sync.mapping.mail', column: 96, expected: 'each key once' }),
    ]);
  });

  it('shortens long values', () => {
    expect(problemOf({ name: 'x'.repeat(100) })).toMatchObject({ found: `"${'x'.repeat(59)}…` });
  });
});

describe('parseSyncConfig, keys and values', () => {
  it.each([
    [{ timezone: 'UTC' }, 'sync.timezone', 'timeZone'],
    [{ phone: { country: 'AU' } }, 'sync.phone.country', 'defaultCountry'],
    [{ lists: { names: {}, prefixes: '' } }, 'sync.lists.prefixes', 'prefix'],
    [{ leavers: { delete: {} } }, 'sync.leavers.delete', 'deleted'],
    [{ leavers: { deleted: { actions: 'keep' } } }, 'sync.leavers.deleted.actions', 'action'],
    [{ protection: { maxRemoval: 1 } }, 'sync.protection.maxRemoval', 'maxRemovals'],
    [{ retention: { days: 1 } }, 'sync.retention.days', 'runsDays'],
    [{ people: { users: { guest: true } } }, 'sync.people.users.guest', 'guests'],
    [{ people: { users: {}, user: {} } }, 'sync.people.user', 'users'],
    [{ mapping: [{ ...phone, transforms: [] }] }, 'sync.mapping[0].transforms', 'transform'],
    [{ filters: { attribute: 'city', equal: 'Perth', equals: 'Perth' } }, 'sync.filters.equal', 'equals'],
    [{ filters: { departmnt: 'Sales' } }, 'sync.filters.departmnt', 'department'],
    [{ timeZone: 'Europe/Londn' }, 'sync.timeZone', 'Europe/London'],
    [{ phone: { defaultCountry: 'UK' } }, 'sync.phone.defaultCountry', 'GB'],
    [{ phone: { defaultCountry: 'au' } }, 'sync.phone.defaultCountry', 'AU'],
    [{ phone: { defaultCountry: 'XX' } }, 'sync.phone.defaultCountry', undefined],
    [{ leavers: { disabled: { action: 'remove' } } }, 'sync.leavers.disabled.action', 'remove-from-lists'],
    [{ leavers: { disabled: { afterDay: 3 } } }, 'sync.leavers.disabled.afterDay', 'afterDays'],
    [{ protection: { firstRun: 'aprove' } }, 'sync.protection.firstRun', 'approve'],
    [{ protection: { canary: [] } }, 'sync.protection.canary', 'canaries'],
    [{ protection: { holdHour: 24 } }, 'sync.protection.holdHour', 'holdHours'],
    [{ mapping: [{ ...phone, transform: ['uper'] }] }, 'sync.mapping[0].transform[0]', 'upper'],
    [{ mapping: { mobilePhone: 'phone_number', mail: 'emial' } }, 'sync.mapping.mail', 'email'],
    [{ mapping: [{ ...phone, fallback: ['busnessPhones[0]'] }] }, 'sync.mapping[0].fallback[0]', 'businessPhones[0]'],
  ])('refuses %j at %s and suggests %s', (changes, path, nearest) => {
    const problem = problemOf(changes);

    expect(problem).toMatchObject({ path });
    expect((problem as { readonly nearest?: string }).nearest).toBe(nearest);
  });

  it.each([
    [{ direction: 'bidirectional' }, /bidirectional is not supported yet/],
    [{ source: 'messagemedia' }, /messagemedia is not supported yet/],
    [{ target: 'entra-id' }, /entra-id is not supported yet/],
    [{ reconcileSchedule: '0 6 * * *' }, /reconcileSchedule is not supported yet/],
    [{ exclude: {} }, /exclude is not supported yet/],
    [{ custom: {} }, /custom is not supported yet/],
    [{ drift: 'repair' }, /drift is not supported yet/],
    [{ unmatched: 'report' }, /unmatched is not supported yet/],
    [{ optedOut: 'skip' }, /optedOut is not supported yet/],
    [{ people: ['orgContacts'] }, /orgContacts is not supported yet/],
    [{ people: ['users', 'mailboxContacts'] }, /mailboxContacts is not supported yet/],
    [{ people: { users: {}, orgContacts: {} } }, /orgContacts is not supported yet/],
    [{ mapping: [{ ...phone, when: {} }] }, /when is not supported yet/],
    [{ mapping: [{ ...phone, owner: 'either' }] }, /owner is not supported yet/],
    [{ mapping: [{ ...phone, conflict: 'report' }] }, /conflict is not supported yet/],
    [{ mapping: [{ ...phone, format: 'x' }] }, /format is not supported yet/],
    [{ mapping: [phone, { to: 'note', template: '{city}' }] }, /template is not supported yet/],
    [{ mapping: [{ ...phone, transform: [{ name: 'replace' }] }] }, /options are not supported yet/],
    [{ mapping: [phone, { to: 'whatsapp_number', from: 'mobilePhone' }] }, /whatsapp_number is not supported yet/],
    [{ mapping: { mobilePhone: 'phone_number', city: 'custom.city' } }, /custom.city is not supported yet/],
    [{ mapping: { mobilePhone: 'phone_number', 'manager.displayName': 'note' } }, /manager .*not supported yet/],
    [{ filters: { attribute: 'city', matches: '^P' } }, /matches is not supported yet/],
  ])('refuses %j as not supported yet', (changes, expected) => {
    expect(problemOf(changes)).toMatchObject({ expected: expect.stringMatching(expected) });
  });

  it('refuses a group filter as not supported yet', () => {
    expect(problemsOf({ filters: { memberOf: 'x', transitive: true } })).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: 'sync.filters.memberOf' })]),
    );
  });

  it.each([
    [{ name: 'Not valid' }, /lower-case/],
    [{ name: 5 }, /^text$/],
    [{ direction: 5 }, /^one-way$/],
    [{ schedule: 5 }, /^text$/],
    [{ schedule: '0 6 * * 7' }, /write 0 or SUN/],
    [{ fullSchedule: '@weekly' }, /@hourly/],
    [{ people: [] }, /^at least one entry$/],
    [{ people: true }, /^a list, or an object$/],
    [{ mapping: true }, /^an object, or a list$/],
    [{ mapping: [{ ...phone, transform: 'trim' }] }, /^a list$/],
    [{ mapping: [{ ...phone, transform: [5] }] }, /^one of trim/],
    [{ lists: { create: 'yes' } }, /^true or false$/],
    [{ lists: { names: { Sales: ' ' } } }, /not blank/],
    [{ lists: { names: { ' ': 'x' } } }, /not blank/],
    [{ lists: { names: [] } }, /^an object$/],
    [{ lists: { names: { Sales: 'a', 'sales ': 'b' } } }, /each group once/],
    [{ protection: { maxRemovalShare: 2 } }, /^at most 1$/],
    [{ protection: { maxRemovals: -1 } }, /^at least 0$/],
    [{ protection: { maxRemovals: 1.5 } }, /^a whole number$/],
    [{ protection: { perListShare: 'half' } }, /^a number$/],
    [{ retention: { runsDays: 0 } }, /^at least 1$/],
  ])('refuses %j', (changes, expected) => {
    expect(problemOf(changes)).toMatchObject({ expected: expect.stringMatching(expected) });
  });

  it('names a group with a blank in it in brackets', () => {
    expect(problemOf({ lists: { names: { 'Field Sales': 5 } } })).toMatchObject({
      path: 'sync.lists.names["Field Sales"]',
      found: '5',
    });
  });
});

describe('parseSyncConfig, mapping', () => {
  it.each([
    [{ displayName: 'contact_name' }, 'sync.mapping', /rule for phone_number/],
    [
      { mobilePhone: 'phone_number', 'businessPhones[0]': 'phone_number' },
      'sync.mapping["businessPhones[0]"]',
      /only group/,
    ],
    [[phone, { to: 'note', from: 'city' }, { to: 'note', from: 'state' }], 'sync.mapping[2]', /only group/],
    [[phone, { to: 'note' }], 'sync.mapping[1]', /^from .* or constant/],
    [[phone, { to: 'note', from: 'city', constant: 'x' }], 'sync.mapping[1]', /not both/],
    [[phone, { to: 'note', constant: 'x', fallback: ['city'] }], 'sync.mapping[1].fallback', /needs no fallback/],
    [[phone, { to: 'note', constant: 'x', default: 'y' }], 'sync.mapping[1].default', /needs no default/],
    [[phone, { to: 'note', constant: ' ' }], 'sync.mapping[1].constant', /not blank/],
    [[{ to: 'phone_number', constant: '+61491570156' }], 'sync.mapping[0].constant', /share a number/],
    [[{ ...phone, default: '+61491570156' }], 'sync.mapping[0].default', /share a number/],
    [
      [phone, { to: 'date_of_birth', from: 'employeeHireDate', whenEmpty: 'clear' }],
      'sync.mapping[1].whenEmpty',
      /date of birth/,
    ],
  ])('refuses %j', (mapping, path, expected) => {
    expect(problemOf({ mapping })).toMatchObject({ path, expected: expect.stringMatching(expected) });
  });

  it('tells an empty mapping and the missing phone number', () => {
    expect(problemsOf({ mapping: [] }).map(({ expected }) => expected)).toEqual([
      'at least one entry',
      expect.stringContaining('phone_number'),
    ]);
  });

  it('tells a rule that is none', () => {
    expect(problemOf({ mapping: [phone, 'mail'] })).toMatchObject({ path: 'sync.mapping[1]', expected: 'an object' });
  });

  it('does not count rules without a usable field as doubled', () => {
    expect(problemsOf({ mapping: [phone, { from: 'city' }, { from: 'state' }] }).map(({ path }) => path)).toEqual([
      'sync.mapping[1].to',
      'sync.mapping[2].to',
    ]);
  });
});

describe('parseSyncConfig, filters', () => {
  it.each([
    [{ department: 'Sales' }],
    [{ accountEnabled: 'True', city: ['Perth', 5] }],
    [{ employeeId: 5, 'onPremisesExtensionAttributes.extensionAttribute1': true }],
    [{ attribute: 'employeeHireDate', present: true }],
    [{ attribute: 'employeeHireDate', after: '2026-01-31' }],
    [{ attribute: 'employeeHireDate', after: '2026-01-31T08:00:00+10:00' }],
    [{ attribute: 'onPremisesExtensionAttributes.extensionAttribute1', greaterThan: 5 }],
    [{ attribute: 'accountEnabled', notEquals: false }],
    [{ not: { all: [{ attribute: 'city', contains: 'x' }, { any: [{ attribute: 'city', in: ['y'] }] }] } }],
  ])('accepts %j', (filters) => {
    expect(problemsOf({ filters })).toEqual([]);
  });

  it.each([
    [{ department: 'Sales', any: [{ attribute: 'city', equals: 'Perth' }] }, 'sync.filters.department', /never mixed/],
    [{ attribute: 'city', equals: 'Perth', department: 'Sales' }, 'sync.filters.department', /never mixed/],
    [{ any: [] }, 'sync.filters.any', /at least one entry/],
    [{ any: 5 }, 'sync.filters.any', /^a list$/],
    [{ not: 5 }, 'sync.filters.not', /^an object$/],
    [5, 'sync.filters', /^an object$/],
    [{ department: null }, 'sync.filters.department', /^text, or a number, or true or false, or a list$/],
    [{ department: [] }, 'sync.filters.department', /^at least one entry$/],
    [{ department: ['Sales', null] }, 'sync.filters.department[1]', /^text, or a number, or true or false$/],
    [{ department: '' }, 'sync.filters.department', /not blank/],
    [{ attribute: 'city' }, 'sync.filters', /^exactly one of equals, in/],
    [{ attribute: 'city', equals: 'Perth', contains: 'x' }, 'sync.filters', /^exactly one of/],
    [{ attribute: 'cty', equals: 'Perth' }, 'sync.filters.attribute', /of the directory/],
    [{ attribute: 'city', equals: {} }, 'sync.filters.equals', /^text, or/],
    [{ attribute: 'employeeHireDate', before: 'soon' }, 'sync.filters.before', /ISO date/],
    [{ attribute: 'employeeHireDate', before: '2026-02-30' }, 'sync.filters.before', /ISO date/],
    [{ attribute: 'employeeHireDate', before: 5 }, 'sync.filters.before', /^text$/],
    [{ attribute: 'employeeHireDate', equals: '2026-01-31' }, 'sync.filters.equals', /is a date/],
    [{ attribute: 'employeeHireDate', startsWith: '2026' }, 'sync.filters.startsWith', /is a date/],
    [{ employeeHireDate: '2026-01-31' }, 'sync.filters.employeeHireDate', /is a date/],
    [{ accountEnabled: 'yes' }, 'sync.filters.accountEnabled', /^true or false$/],
    [{ all: [{ attribute: 'accountEnabled', in: [true, 1] }] }, 'sync.filters.all[0].in[1]', /^true or false$/],
    [{ attribute: 'accountEnabled', contains: 'tru' }, 'sync.filters.contains', /equals or present/],
    [{ department: true }, 'sync.filters.department', /^text: the attribute/],
  ])('refuses %j', (filters, path, expected) => {
    expect(problemOf({ filters })).toMatchObject({ path, expected: expect.stringMatching(expected) });
  });

  it('refuses the short form inside the full form', () => {
    expect(problemsOf({ filters: { all: [{ department: 'Sales' }] } })).toContainEqual(
      expect.objectContaining({
        path: 'sync.filters.all[0].department',
        expected: expect.stringContaining('never mixed') as string,
      }),
    );
  });
});

describe('describeConfigProblem', () => {
  it('puts place, value, expectation and suggestion into one line', () => {
    const problem = {
      source: 'file',
      line: 2,
      column: 5,
      path: 'sync.name',
      found: '"x"',
      expected: 'y',
      nearest: 'z',
    };

    expect(describeConfigProblem(problem)).toBe('file:2:5 sync.name: found "x", expected y (did you mean "z"?)');
  });

  it('leaves out what there is not', () => {
    expect(describeConfigProblem({ source: 'file', line: 1, column: 1, path: '', expected: 'a value' })).toBe(
      'file:1:1: expected a value',
    );
  });
});
