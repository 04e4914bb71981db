import { countryNamed, regionOf } from '../../../src/core/people/country.ts';

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
});
