import { z } from 'zod';
import { countryNamed, countryName } from './country.ts';
import { parsePhone, PHONE_LIMITS } from './phone.ts';
import { eachText, transformName, transformRow, type Changed, type TransformTools } from './transform-row.ts';
import { DATE_FORMAT, formatDay, writtenDay } from './written-dates.ts';

const Day = z.strictObject({
  name: transformName('date'),
  order: z
    .enum(['dmy', 'mdy'])
    .exactOptional()
    .meta({
      description:
        'How day and month stand in a date that is all numbers, such as 01/02/2026; without it, none is read.',
      examples: ['dmy'],
    }),
  format: z
    .string()
    .regex(DATE_FORMAT, {
      error: 'a format of yyyy yy MMMM MMM MM M dd d EEEE EEE, with blanks and . , / - between them',
    })
    .default('yyyy-MM-dd')
    .meta({ description: 'How the date is written. Names are English.', examples: ['d MMM yyyy'] }),
});

const Number164 = z.strictObject({
  name: transformName('e164'),
  accept: z
    .enum(['mobile', 'valid', 'possible'])
    .default('valid')
    .meta({ description: 'Which numbers count, as in `phone.accept`.', examples: ['mobile'] }),
});

const Country = z.strictObject({
  name: transformName('country'),
  form: z
    .enum(['code', 'name'])
    .default('code')
    .meta({ description: 'The two-letter ISO code, or the English name.', examples: ['name'] }),
});

// HMAC-SHA-256 in base64url has 43 characters; 16 of them (96 bits) still never meet by chance.
const Hash = z.strictObject({
  name: transformName('hash'),
  length: z
    .int()
    .min(16)
    .max(43)
    .default(43)
    .meta({ description: 'How many of its 43 characters are kept.', examples: [16] }),
});

/** Transforms that read what a text means. */
export const VALUE_TRANSFORMS = {
  date: transformRow(Day, {
    description: 'Reads a date as people write it, and writes it in one form. A time of day is dropped.',
    examples: [
      { input: ['2026-01-31T00:00:00Z'], output: ['2026-01-31'] },
      { arguments: { order: 'dmy' }, input: ['31/1/2026'], output: ['2026-01-31'] },
      { arguments: { format: 'd MMM yyyy' }, input: ['January 31, 2026'], output: ['31 Jan 2026'] },
    ],
    apply: eachText(changeDate),
  }),
  e164: transformRow(Number164, {
    description: "Reads a phone number in the person's country and writes it in E.164.",
    examples: [{ input: ['+61 (0)491 570 156'], output: ['+61491570156'] }],
    apply: eachText(changeNumber),
  }),
  country: transformRow(Country, {
    description: 'Reads a country by its code, its English name or a common other name.',
    examples: [
      { input: ['United Kingdom'], output: ['GB'] },
      { arguments: { form: 'name' }, input: ['deutschland'], output: ['Germany'] },
    ],
    apply: eachText(changeCountry),
  }),
  hash: transformRow(Hash, {
    description: 'A pseudonym: the same for the same text, and of no use without the key in the vault.',
    // With the key that the tests have.
    examples: [{ arguments: { length: 16 }, input: ['E-0042'], output: ['gSBzK3_fZ5ueXfmq'] }],
    apply: eachText(changeToPseudonym),
  }),
};

function changeDate(text: string, { order, format }: z.output<typeof Day>): Changed {
  const day = writtenDay(text, order);
  return day === undefined ? { limit: 'a date that the transform date can read' } : formatDay(day, format);
}

function changeNumber(text: string, { accept }: z.output<typeof Number164>, tools: TransformTools): Changed {
  const parsed = parsePhone(text, tools.person.attributes, { ...tools.phone, accept });
  return parsed.ok ? parsed.e164 : { limit: PHONE_LIMITS[parsed.reason] };
}

function changeCountry(text: string, { form }: z.output<typeof Country>): Changed {
  const code = countryNamed(text);
  if (code === undefined) return { limit: 'a country' };
  return form === 'code' ? code : countryName(code);
}

/**
 * Keyed, because every phone number there is can be hashed in minutes: without the key nobody gets from the pseudonym
 * back to the number. The prefix keeps it apart from the pseudonyms in our tables' keys, which it would else give away.
 */
function changeToPseudonym(text: string, { length }: z.output<typeof Hash>, { digest }: TransformTools): Changed {
  return digest.pseudonym(`transform ${text}`).slice(0, length);
}
