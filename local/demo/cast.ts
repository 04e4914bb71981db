import type { EntraGraphAdmin } from '../entra-graph/admin.ts';
import type { DirectoryUser, UserAttributes } from '../entra-graph/directory-store.ts';
import { sampleDirectory } from '../entra-graph/sample-directory.ts';
import type { Account } from '../messagemedia/account.ts';

/** Something that happens to one person, and what the next run has to make of it. */
export interface DirectoryChange {
  readonly who: string;
  readonly what: string;
  readonly personId: string;
  readonly operation: 'create' | 'move' | 'remove' | 'update';
}

const SIZE = 300;
const DEPARTMENTS = ['Sales', 'Support', 'Finance'];

/** Three hundred invented people in three departments, two of which the published sample synchronises. */
export function demoDirectory(): readonly UserAttributes[] {
  return sampleDirectory({ size: SIZE, departments: DEPARTMENTS }).map((user) =>
    // Beside the colleague with the same number, so that the demo shows what becomes of the two.
    user.displayName === 'Lars Twinning' ? { ...user, department: 'Sales' } : user,
  );
}

/**
 * What somebody typed into the account before the first sync: customers on a newsletter, one of them on a list that is
 * named like a department, and a colleague whose contact is going to be adopted.
 */
export function seedAccount(account: Account): void {
  const customers = ['Rosalind Achterberg', 'Tobias Quennell', 'Ines Valcourt'];
  for (const [index, name] of customers.entries()) {
    const [firstName = '', lastName = ''] = name.split(' ');
    const lists = index === 0 ? ['Newsletter', 'Support'] : ['Newsletter'];
    account.seedContact({ firstName, lastName, number: `+1202555010${index + 1}`, note: 'Customer', lists });
  }
  account.seedContact({ firstName: 'M.', lastName: 'Tindall', number: '+61491570156', lists: ['Newsletter'] });
}

/** A joiner, a mover, a leaver, a new number and a new name. */
export function changeDirectory(admin: EntraGraphAdmin): readonly DirectoryChange[] {
  const mover = colleague(admin, 'Ravindra Pelekanathan');
  const leaver = colleague(admin, 'Oriane de la Fontenelle');
  const reachable = colleague(admin, 'Bartholomew van der Quillen');
  const renamed = colleague(admin, 'Zsófia Örkényi-Vass');
  const joiner = admin.createUser({
    displayName: 'Philippa Marchbanks',
    givenName: 'Philippa',
    surname: 'Marchbanks',
    userPrincipalName: 'philippa.marchbanks@example.com',
    mail: 'philippa.marchbanks@example.com',
    mobilePhone: '(202) 555-0177',
    department: 'Support',
    usageLocation: 'US',
  });
  admin.updateUser(mover.id, { department: 'Support' });
  admin.updateUser(leaver.id, { accountEnabled: false });
  admin.updateUser(reachable.id, { mobilePhone: '202-555-0118' });
  admin.updateUser(renamed.id, { surname: 'Örkényi-Tindall', displayName: 'Zsófia Örkényi-Tindall' });
  return [
    { who: 'Philippa Marchbanks', what: 'joins Support', personId: joiner, operation: 'create' },
    { who: nameOf(mover), what: 'moves from Sales to Support', personId: mover.id, operation: 'move' },
    { who: nameOf(leaver), what: 'leaves: the account is disabled', personId: leaver.id, operation: 'remove' },
    { who: nameOf(reachable), what: 'has a new mobile number', personId: reachable.id, operation: 'update' },
    { who: nameOf(renamed), what: 'is called Örkényi-Tindall from now on', personId: renamed.id, operation: 'update' },
  ];
}

/** The phone of whoever replied STOP goes, with its number, to a colleague: that one is answered. */
export function passPhoneOn(admin: EntraGraphAdmin): { readonly personId: string; readonly who: string } {
  const from = colleague(admin, 'Zsófia Örkényi-Tindall');
  const to = colleague(admin, 'Philippa Marchbanks');
  admin.updateUser(to.id, { mobilePhone: from['mobilePhone'] ?? null });
  admin.updateUser(from.id, { mobilePhone: '+1 202 555 0197' });
  return { personId: to.id, who: nameOf(to) };
}

/** Somebody who is going to reply STOP. */
export function optingOut(admin: EntraGraphAdmin): { readonly personId: string; readonly who: string } {
  const user = colleague(admin, 'Zsófia Örkényi-Tindall');
  return { personId: user.id, who: nameOf(user) };
}

/** Somebody deletes every account. The answer puts them all back. */
export function deleteEverybody(admin: EntraGraphAdmin): () => void {
  const everybody = admin.users();
  for (const { id } of everybody) admin.softDelete(id);
  return () => {
    for (const { id } of everybody) admin.restore(id);
  };
}

function colleague(admin: EntraGraphAdmin, displayName: string): DirectoryUser {
  const found = admin.users().find((user) => user['displayName'] === displayName);
  if (found === undefined) throw new Error(`The sample directory has no ${displayName}.`);
  return found;
}

function nameOf(user: DirectoryUser): string {
  return String(user['displayName']);
}
