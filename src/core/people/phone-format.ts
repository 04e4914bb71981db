import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';
import { parsePhone, type PhoneRules } from './phone.ts';
import type { Attributes } from './person.ts';

/** How a number is written to the directory: as the one it replaces, in E.164, or as people write it in their country. */
export const PHONE_FORMATS = ['keep', 'e164', 'national'] as const;
export type PhoneFormat = (typeof PHONE_FORMATS)[number];

/** Whom a number is written for. */
export interface PhoneOwner {
  /** What the directory has now. */
  readonly former: string | null | undefined;
  readonly attributes: Attributes;
  readonly phone: PhoneRules;
}

interface Look {
  readonly lead: '+' | '00' | 'national';
  /** Between groups of digits; absent where a text mixes several, '' where it has none. */
  readonly separator?: string;
}

const SPACED: Look = { lead: '+', separator: ' ' };

/**
 * The text for an E.164 number, which is read as that same number again, in the person's country or in any: a national
 * form that would not be gives way to an international one, and that one to E.164. An extension of the former number is
 * not kept: it was one of that number. With `keep`, a former text that means the number stays as it is.
 */
export function formatPhone(e164: string, format: PhoneFormat, owner: PhoneOwner): string {
  const former = owner.former?.trim() ?? '';
  if (format === 'e164' || (format === 'keep' && former === '')) return e164;
  if (format === 'keep' && readAs(former, owner) === e164) return former;
  const number = parsePhoneNumberFromString(e164);
  const look: Look = format === 'national' ? { lead: 'national' } : lookOf(former);
  const candidates = number === undefined ? [] : [write(number, look), write(number, inPlaceOf(look))];
  return candidates.find((text) => readAs(text, owner) === e164) ?? e164;
}

// Where a national number would be misread, what the former one looked like still counts.
function inPlaceOf({ separator = ' ' }: Look): Look {
  return { ...SPACED, separator };
}

function lookOf(former: string): Look {
  const text = former.replace(/^tel:\s*/i, '').replace(EXTENSION, '');
  const lead = text.startsWith('+') ? '+' : text.startsWith('00') ? '00' : 'national';
  const found = new Set(text.match(/[^\d+]+/g));
  if (found.size > 1) return { lead };
  const [separator = ''] = found;
  // Brackets are no separator: what is inside them depends on the country.
  return SEPARATORS.includes(separator) ? { lead, separator } : { lead };
}

const EXTENSION = /\s*(?:;?ext|x|#).*$/i;
const SEPARATORS: readonly string[] = ['', ' ', '-', '.'];

function write(number: PhoneNumber, { lead, separator }: Look): string {
  const usual = lead === 'national' ? number.formatNational() : number.formatInternational();
  const text = separator === undefined ? usual : grouped(usual, separator);
  return lead === '00' ? text.replace('+', '00') : text;
}

function grouped(text: string, separator: string): string {
  return Array.from(text.matchAll(/\+?\d+/g), ([group]) => group).join(separator);
}

function readAs(text: string, { attributes, phone }: PhoneOwner): string | undefined {
  const parsed = parsePhone(text, attributes, { ...phone, accept: 'possible' });
  return parsed.ok ? parsed.e164 : undefined;
}
