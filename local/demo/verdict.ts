import type { AccountSnapshot } from '../messagemedia/account.ts';
import { compareWithOracle, expectedListSizes } from '../oracle.ts';
import { describeDifferences } from '../oracle/difference.ts';
import { ownerOf } from '../oracle/managed-contacts.ts';
import { foldName } from '../oracle/oracle-user.ts';
import type { OracleUser } from '../oracle/oracle-user.ts';
import type { ApiRecord } from '../stack/api-client.ts';
import type { SyncSection } from '../stack/app-settings.ts';
import type { DirectoryChange } from './cast.ts';

export interface Evidence {
  readonly users: readonly OracleUser[];
  readonly sync: SyncSection;
  readonly account: AccountSnapshot;
  readonly handMade: AccountSnapshot;
}

/** What is wrong with the account, in words; nothing when it is what the directory asks for. */
export function judgeAccount(evidence: Evidence, formerPeople: readonly string[]): readonly string[] {
  const differences = compareWithOracle({ ...evidence, formerPeople });
  const sizes = expectedSizes(evidence);
  const wrongSizes = evidence.account.lists
    .filter(({ id, contactIds }) => contactIds.length !== sizes.get(id))
    .map(
      ({ id, name, contactIds }) => `The list "${name}" has ${contactIds.length} members instead of ${sizes.get(id)}.`,
    );
  return differences.length === 0 ? wrongSizes : [describeDifferences(differences), ...wrongSizes];
}

/** Whether the records are exactly the changes that were made: nobody missing, nobody else, and the right operation. */
export function judgeChanges(changes: readonly DirectoryChange[], records: readonly ApiRecord[]): readonly string[] {
  const wanted = changes.map(({ personId, operation }) => `${operation} of person ${personId}`);
  const found = records.map(({ personId, operation }) => `${operation} of person ${personId}`);
  const notDone = records.filter(({ outcome }) => outcome !== 'done');
  return [
    ...wanted.filter((change) => !found.includes(change)).map((change) => `The second run lacks the ${change}.`),
    ...found.filter((change) => !wanted.includes(change)).map((change) => `The second run has a surplus ${change}.`),
    ...notDone.map(({ personId, outcome }) => `The change of person ${personId} is ${outcome} instead of done.`),
  ];
}

/** How many members each list of the account ought to have, by its id: people by the oracle, and who was put there by hand. */
export function expectedSizes(evidence: Evidence): ReadonlyMap<string, number> {
  const { account, handMade } = evidence;
  const byName = expectedListSizes(evidence);
  const owners = new Map(account.contacts.map((contact) => [contact.id, ownerOf(contact)]));
  const byHand = new Map(handMade.lists.map(({ id, contactIds }) => [id, contactIds]));
  const sizes = account.lists.map(({ id, name }): [string, number] => {
    const people = byName.get(foldName(name));
    // On a list of ours, an adopted contact counts among the people.
    const others = (byHand.get(id) ?? []).filter((member) => people === undefined || owners.get(member) === undefined);
    return [id, (people ?? 0) + others.length];
  });
  return new Map(sizes);
}

/** Contacts and lists alike, to the last field. */
export function sameAccount(one: AccountSnapshot, other: AccountSnapshot): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
