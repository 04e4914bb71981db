import { CUSTOM_FIELD_TYPES, type CustomFieldType } from '../../../src/core/people/contact.ts';
import { limitCustom } from '../../../src/core/people/field-limits.ts';

function limit(type: CustomFieldType, text: string, maxLength = 255): object {
  return limitCustom(text, { label: 'any', type, maxLength });
}

const HELD: Readonly<Record<CustomFieldType, readonly string[]>> = {
  DATE: ['2026-01-31'],
  EMAIL: ['ada@example.com'],
  NAME: ['Ada', 'الف', "O'Brien-Smith"],
  NUMBER: ['0', '-12.50', '+7'],
  PHONE: ['+61491570156'],
  TEXT: ['anything\nat all'],
  URL: ['https://example.com/x?y=z', 'HTTP://EXAMPLE.COM'],
  ZIP_CODE: ['2000', 'SW1A 1AA', '1010-001', '100-0001', 'T'],
};

const REFUSED: readonly (readonly [CustomFieldType, string, string])[] = [
  ['DATE', '31/01/2026', 'a date yyyy-mm-dd'],
  ['DATE', '2026-02-30', 'a date yyyy-mm-dd'],
  ['EMAIL', 'ada', 'an e-mail address'],
  ['NAME', 'Ada\nExample', 'a name in one line'],
  ['NUMBER', '12,5', 'a number'],
  ['NUMBER', '0x1', 'a number'],
  ['PHONE', '0491 570 156', 'a phone number in E.164, as the transform e164 makes them'],
  ['URL', 'example.com', 'an address that begins with http:// or https://'],
  ['URL', 'not-http://example.com', 'an address that begins with http:// or https://'],
  ['URL', 'https://', 'an address that begins with http:// or https://'],
  ['URL', 'javascript://x', 'an address that begins with http:// or https://'],
  ['ZIP_CODE', '-1', 'a postal code'],
  ['ZIP_CODE', 'no postal code here', 'a postal code'],
];

describe('limitCustom', () => {
  it.each(CUSTOM_FIELD_TYPES.flatMap((type) => HELD[type].map((text) => [type, text] as const)))(
    'lets a field of type %s hold %j',
    (type, text) => {
      expect(limit(type, text)).toEqual({ value: text });
    },
  );

  it.each(REFUSED)('does not let a field of type %s hold %j', (type, text, words) => {
    expect(limit(type, text)).toEqual({ limit: words });
  });

  it('keeps the day of a date with a time', () => {
    expect(limit('DATE', '2026-01-31T10:00:00Z', 10)).toEqual({ value: '2026-01-31' });
  });

  it('counts length as MessageMedia does, and cuts nothing', () => {
    expect(limit('TEXT', '\u{1f600}', 2)).toEqual({ value: '\u{1f600}' });
    expect(limit('TEXT', '\u{1f600}', 1)).toEqual({ limit: 'at most 1 characters' });
  });
});
