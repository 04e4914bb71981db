import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { regionOf } from './country.ts';
import type { Attributes } from './person.ts';
import { narrowWidth } from './text.ts';

/** `unknown`: the length is right, but the numbering plan does not know the number. */
export type PhoneType = 'mobile' | 'fixed-line-or-mobile' | 'other' | 'unknown';
export type PhoneProblem = 'no-phone' | 'bad-phone' | 'not-mobile';

/** How numbers are read, and which count. */
export interface PhoneRules {
  readonly defaultCountry?: string;
  readonly accept: 'mobile' | 'valid' | 'possible';
}

/** What a text would have had to be, in words. */
export const PHONE_LIMITS: Readonly<Record<PhoneProblem, string>> = {
  'no-phone': 'a phone number',
  'bad-phone': 'a phone number that is complete, without an extension, with its country code or of a known country',
  'not-mobile': 'the number of a mobile',
};
export type ParsedPhone =
  | { readonly ok: true; readonly e164: string; readonly region?: string; readonly type: PhoneType }
  | { readonly ok: false; readonly reason: PhoneProblem };

// Some plans know longer numbers, but those can only be dialled inside their country.
// Stryker disable next-line Regex: the library begins every number with a plus
const E164 = /^\+[1-9]\d{1,14}$/;

const BAD: ParsedPhone = { ok: false, reason: 'bad-phone' };

/**
 * The E.164 number a directory text means, when it can be texted under `phone.accept`. A national number is read
 * in the person's country or not at all: a guess would text a stranger. `not-mobile` is a real number that is no mobile.
 */
export function parsePhone(raw: string, attributes: Attributes, phone: PhoneRules): ParsedPhone {
  const text = cleanNumber(raw);
  if (text === '') return { ok: false, reason: 'no-phone' };
  const region = regionOf(attributes, phone.defaultCountry);
  const readings = readingsOf(text, region);
  const valid = readings.find((number) => number.isValid());
  if (valid !== undefined) return acceptValid(valid, phone.accept);
  const possible = readings.find((number) => number.isPossible() && readsBack(number));
  if (possible === undefined || phone.accept !== 'possible') return BAD;
  return answer(possible, 'unknown');
}

/** A number with nothing left of it but the country and the last three digits, for logs and masked records: `+61 … 156`. */
export function maskNumber(e164: string): string {
  const digits = e164.replace(/\D/g, '');
  if (digits.length < 8) return '…';
  const code = parsePhoneNumberFromString(e164)?.countryCallingCode;
  return `${code === undefined ? '' : `+${code} `}… ${digits.slice(-3)}`;
}

// A number outside the numbering plan may lose another zero each time it is read: it would be a new number at every run.
function readsBack({ number }: PhoneNumber): boolean {
  // Stryker disable next-line OptionalChaining: what was a number is read as one
  return parsePhoneNumberFromString(number)?.number === number;
}

function acceptValid(number: PhoneNumber, accept: PhoneRules['accept']): ParsedPhone {
  const type = typeOf(number);
  if (accept === 'mobile' && type === 'other') return { ok: false, reason: 'not-mobile' };
  return answer(number, type);
}

function answer(number: PhoneNumber, type: PhoneType): ParsedPhone {
  // A message cannot dial an extension, and the switchboard in front of it is nobody's mobile.
  if (number.ext !== undefined) return BAD;
  const region = number.country === undefined ? {} : { region: number.country };
  return { ok: true, e164: number.number, ...region, type };
}

function typeOf(number: PhoneNumber): PhoneType {
  const type = number.getType();
  if (type === 'MOBILE') return 'mobile';
  return type === 'FIXED_LINE_OR_MOBILE' ? 'fixed-line-or-mobile' : 'other';
}

/** What a text can mean, the most literal reading first; a later one counts only when the earlier are no valid numbers. */
function readingsOf(text: string, region: CountryCode | undefined): readonly PhoneNumber[] {
  // 00 is the international prefix of most countries, and people write it in those where it is another one too.
  const international = text.replace(/^00/, '+');
  // "+44 (0)7700…": the zero is only dialled inside the country. Where it belongs to the number the literal reading wins.
  const withoutTrunkZero = international.startsWith('+') ? international.replace('(0)', '') : international;
  return [...new Set([text, international, withoutTrunkZero])]
    .map((reading) =>
      parsePhoneNumberFromString(reading, { extract: false, ...(region && { defaultCountry: region }) }),
    )
    .filter((number) => number !== undefined)
    .filter(({ number }) => E164.test(number));
}

// Address books paste invisible direction marks and odd spaces; neither is part of a number.
function cleanNumber(raw: string): string {
  const visible = narrowWidth(raw).replace(/\p{Cf}/gu, '');
  // Stryker disable next-line StringLiteral: the library skips blanks
  const spaced = visible.replace(/[\p{Zs}\t]/gu, ' ');
  return spaced.trim().replace(/^tel:\s*/i, '');
}
