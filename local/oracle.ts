import type { AccountSnapshot } from './messagemedia/account.ts';
import { compareForeign } from './oracle/compare-foreign.ts';
import { compareDuplicates, compareLeavers, compareWanted } from './oracle/compare-people.ts';
import type { Difference } from './oracle/difference.ts';
import { expectPeople, foldName } from './oracle/expect-people.ts';
import type { OracleUser } from './oracle/expect-people.ts';
import { managedLists, ownerOf } from './oracle/managed-contacts.ts';
import { readOracleConfig } from './oracle/oracle-config.ts';

export interface OracleQuestion {
  /** Everybody in the directory who is not deleted. */
  readonly users: readonly OracleUser[];
  /** The `sync` section: short mapping, short filters, and what else the published sample has. */
  readonly sync: Readonly<Record<string, unknown>>;
  readonly account: AccountSnapshot;
  /** The account as people made it by hand, before the first sync: it has to be untouched. Absent: not compared. */
  readonly handMade?: AccountSnapshot;
  /** People whose change is held or waits for something: their contacts may look either way. */
  readonly undecided?: Iterable<string>;
  /** Everybody who ever was to have a contact (`wantedPeople` of earlier days). Absent: any surplus contact is taken for a leaver's. */
  readonly formerPeople?: Iterable<string>;
}

/**
 * Compares a MessageMedia account with what the directory and the configuration ask for. Derived from these two alone,
 * by rules written down a second time: it imports nothing of the app.
 */
export function compareWithOracle(question: OracleQuestion): readonly Difference[] {
  const { users, account, handMade } = question;
  const config = readOracleConfig(question.sync);
  const expectations = expectPeople(users, config);
  const expected = expectations.flatMap((one) => ('contact' in one ? one.contact.lists.map(foldName) : []));
  const managed = account.contacts.filter((contact) => ownerOf(contact) !== undefined);
  const people = {
    expectations,
    config,
    managed,
    lists: managedLists(account, handMade, new Set(expected), config),
    undecided: new Set(question.undecided),
    formerPeople: question.formerPeople === undefined ? undefined : new Set(question.formerPeople),
  };
  return [
    ...compareWanted(people),
    ...compareLeavers(people),
    ...compareDuplicates(managed),
    ...(handMade === undefined ? [] : compareForeign(account, handMade, config)),
  ];
}

/** Object ids of the people who are in scope and can be reached: each has a contact, or shares the number of one who has. */
export function wantedPeople(users: readonly OracleUser[], sync: Readonly<Record<string, unknown>>): readonly string[] {
  return expectPeople(users, readOracleConfig(sync)).flatMap((one) => ('contact' in one ? [one.personId] : []));
}

/** Who ought to be on each list, as numbers of people: a number that several share counts once. */
export function expectedListSizes(
  users: readonly OracleUser[],
  sync: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, number> {
  const numbersByList = new Map<string, Set<string>>();
  for (const one of expectPeople(users, readOracleConfig(sync))) {
    if (!('contact' in one)) continue;
    for (const name of one.contact.lists.map(foldName)) {
      numbersByList.set(name, (numbersByList.get(name) ?? new Set()).add(one.contact.number));
    }
  }
  return new Map([...numbersByList].map(([name, numbers]) => [name, numbers.size]));
}
