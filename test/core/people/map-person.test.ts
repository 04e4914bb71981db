import fc from 'fast-check';
import { isFieldRule, mapField } from '../../../src/core/people/map-field.ts';
import { mapLists } from '../../../src/core/people/map-lists.ts';
import { departmentName, departmentOf, mapPerson } from '../../../src/core/people/map-person.ts';
import { mapPhone, mapWhatsApp } from '../../../src/core/people/map-phone.ts';
import { PHONE_LIMITS } from '../../../src/core/people/phone.ts';
import type { MappingRule } from '../../../src/core/config/sync-config.ts';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import { aConfig, aPerson, aRule } from '../../support/people.ts';
import { aContext, ON_CALL } from './mapping-context.ts';

const NUMBER = aRule('phone_number', { from: 'mobilePhone' });

describe('mapPerson', () => {
  it('maps the published sample', () => {
    expect(mapPerson(aPerson(), aConfig(), aContext())).toEqual({
      reachable: true,
      desired: {
        phone: '+61491570156',
        fields: { firstName: 'Ada', lastName: 'Example', 'custom:email': 'ada@example.com' },
        onCreate: [],
        lists: ['Sales'],
      },
      invalid: [],
    });
  });

  it('keeps what the directory is silent about', () => {
    const person = aPerson({ mail: null, department: '' });

    expect(mapPerson(person, aConfig(), aContext())).toMatchObject({
      desired: { fields: { firstName: 'Ada', lastName: 'Example' }, lists: [] },
    });
  });

  it('leaves out and reports what a contact cannot hold', () => {
    const config = aConfig({
      mapping: [NUMBER, aRule('email', { from: 'mail' })],
    });

    expect(mapPerson(aPerson({ mail: 'nobody' }), config, aContext())).toEqual({
      reachable: true,
      desired: { phone: '+61491570156', fields: {}, onCreate: [], lists: [] },
      invalid: [{ field: 'custom:email', limit: 'an e-mail address' }],
    });
  });

  it('says which fields are for new contacts only', () => {
    const config = aConfig({
      mapping: [
        NUMBER,
        aRule('contact_name', { from: 'displayName', apply: 'on-create' }),
        aRule('note', { constant: 'Staff' }),
        aRule('alias', { from: 'employeeId', apply: 'on-create' }),
      ],
    });

    expect(mapPerson(aPerson(), config, aContext())).toMatchObject({
      desired: {
        fields: { firstName: 'Ada', lastName: 'Example', note: 'Staff' },
        onCreate: ['firstName', 'lastName'],
      },
    });
  });

  it('puts a person on a list for each group rule, each list once', () => {
    const config = aConfig({
      mapping: [
        NUMBER,
        aRule('group', { from: 'department' }),
        aRule('group', { from: 'city', default: 'Elsewhere' }),
        aRule('group', { constant: ' SALES' }),
        aRule('group', { from: 'jobTitle', whenEmpty: 'clear' }),
      ],
    });

    expect(mapPerson(aPerson(), config, aContext())).toMatchObject({ desired: { lists: ['Sales', 'Elsewhere'] } });
  });

  it('falls back to a shorter list name', () => {
    const config = aConfig({ mapping: [NUMBER, aRule('group', { from: 'department', fallback: ['city'] })] });

    expect(mapPerson(aPerson({ department: ' ', city: 'Perth' }), config, aContext())).toMatchObject({
      desired: { lists: ['Perth'] },
      invalid: [],
    });
  });

  describe('finds the number', () => {
    const config = aConfig({
      mapping: [aRule('phone_number', { from: 'mobilePhone', fallback: ['businessPhones[0]', 'faxNumber'] })],
    });

    it('on the first attribute that holds an acceptable one', () => {
      const person = aPerson({ mobilePhone: 'ask me', businessPhones: ['0491 570 157'], faxNumber: '0491 570 158' });

      expect(mapPerson(person, config, aContext())).toMatchObject({
        reachable: true,
        desired: { phone: '+61491570157' },
      });
    });

    it.each<[string, Record<string, AttributeValue>]>([
      ['not-mobile', { mobilePhone: null, businessPhones: ['+61 2 5550 0156'], faxNumber: 'none' }],
      ['bad-phone', { mobilePhone: '0491 570 1', businessPhones: [], faxNumber: null }],
      ['not-mobile', { mobilePhone: 'ask me', businessPhones: ['+61 2 5550 0156'] }],
      ['no-phone', { mobilePhone: null, businessPhones: [] }],
    ])('or says %s, after the most promising candidate', (reason, attributes) => {
      expect(mapPerson(aPerson(attributes), config, aContext())).toEqual({ reachable: false, reason, invalid: [] });
    });

    it('nowhere without a rule for it', () => {
      expect(mapPerson(aPerson(), aConfig({ mapping: [] }), aContext())).toEqual({
        reachable: false,
        reason: 'no-phone',
        invalid: [],
      });
    });
  });

  it('reports invalid values of somebody who cannot be reached', () => {
    expect(mapPerson(aPerson({ mobilePhone: null, mail: 'nobody' }), aConfig(), aContext())).toEqual({
      reachable: false,
      reason: 'no-phone',
      invalid: [{ field: 'custom:email', limit: 'an e-mail address' }],
    });
  });

  it('lets a rule for the first or the last name win over the whole name, wherever it stands', () => {
    const name = aRule('contact_name', { from: 'displayName', apply: 'on-create' });
    const first = aRule('first_name', { constant: 'Countess' });

    for (const names of [
      [name, first],
      [first, name],
    ]) {
      expect(mapPerson(aPerson(), aConfig({ mapping: [NUMBER, ...names] }), aContext())).toMatchObject({
        desired: { fields: { firstName: 'Countess', lastName: 'Example' }, onCreate: ['lastName'] },
      });
    }
  });

  it('puts somebody on a list that only members of a group are on', () => {
    const onCall = aRule('group', { constant: 'On-call', when: { memberOf: ON_CALL } });
    const config = aConfig({ mapping: [NUMBER, aRule('group', { from: 'department' }), onCall] });

    expect(mapPerson(aPerson(), config, aContext({ [ON_CALL]: true }))).toMatchObject({
      desired: { lists: ['Sales', 'On-call'] },
    });
    expect(mapPerson(aPerson(), config, aContext())).toMatchObject({ desired: { lists: ['Sales'] } });
  });

  it.each([
    ['a list', aRule('group', { constant: 'On-call', when: { memberOf: ON_CALL } })],
    ['a field', aRule('note', { constant: 'On call', when: { memberOf: ON_CALL } })],
    ['the WhatsApp number', aRule('whatsapp_number', { from: 'mobilePhone', when: { memberOf: ON_CALL } })],
    ['the number', aRule('phone_number', { from: 'mobilePhone', when: { memberOf: ON_CALL } })],
  ])('changes nothing while nobody can tell whether a rule for %s counts', (_name, rule) => {
    const mapping = rule.to === 'phone_number' ? [rule] : [NUMBER, rule];

    expect(mapPerson(aPerson(), aConfig({ mapping }), aContext({ [ON_CALL]: 'unknown' }))).toEqual({
      reachable: false,
      reason: 'service-unavailable',
      invalid: [],
    });
  });

  it('puts nobody on an excluded list', () => {
    const config = aConfig({
      lists: { create: true, prefix: 'E ', names: {} },
      exclude: { people: [], phones: [], lists: [' e  SALES'], contacts: [] },
    });

    expect(mapPerson(aPerson(), config, aContext())).toMatchObject({ desired: { lists: [] } });
  });

  it('freezes somebody whose number is excluded, even where a fallback has another one', () => {
    const config = aConfig({
      mapping: [aRule('phone_number', { from: 'mobilePhone', fallback: ['businessPhones'] })],
      exclude: { people: [], phones: ['+61491570156'], lists: [], contacts: [] },
    });

    expect(mapPerson(aPerson({ businessPhones: ['+61 491 570 157'] }), config, aContext())).toEqual({
      reachable: false,
      reason: 'excluded',
      invalid: [],
    });
  });

  it('calls a number that a transform cannot use a bad one', () => {
    const config = aConfig({
      mapping: [aRule('phone_number', { from: 'mobilePhone', transform: [{ name: 'e164', accept: 'mobile' }] })],
    });

    expect(mapPerson(aPerson(), config, aContext())).toMatchObject({ desired: { phone: '+61491570156' } });
    expect(mapPerson(aPerson({ mobilePhone: 'ask' }), config, aContext())).toMatchObject({ reason: 'bad-phone' });
  });

  describe('maps the WhatsApp number', () => {
    const whatsapp = aRule('whatsapp_number', { from: 'otherPhone', whenEmpty: 'clear', apply: 'on-create' });
    const keep = aRule('whatsapp_number', { from: 'otherPhone' });

    it.each<[string, AttributeValue, MappingRule, object]>([
      ['in E.164', '0491 570 157', keep, { whatsapp: '+61491570157', onCreate: [] }],
      ['for new contacts only', '0491 570 157', whatsapp, { whatsapp: '+61491570157', onCreate: ['whatsapp'] }],
      ['and clears it', null, whatsapp, { whatsapp: '', onCreate: ['whatsapp'] }],
      ['and keeps it', null, keep, { onCreate: [] }],
      ['and keeps it for new contacts, too', null, { ...whatsapp, whenEmpty: 'keep' }, { onCreate: [] }],
      ['and leaves an excluded one alone', '0491 570 158', keep, { onCreate: [] }],
    ])('%s', (_name, otherPhone, rule, expected) => {
      const exclude = { people: [], phones: ['+61491570158'], lists: [], contacts: [] };
      const config = aConfig({ mapping: [NUMBER, rule], exclude });

      expect(mapPerson(aPerson({ otherPhone }), config, aContext())).toEqual({
        reachable: true,
        desired: { phone: '+61491570156', fields: {}, lists: [], ...expected },
        invalid: [],
      });
    });

    it('and rejects what is no number, sending everything else', () => {
      const config = aConfig({ mapping: [NUMBER, keep, aRule('note', { from: 'displayName' })] });

      expect(mapPerson(aPerson({ otherPhone: '+61 2 5550 0156' }), config, aContext())).toEqual({
        reachable: true,
        desired: { phone: '+61491570156', fields: { note: 'Ada Example' }, onCreate: [], lists: [] },
        invalid: [{ field: 'whatsapp', limit: 'the number of a mobile' }],
      });
    });
  });

  it('reads the manager', () => {
    const person = {
      ...aPerson({ manager: { id: 'm' } }),
      manager: { displayName: 'Mary Example', mobilePhone: null },
    };
    const mapping = [NUMBER, aRule('note', { template: 'Manager: {manager.displayName}' })];

    expect(mapPerson(person, aConfig({ mapping }), aContext())).toMatchObject({
      desired: { fields: { note: 'Manager: Mary Example' } },
    });
    expect(mapPerson(aPerson(), aConfig({ mapping }), aContext())).toMatchObject({ desired: { fields: {} } });
  });

  it('never throws, and never repeats a value in a report, whatever the directory holds', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom<AttributeValue>(null, true, 0, [], ['', 'a'], { part: 'b' }),
    );
    const names = [
      'displayName',
      'givenName',
      'surname',
      'mail',
      'mobilePhone',
      'department',
      'usageLocation',
      'country',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (attributes) => {
        const mapped = mapPerson(aPerson(attributes), aConfig(), aContext());

        for (const { limit } of mapped.invalid) expect(limit).toMatch(/^(at most 255 characters|an e-mail address)$/);
      }),
    );
  });
});

