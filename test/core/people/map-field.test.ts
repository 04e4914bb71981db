import type { MappingRule, MessagingField } from '../../../src/core/config/sync-config.ts';
import { candidatesOf, isFieldRule, mapField, type FieldRule } from '../../../src/core/people/map-field.ts';
import type { Attributes } from '../../../src/core/people/person.ts';
import { aRule } from '../../support/people.ts';

const LONG = 'x'.repeat(256);

function map(to: FieldRule['to'], rule: Partial<MappingRule>, attributes: Attributes): ReturnType<typeof mapField> {
  return mapField({ ...aRule(to), ...rule, to }, attributes);
}

describe('isFieldRule', () => {
  it.each<[MessagingField, boolean]>([
    ['contact_name', true],
    ['note', true],
    ['phone_number', false],
    ['group', false],
  ])('%s: %j', (to, expected) => {
    expect(isFieldRule(aRule(to))).toBe(expected);
  });
});

describe('candidatesOf', () => {
  it('tries the source, the fallbacks and the default, without the empty ones', () => {
    const rule = aRule('note', { from: 'a', fallback: ['b', 'c'], transform: ['upper'], default: 'None' });

    expect(candidatesOf(rule, { a: ' one ', b: '', c: ['', 'three'] })).toEqual(['ONE', 'THREE', 'None']);
  });

  it('is a constant alone, untransformed', () => {
    const rule = aRule('note', { constant: 'Staff', fallback: ['a'], transform: ['upper'], default: 'None' });

    expect(candidatesOf(rule, { a: 'one' })).toEqual(['Staff']);
  });

  it('does without a source', () => {
    expect(candidatesOf(aRule('note', { fallback: ['a'] }), { a: 'one' })).toEqual(['one']);
  });

  it('drops what transforms leave empty', () => {
    expect(candidatesOf(aRule('note', { from: 'a', transform: ['digits'] }), { a: 'none' })).toEqual([]);
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
    const started = performance.now();

    map('email', { from: 'mail' }, { mail: `a@${'a.'.repeat(126)}` });

    expect(performance.now() - started).toBeLessThan(200);
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
      { from: 'displayName', transform: ['upper'] },
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
