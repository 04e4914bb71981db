import {
  checkAttribute,
  managerAttributesOf,
  readAttribute,
  readPerson,
  selectOf,
} from '../../../src/core/config/attributes.ts';
import { aConfig } from './configuration.ts';

const GROUP = '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f';

describe('checkAttribute', () => {
  it.each([
    ['mobilePhone', 'text'],
    ['accountEnabled', 'boolean'],
    ['employeeHireDate', 'date'],
    ['businessPhones', 'text'],
    ['businessPhones[0]', 'text'],
    ['otherMails[1]', 'text'],
    ['onPremisesExtensionAttributes.extensionAttribute15', 'open'],
    ['employeeOrgData.costCenter', 'open'],
    ['manager.displayName', 'text'],
    ['manager.businessPhones[0]', 'text'],
    ['manager.employeeOrgData.costCenter', 'open'],
    ['employeeOrgData.division', 'open'],
    ['extension_0123456789abcdef0123456789abcdef_shirtSize', 'open'],
  ])('accepts %s as %s', (path, kind) => {
    expect(checkAttribute(path)).toEqual({ ok: true, kind });
  });

  it.each([
    ['mobilephone', 'mobilePhone', /of the directory/],
    ['email', 'mail', /of the directory/],
    ['hireDate', 'employeeHireDate', /not tracked/],
    ['businessPhones.0', 'businessPhones', /businessPhones\[0\]/],
    ['onPremisesExtensionAttributes.extensionAttribute16', expect.stringContaining('extensionAttribute1'), /one part/],
    ['extensionAttribute3', 'onPremisesExtensionAttributes.extensionAttribute3', /of the directory/],
    ['mobilePhone[0]', 'mobilePhone', /of the directory/],
  ])('refuses %s and suggests %s', (path, nearest, reason) => {
    expect(checkAttribute(path)).toEqual({ ok: false, expected: expect.stringMatching(reason), nearest });
  });

  it.each([
    ['signInActivity', /not tracked by users\/delta/],
    ['skills', /not tracked/],
    ['assignedLicenses', /structured/],
    ['manager', /for example manager.displayName/],
    ['manager.manager.displayName', /manager's manager/],
    ['manager.skills', /not tracked/],
    ['id', /key of the person/],
    ['onPremisesExtensionAttributes', /extensionAttribute1$/],
    ['extension_tooShort_size', /32 hexadecimal/],
    ['constructor', /of the directory/],
    ['__proto__', /of the directory/],
  ])('refuses %s with the reason', (path, reason) => {
    expect(checkAttribute(path)).toMatchObject({ ok: false, expected: expect.stringMatching(reason) });
  });
});

describe('selectOf', () => {
  it('asks for the control attributes alone when nothing else is used', () => {
    const config = aConfig({ mapping: { displayName: 'phone_number' } });

    expect(selectOf(config)).toEqual([
      'accountEnabled',
      'country',
      'displayName',
      'givenName',
      'surname',
      'usageLocation',
      'userType',
    ]);
  });

  it('adds the roots of mapping, fallbacks and filters, sorted and each once', () => {
    const config = aConfig({
      mapping: [
        { to: 'phone_number', from: 'mobilePhone', fallback: ['businessPhones[0]', 'businessPhones[1]'] },
        { to: 'note', constant: 'from the directory' },
        { to: 'group', from: 'employeeOrgData.division' },
      ],
      filters: {
        all: [
          { any: [{ attribute: 'city', equals: 'Perth' }] },
          { not: { attribute: 'onPremisesExtensionAttributes.extensionAttribute2', present: true } },
          { attribute: 'accountEnabled', equals: true },
        ],
      },
    });

    const select = selectOf(config);

    expect(select).toEqual([...select].toSorted());
    expect(new Set(select).size).toBe(select.length);
    expect(select).toEqual(
      expect.arrayContaining([
        'mobilePhone',
        'businessPhones',
        'employeeOrgData',
        'city',
        'onPremisesExtensionAttributes',
      ]),
    );
  });

  it('asks for what templates, conditions, managers and exclusions need', () => {
    const config = aConfig({
      mapping: [
        { to: 'phone_number', from: 'mobilePhone' },
        { to: 'note', template: '{jobTitle} of {manager.employeeOrgData.costCenter}', fallback: ['manager.mail'] },
        {
          to: 'group',
          constant: 'Perth',
          when: { any: [{ attribute: 'city', equals: 'Perth' }, { memberOf: GROUP }] },
        },
      ],
      exclude: { people: ['ada@example.com'] },
    });

    const select = selectOf(config);

    expect(select).toEqual(
      expect.arrayContaining(['jobTitle', 'manager', 'employeeOrgData', 'mail', 'city', 'userPrincipalName']),
    );
    expect(selectOf(aConfig({ exclude: { people: [GROUP] } }))).not.toContain('userPrincipalName');
  });
});

describe('managerAttributesOf', () => {
  it('names the roots of what is used of managers, each once', () => {
    const config = aConfig({
      mapping: [
        { to: 'phone_number', from: 'mobilePhone' },
        { to: 'note', template: '{manager.displayName} {manager.employeeOrgData.division}' },
      ],
      filters: {
        any: [
          { attribute: 'manager.displayName', present: true },
          { attribute: 'city', equals: 'Perth' },
        ],
      },
    });

    expect(managerAttributesOf(config)).toEqual(['displayName', 'employeeOrgData']);
    expect(managerAttributesOf(aConfig())).toEqual([]);
  });
});

describe('readPerson', () => {
  const manager = { displayName: 'Mary Example', mail: null };

  it.each([
    ['displayName', { attributes: { displayName: 'Ada' }, manager }, 'Ada'],
    ['manager.displayName', { attributes: {}, manager }, 'Mary Example'],
    ['manager.mail', { attributes: {}, manager }, null],
    ['manager.city', { attributes: {}, manager }, undefined],
    ['manager.displayName', { attributes: { manager: null } }, null],
    ['manager.displayName', { attributes: { manager: { id: 'm' } } }, undefined],
    ['manager.displayName', { attributes: {} }, undefined],
  ])('reads %s of %j as %j', (path, person, expected) => {
    expect(readPerson(person, path)).toEqual(expected);
  });
});

describe('readAttribute', () => {
  const attributes = {
    displayName: 'Avery Example',
    mail: null,
    businessPhones: ['+61 491 570 156'],
    otherMails: 'not a list',
    employeeOrgData: { costCenter: 'C1', division: null },
    onPremisesExtensionAttributes: null,
    jobTitle: 'Tester',
  };

  it.each([
    ['displayName', 'Avery Example'],
    ['mail', null],
    ['city', undefined],
    ['city[0]', undefined],
    ['constructor', undefined],
    ['not a path!', undefined],
    ['businessPhones', ['+61 491 570 156']],
    ['businessPhones[0]', '+61 491 570 156'],
    ['businessPhones[1]', null],
    ['otherMails[0]', null],
    ['employeeOrgData.costCenter', 'C1'],
    ['employeeOrgData.division', null],
    ['employeeOrgData.missing', null],
    ['jobTitle.length', null],
    ['onPremisesExtensionAttributes.extensionAttribute1', null],
  ])('reads %s as %j', (path, expected) => {
    expect(readAttribute(attributes, path)).toEqual(expected);
  });

  it('tells a missing part of an object that was mentioned from an object that was not', () => {
    expect(readAttribute({ employeeOrgData: {} }, 'employeeOrgData.division')).toBeNull();
    expect(readAttribute({}, 'employeeOrgData.division')).toBeUndefined();
  });

  it('takes a part that is undefined for an empty one', () => {
    expect(readAttribute({ employeeOrgData: { division: undefined } }, 'employeeOrgData.division')).toBeNull();
  });
});
