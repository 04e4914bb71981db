import fc from 'fast-check';
import { departmentOf, mapPerson } from '../../../src/core/people/map-person.ts';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import { aConfig, aPerson, aRule } from '../../support/people.ts';

const NUMBER = aRule('phone_number', { from: 'mobilePhone' });

describe('mapPerson', () => {
  it('maps the published sample', () => {
    expect(mapPerson(aPerson(), aConfig())).toEqual({
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

    expect(mapPerson(person, aConfig())).toMatchObject({
      desired: { fields: { firstName: 'Ada', lastName: 'Example' }, lists: [] },
    });
  });

  it('leaves out and reports what a contact cannot hold', () => {
    const config = aConfig({
      mapping: [NUMBER, aRule('email', { from: 'mail' })],
    });

    expect(mapPerson(aPerson({ mail: 'nobody' }), config)).toEqual({
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

    expect(mapPerson(aPerson(), config)).toMatchObject({
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

    expect(mapPerson(aPerson(), config)).toMatchObject({ desired: { lists: ['Sales', 'Elsewhere'] } });
  });

  it('falls back to a shorter list name', () => {
    const config = aConfig({ mapping: [NUMBER, aRule('group', { from: 'department', fallback: ['city'] })] });

    expect(mapPerson(aPerson({ department: ' ', city: 'Perth' }), config)).toMatchObject({
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

      expect(mapPerson(person, config)).toMatchObject({ reachable: true, desired: { phone: '+61491570157' } });
    });

    it.each<[string, Record<string, AttributeValue>]>([
      ['not-mobile', { mobilePhone: null, businessPhones: ['+61 2 5550 0156'], faxNumber: 'none' }],
      ['bad-phone', { mobilePhone: '0491 570 1', businessPhones: [], faxNumber: null }],
      ['no-phone', { mobilePhone: null, businessPhones: [] }],
    ])('or says %s, after the most promising candidate', (reason, attributes) => {
      expect(mapPerson(aPerson(attributes), config)).toEqual({ reachable: false, reason, invalid: [] });
    });

    it('nowhere without a rule for it', () => {
      expect(mapPerson(aPerson(), aConfig({ mapping: [] }))).toEqual({
        reachable: false,
        reason: 'no-phone',
        invalid: [],
      });
    });
  });

  it('reports invalid values of somebody who cannot be reached', () => {
    expect(mapPerson(aPerson({ mobilePhone: null, mail: 'nobody' }), aConfig())).toEqual({
      reachable: false,
      reason: 'no-phone',
      invalid: [{ field: 'custom:email', limit: 'an e-mail address' }],
    });
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
        const mapped = mapPerson(aPerson(attributes), aConfig());

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

  it('is empty without such a rule', () => {
    expect(departmentOf(aPerson(), aConfig({ mapping: [NUMBER] }))).toBe('');
  });
});
