import type { AccountSnapshot } from './messagemedia/account.ts';
import { compareForeign } from './oracle/compare-foreign.ts';
import { compareDuplicates, compareLeavers, compareWanted } from './oracle/compare-people.ts';
import type { Difference } from './oracle/difference.ts';
import { expectPeople } from './oracle/expect-people.ts';
import { managedLists, ownerOf, smsNumbers } from './oracle/managed-contacts.ts';
import { readOracleConfig } from './oracle/oracle-config.ts';
import { foldName, PLAIN_WORLD } from './oracle/oracle-user.ts';
import type { OracleUser, OracleWorld } from './oracle/oracle-user.ts';

export interface OracleQuestion {
  /** Everybody in the directory who is not deleted. */
  readonly users: readonly OracleUser[];
  /** The `sync` section, in any form that the oracle knows; it throws on the others. */
  readonly sync: Readonly<Record<string, unknown>>;
  readonly account: AccountSnapshot;
  /** The account as people made it by hand, before the first sync: it has to be untouched. Absent: not compared. */
  readonly handMade?: AccountSnapshot;
  /** Groups, managers and the time, where the configuration asks for them. */
  readonly world?: Partial<OracleWorld>;
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
  const expectations = expectPeople(users, config, worldOf(question));
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

function worldOf({ world }: Pick<OracleQuestion, 'world'>): OracleWorld {
  return { ...PLAIN_WORLD, ...world };
}

/** Object ids of the people who are in scope and can be reached: each has a contact, or shares the number of one who has. */
export function wantedPeople(
  users: readonly OracleUser[],
  sync: Readonly<Record<string, unknown>>,
  world?: Partial<OracleWorld>,
): readonly string[] {
  return expectPeople(users, readOracleConfig(sync), { ...PLAIN_WORLD, ...world }).flatMap((one) =>
    'contact' in one ? [one.personId] : [],
  );
}

/**
 * How many people ought to be on each list, by the list's name in lower case. Of people who share a number, the one
 * whose contact has it counts.
 */
export function expectedListSizes(
  question: Pick<OracleQuestion, 'users' | 'sync' | 'account' | 'world'>,
): ReadonlyMap<string, number> {
  const wanted = expectPeople(question.users, readOracleConfig(question.sync), worldOf(question)).flatMap((one) =>
    'contact' in one ? [one.contact] : [],
  );
  const owners = new Map(
    question.account.contacts.flatMap((one) => smsNumbers(one).map((number) => [number, ownerOf(one)])),
  );
  const chosen = [...Map.groupBy(wanted, ({ number }) => number)].flatMap(([number, sharing]) => {
    return sharing.find(({ personId }) => personId === owners.get(number)) ?? sharing.slice(0, 1);
  });
  const names = chosen.flatMap(({ lists }) => lists.map(foldName));
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, people]) => [name, people.length]));
}
