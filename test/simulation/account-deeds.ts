import { markerOf, numbersOf, snapshotOf } from './account-view.ts';
import { linksOf } from './books.ts';
import type { FaultName } from './fault-names.ts';
import type { Deed } from './history.ts';
import { mobile, userId } from '../support/story-people.ts';
import type { Sim } from './sim.ts';

/** What people do by hand in MessageMedia, and what the owners of phones do. */
export function editAccount(sim: Sim, deed: Deed): FaultName | undefined {
  const { account } = sim.book;
  switch (deed.do) {
    case 'edit-contact':
      return editOwned(sim, deed.n, deed.what);
    case 'edit-shared':
      return editShared(sim, deed.n, deed.what, deed.value);
    case 'delete-contact': {
      const contact = ownedBy(sim, deed.n);
      if (contact === undefined) return undefined;
      account.deleteContact(contact.id);
      sim.watch.handMade.deleteContact(contact.id);
      sim.watch.touchedByHand(userId(deed.n));
      return 'contact deleted by hand';
    }
    case 'foreign-contact': {
      const made = account.seedContact({ number: mobile(deed.number), note: 'By hand', lists: ['Runners'] });
      sim.watch.handMade.addContact(made.id);
      if (sim.watch.told.has(mobile(deed.number))) sim.watch.openedByHand.add(made.id);
      return 'foreign contact made';
    }
    case 'edit-foreign': {
      const foreign = snapshotOf(sim).contacts.filter((contact) => markerOf(contact) === undefined);
      const contact = foreign[deed.index % Math.max(1, foreign.length)];
      if (contact === undefined) return undefined;
      account.editContact(contact.id, { note: `Edited ${sim.scheduler.steps()}`, location: 'Perth' });
      sim.watch.handMade.editContact(contact.id);
      return 'foreign contact edited';
    }
    case 'delete-list':
    case 'rename-list': {
      const list = account.listNamed(deed.department);
      if (list === undefined) return undefined;
      if (deed.do === 'delete-list') account.deleteList(list.id);
      else account.renameList(list.id, `${deed.department} (renamed)`);
      sim.watch.handMade.changeList(list.id, deed.do === 'delete-list' ? undefined : `${deed.department} (renamed)`);
      sim.watch.listTouched(deed.department, deed.do === 'rename-list' ? list.id : undefined);
      return deed.do === 'delete-list' ? 'list deleted by hand' : 'list renamed by hand';
    }
    case 'delete-field': {
      const field = snapshotOf(sim).customFields.find(({ mergeTag }) => mergeTag === 'email');
      if (field === undefined) return undefined;
      account.deleteField(field.id);
      sim.watch.handMade.deleteField(field.id);
      sim.watch.fieldTouched();
      return 'field deleted by hand';
    }
    case 'opt-out':
      account.optOut(mobile(deed.number));
      sim.watch.optedOut.add(mobile(deed.number));
      return 'opt-out';
    default:
      return undefined;
  }
}

/** Whether names belong to both sides. */
function isShared(sim: Sim): boolean {
  return sim.instances.some(({ configuration }) => configuration.section['direction'] === 'bidirectional');
}

function ownedBy(sim: Sim, n: number) {
  return snapshotOf(sim).contacts.find((contact) => markerOf(contact) === userId(n));
}

/** A value that belongs to both sides, edited in the contact. */
function editShared(sim: Sim, n: number, what: 'name' | 'mail' | 'number', value: number): FaultName | undefined {
  const contact = ownedBy(sim, n);
  const link = linksOf(sim).get(userId(n));
  if (contact === undefined || link?.contactId !== contact.id || link.left !== undefined) return undefined;
  if (sim.watch.presenceOf(userId(n)) !== 'present') return undefined;
  // Typed into a second contact, a number is on two by people's hands: its person waits until they correct that.
  const isOnAnother = snapshotOf(sim).contacts.some((one) => numbersOf(one).includes(mobile(value)));
  if (what === 'number' && isOnAnother) return undefined;
  const { account } = sim.book;
  if (what === 'name') account.editContact(contact.id, { lastName: `Fennimore${n}y${value}` });
  if (what === 'mail')
    account.editContact(contact.id, { customFields: { email: `fennimore.${n}.${value}y@example.com` } });
  if (what === 'number') account.editContact(contact.id, { number: mobile(value) });
  sim.watch.handMade.editContact(contact.id);
  sim.watch.editedShared(userId(n));
  return what === 'number' ? 'number edited in the contact' : 'shared value edited in the contact';
}

/** A value that we do not write, one that we do, or a membership: of a contact that we manage. */
function editOwned(sim: Sim, n: number, what: 'note' | 'name' | 'list'): FaultName | undefined {
  const contact = ownedBy(sim, n);
  if (contact === undefined) return undefined;
  const { account } = sim.book;
  if (what === 'note') account.editContact(contact.id, { note: 'Likes tea', location: 'Perth' });
  if (what === 'name') account.editContact(contact.id, { lastName: 'Edited' });
  if (what === 'name' && isShared(sim)) sim.watch.editedShared(userId(n));
  if (what === 'list') {
    account.editContact(contact.id, { lists: [...contact.lists.map(({ name }) => name), 'Runners'] });
    sim.watch.handMade.addList('Runners');
  }
  sim.watch.handMade.editContact(contact.id);
  if (what === 'name') sim.watch.touchedByHand(userId(n));
  return 'contact edited by hand';
}
