import fc from 'fast-check';
import type { MappingRule, MessagingField } from '../../../src/core/config/sync-config.ts';
import { isFieldRule, mapField, type FieldRule } from '../../../src/core/people/map-field.ts';
import type { Attributes } from '../../../src/core/people/person.ts';
import { aConfig, aRule } from '../../support/people.ts';
import { aContext, ON_CALL } from './mapping-context.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const LONG = 'x'.repeat(256);

function map(to: FieldRule['to'], rule: Partial<MappingRule>, attributes: Attributes): ReturnType<typeof mapField> {
  return mapField({ ...aRule(to), ...rule, to }, { person: { attributes }, config: aConfig(), context: aContext() });
}

describe('isFieldRule', () => {
  it.each<[MessagingField, boolean]>([
    ['contact_name', true],
    ['note', true],
    ['phone_number', false],
    ['whatsapp_number', false],
    ['group', false],
    ['custom.staff', true],
  ])('%s: %j', (to, expected) => {
    expect(isFieldRule(aRule(to))).toBe(expected);
  });
});

describe('mapField, where the value comes from', () => {
  const rule = { from: 'a', fallback: ['b', 'c'], transform: [{ name: 'upper' }], default: 'None' } as const;

  it.each<[string, Attributes, string]>([
    ['the source first', { a: ' one ', b: 'two' }, 'ONE'],
    ['then the fallbacks in order', { a: ' ', c: ['', 'three', 'four'] }, 'THREE'],
    ['then the default, untransformed', { a: null }, 'None'],
  ])('takes %s', (_name, attributes, note) => {
    expect(map('note', rule, attributes)).toEqual({ value: { note } });
  });

  it('takes a constant alone, untransformed', () => {
    expect(map('note', { ...rule, constant: 'Staff' }, { a: 'one' })).toEqual({ value: { note: 'Staff' } });
  });

  it('takes nothing of what transforms leave empty', () => {
    expect(map('note', { from: 'a', transform: [{ name: 'digits' }], fallback: ['b'] }, { a: 'none', b: '7' })).toEqual(
      {
        value: { note: '7' },
      },
    );
  });

  it('transforms nothing where there is nothing', () => {
    const values = { '': 'something' };

    expect(map('note', { from: 'a', transform: [{ name: 'map', values, default: 'Other' }] }, {})).toEqual({
      value: {},
    });
  });

  it('fills a template, transforms it, and falls back when a part is empty', () => {
    const template = {
      template: '{jobTitle} ({a[0]}) {{of}}',
      fallback: ['b'],
      transform: [{ name: 'upper' }],
    } as const;
    const withTitle = { jobTitle: ' Chef ', a: ['x'], b: 'other' };

    expect(map('note', template, withTitle)).toEqual({ value: { note: 'CHEF (X) {OF}' } });
    expect(map('note', template, { ...withTitle, jobTitle: ' ' })).toEqual({ value: { note: 'OTHER' } });
  });

  it('draws nothing from a template that is none', () => {
    expect(map('note', { template: '{' }, {})).toEqual({ value: {} });
  });

  it('reports what a transform cannot use when nothing else is acceptable, and does not clear the field for it', () => {
    const date = {
      from: 'a',
      transform: [{ name: 'date', format: 'yyyy' }],
      whenEmpty: 'clear',
      fallback: ['b'],
    } as const;

    expect(map('note', date, { a: 'soon' })).toEqual({
      problem: { field: 'note', limit: 'a date that the transform date can read' },
    });
    expect(map('note', date, { a: 'soon', b: '2026-01-31' })).toEqual({ value: { note: '2026' } });
  });

  it('keeps a name that a transform cannot use out, too', () => {
    expect(
      map('contact_name', { from: 'a', transform: [{ name: 'country', form: 'name' }] }, { a: 'Atlantis' }),
    ).toEqual({
      problem: { field: 'firstName', limit: 'a country' },
    });
  });
});

describe('mapField, when', () => {
  const when = { memberOf: ON_CALL };

  it.each<[boolean | 'unknown', ReturnType<typeof mapField>]>([
    [true, { value: { note: 'On call' } }],
    [false, { value: { note: '' } }],
    ['unknown', { undecided: true }],
  ])('gives no value to whom the rule does not count for: %j', (member, expected) => {
    const rule = { ...aRule('note', { constant: 'On call', when, whenEmpty: 'clear' }), to: 'note' } as const;
    const context = aContext({ [ON_CALL]: member });

    expect(mapField(rule, { person: { attributes: {} }, config: aConfig(), context })).toEqual(expected);
  });

  it('judges a person as the filters do', () => {
    const members = { constant: 'Staff', when: { attribute: 'userType', equals: 'Member' } };

    expect(map('note', members, { userType: null })).toEqual({ value: { note: 'Staff' } });
    expect(map('note', members, { userType: 'Guest' })).toEqual({ value: {} });
  });
});

