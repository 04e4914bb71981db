import type { Difference } from './difference.ts';
import { maskDigits } from './difference.ts';
import type { ExpectedContact, Expectation } from './expect-people.ts';
import { foldName } from './oracle-user.ts';
import { fieldValue, ownerOf, smsNumbers } from './managed-contacts.ts';
import type { ManagedLists, SnapshotContact } from './managed-contacts.ts';
import type { OracleConfig } from './oracle-config.ts';

export interface ComparedPeople {
  readonly expectations: readonly Expectation[];
  readonly config: OracleConfig;
  readonly lists: ManagedLists;
  readonly managed: readonly SnapshotContact[];
  /** People whose change is held or waits: their contacts may look either way. */
  readonly undecided: ReadonlySet<string>;
  /** Who ever had a contact; absent = whoever has one now and should not is taken for a leaver. */
  readonly formerPeople: ReadonlySet<string> | undefined;
}

/** Each number that somebody should have is had by exactly one of those who want it, with the right fields and lists. */
export function compareWanted(people: ComparedPeople): Difference[] {
  const byNumber = Map.groupBy(
    people.expectations.flatMap((one) => ('contact' in one ? [one.contact] : [])),
    ({ number }) => number,
  );
  return [...byNumber].flatMap(([number, wanting]) => compareNumber(number, wanting, people));
}

function compareNumber(number: string, wanting: readonly ExpectedContact[], people: ComparedPeople): Difference[] {
  const holders = people.managed.filter((contact) => smsNumbers(contact).includes(number));
  const pairs = holders.flatMap((contact) => {
    const expected = wanting.find(({ personId }) => personId === ownerOf(contact));
    return expected === undefined ? [] : [{ contact, expected }];
  });
  if (pairs.length === 0 && wanting.some(({ personId }) => people.undecided.has(personId))) return [];
  if (pairs.length === 0) return [missing(number, wanting, holders, people)];
  return pairs
    .filter(({ expected }) => !people.undecided.has(expected.personId))
    .flatMap(({ contact, expected }) => compareContact(contact, expected, people));
}

function missing(
  number: string,
  wanting: readonly ExpectedContact[],
  holders: readonly SnapshotContact[],
  { managed }: ComparedPeople,
): Difference {
  const [first] = wanting;
  const personId = first?.personId ?? '';
  const theirs = managed.find((contact) => ownerOf(contact) === personId);
  const who = wanting.length === 1 ? 'the person' : `one of the ${wanting.length} people who share it`;
  const holder = holders[0] === undefined ? '' : `; the contact of person ${ownerOf(holders[0])} has it`;
  if (theirs === undefined) {
    return { kind: 'missing-contact', personId, words: `no contact of ${who} has ${maskDigits(number)}${holder}` };
  }
  const had = smsNumbers(theirs).map(maskDigits).join(', ') || 'no number';
  const words = `has ${had} instead of ${maskDigits(number)}${holder}`;
  return { kind: 'wrong-number', personId, contactId: theirs.id, words };
}

function compareContact(contact: SnapshotContact, expected: ExpectedContact, people: ComparedPeople): Difference[] {
  const { personId } = expected;
  const about = { personId, contactId: contact.id };
  const numbers = smsNumbers(contact);
  const surplus = numbers.length > 1 ? [{ kind: 'wrong-number', ...about, words: 'has a second number' } as const] : [];
  const fields = Object.entries(expected.fields).flatMap(([field, wanted]): Difference[] => {
    const found = fieldValue(contact, field);
    if (found === wanted) return [];
    return [{ kind: 'wrong-field', ...about, words: `${field} is "${found}" instead of "${wanted}"` }];
  });
  return [...surplus, ...fields, ...compareLists(contact, expected, people)];
}

function compareLists(contact: SnapshotContact, expected: ExpectedContact, people: ComparedPeople): Difference[] {
  const about = { kind: 'wrong-list', personId: expected.personId, contactId: contact.id } as const;
  const wanted = expected.lists.filter((name) => people.config.createLists || people.lists.exists(name));
  const on = people.lists.namesOn(contact);
  // Made by hand or by us: the person belongs on it, so either will do.
  const onAny = new Set(contact.lists.map(({ name }) => foldName(name)));
  const absent = wanted.filter((name) => !onAny.has(foldName(name)));
  const surplus = [...on].filter((name) => !wanted.some((one) => foldName(one) === name));
  return [
    ...absent.map((name) => ({ ...about, words: `is not on the list "${name}"` })),
    ...surplus.map((name) => ({ ...about, words: `is on the list "${name}", where the person does not belong` })),
  ];
}

/** Contacts of people who should have none: a leaver's stays as its cause says, anybody else's is too much. */
export function compareLeavers(people: ComparedPeople): Difference[] {
  const byId = new Map(people.expectations.map((one) => [one.personId, one]));
  return people.managed.flatMap((contact) => {
    const personId = ownerOf(contact) ?? '';
    const expectation = byId.get(personId);
    if (people.undecided.has(personId)) return [];
    if (expectation !== undefined && !('leftOut' in expectation)) return [];
    const about = { personId, contactId: contact.id };
    if (people.formerPeople?.has(personId) === false) {
      return [{ kind: 'surplus-contact', ...about, words: 'a contact of somebody who should never have had one' }];
    }
    return compareLeaver(contact, people.config.leavers[expectation?.cause ?? 'deleted'], about, people.lists);
  });
}

function compareLeaver(
  contact: SnapshotContact,
  action: OracleConfig['leavers']['deleted'],
  about: Pick<Difference, 'personId' | 'contactId'>,
  lists: ManagedLists,
): Difference[] {
  if (action === 'keep') return [];
  if (action === 'delete') return [{ kind: 'surplus-contact', ...about, words: "a leaver's contact is still there" }];
  const left = [...lists.namesOn(contact)].map((name): Difference => ({
    kind: 'wrong-list',
    ...about,
    words: `a leaver is still on the list "${name}"`,
  }));
  const subscribed = contact.channels.some(({ type, subscriptionState }) => {
    return type === 'SMS' && subscriptionState === 'SUBSCRIBED';
  });
  if (action !== 'unsubscribe' || !subscribed) return left;
  return [...left, { kind: 'wrong-field', ...about, words: 'a leaver is still subscribed' }];
}

/** One contact a person, one managed contact a number. */
export function compareDuplicates(managed: readonly SnapshotContact[]): Difference[] {
  const byPerson = Map.groupBy(managed, (contact) => ownerOf(contact) ?? '');
  const pairs = managed.flatMap((contact) => smsNumbers(contact).map((number) => ({ number, contact })));
  const byNumber = Map.groupBy(pairs, ({ number }) => number);
  return [
    ...[...byPerson].flatMap(([personId, contacts]): Difference[] => {
      if (contacts.length < 2) return [];
      const words = `${contacts.length} contacts: ${contacts.map(({ id }) => id).join(', ')}`;
      return [{ kind: 'duplicate-person', personId, words }];
    }),
    ...[...byNumber].flatMap(([number, holders]): Difference[] => {
      if (holders.length < 2) return [];
      const ids = holders.map(({ contact }) => contact.id).join(', ');
      return [{ kind: 'duplicate-number', words: `${maskDigits(number)} is on ${holders.length} contacts: ${ids}` }];
    }),
  ];
}
