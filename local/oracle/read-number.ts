import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import type { OracleConfig } from './oracle-config.ts';

export type NumberVerdict = { readonly number: string } | { readonly leftOut: 'no-phone' | 'bad-phone' | 'not-mobile' };

// The countries that the sample directory names in words.
const COUNTRIES_BY_NAME: Readonly<Record<string, CountryCode>> = {
  australia: 'AU',
  'new zealand': 'NZ',
  'united kingdom': 'GB',
  'united states': 'US',
};

/** The E.164 number that a directory text means to the person who wrote it, or why it cannot be texted. */
export function readNumber(
  text: string,
  user: Readonly<Record<string, unknown>>,
  { defaultCountry, accept }: Pick<OracleConfig, 'defaultCountry' | 'accept'>,
): NumberVerdict {
  const written = text.replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').trim();
  if (written === '') return { leftOut: 'no-phone' };
  const country = [user['usageLocation'], user['country'], defaultCountry].map(countryOf).find(Boolean);
  const number = parse(written, country) ?? parse(written.replace(/^00/, '+').replace('(0)', ''), country);
  if (number === undefined) return { leftOut: 'bad-phone' };
  const type = number.getType();
  const isMobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
  return accept === 'mobile' && !isMobile ? { leftOut: 'not-mobile' } : { number: number.number };
}

function parse(text: string, country: CountryCode | undefined): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(text, { extract: false, ...(country && { defaultCountry: country }) });
  return number?.isValid() === true && number.ext === undefined ? number : undefined;
}

function countryOf(value: unknown): CountryCode | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const code = text.toUpperCase();
  return isSupportedCountry(code) ? code : COUNTRIES_BY_NAME[text.toLowerCase()];
}
