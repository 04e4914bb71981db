import {
  isExcludedContact,
  isExcludedFound,
  isExcludedLink,
  isExcludedList,
  isExcludedPerson,
  isExcludedPhone,
} from '../../../src/core/people/exclude.ts';
import { aConfig, aContact, aPerson } from '../../support/people.ts';

const nobody = aConfig();
const config = aConfig({
  exclude: {
    people: ['ada@example.com'],
    phones: ['+61491570156'],
    lists: ['The  Board '],
    contacts: ['0F6D9C1E-2a4b-4c8d-9e10-1a2b3c4d5e6f'],
  },
});

describe('what is excluded', () => {
  it('is a person by name, a number, a list however it is written, and a contact', () => {
    expect(isExcludedPerson(aPerson({ userPrincipalName: 'ADA@example.com' }), config)).toBe(true);
    expect(isExcludedPhone('+61491570156', config)).toBe(true);
    expect(isExcludedList('the board', config)).toBe(true);
    expect(isExcludedContact('0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f', config)).toBe(true);
  });

  it('is nobody else', () => {
    expect(isExcludedPerson(aPerson(), config)).toBe(false);
    expect(isExcludedPhone('+61491570157', config)).toBe(false);
    expect(isExcludedList('Board', config)).toBe(false);
    expect(isExcludedContact('another', config)).toBe(false);
  });

  it('is nothing at all without a word of it', () => {
    expect(isExcludedPerson(aPerson(), nobody)).toBe(false);
    expect(isExcludedPhone('+61491570156', nobody)).toBe(false);
    expect(isExcludedList('The Board', nobody)).toBe(false);
    expect(isExcludedContact('0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f', nobody)).toBe(false);
  });
});

describe('a contact of several numbers', () => {
  it('may not be touched when one of them is excluded', () => {
    const channels = ['+61491570157', '+61491570156'].map((channelId) => ({ channelId, type: 'SMS' as const }));

    expect(isExcludedFound(aContact({ channels }), config)).toBe(true);
  });
});

describe('a contact that may not be touched', () => {
  const id = '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f';

  it.each([
    ['by its id', id, '+61491570157', true],
    ['by its number', 'another', '+61491570156', true],
    ['not at all', 'another', '+61491570157', false],
  ])('is excluded %s', (_name, contactId, number, expected) => {
    expect(isExcludedLink({ contactId, phone: number }, config)).toBe(expected);
    expect(isExcludedFound(aContact({ id: contactId, number }), config)).toBe(expected);
  });
});
