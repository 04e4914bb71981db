import { getCountries } from 'libphonenumber-js/max';
import { countryName, countryNamed, regionOf, regionSource } from '../../../src/core/people/country.ts';

/** How people write a country besides its code and its English name. */
const OTHER_NAMES = {
  AE: ['UAE'],
  AT: ['Österreich'],
  AU: ['Aus'],
  BA: ['Bosnia'],
  BN: ['Brunei Darussalam'],
  BR: ['Brasil'],
  CD: ['Democratic Republic of Congo', 'Democratic Republic of the Congo'],
  CG: ['Republic of the Congo'],
  CH: ['Schweiz', 'Suisse'],
  CI: ['Ivory Coast'],
  CN: ["People's Republic of China", 'The People’s Republic of China'],
  CV: ['Cabo Verde'],
  CZ: ['Czech Republic'],
  DE: ['Deutschland'],
  ES: ['España'],
  GB: ['Britain', 'Great Britain', 'GBR', 'Northern Ireland', 'Scotland', 'Wales', 'England', 'UK'],
  HK: ['Hong-Kong', 'Hong Kong SAR'],
  IE: ['Republic of Ireland'],
  KR: ['Republic of Korea', 'Korea Republic of'],
  LA: ['Lao PDR'],
  MK: ['Macedonia'],
  MM: ['Burma'],
  MO: ['Macao', 'Macao SAR', 'Macau'],
  NL: ['Holland'],
  NZ: ['Aotearoa', 'NZL'],
  PS: ['Palestine'],
  RU: ['Russian Federation'],
  SK: ['Slovak Republic'],
  SZ: ['Swaziland'],
  TL: ['East Timor'],
  TR: ['Turkey', 'Turkiye'],
  TT: ['Trinidad and Tobago', 'Trinidad&Tobago'],
  US: ['America', 'USA', 'United States of America', ' the  USA'],
  VA: ['Vatican'],
  VN: ['Viet Nam'],
  KN: ['St Kitts and Nevis'],
};

describe('countryNamed', () => {
  it.each([
    ['AU', 'AU'],
    ['au ', 'AU'],
    ['Australia', 'AU'],
    [' AUSTRALIA ', 'AU'],
    ['U.S.', 'US'],
    ['U.S.A.', 'US'],
    ['The United States of America', 'US'],
    ['UK', 'GB'],
    ['England', 'GB'],
    ['The Netherlands', 'NL'],
    ['Holland', 'NL'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ["Cote d'Ivoire", 'CI'],
    ['Bosnia and Herzegovina', 'BA'],
    ['Saint Lucia', 'LC'],
    ['St. Lucia', 'LC'],
    ['Hong Kong', 'HK'],
    ['Timor Leste', 'TL'],
    ['Myanmar', 'MM'],
    ['Korea, Republic of', 'KR'],
  ])('knows %s', (text, expected) => {
    expect(countryNamed(text)).toBe(expected);
  });

  it.each(Object.entries(OTHER_NAMES).flatMap(([code, names]) => names.map((name) => [name, code] as const)))(
    'knows %s by another name',
    (name, code) => {
      expect(countryNamed(name)).toBe(code);
    },
  );

  it('knows every country by the English name that it has itself', () => {
    const lost = getCountries().filter((code) => countryNamed(countryName(code)) !== code);

    expect(lost).toEqual([]);
    expect(countryName('DE')).toBe('Germany');
  });

  it.each(['', ' ', 'Queensland', 'XX', 'Korea', 'constructor', '__proto__'])('does not guess at "%s"', (text) => {
    expect(countryNamed(text)).toBeUndefined();
  });
});

describe('regionOf', () => {
  it.each([
    [{ usageLocation: 'GB', country: 'Australia' }, 'NZ', 'GB'],
    [{ usageLocation: null, country: 'Australia' }, 'NZ', 'AU'],
    [{ country: 'Head office' }, 'NZ', 'NZ'],
    [{}, undefined, undefined],
  ])('of %j with the default %s is %s', (attributes, defaultCountry, expected) => {
    expect(regionOf(attributes, defaultCountry)).toBe(expected);
  });

  it.each([
    [{ usageLocation: 'GB', country: 'Australia' }, 'NZ', 'usageLocation'],
    [{ country: 'Australia' }, 'NZ', 'country'],
    [{}, 'NZ', 'phone.defaultCountry'],
  ])('of %j with the default %s comes from %s', (attributes, defaultCountry, from) => {
    expect(regionSource(attributes, defaultCountry)?.from).toBe(from);
  });
});
