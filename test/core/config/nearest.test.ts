import { nearest } from '../../../src/core/config/nearest.ts';

describe('nearest', () => {
  it.each([
    ['displayNme', ['department', 'displayName'], 'displayName'],
    ['DISPLAYNAME', ['displayName', 'mail'], 'displayName'],
    ['phone number', ['phone_number', 'note'], 'phone_number'],
    ['phne', ['contact_name', 'phone_number'], 'phone_number'],
    ['mobile', ['businessPhones', 'mobilePhone'], 'mobilePhone'],
    ['extensionAttribute3', ['a.extensionAttribute13', 'a.extensionAttribute3'], 'a.extensionAttribute3'],
    ['uper', ['lower', 'upper'], 'upper'],
  ])('takes %s for one of %j: %s', (value, candidates, expected) => {
    expect(nearest(value, candidates)).toBe(expected);
  });

  it.each(['', ' _-', 'x', 'completely different'])('has no suggestion for %j', (value) => {
    expect(nearest(value, ['displayName', 'mail'])).toBeUndefined();
  });

  it('prefers the shorter of two equally near names', () => {
    expect(nearest('phone', ['mobilePhoneNumber', 'mobilePhone'])).toBe('mobilePhone');
  });
});