describe('mapField, the four ways to have no value', () => {
  it.each<[string, Attributes]>([
    ['never set', {}],
    ['unset', { a: null }],
    ['empty', { a: ' ' }],
    ['empty, of several', { a: ['', ' '] }],
    ['an object', { a: { b: 'c' } }],
  ])('keeps or clears a value that is %s, as the rule says', (_name, attributes) => {
    expect(map('note', { from: 'a' }, attributes)).toEqual({ value: {} });
    expect(map('note', { from: 'a', whenEmpty: 'clear' }, attributes)).toEqual({ value: { note: '' } });
  });
});

describe('mapField, custom fields', () => {
  const custom = {
    staff: { label: 'Staff number', type: 'NUMBER', maxLength: 5 },
    note: { label: 'Note', type: 'TEXT', maxLength: 10 },
  } as const;

  function mapCustom(to: `custom.${string}`, value: string, rule: Partial<MappingRule> = {}) {
    const subject = { person: { attributes: { a: value } }, config: aConfig({ custom }), context: aContext() };
    return mapField({ ...aRule(to, { from: 'a', ...rule }), to }, subject);
  }

  it('writes by merge tag, and holds values against type and length', () => {
    expect(mapCustom('custom.staff', '123')).toEqual({ value: { 'custom:staff': '123' } });
    expect(mapCustom('custom.staff', 'E-1')).toEqual({ problem: { field: 'custom:staff', limit: 'a number' } });
    expect(mapCustom('custom.staff', '123456')).toEqual({
      problem: { field: 'custom:staff', limit: 'at most 5 characters' },
    });
  });

  it('takes text of up to 255 characters where the configuration describes nothing', () => {
    expect(mapCustom('custom.toString', LONG.slice(1))).toEqual({ value: { 'custom:toString': LONG.slice(1) } });
    expect(mapCustom('custom.toString', LONG)).toMatchObject({ problem: { limit: 'at most 255 characters' } });
  });

  it('clears when the rule says so', () => {
    expect(mapCustom('custom.note', ' ', { whenEmpty: 'clear' })).toEqual({ value: { 'custom:note': '' } });
  });
});

