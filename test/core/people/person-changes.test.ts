import { composeChanges, withValues } from '../../../src/core/people/person-changes.ts';
import type { Attributes } from '../../../src/core/people/person.ts';

const EXTENSION = `extension_${'0'.repeat(32)}_costs`;

describe('composeChanges', () => {
  it.each<[string, Attributes, Attributes, Attributes]>([
    ['plain values', { department: 'HR', jobTitle: null }, {}, { department: 'HR', jobTitle: null }],
    ['a directory extension', { [EXTENSION]: true }, {}, { [EXTENSION]: true }],
    ['the business number', { 'businessPhones[0]': '1' }, { businessPhones: ['2'] }, { businessPhones: ['1'] }],
    ['the business number without an index', { businessPhones: '1' }, {}, { businessPhones: ['1'] }],
    ['no business number', { 'businessPhones[0]': null }, { businessPhones: ['2'] }, { businessPhones: [] }],
    [
      'one part of the organisation, with the other as it is',
      { 'employeeOrgData.costCenter': 'C2' },
      { employeeOrgData: { costCenter: 'C1', division: 'D1' } },
      { employeeOrgData: { costCenter: 'C2', division: 'D1' } },
    ],
    [
      'both parts of the organisation',
      { 'employeeOrgData.costCenter': null, 'employeeOrgData.division': 'D2' },
      { employeeOrgData: null },
      { employeeOrgData: { costCenter: null, division: 'D2' } },
    ],
    [
      'a part of an organisation that nothing is known of',
      { 'employeeOrgData.division': 'D2' },
      {},
      { employeeOrgData: { division: 'D2' } },
    ],
    [
      'extension attributes, without those that stay',
      {
        'onPremisesExtensionAttributes.extensionAttribute1': 'one',
        'onPremisesExtensionAttributes.extensionAttribute2': null,
      },
      { onPremisesExtensionAttributes: { extensionAttribute3: 'three' } },
      { onPremisesExtensionAttributes: { extensionAttribute1: 'one', extensionAttribute2: null } },
    ],
  ])('composes %s', (_what, values, attributes, changes) => {
    expect(composeChanges(values, attributes)).toEqual(changes);
  });

  it('composes nothing of nothing', () => {
    expect(composeChanges({}, { department: 'HR' })).toEqual({});
  });
});

describe('withValues', () => {
  const attributes = { department: 'HR', employeeOrgData: { costCenter: 'C1', division: 'D1' }, mobilePhone: '1' };

  it.each<[string, Attributes, Attributes]>([
    ['a plain value', { department: 'IT' }, { ...attributes, department: 'IT' }],
    ['no value', { mobilePhone: null }, { department: 'HR', employeeOrgData: attributes.employeeOrgData }],
    ['a list', { 'businessPhones[0]': '2' }, { ...attributes, businessPhones: ['2'] }],
    [
      'a part of what was there',
      { 'employeeOrgData.costCenter': 'C2' },
      { ...attributes, employeeOrgData: { costCenter: 'C2', division: 'D1' } },
    ],
    [
      'a part of what was not there',
      { 'onPremisesExtensionAttributes.extensionAttribute1': 'one' },
      { ...attributes, onPremisesExtensionAttributes: { extensionAttribute1: 'one' } },
    ],
  ])('shows %s after it was written', (_what, values, after) => {
    expect(withValues(values, attributes)).toEqual(after);
  });
});
