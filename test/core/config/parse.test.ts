import { describeConfigProblem, parseSyncConfig } from '../../../src/core/config/parse.ts';
import { aConfig, problemsIn, problemsOf, PUBLISHED_SAMPLE } from './configuration.ts';

const phone = { to: 'phone_number', from: 'mobilePhone' };

/** The only problem there is. */
function problemOf(changes: Readonly<Record<string, unknown>>): object {
  const problems = problemsOf(changes);
  expect(problems).toHaveLength(1);
  return problems[0] as object;
}

const OWNERSHIP = { owner: 'directory', conflict: 'directory', format: 'keep' };

describe('parseSyncConfig', () => {
  it('reads the published sample and fills in every default', () => {
    const reading = parseSyncConfig(PUBLISHED_SAMPLE, 'sample');

    const rule = { fallback: [], transform: [], whenEmpty: 'keep', apply: 'always', ...OWNERSHIP };
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
        people: { users: { guests: false, disabled: false }, orgContacts: false, mailboxContacts: [] },
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
        exclude: { people: [], phones: [], lists: [], contacts: [] },
        custom: {},
        phone: { accept: 'mobile' },
        lists: { create: true, prefix: '', names: {} },
        drift: 'repair',
        unmatched: 'report',
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
        optedOut: 'unsubscribed',
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

    expect(config.mapping[0]).toEqual({ ...mapping[0], transform: [{ name: 'trim' }], ...OWNERSHIP });
    expect(config.mapping[2]).toMatchObject({ to: 'group', constant: 'Everybody', fallback: [] });
    expect(config.filters).toEqual(filters);
    expect(config.people).toMatchObject({ users: { guests: true, disabled: false } });
    expect(config.fullSchedule).toBe('0 5 * * SAT');
  });

  it('reads everybody without filters and with empty ones', () => {
    expect(aConfig().filters).toEqual({ all: [] });
    expect(aConfig({ filters: {} }).filters).toEqual({ all: [] });
  });

  it('compares the contacts only when a schedule says so', () => {
    expect(aConfig().reconcileSchedule).toBeUndefined();
    expect(aConfig({ reconcileSchedule: '0 0 4 * * 6', drift: 'report' })).toMatchObject({
      reconcileSchedule: '0 0 4 * * 6',
      drift: 'report',
    });
  });

  it('accepts the kinds of people as a list', () => {
    const users = { guests: false, disabled: false };

    expect(aConfig({ people: ['users'] }).people).toEqual({ users, orgContacts: false, mailboxContacts: [] });
    expect(aConfig({ people: ['users', 'orgContacts'] }).people).toMatchObject({ users, orgContacts: true });
  });

  it('answers all problems at once, in the order of the text, with line and column', () => {
    const text = [
      '{ "sync": {',
      '  "direction": "sideways",',
      '  "shedule": "0 6 * * *",',
      '  "schedule": "0 6 31 2 *",',
      '  "mapping": [{ "to": "phone", "from": "mobilePhone" },',
      '              { "to": "phone_number" }],',
      '  "drift": "mend",',
      '  "protection": { "floor": 1.5 } } }',
    ].join('\n');

    expect(problemsIn(text).map(({ line, column, path }) => [line, column, path])).toEqual([
      [2, 16, 'sync.direction'],
      [3, 3, 'sync.shedule'],
      [4, 15, 'sync.schedule'],
      [5, 23, 'sync.mapping[0].to'],
      [6, 15, 'sync.mapping[1]'],
      [7, 12, 'sync.drift'],
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
    [{ name: 'Not valid' }, /lower-case/],
    [{ name: 5 }, /^text$/],
    [{ direction: 5 }, /^one of one-way, bidirectional$/],
    [{ schedule: 5 }, /^text$/],
    [{ schedule: '0 6 * * 7' }, /write 0 or SUN/],
    [{ fullSchedule: '@weekly' }, /@hourly/],
    [{ reconcileSchedule: '@weekly' }, /@hourly/],
    [{ drift: 'mend' }, /^one of repair, report$/],
    [{ people: [] }, /^at least one entry$/],
    [{ people: true }, /^a list, or an object$/],
    [{ mapping: true }, /^an object, or a list$/],
    [{ mapping: [{ ...phone, transform: 'trim' }] }, /^a list$/],
    [{ mapping: [{ ...phone, transform: [5] }] }, /^the name of a transform/],
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
    [[phone, { to: 'note', from: 'city', template: '{city}' }], 'sync.mapping[1]', /^only one of from, template$/],
    [[phone, { to: 'whatsapp_number', constant: '+61491570156' }], 'sync.mapping[1].constant', /share a number/],
    [[phone, { to: 'note', from: 'city', constant: 'x' }], 'sync.mapping[1]', /^only one of from, constant$/],
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

const GROUP = '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f';

/** One rule more than the number's. */
function withRule(rule: object): Readonly<Record<string, unknown>> {
  return { mapping: [phone, { to: 'note', ...rule }] };
}

/** One transform in that rule. */
function withTransform(...transform: readonly unknown[]): Readonly<Record<string, unknown>> {
  return withRule({ from: 'city', transform });
}

describe('parseSyncConfig, the whole grammar', () => {
  it('accepts all of it together', () => {
    const config = aConfig({
      people: {
        users: { guests: true },
        orgContacts: {},
        mailboxContacts: [{ mailbox: 'a@example.com', folder: 'Contacts' }],
      },
      custom: { staff_number: { label: 'Staff number', type: 'NUMBER', maxLength: 8 }, site: {} },
      mapping: [
        phone,
        { to: 'whatsapp_number', from: 'businessPhones[1]', when: { country: 'India' } },
        { to: 'custom.staff_number', from: 'employeeId', transform: ['digits'] },
        { to: 'custom.site', template: '{officeLocation} ({country})', fallback: ['city'], default: 'Remote' },
        {
          to: 'note',
          template: 'Manager: {manager.displayName}',
          transform: [{ name: 'truncateWords', maxLength: 40 }],
        },
        { to: 'group', from: 'department', transform: [{ name: 'map', values: { 'Dept 10': 'Sales' }, default: '' }] },
        { to: 'group', constant: 'On-call', when: { memberOf: GROUP, transitive: true } },
      ],
      filters: { any: [{ attribute: 'department', matches: '^(Sales|Support)\\b' }, { memberOf: GROUP }] },
      exclude: { people: ['ada@example.com'], phones: ['0491 570 156'], lists: ['Board'], contacts: ['c'] },
      phone: { defaultCountry: 'AU' },
    });

    expect(config.people).toMatchObject({ orgContacts: true, mailboxContacts: [{ folder: 'Contacts' }] });
    expect(config.custom).toEqual({
      staff_number: { label: 'Staff number', type: 'NUMBER', maxLength: 8 },
      site: { label: 'site', type: 'TEXT', maxLength: 255 },
    });
    expect(config.mapping[1]?.when).toEqual({ all: [{ attribute: 'country', equals: 'India' }] });
    expect(config.mapping[6]?.when).toEqual({ memberOf: GROUP, transitive: true });
    expect(config.exclude.phones).toEqual(['+61491570156']);
  });

  it('writes the defaults of transforms out', () => {
    const config = aConfig(withTransform('date', { name: 'replace', find: 'x' }, { name: 'e164' }));

    expect(config.mapping[1]?.transform).toEqual([
      { name: 'date', format: 'yyyy-MM-dd' },
      { name: 'replace', find: 'x', with: '', matchCase: false },
      { name: 'e164', accept: 'valid' },
    ]);
  });
});

describe('parseSyncConfig, mistakes in the whole grammar', () => {
  it.each<[object, string, RegExp, string | undefined]>([
    [withRule({ template: '{cty}' }), 'sync.mapping[1].template', /attribute of the directory in \{cty\}/, 'city'],
    [withRule({ template: '{manager.deprtment}' }), 'sync.mapping[1].template', /in \{manager/, 'manager.department'],
    [withRule({ template: '{city' }), 'sync.mapping[1].template', /closing brace/, undefined],
    [withRule({ template: 'city' }), 'sync.mapping[1].template', /is a constant/, undefined],
    [withRule({ from: 'manager' }), 'sync.mapping[1].from', /for example manager.displayName/, undefined],
    [withRule({ from: 'manager.manager.mail' }), 'sync.mapping[1].from', /manager's manager/, undefined],
    [withRule({ from: 'manager.zzzzzzzz' }), 'sync.mapping[1].from', /of the directory/, undefined],
    [withTransform('replace'), 'sync.mapping[1].transform[0]', /^an object .* replace needs find$/, undefined],
    [withTransform('map'), 'sync.mapping[1].transform[0]', /map needs values$/, undefined],
    [withTransform('uper'), 'sync.mapping[1].transform[0]', /^one of trim/, 'upper'],
    [withTransform({ name: 'replac' }), 'sync.mapping[1].transform[0].name', /^one of trim/, 'replace'],
    [withTransform({}), 'sync.mapping[1].transform[0].name', /^one of trim/, undefined],
    [withTransform({ name: 'trim', x: 1 }), 'sync.mapping[1].transform[0].x', /trim has no arguments/, undefined],
    [
      withTransform({ name: 'join', seperator: 1 }),
      'sync.mapping[1].transform[0].seperator',
      /arguments separator/,
      'separator',
    ],
    [
      withTransform({ name: 'split', separator: '' }),
      'sync.mapping[1].transform[0].separator',
      /one character/,
      undefined,
    ],
    [withTransform({ name: 'substring', start: 'a' }), 'sync.mapping[1].transform[0].start', /^a number$/, undefined],
    [withTransform({ name: 'hash', length: 8 }), 'sync.mapping[1].transform[0].length', /^at least 16$/, undefined],
    [withTransform({ name: 'map', values: {} }), 'sync.mapping[1].transform[0].values', /one entry/, undefined],
    [withTransform({ name: 'date', format: 'DD' }), 'sync.mapping[1].transform[0].format', /yyyy/, undefined],
    [withTransform({ name: 'date', order: 'dym' }), 'sync.mapping[1].transform[0].order', /dmy, mdy/, undefined],
    [
      withTransform({ name: 'regexReplace', pattern: '(a' }),
      'sync.mapping[1].transform[0].pattern',
      /missing closing/,
      undefined,
    ],
    [
      withTransform({ name: 'regexReplace', pattern: '' }),
      'sync.mapping[1].transform[0].pattern',
      /one character/,
      undefined,
    ],
    [
      withTransform({ name: 'regexReplace', pattern: 'a', with: "$'" }),
      'sync.mapping[1].transform[0].with',
      /not allowed/,
      undefined,
    ],
    [withRule({ from: 'city', when: { departmnt: 'x' } }), 'sync.mapping[1].when.departmnt', /directory/, 'department'],
    [withRule({ from: 'city', when: { attribute: 'city' } }), 'sync.mapping[1].when', /^exactly one of/, undefined],
    [
      withRule({ from: 'city', when: { accountEnabled: 'x' } }),
      'sync.mapping[1].when.accountEnabled',
      /^true or false/,
      undefined,
    ],
    [withRule({ from: 'city', when: 5 }), 'sync.mapping[1].when', /^an object$/, undefined],
    [withRule({ from: 'city', wen: {} }), 'sync.mapping[1].wen', /^one of the keys/, 'when'],
    [withRule({ to: 'custom.staff-no', from: 'city' }), 'sync.mapping[1].to', /^a merge tag/, 'custom.staff_no'],
    [withRule({ to: 'custom.', from: 'city' }), 'sync.mapping[1].to', /^a merge tag/, undefined],
    [withRule({ to: 'custom.email', from: 'mail' }), 'sync.mapping[1].to', /the field email/, undefined],
    [withRule({ to: 'custom.entra_object_id', from: 'mail' }), 'sync.mapping[1].to', /whose a contact is/, undefined],
    [
      withRule({ to: 'whatsap_number', from: 'mobilePhone' }),
      'sync.mapping[1].to',
      /custom.<merge tag>/,
      'whatsapp_number',
    ],
    [
      { ...withRule({ to: 'custom.staff_no', from: 'city' }), custom: { staff_nr: {} } },
      'sync.custom.staff_nr',
      /a rule fills/,
      'staff_no',
    ],
    [
      { ...withRule({ to: 'custom.a', from: 'city' }), custom: { a: { typ: 'TEXT' } } },
      'sync.custom.a.typ',
      /label, type/,
      'type',
    ],
    [
      { ...withRule({ to: 'custom.a', from: 'city' }), custom: { a: { type: 'number' } } },
      'sync.custom.a.type',
      /DATE/,
      'NUMBER',
    ],
    [
      { ...withRule({ to: 'custom.a', from: 'city' }), custom: { a: { maxLength: 300 } } },
      'sync.custom.a.maxLength',
      /255/,
      undefined,
    ],
    [{ mapping: { mobilePhone: 'phone_number' }, custom: { x: {} } }, 'sync.custom.x', /a rule fills/, undefined],
    [{ custom: 5 }, 'sync.custom', /^an object$/, undefined],
    [{ custom: { 'a-b': {} } }, 'sync.custom["a-b"]', /^a merge tag: a letter/, undefined],
    [{ custom: { email: {} } }, 'sync.custom.email', /filled by the field email/, undefined],
    [
      withTransform({ name: 'replace', find: 'a', with: 'x'.repeat(256) }),
      'sync.mapping[1].transform[0].with',
      /^at most 255 characters$/,
      undefined,
    ],
    [{ filters: { attribute: 'city', matches: '(?=a)' } }, 'sync.filters.matches', /no look-around/, undefined],
    [{ filters: { attribute: 'city', matches: ' ' } }, 'sync.filters.matches', /not blank/, undefined],
    [
      { filters: { attribute: 'accountEnabled', matches: 't' } },
      'sync.filters.matches',
      /equals or present/,
      undefined,
    ],
    [{ filters: { memberOf: 'On-call' } }, 'sync.filters.memberOf', /object id of a group/, undefined],
    [{ filters: { memberOf: GROUP, transitiv: true } }, 'sync.filters.transitiv', /keys/, 'transitive'],
    [{ filters: { memberOf: GROUP, matchCase: true } }, 'sync.filters.matchCase', /does not go with/, undefined],
    [{ filters: { memberOf: GROUP, city: 'Perth' } }, 'sync.filters.city', /never mixed/, undefined],
    [{ filters: { transitive: true } }, 'sync.filters.transitive', /of the directory/, undefined],
    [{ exclude: { phones: ['0491 570 156'] } }, 'sync.exclude.phones[0]', /country code/, undefined],
    [{ exclude: { phones: [5] } }, 'sync.exclude.phones[0]', /^text$/, undefined],
    [{ exclude: { phones: [' '] } }, 'sync.exclude.phones[0]', /not blank/, undefined],
    [{ exclude: { phone: [] } }, 'sync.exclude.phone', /people, phones/, 'phones'],
    [{ exclude: { people: 'ada@example.com' } }, 'sync.exclude.people', /^a list$/, undefined],
    [{ people: ['orgContacts'] }, 'sync.people', /always read/, undefined],
    [{ people: ['users', 'mailboxContacts'] }, 'sync.people[1]', /need the object/, undefined],
    [{ people: { orgContacts: { x: 1 } } }, 'sync.people.orgContacts.x', /^no keys here$/, undefined],
    [
      {
        people: {
          mailboxContacts: [
            { mailbox: 'a@example.com', folder: 'Contacts' },
            { mailbox: 'A@example.com', folder: 'contacts' },
          ],
        },
      },
      'sync.people.mailboxContacts',
      /^each folder once$/,
      undefined,
    ],
    [{ people: { mailboxContacts: [{ mailbox: 'x' }] } }, 'sync.people.mailboxContacts[0].folder', /^text$/, undefined],
    [
      { people: { mailboxContacts: [{ mailbox: 'x', folder: 'y', foldr: 'z' }] } },
      'sync.people.mailboxContacts[0].foldr',
      /mailbox, folder/,
      'folder',
    ],
  ])('refuses %j at %s', (changes, path, expected, nearest) => {
    const problem = problemOf(changes as Readonly<Record<string, unknown>>);

    expect(problem).toMatchObject({ path, expected: expect.stringMatching(expected) });
    expect((problem as { readonly nearest?: string }).nearest).toBe(nearest);
  });

  it('reads an excluded number in the default country of the configuration, however broken the rest of it', () => {
    const exclude = { phones: ['0491 570 156'] };

    expect(problemsOf({ exclude, phone: { defaultCountry: 'AU' } })).toEqual([]);
    expect(problemsOf({ exclude, phone: { defaultCountry: 5 } }).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['sync.exclude.phones[0]', 'sync.phone.defaultCountry']),
    );
  });

  it('tells every argument that is missing or unknown', () => {
    expect(problemsOf({ ...withTransform({ name: 'replace', fnd: 'x' }) }).map(({ path }) => path)).toEqual([
      'sync.mapping[1].transform[0].find',
      'sync.mapping[1].transform[0].fnd',
    ]);
  });

  it('reads what it can of rules that are none', () => {
    expect(problemsOf({ mapping: [phone, 5], custom: { a: {} } }).map(({ path }) => path)).toEqual([
      'sync.mapping[1]',
      'sync.custom.a',
    ]);
    expect(problemsOf({ mapping: 5, custom: { a: {} } }).map(({ path }) => path)).toEqual([
      'sync.mapping',
      'sync.custom.a',
    ]);
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
