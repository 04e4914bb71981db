import type { MappingRule } from '../../../src/core/config/sync-config.ts';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import { undoMapping } from '../../../src/core/people/undo-mapping.ts';
import { aConfig, aPerson, aRule } from '../../support/people.ts';
import { aContext } from './mapping-context.ts';

const context = aContext();
const NUMBER = aRule('phone_number', { from: 'mobilePhone', owner: 'either' });

function undone(
  rule: MappingRule,
  values: Readonly<Record<string, string>>,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  current: Readonly<Record<string, string>> = {},
) {
  const mapping = rule.to === 'phone_number' ? [rule] : [NUMBER, rule];
  return undoMapping(aPerson(attributes), values, current, aConfig({ mapping }), context);
}

describe('undoMapping', () => {
  it('writes a value where the rule takes it from', () => {
    const rule = aRule('alias', { from: 'jobTitle', owner: 'either' });

    expect(undone(rule, { alias: ' Chief ' })).toEqual({
      writes: [{ path: 'jobTitle', value: 'Chief', fields: ['alias'] }],
      invalid: [],
      elsewhere: [],
    });
  });

  it('clears what is empty', () => {
    const rule = aRule('alias', { from: 'jobTitle', owner: 'either', whenEmpty: 'clear' });

    expect(undone(rule, { alias: '' }, { jobTitle: 'Chief' }).writes).toMatchObject([
      { path: 'jobTitle', value: null },
    ]);
  });

  it('writes the parts of a name that changed, both where the directory has none', () => {
    const rule = aRule('contact_name', { from: 'displayName', owner: 'either' });

    expect(undone(rule, { firstName: 'Eve' }, {}, { firstName: 'Ada', lastName: 'Example' }).writes).toEqual([
      { path: 'givenName', value: 'Eve', fields: ['firstName'] },
    ]);
    const whole = { givenName: null, surname: null, displayName: 'Ada Example' };
    expect(undone(rule, { lastName: 'Example' }, whole, { firstName: 'Ada' }).writes).toEqual([
      { path: 'givenName', value: 'Ada', fields: ['lastName'] },
      { path: 'surname', value: 'Example', fields: ['lastName'] },
    ]);
  });

  it('clears the surname with the last name, and takes what nobody has for empty', () => {
    const rule = aRule('contact_name', { from: 'displayName', owner: 'either', whenEmpty: 'clear' });

    expect(undone(rule, { lastName: '' }, {}, { firstName: 'Ada' }).writes).toMatchObject([
      { path: 'surname', value: null },
    ]);
    expect(undone(rule, { lastName: 'Example' }, { givenName: null }).writes).toEqual([]);
    expect(undone(rule, { firstName: 'Ada' }, { surname: null }).writes).toEqual([]);
  });

  it.each([
    ['keep', '0491 570 156', '0491 570 158'],
    ['e164', '0491 570 156', '+61491570158'],
    ['national', '+61 491 570 156', '0491 570 158'],
  ] as const)('writes a number in the form %s', (format, former, value) => {
    const rule = { ...NUMBER, format };

    expect(undone(rule, { phone: '+61491570158' }, { mobilePhone: former }).writes).toEqual([
      { path: 'mobilePhone', value, fields: ['phone'] },
    ]);
  });

  it('writes the WhatsApp number, and numbers in custom fields', () => {
    const whatsApp = aRule('whatsapp_number', { from: 'businessPhones[0]', owner: 'messaging', whenEmpty: 'clear' });
    const desk = aRule('custom.desk', {
      from: 'faxNumber',
      owner: 'messaging',
      transform: [{ name: 'e164', accept: 'valid' }],
    });
    const fax = { faxNumber: '0491 570 156' };

    expect(undone(whatsApp, { whatsapp: '+61491570158' }).writes).toMatchObject([{ path: 'businessPhones[0]' }]);
    const kept = aRule('whatsapp_number', { from: 'businessPhones[0]', owner: 'messaging' });
    expect(undone(kept, { whatsapp: '' }, { businessPhones: ['0491 570 156'] }).writes).toMatchObject([
      { value: null },
    ]);
    expect(undone(whatsApp, { whatsapp: '' }, { businessPhones: ['0491 570 156'] }).writes).toMatchObject([
      { value: null },
    ]);
    expect(undone(desk, { 'custom:desk': '+61491570158' }, fax).writes).toMatchObject([{ value: '0491 570 158' }]);
  });

  it('writes nothing that belongs to a directory on-premises', () => {
    const rule = aRule('alias', { from: 'jobTitle', owner: 'either' });

    expect(undone(rule, { alias: 'Chief' }, { onPremisesSyncEnabled: true })).toEqual({
      writes: [],
      invalid: [],
      elsewhere: ['alias'],
    });
  });

  it.each([
    [aRule('alias', { from: 'companyName' }), { alias: 'x'.repeat(65) }, 'at most 64 characters in the directory'],
    [aRule('alias', { from: 'displayName', whenEmpty: 'clear' }), { alias: '' }, /does not take it empty$/],
    [aRule('email', { from: 'mail' }), { 'custom:email': 'é@example.com' }, 'something that the directory takes'],
    [
      aRule('alias', { from: 'jobTitle', when: { attribute: 'city', equals: 'x' } }),
      { alias: 'Chief' },
      /would read back/,
    ],
    [aRule('whatsapp_number', { from: 'faxNumber' }), { whatsapp: '+6129' }, /would read back/],
    [NUMBER, { phone: '+61295550100' }, /would read back/],
    [aRule('date_of_birth', { from: 'employeeId' }), { dateOfBirth: 'someday' }, /would read back/],
  ] as const)('tells what the directory would not hold or give back: %j', (rule, values, limit) => {
    const { writes, invalid } = undone(rule, values);

    expect(writes).toEqual([]);
    expect(invalid.map(({ field }) => field)).toEqual(Object.keys(values));
    expect(invalid[0]?.limit).toMatch(limit);
  });
});
