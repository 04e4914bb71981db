import { explainField } from '../../../src/core/people/explain-field.ts';
import { explainLists } from '../../../src/core/people/explain-lists.ts';
import { explainPhone } from '../../../src/core/people/explain-phone.ts';
import { explainScope } from '../../../src/core/people/explain-scope.ts';
import { aPerson } from '../../support/people.ts';
import { aConfig } from '../config/configuration.ts';
import { aContext, ON_CALL } from './mapping-context.ts';

const phone = { to: 'phone_number', from: 'mobilePhone' };

describe('explainScope', () => {
  const filters = {
    all: [
      { attribute: 'department', in: ['Sales', 'Support'] },
      { not: { attribute: 'jobTitle', matches: '^Intern' } },
      {
        any: [
          { attribute: 'city', equals: 'Perth', matchCase: true },
          { memberOf: ON_CALL, transitive: true },
        ],
      },
      { attribute: 'employeeLeaveDateTime', present: false },
    ],
  };

  it('tells clause by clause what was asked, of which value, and what decided', () => {
    const person = aPerson({ department: 'HR', jobTitle: null, city: ' ' });

    const { clauses, ...judgement } = explainScope(person, aConfig({ filters }), aContext());

    expect(judgement).toEqual({ inScope: false, cause: 'outOfScope', reason: 'not-in-scope', decidedBy: 'filters' });
    expect(clauses).toStrictEqual([
      { path: 'exclude.people', expected: 'not excluded', holds: true },
      { path: 'presence', expected: 'in the directory', value: 'present', state: 'set', holds: true },
      { path: 'people', expected: 'a kind of people that is read', value: 'user', state: 'set', holds: true },
      { path: 'people.users.disabled', expected: 'an enabled account', value: true, state: 'set', holds: true },
      { path: 'people.users.guests', expected: 'no guest', value: 'Member', state: 'set', holds: true },
      { path: 'filters', expected: 'all of these hold', holds: false },
      {
        path: 'filters.all[0]',
        expected: 'department is one of "Sales", "Support"',
        value: 'HR',
        state: 'set',
        holds: false,
      },
      { path: 'filters.all[1]', expected: 'this does not hold', holds: true },
      { path: 'filters.all[1].not', expected: 'jobTitle matches ^Intern', state: 'unset', holds: false },
      { path: 'filters.all[2]', expected: 'one of these holds', holds: false },
      {
        path: 'filters.all[2].any[0]',
        expected: 'city is "Perth" (case and blanks count)',
        value: ' ',
        state: 'empty',
        holds: false,
      },
      {
        path: 'filters.all[2].any[1]',
        expected: `member of the group ${ON_CALL}, or of one inside it`,
        holds: false,
      },
      { path: 'filters.all[3]', expected: 'employeeLeaveDateTime has no value', state: 'never-set', holds: true },
    ]);
  });

  it('says of somebody in scope that they are, and of what nobody ever set that it was not', () => {
    const { accountEnabled: _never, ...attributes } = aPerson().attributes;

    const { inScope, clauses } = explainScope({ ...aPerson(), attributes }, aConfig(), aContext());

    expect(inScope).toBe(true);
    expect(clauses.find(({ path }) => path === 'people.users.disabled')).toMatchObject({ state: 'never-set' });
  });

  it('tells of a list that there is none', () => {
    const config = aConfig({ mapping: [phone, { to: 'group', from: 'city' }] });

    expect(explainField(config.mapping[1]!, aPerson(), config, aContext()).value).toStrictEqual({});
  });

  it('names the first check that says no, and asks the others all the same', () => {
    const person = aPerson({ accountEnabled: false, userType: 'Guest' }, { presence: 'deleted' });

    const { clauses, decidedBy } = explainScope(person, aConfig(), aContext());

    expect(decidedBy).toBe('presence');
    expect(clauses.filter(({ holds }) => holds === false).map(({ path }) => path)).toEqual([
      'presence',
      'people.users.disabled',
      'people.users.guests',
    ]);
  });

  it.each([
    [{ attribute: 'city', notEquals: 'Perth' }, 'city is not "Perth"'],
    [{ attribute: 'city', startsWith: 'P' }, 'city starts with "P"'],
    [{ attribute: 'city', endsWith: 'h' }, 'city ends with "h"'],
    [{ attribute: 'city', contains: 'er' }, 'city contains "er"'],
    [{ attribute: 'city', present: true }, 'city has a value'],
    [{ attribute: 'employeeId', greaterThan: 5 }, 'employeeId is more than 5'],
    [{ attribute: 'employeeId', lessThan: 5 }, 'employeeId is less than 5'],
    [{ attribute: 'employeeHireDate', before: 'now' }, 'employeeHireDate is before now'],
    [{ attribute: 'employeeHireDate', after: '2026-01-31' }, 'employeeHireDate is after 2026-01-31'],
    [{ memberOf: ON_CALL }, `member of the group ${ON_CALL}`],
    [{ all: [] }, 'everybody'],
  ])('says %j as "%s"', (filter, words) => {
    const { clauses } = explainScope(aPerson(), aConfig({ filters: filter }), aContext());

    expect(clauses.at(-1)?.expected).toBe(words);
  });
});

