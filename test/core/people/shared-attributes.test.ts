import { batchingAttribute, sharedDepartment } from '../../../src/core/people/shared-attributes.ts';
import { aConfig, aRule } from '../../support/people.ts';

const NUMBER = aRule('phone_number', { from: 'mobilePhone' });
const byAttribute = (from: string) => aConfig({ mapping: [NUMBER, aRule('group', { from })] });

describe('batchingAttribute', () => {
  it('is what the first rule for lists reads', () => {
    const config = aConfig({
      mapping: [
        aRule('group', { constant: 'Everybody' }),
        aRule('group', { from: 'city' }),
        aRule('group', { from: 'department' }),
      ],
    });

    expect(batchingAttribute(config)).toBe('city');
  });

  it('is nothing where no list is made of an attribute', () => {
    expect(batchingAttribute(aConfig({ mapping: [NUMBER] }))).toBeUndefined();
  });
});

describe('sharedDepartment', () => {
  it.each(['department', 'officeLocation', 'city'])('lets a department be told that many share: %s', (from) => {
    expect(sharedDepartment('sales', byAttribute(from))).toBe('sales');
  });

  it.each(['displayName', 'mail', 'manager.displayName', 'mobilePhone', 'extensionAttribute1'])(
    'keeps one to itself that may be about a single person: %s',
    (from) => {
      expect(sharedDepartment('robin', byAttribute(from))).toBeUndefined();
    },
  );

  it('tells none where people are not cut by an attribute', () => {
    expect(sharedDepartment('', aConfig({ mapping: [NUMBER] }))).toBeUndefined();
  });
});
