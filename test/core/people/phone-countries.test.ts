import examples from 'libphonenumber-js/mobile/examples';
import { getExampleNumber, type CountryCode } from 'libphonenumber-js/max';
import { parsePhone } from '../../../src/core/people/phone.ts';

/** The digits of a country's example number, from its first one (`d(0)`) or cut into groups. */
type Digits = (...groups: readonly number[]) => readonly string[];

interface Habit {
  readonly country: CountryCode;
  /** The name that people write for it, besides the code. */
  readonly name: string;
  /** How people there write a mobile number, from its digits without country code and trunk zero. */
  readonly written: (digits: Digits) => readonly string[];
}

const HABITS: readonly Habit[] = [
  {
    country: 'AU',
    name: 'Australia',
    written: (d) => [`0${d(3, 3).join(' ')}`, `(0)${d(3, 3).join('-')}`, `0011 61 ${d(3, 3).join(' ')}`],
  },
  {
    country: 'NZ',
    name: 'Aotearoa',
    written: (d) => [`0${d(2, 3).join(' ')}`, `0${d(2).join('-')}`, `(0${d(2).join(') ')}`],
  },
  {
    country: 'GB',
    name: 'UK',
    written: (d) => [`0${d(4).join(' ')}`, `+44 (0)${d(4).join(' ')}`, `0${d(4, 3).join('-')}`],
  },
  {
    country: 'IE',
    name: 'Republic of Ireland',
    written: (d) => [`0${d(2, 3).join(' ')}`, `+353 (0)${d(2).join(' ')}`],
  },
  {
    country: 'US',
    name: 'U.S.A.',
    written: (d) => [`(${d(3).join(') ')}`, d(3, 3).join('.'), `1-${d(3, 3).join('-')}`],
  },
  {
    country: 'CA',
    name: 'Canada',
    written: (d) => [d(3, 3).join('-'), `1 (${d(3).join(') ')}`, `011 1 ${d(3, 3).join(' ')}`],
  },
  {
    country: 'DE',
    name: 'Deutschland',
    written: (d) => [`0${d(3).join('/')}`, `+49 (0) ${d(3).join(' ')}`, `0049${d().join('')}`],
  },
  { country: 'AT', name: 'Österreich', written: (d) => [`0${d(3).join('/')}`, `+43/${d(3).join('/')}`] },
  { country: 'CH', name: 'Suisse', written: (d) => [`0${d(2, 3, 2).join(' ')}`, `+41 (0)${d(2, 3, 2).join(' ')}`] },
  {
    country: 'FR',
    name: 'France',
    written: (d) => [`0${d(1, 2, 2, 2).join('.')}`, `0${d(1, 2, 2, 2).join(' ')}`, `+33 (0)${d(1).join(' ')}`],
  },
  { country: 'IT', name: 'Italy', written: (d) => [d(3).join(' '), d(3).join('/'), `0039 ${d(3).join(' ')}`] },
  { country: 'ES', name: 'España', written: (d) => [d(3, 2, 2).join(' '), d(3, 3).join('-')] },
  {
    country: 'NL',
    name: 'Holland',
    written: (d) => [`0${d(1).join('-')}`, `0${d(1).join(' ')}`, `+31 (0)${d(1).join('-')}`],
  },
  {
    country: 'BE',
    name: 'Belgium',
    written: (d) => [`0${d(3).join('/')}`, `0${d(3, 2, 2).join(' ')}`, `0${d(3, 2, 2).join('.')}`],
  },
  { country: 'SE', name: 'Sweden', written: (d) => [`0${d(2, 3, 2).join(' ')}`, `0${d(2).join('-')}`] },
  { country: 'NO', name: 'Norway', written: (d) => [d(3, 2).join(' '), d(2, 2, 2).join(' ')] },
  { country: 'DK', name: 'Denmark', written: (d) => [d(2, 2, 2).join(' '), `+45${d(4).join(' ')}`] },
  { country: 'PL', name: 'Poland', written: (d) => [d(3, 3).join('-'), d(3, 3).join(' ')] },
  { country: 'IN', name: 'India', written: (d) => [`0${d(5).join(' ')}`, d(5).join('-'), `91${d().join('')}`] },
  { country: 'SG', name: 'Singapore', written: (d) => [d(4).join(' '), d(4).join('-')] },
  {
    country: 'JP',
    name: 'Japan',
    written: (d) => [`0${d(2, 4).join('-')}`, fullWidth(`0${d(2, 4).join('-')}`), `010 81 ${d(2, 4).join(' ')}`],
  },
  {
    country: 'CN',
    name: "People's Republic of China",
    written: (d) => [d(3, 4).join(' '), d(3, 4).join('-'), fullWidth(d().join(''))],
  },
  {
    country: 'BR',
    name: 'Brasil',
    written: (d) => [`(${d(2).join(') ')}`, `(0${d(2, 5).join(' ')}`.replace(' ', ') ')],
  },
  { country: 'ZA', name: 'South Africa', written: (d) => [`0${d(2, 3).join(' ')}`, `+27(0)${d(2).join('')}`] },
];

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

function digitsOf(nationalNumber: string): Digits {
  return (...groups) => {
    let rest = nationalNumber;
    const cut = groups.map((length) => {
      const group = rest.slice(0, length);
      rest = rest.slice(length);
      return group;
    });
    return [...cut, rest];
  };
}

/** The number that the country's numbering plan gives as an example of a mobile. */
function exampleOf(country: CountryCode) {
  return getExampleNumber(country, examples)!;
}

/** Ways to write a number that people have everywhere. */
function anywhere(country: CountryCode): readonly string[] {
  const example = exampleOf(country);
  const { number, nationalNumber, countryCallingCode } = example;
  return [
    number,
    nationalNumber,
    example.formatNational(),
    example.formatInternational(),
    example.formatInternational().replaceAll(' ', '-'),
    `00${countryCallingCode} ${nationalNumber}`,
    `tel:${number}`,
    `\u202a${example.formatInternational().replaceAll(' ', '\u00a0')}\u202c`,
  ];
}

describe('parsePhone, as people write numbers in 24 countries', () => {
  const rows = HABITS.flatMap(({ country, name, written }) => {
    const { number, nationalNumber } = exampleOf(country);
    return [...anywhere(country), ...written(digitsOf(nationalNumber))].map(
      (text) => [country, text, name, number] as const,
    );
  });

  it.each(rows)('%s: %j', (country, text, name, e164) => {
    const expected = { ok: true, e164, region: country };

    expect(parsePhone(text, { usageLocation: country }, { accept: 'mobile' })).toMatchObject(expected);
    expect(parsePhone(text, { country: name }, { accept: 'mobile' })).toMatchObject(expected);
    expect(parsePhone(text, {}, { accept: 'mobile', defaultCountry: country })).toMatchObject(expected);
  });

  it('tells more than a hundred ways apart', () => {
    expect(new Set(rows.map(([, text]) => text)).size).toBeGreaterThan(200);
  });
});