describe('explainField', () => {
  it('shows every step from the directory to the value', () => {
    const config = aConfig({
      mapping: [
        phone,
        {
          to: 'custom.started',
          from: 'employeeHireDate',
          fallback: ['employeeId'],
          transform: [{ name: 'date', format: 'd MMM yyyy' }, 'upper'],
        },
      ],
    });
    const person = aPerson({ employeeHireDate: 'soon', employeeId: ' 20260131 ' });

    expect(explainField(config.mapping[1]!, person, config, aContext())).toEqual({
      to: 'custom.started',
      steps: [
        { what: 'from employeeHireDate', output: 'soon', state: 'set' },
        { what: 'transform date', input: 'soon', limit: 'a date that the transform date can read' },
        { what: 'fallback employeeId', output: ' 20260131 ', state: 'set' },
        { what: 'transform date', input: ' 20260131 ', output: '31 Jan 2026' },
        { what: 'transform upper', input: '31 Jan 2026', output: '31 JAN 2026' },
        { what: 'field custom.started', input: '31 JAN 2026', output: '31 JAN 2026' },
      ],
      value: { 'custom:started': '31 JAN 2026' },
    });
  });

  it('tells which of the four ways to have no value it is, and what follows', () => {
    const config = aConfig({
      mapping: [phone, { to: 'note', from: 'city', fallback: ['state', 'otherMails'], whenEmpty: 'clear' }],
    });

    expect(explainField(config.mapping[1]!, aPerson({ city: null, otherMails: [' '] }), config, aContext())).toEqual({
      to: 'note',
      steps: [
        { what: 'from city', state: 'unset' },
        { what: 'fallback state', state: 'never-set' },
        { what: 'fallback otherMails', state: 'empty' },
        { what: 'whenEmpty clear' },
      ],
      value: { note: '' },
    });
  });

  it('shows several values, and the two parts of a name', () => {
    const config = aConfig({
      mapping: [
        phone,
        { to: 'note', from: 'otherMails', transform: ['join'] },
        { to: 'contact_name', from: 'displayName' },
      ],
    });
    const person = aPerson({ otherMails: ['a@example.com', 'b@example.com'] });

    expect(explainField(config.mapping[1]!, person, config, aContext()).steps[1]).toEqual({
      what: 'transform join',
      input: ['a@example.com', 'b@example.com'],
      output: 'a@example.com, b@example.com',
    });
    expect(explainField(config.mapping[2]!, person, config, aContext())).toEqual({
      to: 'contact_name',
      steps: [{ what: 'givenName and surname', output: ['Ada', 'Example'] }],
      value: { firstName: 'Ada', lastName: 'Example' },
    });
  });

  it('tells why a value was rejected', () => {
    const config = aConfig({ mapping: [phone, { to: 'email', from: 'mail' }] });

    expect(explainField(config.mapping[1]!, aPerson({ mail: 'nobody' }), config, aContext())).toEqual({
      to: 'email',
      steps: [
        { what: 'from mail', output: 'nobody', state: 'set' },
        { what: 'field email', input: 'nobody', limit: 'an e-mail address' },
      ],
      rejected: { field: 'custom:email', limit: 'an e-mail address' },
    });
  });

  it.each([
    [true, { value: { list: 'On-call' } }],
    [false, { value: {} }],
    ['unknown', { undecided: true }],
  ] as const)('explains the condition of a rule: %j', (member, expected) => {
    const config = aConfig({ mapping: [phone, { to: 'group', constant: 'On-call', when: { memberOf: ON_CALL } }] });

    const explained = explainField(config.mapping[1]!, aPerson(), config, aContext({ [ON_CALL]: member }));

    expect(explained).toMatchObject({
      when: [{ path: 'when', expected: `member of the group ${ON_CALL}`, holds: member }],
      ...expected,
    });
    expect(explained.steps[0]).toEqual({ what: 'when', output: String(member) });
  });

  it.each([
    ['phone_number', '0491 570 156', { value: { phone: '+61491570156' } }],
    ['phone_number', 'ask me', { rejected: { field: 'phone', limit: 'bad-phone' } }],
    ['whatsapp_number', '0491 570 157', { value: { whatsapp: '+61491570157' } }],
    ['whatsapp_number', '02 5550 0156', { rejected: { field: 'whatsapp', limit: 'the number of a mobile' } }],
  ])('explains the rule for %s of %s', (to, mobilePhone, expected) => {
    const others = to === 'phone_number' ? [] : [phone];
    const config = aConfig({ mapping: [{ to, from: 'mobilePhone' }, ...others] });

    expect(explainField(config.mapping[0]!, aPerson({ mobilePhone }), config, aContext())).toMatchObject(expected);
  });

  it('leaves a number undecided whose rule hangs on an unknown membership', () => {
    const config = aConfig({ mapping: [{ ...phone, when: { memberOf: ON_CALL } }] });

    expect(explainField(config.mapping[0]!, aPerson(), config, aContext({ [ON_CALL]: 'unknown' }))).toMatchObject({
      undecided: true,
    });
  });
});

