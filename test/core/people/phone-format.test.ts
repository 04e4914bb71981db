import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { formatPhone, PHONE_FORMATS, type PhoneFormat } from '../../../src/core/people/phone-format.ts';
import { parsePhone } from '../../../src/core/people/phone.ts';

const PHONE = { accept: 'mobile' } as const;
const AU = '+61491570156';
const GB = '+447700900123';
const US = '+12025550123';

function format(e164: string, how: PhoneFormat, former: string | null | undefined, region?: string): string {
  const attributes = region === undefined ? {} : { usageLocation: region };
  return formatPhone(e164, how, { former, attributes, phone: PHONE });
}

describe('formatPhone', () => {
  it.each(['+61 491 570 006', '0491 570 006', '', null, undefined])('writes e164 whatever was there: %j', (former) => {
    expect(format(AU, 'e164', former, 'AU')).toBe(AU);
  });

  describe('national', () => {
    it.each([
      ['AU', AU, '0491 570 156'],
      ['GB', GB, '07700 900123'],
      ['US', US, '(202) 555-0123'],
      ['CA', '+15062345678', '(506) 234-5678'],
      ['NZ', '+64211234567', '021 123 4567'],
      ['DE', '+4915123456789', '01512 3456789'],
      ['FR', '+33612345678', '06 12 34 56 78'],
      ['IT', '+393123456789', '312 345 6789'],
      ['ES', '+34612345678', '612 34 56 78'],
      ['CH', '+41781234567', '078 123 45 67'],
      ['IE', '+353850123456', '085 012 3456'],
      ['SG', '+6581234567', '8123 4567'],
      ['IN', '+918123456789', '081234 56789'],
      ['JP', '+819012345678', '090-1234-5678'],
      ['BR', '+5511961234567', '(11) 96123-4567'],
    ])('is what people write in %s', (region, e164, text) => {
      expect(format(e164, 'national', undefined, region)).toBe(text);
    });

    it.each([
      ['a number of another country', AU, 'GB'],
      ['a country that nobody knows', AU, undefined],
    ])('gives way to the international form for %s', (_what, e164, region) => {
      expect(format(e164, 'national', '0491 570 006', region)).toBe('+61 491 570 156');
    });
  });

  describe('keep', () => {
    it.each(['', '  ', null, undefined])('writes E.164 where nothing was: %j', (former) => {
      expect(format(AU, 'keep', former, 'AU')).toBe(AU);
    });

    it.each<[string, string, string, string]>([
      ['AU', '+61491570006', AU, '+61491570156'],
      ['AU', '+61 491 570 006', AU, '+61 491 570 156'],
      ['AU', '+61-491-570-006', AU, '+61-491-570-156'],
      ['AU', '+61.491.570.006', AU, '+61.491.570.156'],
      ['AU', '+61 (0)491 570 006', AU, '+61 491 570 156'],
      ['AU', '0061 491 570 006', AU, '0061 491 570 156'],
      ['AU', '0061491570006', AU, '0061491570156'],
      ['AU', '0491 570 006', AU, '0491 570 156'],
      ['AU', '0491-570-006', AU, '0491-570-156'],
      ['AU', '0491570006', AU, '0491570156'],
      ['AU', ' 0491 570 006 ', AU, '0491 570 156'],
      ['AU', 'tel:+61-491-570-006', AU, '+61-491-570-156'],
      ['GB', '07700 900000', GB, '07700 900123'],
      ['GB', '+44 7700 900000', GB, '+44 7700 900123'],
      ['GB', '+44 (0)7700 900000', GB, '+44 7700 900123'],
      ['US', '(202) 555-0100', US, '(202) 555-0123'],
      ['US', '202-555-0100', US, '202-555-0123'],
      ['US', '202.555.0100', US, '202.555.0123'],
      ['US', '2025550100', US, '2025550123'],
      ['US', '+1 (202) 555-0100', US, '+1 202 555 0123'],
      ['FR', '06.12.34.56.70', '+33612345678', '06.12.34.56.78'],
      ['DE', '0151/23456780', '+4915123456789', '01512 3456789'],
      ['NZ', '021-123-4560', '+64211234567', '021-123-4567'],
    ])('in %s writes after %j', (region, former, e164, text) => {
      expect(format(e164, 'keep', former, region)).toBe(text);
    });

    it.each([
      ['0491 570 006', 'GB', '+44 7700 900123', GB],
      ['0491-570-006', 'GB', '+44-7700-900123', GB],
      ['0491570006', 'GB', GB, GB],
    ])('writes a number of another country after %j so that it can be read', (former, _of, text, e164) => {
      expect(format(e164, 'keep', former, 'AU')).toBe(text);
    });

    it.each(['0491 570 156', '+61 (0)491-570/156', '0011 61 491 570 156', '+61 491 570 156 '])(
      'leaves a text that means the number as it is: %j',
      (former) => {
        expect(format(AU, 'keep', former, 'AU')).toBe(former.trim());
      },
    );

    it.each([
      ['+61 2 5550 0100 x12', '+61 491 570 156'],
      ['(02) 5550 0100 ext. 12', '0491 570 156'],
      ['+61-2-5550-0100;ext=12', '+61-491-570-156'],
      ['+61 2 5550 0100 #12', '+61 491 570 156'],
    ])('does not put the extension of %j behind another number', (former, text) => {
      expect(format(AU, 'keep', former, 'AU')).toBe(text);
    });

    it.each(['ask reception', '—', '?'])('writes what can be read after %j', (former) => {
      expect(format(AU, 'keep', former, 'AU')).toBe('0491 570 156');
    });
  });

  it('writes a number that no plan knows in E.164 when nothing else is read as it', () => {
    expect(format('+999123', 'national', '0491 570 006', 'AU')).toBe('+999123');
  });

  it('is read as the same number again, whatever was there before', () => {
    const countries = getCountries().filter((country) => getExampleNumber(country, examples) !== undefined);
    const formers = fc.oneof(
      fc.string(),
      fc.constantFrom('+61 491 570 006', '0491-570-006', '(202) 555-0100', '0044 7700 900000', '2025550100'),
    );
    const subject = fc.record({
      of: fc.constantFrom(...countries),
      region: fc.option(fc.constantFrom(...countries), { nil: undefined }),
      how: fc.constantFrom(...PHONE_FORMATS),
      former: fc.option(formers),
    });
    fc.assert(
      fc.property(subject, ({ of, region, how, former }) => {
        const e164 = String(getExampleNumber(of, examples)?.number);
        const attributes = region === undefined ? {} : { usageLocation: region };

        const text = formatPhone(e164, how, { former, attributes, phone: PHONE });

        expect(parsePhone(text, attributes, { accept: 'possible' })).toMatchObject({ ok: true, e164 });
        expect(text.length).toBeLessThanOrEqual(64);
        // Writing it over itself changes nothing.
        expect(formatPhone(e164, 'keep', { former: text, attributes, phone: PHONE })).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});
