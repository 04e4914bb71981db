import type { CustomFieldShape } from '../config/sync-config.ts';
import type { CustomFieldType } from './contact.ts';
import { calendarDayOf } from './dates.ts';

const ADDRESS = /^[^\s@<>()[\],;:\\"]+@(?:[^\s@<>()[\],;:\\".]+\.)+[^\s@<>()[\],;:\\".]{2,}$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const E164 = /^\+[1-9]\d{6,14}$/;
// Long enough for every country's codes, with the hyphen or blank that some have.
const POSTAL_CODE = /^[\p{L}\p{N}](?:[\p{L}\p{N} -]{0,10}[\p{L}\p{N}])?$/u;
const CONTROL = /\p{Cc}/u;

/** A text as a field holds it, or what it would have had to be. */
type Limited = { readonly value: string } | { readonly limit: string };

const LIMITS: Readonly<Record<CustomFieldType, string>> = {
  DATE: 'a date yyyy-mm-dd',
  EMAIL: 'an e-mail address',
  NAME: 'a name in one line',
  NUMBER: 'a number',
  PHONE: 'a phone number in E.164, as the transform e164 makes them',
  TEXT: 'a text',
  URL: 'an address that begins with http:// or https://',
  ZIP_CODE: 'a postal code',
};

const HOLDS: Readonly<Record<Exclude<CustomFieldType, 'DATE'>, (text: string) => boolean>> = {
  EMAIL: (text) => ADDRESS.test(text),
  NAME: (text) => !CONTROL.test(text),
  NUMBER: (text) => NUMBER.test(text),
  PHONE: (text) => E164.test(text),
  TEXT: () => true,
  URL: (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
  ZIP_CODE: (text) => POSTAL_CODE.test(text),
};

/** A text as a date field holds it: the day as it is written, whatever the time behind it. */
export function limitDay(text: string): Limited {
  const day = calendarDayOf(text);
  return day === undefined ? { limit: LIMITS.DATE } : { value: day };
}

/** A text as a custom field holds it. Lengths are counted as MessageMedia does; nothing is ever cut. */
export function limitCustom(text: string, { type, maxLength }: CustomFieldShape): Limited {
  const limited = type === 'DATE' ? limitDay(text) : HOLDS[type](text) ? { value: text } : { limit: LIMITS[type] };
  if ('value' in limited && limited.value.length > maxLength) return { limit: `at most ${maxLength} characters` };
  return limited;
}