describe('explainLists', () => {
  it('tells which rule puts the person on a list, the first one where there are several', () => {
    const config = aConfig({
      mapping: [
        phone,
        { to: 'group', from: 'department' },
        { to: 'group', template: '{department} {country}' },
        { to: 'group', constant: 'On-call', when: { memberOf: ON_CALL } },
        { to: 'group', constant: 'sales' },
        { to: 'group', from: 'city' },
      ],
    });

    expect(explainLists(aPerson({ country: 'AU' }), config, aContext({ [ON_CALL]: true }))).toEqual([
      { name: 'Sales', because: 'mapping[1]: department' },
      { name: 'Sales AU', because: 'mapping[2]: {department} {country}' },
      { name: 'On-call', because: `mapping[3]: "On-call", when member of the group ${ON_CALL}` },
    ]);
  });
});

describe('explainPhone', () => {
  it('tells what was tried, how it was read, and which country decided', () => {
    const config = aConfig({ mapping: [{ ...phone, fallback: ['businessPhones'] }], phone: { defaultCountry: 'GB' } });
    const person = aPerson({
      mobilePhone: '02 5550 0156',
      businessPhones: ['0491 570 157'],
      usageLocation: null,
      country: 'Australia',
    });

    const explained = explainPhone(person, config, aContext());

    expect(explained.steps[0]).toEqual({ what: 'from mobilePhone', output: '02 5550 0156', state: 'set' });
    expect(explained).toEqual({
      region: { code: 'AU', from: 'country' },
      tried: [
        { input: '02 5550 0156', reason: 'not-mobile' },
        { input: '0491 570 157', e164: '+61491570157', country: 'AU', type: 'mobile' },
      ],
      steps: expect.arrayContaining([{ what: 'from mobilePhone', output: '02 5550 0156', state: 'set' }]),
      e164: '+61491570157',
    });
  });

  it.each([
    [{ usageLocation: 'NZ' }, undefined, { code: 'NZ', from: 'usageLocation' }],
    [{ usageLocation: null }, 'GB', { code: 'GB', from: 'phone.defaultCountry' }],
    [{ usageLocation: null }, undefined, undefined],
  ])('tells where the country of %j comes from', (attributes, defaultCountry, region) => {
    const config = aConfig({ phone: defaultCountry === undefined ? {} : { defaultCountry } });

    expect(explainPhone(aPerson(attributes), config, aContext()).region).toEqual(region);
  });

  it('names no country for a number of none, and the reason where there is no number', () => {
    const config = aConfig({ phone: { accept: 'valid' } });

    expect(explainPhone(aPerson({ mobilePhone: '+800 0000 0000' }), config, aContext()).tried).toStrictEqual([
      { input: '+800 0000 0000', e164: '+80000000000', type: 'other' },
    ]);
    expect(explainPhone(aPerson({ usageLocation: null }), config, aContext())).not.toHaveProperty('region');
    expect(explainPhone(aPerson({ mobilePhone: null }), config, aContext())).toMatchObject({
      tried: [],
      reason: 'no-phone',
    });
  });
});
