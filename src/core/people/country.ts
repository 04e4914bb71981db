import { type CountryCode, getCountries, isSupportedCountry } from 'libphonenumber-js/max';
import { readAttribute } from '../config/attributes.ts';
import type { Attributes } from './person.ts';
import { collapseBlanks, textOf } from './text.ts';

/** Names in use for a country besides the one that Unicode's English names give it, in the form of `nameKey`. */
const ALIASES: Readonly<Record<string, CountryCode>> = {
  america: 'US',
  aotearoa: 'NZ',
  aus: 'AU',
  bosnia: 'BA',
  brasil: 'BR',
  britain: 'GB',
  'brunei darussalam': 'BN',
  burma: 'MM',
  'cabo verde': 'CV',
  'czech republic': 'CZ',
  'democratic republic of congo': 'CD',
  'democratic republic of the congo': 'CD',
  deutschland: 'DE',
  'east timor': 'TL',
  england: 'GB',
  espana: 'ES',
  gbr: 'GB',
  'great britain': 'GB',
  holland: 'NL',
  'hong kong': 'HK',
  'hong kong sar': 'HK',
  'ivory coast': 'CI',
  'korea republic of': 'KR',
  'lao pdr': 'LA',
  macao: 'MO',
  'macao sar': 'MO',
  macau: 'MO',
  macedonia: 'MK',
  'northern ireland': 'GB',
  nzl: 'NZ',
  osterreich: 'AT',
  palestine: 'PS',
  "people's republic of china": 'CN',
  'republic of ireland': 'IE',
  'republic of korea': 'KR',
  'republic of the congo': 'CG',
  'russian federation': 'RU',
  schweiz: 'CH',
  scotland: 'GB',
  'slovak republic': 'SK',
  suisse: 'CH',
  swaziland: 'SZ',
  turkey: 'TR',
  turkiye: 'TR',
  uae: 'AE',
  uk: 'GB',
  'united states of america': 'US',
  usa: 'US',
  vatican: 'VA',
  'viet nam': 'VN',
  wales: 'GB',
};

let codesByName: ReadonlyMap<string, CountryCode> | undefined;

/** A country, and what of the person or the configuration names it. */
export interface RegionSource {
  readonly code: CountryCode;
  readonly from: 'usageLocation' | 'country' | 'phone.defaultCountry';
}

/**
 * The country whose national numbers a person writes: `usageLocation`, then `country` when it names one,
 * then the configured default; `undefined` when none of them does.
 */
export function regionOf(attributes: Attributes, defaultCountry: string | undefined): CountryCode | undefined {
  return regionSource(attributes, defaultCountry)?.code;
}

/** The same, with what says so. */
export function regionSource(attributes: Attributes, defaultCountry: string | undefined): RegionSource | undefined {
  for (const from of ['usageLocation', 'country'] as const) {
    const code = countryNamed(textOf(readAttribute(attributes, from)));
    if (code !== undefined) return { code, from };
  }
  const code = defaultCountry === undefined ? undefined : countryNamed(defaultCountry);
  return code === undefined ? undefined : { code, from: 'phone.defaultCountry' };
}

/** The ISO 3166 code of a country given by that code, its English name or a common other name. */
export function countryNamed(text: string): CountryCode | undefined {
  const key = nameKey(text);
  // Stryker disable next-line ConditionalExpression,StringLiteral: it is only faster
  if (key === '') return undefined;
  const code = key.toUpperCase();
  if (isSupportedCountry(code)) return code;
  // Stryker disable next-line AssignmentOperator: made once, before there is any mutant
  codesByName ??= buildNames();
  return codesByName.get(key);
}

/** The English name of a country. */
export function countryName(code: CountryCode): string {
  return String(new Intl.DisplayNames('en', { type: 'region' }).of(code));
}

// On first use: loading Unicode's names costs some 20 ms, and a directory with usage locations never needs them.
function buildNames(): ReadonlyMap<string, CountryCode> {
  const english = new Intl.DisplayNames('en', { type: 'region' });
  const official = getCountries().map((code): [string, CountryCode] => [nameKey(String(english.of(code))), code]);
  return new Map([...official, ...Object.entries(ALIASES)]);
}

function nameKey(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f.,]|\(.*?\)/g, '')
    .replace(/[’‘]/g, "'")
    .replace(/&/g, ' and ')
    .replace(/-/g, ' ')
    .toLowerCase()
    .replace(/^\s*the\s/, '')
    .replace(/\bst\s/g, 'saint ');
  return collapseBlanks(plain).trim();
}