describe('mapField', () => {
  it.each<[FieldRule['to'], string]>([
    ['first_name', 'firstName'],
    ['last_name', 'lastName'],
    ['alias', 'alias'],
    ['country', 'country'],
    ['state', 'state'],
    ['location', 'location'],
    ['note', 'note'],
  ])('writes %s to %s', (to, field) => {
    expect(map(to, { from: 'a' }, { a: ' Value ' })).toEqual({ value: { [field]: 'Value' } });
  });

  it.each([
    [true, 'true'],
    [7, '7'],
    [['', 'first', 'second'], 'first'],
    ['Zoe\u0308', 'Zo\u00eb'],
  ])('writes %j as text', (value, expected) => {
    expect(map('note', { from: 'a' }, { a: value })).toEqual({ value: { note: expected } });
  });

  it('keeps what is there when the directory is empty, and clears it when the rule says so', () => {
    expect(map('note', { from: 'a' }, { a: null })).toEqual({ value: {} });
    expect(map('note', { from: 'a', whenEmpty: 'clear' }, { a: null })).toEqual({ value: { note: '' } });
    expect(map('contact_name', { from: 'displayName', whenEmpty: 'clear' }, {})).toEqual({
      value: { firstName: '', lastName: '' },
    });
  });

  it('reports a value that is too long, and does not clear the field for it', () => {
    const address = `${'x'.repeat(250)}@example.com`;

    expect(map('email', { from: 'a', whenEmpty: 'clear' }, { a: address })).toEqual({
      problem: { field: 'custom:email', limit: 'at most 255 characters' },
    });
    expect(map('email', { from: 'a' }, { a: address.slice(7) })).toEqual({
      value: { 'custom:email': address.slice(7) },
    });
  });

  it('leaves the length of native fields to MessageMedia, which documents none', () => {
    expect(map('note', { from: 'a' }, { a: LONG })).toEqual({ value: { note: LONG } });
  });

  it('takes the first acceptable value and says nothing of those before it', () => {
    const rule = { from: 'a', fallback: ['b', 'c'], default: 'none' };

    expect(map('date_of_birth', { ...rule, default: '1990-01-02' }, { a: 'never', b: '', c: '1990-02-03' })).toEqual({
      value: { dateOfBirth: '1990-02-03' },
    });
    expect(map('date_of_birth', { ...rule, default: '1990-01-02' }, { a: 'never' })).toEqual({
      value: { dateOfBirth: '1990-01-02' },
    });
  });

  it('reports the first problem when nothing is acceptable', () => {
    expect(map('email', { from: 'a', fallback: ['b'] }, { a: 'nobody', b: LONG })).toEqual({
      problem: { field: 'custom:email', limit: 'an e-mail address' },
    });
  });

  it.each(['ada@example.com', 'ada.o\u2019neil+sms@mail.example.co.uk', 'zoë@exämple.com'])(
    'takes %s for an address',
    (mail) => {
      expect(map('email', { from: 'mail' }, { mail })).toEqual({ value: { 'custom:email': mail } });
    },
  );

  it.each([
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@example..com',
    'a b@example.com',
    'a@b@example.com',
    'Ada <ada@example.com>',
  ])('does not take "%s" for an address', (mail) => {
    expect(map('email', { from: 'mail' }, { mail })).toEqual({
      problem: { field: 'custom:email', limit: 'an e-mail address' },
    });
  });

  it('judges an address that was made to be slow at once', () => {
    const started = cpuMs();

    map('email', { from: 'mail' }, { mail: `a@${'a.'.repeat(126)}` });

    expect(cpuMs() - started).toBeLessThan(200);
  });

  it('takes the day of a date-time', () => {
    expect(map('date_of_birth', { from: 'a' }, { a: '1990-05-01T00:00:00Z' })).toEqual({
      value: { dateOfBirth: '1990-05-01' },
    });
  });

  it('reports what is no date, and never clears one', () => {
    expect(map('date_of_birth', { from: 'a' }, { a: '01/05/1990' })).toEqual({
      problem: { field: 'dateOfBirth', limit: 'a date yyyy-mm-dd' },
    });
    expect(map('date_of_birth', { from: 'a', whenEmpty: 'clear' }, { a: null })).toEqual({ value: {} });
  });

  it.each<[string, Partial<MappingRule>, Attributes, object]>([
    [
      'given name and surname for the display name',
      { from: 'displayName' },
      { displayName: 'Example, Ada', givenName: 'Ada', surname: 'Example' },
      { firstName: 'Ada', lastName: 'Example' },
    ],
    [
      'one part, emptying the other',
      { from: 'displayName' },
      { displayName: 'Example', surname: 'Example' },
      { firstName: '', lastName: 'Example' },
    ],
    [
      'the whole display name where the directory does not divide it',
      { from: 'displayName' },
      { displayName: 'Ada  Example' },
      { firstName: 'Ada Example', lastName: '' },
    ],
    [
      'the display name when it is to be transformed',
      { from: 'displayName', transform: [{ name: 'upper' }] },
      { displayName: 'Ada Example', givenName: 'Ada', surname: 'Example' },
      { firstName: 'ADA EXAMPLE', lastName: '' },
    ],
    [
      'another attribute whole',
      { from: 'mailNickname' },
      { mailNickname: 'ada', givenName: 'Ada', surname: 'Example' },
      { firstName: 'ada', lastName: '' },
    ],
  ])('names the contact by %s', (_name, rule, attributes, expected) => {
    expect(map('contact_name', rule, attributes)).toEqual({ value: expected });
  });
});

describe('mapField, names of all kinds', () => {
  const LONGEST = `${'Maria de la Concepción '.repeat(20)}y Example`;

  it.each([
    ['a mononym', { displayName: 'Sukarno' }, { firstName: 'Sukarno', lastName: '' }],
    [
      'a mononym that stands as a surname',
      { displayName: 'Sukarno', surname: 'Sukarno' },
      { firstName: '', lastName: 'Sukarno' },
    ],
    [
      'a name that is written from right to left',
      { displayName: '\u200fعائشة مثال' },
      { firstName: '\u200fعائشة مثال', lastName: '' },
    ],
    [
      'a name in decomposed letters',
      { givenName: 'Zoe\u0308', surname: 'Ha\u030aland' },
      { firstName: 'Zoë', lastName: 'Håland' },
    ],
    ['a name whose family name comes first', { displayName: '山田 太郎' }, { firstName: '山田 太郎', lastName: '' }],
    ['a very long name', { displayName: LONGEST }, { firstName: LONGEST, lastName: '' }],
    ['a name with a comma', { displayName: 'Example, Ada' }, { firstName: 'Example, Ada', lastName: '' }],
    [
      'a name with an emoji',
      { displayName: 'Ada \u{1f469}\u200d\u{1f4bb}' },
      { firstName: 'Ada \u{1f469}\u200d\u{1f4bb}', lastName: '' },
    ],
  ])('lets %s be what it is', (_name, attributes, expected) => {
    expect(map('contact_name', { from: 'displayName' }, attributes)).toEqual({ value: expected });
  });

  it('never guesses where a whole name ends and a family name begins', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (displayName) => {
        fc.pre(displayName.trim() !== '');

        const whole = displayName.normalize('NFC').trim().replace(/\s+/g, ' ');

        expect(map('contact_name', { from: 'displayName' }, { displayName })).toEqual({
          value: { firstName: whole, lastName: '' },
        });
      }),
    );
  });
});
