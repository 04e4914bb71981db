import { expectPeople } from '../../local/oracle/expect-people.ts';
import { readOracleConfig } from '../../local/oracle/oracle-config.ts';
import { readNumber } from '../../local/oracle/read-number.ts';
import { PUBLISHED_SAMPLE } from '../../local/stack/published-sample.ts';

const MOBILE = { defaultCountry: undefined, accept: 'mobile' } as const;

describe('readNumber', () => {
  it.each([
    ['0491 570 156', { usageLocation: 'AU' }, '+61491570156'],
    ['0491.570.156', { country: 'Australia' }, '+61491570156'],
    [' +61 (0)491 570 156 ', {}, '+61491570156'],
    ['0061 491 570 156', {}, '+61491570156'],
    ['011 1 202 555 0131', { usageLocation: 'US' }, '+12025550131'],
    ['\u202a+61491570156\u202c', {}, '+61491570156'],
  ])('reads %j', (text, user, number) => {
    expect(readNumber(text, user, MOBILE)).toEqual({ number });
  });

  it.each([
    ['', { usageLocation: 'AU' }, 'no-phone'],
    ['ask reception', { usageLocation: 'AU' }, 'bad-phone'],
    ['0491 570 156', {}, 'bad-phone'],
    ['+44 7700 900123', {}, 'bad-phone'],
    ['+1 202 555 0131 ext. 7', {}, 'bad-phone'],
    ['(02) 5550 1234', { usageLocation: 'AU' }, 'not-mobile'],
  ])('leaves %j out', (text, user, leftOut) => {
    expect(readNumber(text, user, MOBILE)).toEqual({ leftOut });
  });

  it('reads national numbers in the default country, and landlines where they are accepted', () => {
    expect(readNumber('(02) 5550 1234', {}, { defaultCountry: 'AU', accept: 'valid' })).toEqual({
      number: '+61255501234',
    });
  });
});

describe('expectPeople', () => {
  function expectOne(user: Readonly<Record<string, unknown>>, sync: Readonly<Record<string, unknown>> = {}) {
    const whole = { id: 'p', mobilePhone: '+61491570156', department: 'Sales', ...user };
    const [expectation] = expectPeople([whole], readOracleConfig({ ...PUBLISHED_SAMPLE, ...sync }));
    return expectation;
  }

  it.each([
    [
      'given name and surname',
      { displayName: 'A B', givenName: ' A  a', surname: 'B' },
      { firstName: 'A a', lastName: 'B' },
    ],
    ['a given name alone', { displayName: 'A B', givenName: 'A' }, { firstName: 'A', lastName: '' }],
    ['a display name alone', { displayName: 'A  B' }, { firstName: 'A B', lastName: '' }],
    ['no name at all', {}, {}],
    ['a mail address that is none', { mail: 'reception' }, {}],
  ])('takes the fields from %s', (_, user, fields) => {
    expect(expectOne(user)).toMatchObject({ contact: { fields } });
  });

  it('maps attributes to native fields by their short rules', () => {
    const mapping = { mobilePhone: 'phone_number', 'employeeOrgData.costCenter': 'note', 'businessPhones[0]': 'alias' };
    const user = { employeeOrgData: { costCenter: 'C-7' }, businessPhones: ['x12'] };

    expect(expectOne(user, { mapping })).toMatchObject({
      contact: { fields: { note: 'C-7', alias: 'x12' }, lists: [] },
    });
  });

  it('lets guests and disabled accounts in where the configuration does', () => {
    const people = { users: { guests: true, disabled: true } };
    const sync = { people, filters: {} };

    expect(expectOne({ userType: 'Guest', accountEnabled: false }, sync)).toHaveProperty('contact');
  });
});
