import { parsePhone } from '../people/phone.ts';
import { findingOf, isObject, type Finding } from './finding.ts';

/** The E.164 number that an excluded one means; numbers that nobody can be texted on may be excluded, too. */
export function phoneOf(written: string, defaultCountry: string | undefined): string | undefined {
  const parsed = parsePhone(
    written,
    {},
    { accept: 'possible', ...(defaultCountry === undefined ? {} : { defaultCountry }) },
  );
  return parsed.ok ? parsed.e164 : undefined;
}

/** Excluded numbers that cannot be read: they would protect nobody. Takes the document as it stands. */
export function excludeFindings(exclude: unknown, phone: unknown): readonly Finding[] {
  const phones = isObject(exclude) ? exclude['phones'] : undefined;
  if (!Array.isArray(phones)) return [];
  const country = isObject(phone) ? phone['defaultCountry'] : undefined;
  const defaultCountry = typeof country === 'string' ? country : undefined;
  return phones.flatMap((written: unknown, index) => {
    if (typeof written !== 'string' || written.trim() === '' || phoneOf(written, defaultCountry) !== undefined)
      return [];
    const expected = 'a phone number, with its country code or of phone.defaultCountry';
    return [findingOf(['sync', 'exclude', 'phones', index], written, expected)];
  });
}
