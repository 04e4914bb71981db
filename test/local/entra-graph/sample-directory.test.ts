import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { sampleDirectory } from '../../../local/entra-graph/sample-directory.ts';
import type { SampleUser } from '../../../local/entra-graph/sample-directory.ts';
import { createDirectoryStore } from '../../../local/entra-graph/directory-store.ts';

describe('sampleDirectory', () => {
  const people = sampleDirectory({ size: 1000, departments: ['Sales', 'Support', 'Finance'] });
  const numberOf = (person: SampleUser) =>
    parsePhoneNumberFromString(person.mobilePhone ?? '', person.usageLocation as CountryCode);

  it('is the same for the same options and another for another seed', () => {
    expect(sampleDirectory({ size: 1000, departments: ['Sales', 'Support', 'Finance'] })).toEqual(people);
    expect(sampleDirectory({ size: 30, seed: 2 })).not.toEqual(sampleDirectory({ size: 30 }));
  });

  it('gives everybody an id and an address of their own', () => {
    expect(people).toHaveLength(1000);
    expect(new Set(people.map((person) => person.id)).size).toBe(1000);
    expect(new Set(people.map((person) => person.userPrincipalName)).size).toBe(1000);
    expect(people.every((person) => person.userPrincipalName.endsWith('@example.com'))).toBe(true);
  });

  it('uses the departments it is given, and fills each', () => {
    const names = new Set(people.map((person) => person.department));

    expect(names).toEqual(new Set(['Finance', 'Sales', 'Support', 'sales ', undefined]));
  });

  it.each<[string, (person: SampleUser) => boolean]>([
    ['guests', (person) => person.userType === 'Guest'],
    ['disabled accounts', (person) => !person.accountEnabled],
    ['people without any phone', (person) => person.mobilePhone === undefined && person.businessPhones.length === 0],
    ['people with a landline only', (person) => person.mobilePhone === undefined && person.businessPhones.length === 1],
    ['numbers that are none', (person) => person.mobilePhone !== undefined && numberOf(person)?.isValid() !== true],
    ['people of one name', (person) => person.surname === undefined],
    ['names in other scripts', (person) => /[^\p{Script=Latin}\p{P}\p{M} ]/u.test(person.displayName)],
    ['people without mail', (person) => person.mail === undefined],
    ['people without department', (person) => person.department === undefined],
  ])('has %s, already among the first 22', (_case, isOne) => {
    expect(people.slice(0, 22).some(isOne)).toBe(true);
    expect(people.filter(isOne).length).toBeLessThan(300);
  });

  it('lets two of the first people share a number', () => {
    const numbers = people
      .slice(0, 22)
      .map((person) => numberOf(person)?.number)
      .filter((number) => number !== undefined);

    expect(numbers.length - new Set(numbers).size).toBe(1);
  });

  it('gives most people a valid number of their own that can be a mobile, written in many ways', () => {
    const numbers = people.map(numberOf).filter((number) => number?.isValid() === true);
    const forms = new Set(people.map((person) => person.mobilePhone?.replaceAll(/\d/g, '#')));

    expect(numbers.length).toBeGreaterThan(850);
    expect(new Set(numbers.map((number) => number?.number)).size).toBeGreaterThan(840);
    expect(numbers.every((number) => ['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(number?.getType() ?? ''))).toBe(true);
    expect(forms.size).toBeGreaterThan(7);
  });

  it('can be loaded into the simulated directory', () => {
    const store = createDirectoryStore(Date.now);

    for (const person of people) store.create(person);

    expect(store.live()).toMatchObject(people);
  });
});
