import fc from 'fast-check';
import type { SyncConfig } from '../../../src/core/config/sync-config.ts';
import { maskNumber, parsePhone, PHONE_LIMITS, type ParsedPhone } from '../../../src/core/people/phone.ts';

type Accept = SyncConfig['phone']['accept'];

function parse(raw: string, region?: string, accept: Accept = 'mobile'): ParsedPhone {
  return parsePhone(raw, region === undefined ? {} : { usageLocation: region }, { accept });
}

const MOBILE = { ok: true, e164: '+61491570156', region: 'AU', type: 'mobile' };

describe('parsePhone', () => {
  it.each([
    ['+61 491 570 156', undefined],
    ['0491 570 156', 'AU'],
    ['0491-570-156', 'AU'],
    ['(0)491 570 156', 'AU'],
    ['491570156', 'AU'],
    ['61491570156', 'AU'],
    ['+61 (0)491 570 156', undefined],
    ['+610491570156', undefined],
    ['0061 491 570 156', undefined],
    ['0061 491 570 156', 'GB'],
    ['00 61 491 570 156', 'AU'],
    ['0061 (0)491 570 156', 'US'],
    ['0011 61 491 570 156', 'AU'],
    ['011 61 491 570 156', 'US'],
    ['＋６１　４９１　５７０　１５６', undefined],
    ['０４９１－５７０－１５６', 'AU'],
    ['+٦١ ٤٩١ ٥٧٠ ١٥٦', undefined],
    ['\u202a+61\u00a0491\u202f570\u2009156\u202c', undefined],
    ['\u200e0491\t570 156\ufeff', 'AU'],
    ['tel:+61-491-570-156', undefined],
  ])('reads %j in region %s', (raw, region) => {
    expect(parse(raw, region)).toEqual(MOBILE);
  });

  it.each([
    ['+49 (0)176 04069012', '+4917604069012'],
    ['+1 (0)202 555 0123', '+12025550123'],
    ['+39 (0)320 0000000', '+393200000000'],
  ])('drops a trunk zero that is no part of the number: %s', (raw, e164) => {
    expect(parse(raw)).toMatchObject({ ok: true, e164 });
  });

  it('keeps an Italian zero, which is part of the number', () => {
    expect(parse('+39 (0)6 00000000', undefined, 'valid')).toEqual({
      ok: true,
      e164: '+390600000000',
      region: 'IT',
      type: 'other',
    });
  });

  it('takes a number of a country that does not tell mobiles apart', () => {
    expect(parse('(202) 555-0123', 'US')).toEqual({
      ok: true,
      e164: '+12025550123',
      region: 'US',
      type: 'fixed-line-or-mobile',
    });
  });

  it('names no region for a number of no country', () => {
    expect(parse('+800 0000 0000', undefined, 'valid')).toStrictEqual({
      ok: true,
      e164: '+80000000000',
      type: 'other',
    });
  });

  it.each<[string, Accept, object]>([
    ['+61 2 5550 0156', 'mobile', { ok: false, reason: 'not-mobile' }],
    ['+61 2 5550 0156', 'valid', { ok: true, e164: '+61255500156', region: 'AU', type: 'other' }],
    ['+44 (0)7700 900123', 'mobile', { ok: false, reason: 'bad-phone' }],
    ['+44 (0)7700 900123', 'valid', { ok: false, reason: 'bad-phone' }],
    ['+44 (0)7700 900123', 'possible', { ok: true, e164: '+447700900123', type: 'unknown' }],
    ['+61 491 570 156', 'possible', MOBILE],
    ['+61 491', 'possible', { ok: false, reason: 'bad-phone' }],
  ])('judges %s with accept "%s"', (raw, accept, expected) => {
    expect(parse(raw, undefined, accept)).toEqual(expected);
  });

  it.each(['', '   ', '\u200e\u00a0'])('finds no number in %j', (raw) => {
    expect(parse(raw, 'AU')).toEqual({ ok: false, reason: 'no-phone' });
  });

  it.each([
    ['0491 570 156', undefined],
    ['0491 570 156', 'XX'],
    ['n/a', 'AU'],
    ['000', 'AU'],
    ['0491 570 156 x123', 'AU'],
    ['+61491570156;ext=12', undefined],
    ['+61491570156 ext. 5', undefined],
    ['0491 570 156, 0491 570 157', 'AU'],
    ['0491 570 156\n0491 570 157', 'AU'],
    ['0491 570 156 / 157', 'AU'],
    ['1800 FLOWERS', 'AU'],
    ['0491 570 156²', 'AU'],
    ['+61 491 570 15', 'AU'],
    ['4915(0)70 156', 'AU'],
    ['0491 tel: 570 156', 'AU'],
    ['+999 491 570 156', 'AU'],
    ['9'.repeat(300), 'AU'],
  ])('refuses %j in region %s rather than guess', (raw, region) => {
    expect(parse(raw, region)).toEqual({ ok: false, reason: 'bad-phone' });
  });

  it('refuses an extension whatever is accepted', () => {
    expect(parse('+44 7700 900123 x5', undefined, 'possible')).toEqual({ ok: false, reason: 'bad-phone' });
  });

  it.each(['0000400', '0034370'])('refuses %s, which would be another number when it is read again', (raw) => {
    expect(parse(raw, 'AU', 'possible')).toEqual({ ok: false, reason: 'bad-phone' });
  });

  it('refuses what is longer than E.164 allows, even where the country has such numbers', () => {
    expect(parse('0011 0000 0000 0000', 'JP', 'possible')).toEqual({ ok: false, reason: 'bad-phone' });
  });

  it('takes the country, then the default, where no usage location says otherwise', () => {
    expect(parsePhone('0491570156', { country: 'Australia' }, { accept: 'mobile' })).toEqual(MOBILE);
    expect(parsePhone('0491570156', {}, { accept: 'mobile', defaultCountry: 'AU' })).toEqual(MOBILE);
  });

  it('answers E.164 or a reason, whatever the text, and reads its own answer back', () => {
    const prefixes = ['', '0', '00', '(0)', '+', '+1 ', '+39 (0)', '+44 (0)', '+61', '+61 (0)', '0011', '011'];
    const signs = '0123456789012345678901234567890123456789 -.x\u00a0\u200e４'.split('');
    const looksLikeOne = fc
      .tuple(fc.constantFrom(...prefixes), fc.string({ unit: fc.constantFrom(...signs), minLength: 4, maxLength: 14 }))
      .map((parts) => parts.join(''));
    const texts = fc.oneof(
      { weight: 9, arbitrary: looksLikeOne },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    );
    const accepts = fc.constantFrom<Accept>('mobile', 'valid', 'possible');
    const regions = fc.constantFrom('AU', 'US', 'IT', 'BR', 'JP', undefined);
    fc.assert(
      fc.property(texts, regions, accepts, (raw, region, accept) => {
        const parsed = parse(raw, region, accept);

        if (!parsed.ok) return;
        expect(parsed.e164).toMatch(/^\+[1-9]\d{3,14}$/);
        const { e164, type } = parsed;
        expect(parse(e164, undefined, accept)).toMatchObject({ ok: true, e164, type });
      }),
      { numRuns: 500 },
    );
  });
});

describe('PHONE_LIMITS', () => {
  it.each(Object.entries(PHONE_LIMITS))('says of %s what a text would have had to be', (_reason, words) => {
    expect(words).toMatch(/^(a|the) .*\w$/);
  });
});

describe('maskNumber', () => {
  it.each([
    ['+61491570156', '+61 … 156'],
    ['+12025550123', '+1 … 123'],
    ['+999491570156', '… 156'],
    ['+61123', '…'],
    ['+4712345', '…'],
    ['+47123456', '+47 … 456'],
    ['', '…'],
  ])('shows no more of %j than "%s"', (number, expected) => {
    expect(maskNumber(number)).toBe(expected);
  });
});