describe('departmentOf', () => {
  it('is the first group rule’s attribute, normalised', () => {
    const config = aConfig({
      mapping: [aRule('group', { constant: 'Everybody' }), aRule('group', { from: 'department', default: 'None' })],
    });

    expect(departmentOf(aPerson({ department: ' SALES  eu' }), config)).toBe('sales eu');
    expect(departmentOf(aPerson({ department: null }), config)).toBe('');
  });

  it('may be the manager’s', () => {
    const config = aConfig({ mapping: [aRule('group', { from: 'manager.department' })] });

    expect(departmentOf({ ...aPerson(), manager: { department: 'Board' } }, config)).toBe('board');
  });

  it('is empty without such a rule', () => {
    expect(departmentOf(aPerson(), aConfig({ mapping: [NUMBER] }))).toBe('');
  });
});

describe('departmentName', () => {
  it('is the same as people see it', () => {
    expect(departmentName(aPerson({ department: ' SALES EU ' }), aConfig())).toBe('SALES EU');
    expect(departmentName(aPerson({ department: null }), aConfig())).toBe('');
    expect(departmentName(aPerson(), aConfig({ mapping: [NUMBER] }))).toBe('');
  });
});

describe('mapWhatsApp', () => {
  it('gives nothing to change without a rule', () => {
    expect(mapWhatsApp(aConfig(), { person: aPerson(), config: aConfig(), context: aContext() })).toEqual({
      value: {},
    });
  });
});

