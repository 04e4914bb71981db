import type { AttributeValue } from '../../../src/core/people/person.ts';
import {
  isMasteredElsewhere,
  isPhone,
  isWritable,
  writeProblemOf,
} from '../../../src/core/config/writable-attributes.ts';

const EXTENSION = `extension_${'0'.repeat(32)}_costs`;

describe('isWritable', () => {
  it.each([
    'mobilePhone',
    'businessPhones',
    'businessPhones[0]',
    'department',
    'employeeOrgData.costCenter',
    'onPremisesExtensionAttributes.extensionAttribute3',
    EXTENSION,
  ])('is true of %s', (path) => {
    expect(isWritable(path)).toBe(true);
  });

  it.each([
    'accountEnabled',
    'userPrincipalName',
    'userType',
    'otherMails[0]',
    'proxyAddresses[0]',
    'employeeHireDate',
    'employeeLeaveDateTime',
    'aboutMe',
    'businessPhones[1]',
    'employeeOrgData',
    'employeeOrgData.nothing',
    'department.part',
    'onPremisesSyncEnabled',
    'manager.displayName',
    'extension_short_name',
    'toString',
    '',
  ])('is false of %j', (path) => {
    expect(isWritable(path)).toBe(false);
  });
});

describe('isPhone', () => {
  it.each([
    ['mobilePhone', true],
    ['businessPhones[0]', true],
    ['department', false],
    ['faxNumber', false],
  ])('%s: %s', (path, expected) => {
    expect(isPhone(path)).toBe(expected);
  });
});

describe('isMasteredElsewhere', () => {
  it.each<[string, AttributeValue | undefined, boolean]>([
    ['department', true, true],
    ['department', false, false],
    ['department', null, false],
    ['department', undefined, false],
    ['mobilePhone', true, true],
    ['usageLocation', true, false],
    [EXTENSION, true, false],
    ['onPremisesExtensionAttributes.extensionAttribute1', true, true],
    ['onPremisesExtensionAttributes.extensionAttribute1', false, true],
    ['onPremisesExtensionAttributes.extensionAttribute1', null, false],
    ['onPremisesExtensionAttributes.extensionAttribute1', undefined, false],
  ])('of %s with onPremisesSyncEnabled %s is %s', (path, synced, expected) => {
    const attributes = synced === undefined ? {} : { onPremisesSyncEnabled: synced };

    expect(isMasteredElsewhere(path, attributes)).toBe(expected);
  });
});

describe('writeProblemOf', () => {
  it.each<[string, AttributeValue]>([
    ['department', 'x'.repeat(64)],
    ['department', null],
    ['mobilePhone', '+61 491 570 006'],
    ['businessPhones', ['+61 491 570 006']],
    ['businessPhones', []],
    ['businessPhones', null],
    ['businessPhones[0]', '+61 491 570 006'],
    ['mail', 'somebody@example.com'],
    ['usageLocation', 'AU'],
    ['employeeOrgData', { costCenter: 'C1', division: null }],
    ['employeeOrgData.costCenter', 'C1'],
    ['onPremisesExtensionAttributes', { extensionAttribute1: 'x'.repeat(1024) }],
    ['employeeType', 'x'.repeat(5000)],
    [EXTENSION, 'text'],
    [EXTENSION, true],
    [EXTENSION, 7],
    [EXTENSION, null],
  ])('has nothing against %s %#', (path, value) => {
    expect(writeProblemOf(path, value)).toBeUndefined();
  });

  it.each<[string, AttributeValue, object]>([
    ['department', 'x'.repeat(65), { code: 'too-long', limit: 64 }],
    ['employeeId', 'x'.repeat(17), { code: 'too-long', limit: 16 }],
    ['businessPhones', ['1'.repeat(65)], { code: 'too-long', limit: 64 }],
    ['businessPhones', ['1', '2'], { code: 'one-number-only' }],
    ['onPremisesExtensionAttributes', { extensionAttribute1: 'x'.repeat(1025) }, { code: 'too-long', limit: 1024 }],
    [EXTENSION, 'x'.repeat(257), { code: 'too-long', limit: 256 }],
    ['displayName', null, { code: 'required' }],
    ['mail', null, { code: 'required' }],
    ['usageLocation', null, { code: 'required' }],
    ['usageLocation', 'Australia', { code: 'malformed' }],
    ['mail', 'josé@example.com', { code: 'malformed' }],
    ['department', '', { code: 'malformed' }],
    ['department', ' ', { code: 'malformed' }],
    ['department', 7, { code: 'malformed' }],
    ['department', ['a'], { code: 'malformed' }],
    ['employeeOrgData', null, { code: 'malformed' }],
    ['employeeOrgData', { nothing: 'x' }, { code: 'not-writable' }],
    ['department', { part: 'x' }, { code: 'not-writable' }],
    ['accountEnabled', false, { code: 'not-writable' }],
    ['toString', 'x', { code: 'not-writable' }],
  ])('refuses %s %#', (path, value, problem) => {
    expect(writeProblemOf(path, value)).toEqual(problem);
  });
});