describe('what whoever explains a mapping is told', () => {
  const told = (mapping: readonly MappingRule[], attributes: Readonly<Record<string, AttributeValue>> = {}) => {
    const exclude = { people: [], phones: [], lists: ['Board'], contacts: [] };
    const config = aConfig({ mapping, exclude });
    const notes: object[] = [];
    const subject = {
      person: aPerson(attributes),
      config,
      context: aContext(),
      note: (step: object) => void notes.push(step),
    };
    for (const rule of mapping) if (isFieldRule(rule)) mapField(rule, subject);
    mapLists(config, subject);
    mapPhone(config, subject);
    return notes.filter((step) => !('state' in step));
  };

  it.each<[string, MappingRule, Record<string, AttributeValue>, object]>([
    [
      'the whole name as the first one',
      aRule('contact_name', { from: 'displayName' }),
      { givenName: null, surname: null },
      { what: 'field contact_name', output: ['Ada Example', ''] },
    ],
    ['the list', aRule('group', { from: 'department' }), {}, { what: 'list', output: 'Sales' }],
    [
      'a list that is excluded',
      aRule('group', { from: 'department' }),
      { department: 'board' },
      { what: 'list', limit: 'no excluded list' },
    ],
    [
      'a number that cannot be texted',
      NUMBER,
      { mobilePhone: '12' },
      { what: 'field phone_number', input: '12', limit: PHONE_LIMITS['bad-phone'] },
    ],
  ])('%s', (_name, rule, attributes, step) => {
    expect(told([rule], attributes)).toEqual([step]);
  });
});
