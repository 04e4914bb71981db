import { markerOf } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import { fetchHolders, noteMemberships } from './adoption-notes.ts';
import type { Application, Case } from './apply-case.ts';
import { createAnew, linkTo, membershipsOf } from './apply-contact.ts';
import { endByRefusal } from './end-case.ts';

/**
 * The contact was given up for a number that then was not let go of: it is made anew as it was, so that the person can
 * be reached while they wait. Never throws for what concerns only this person.
 */
export async function remakeFormer(app: Application, one: Case): Promise<void> {
  const { phone, phoneKey, contactId } = one.link!;
  const operation = { ...one.operation, phone, phoneKey, fields: [], lists: { add: [], remove: [] } };
  const former: Case = { ...one, operation, ending: undefined };
  try {
    // An earlier worker may have made it and died over it.
    const found = await app.engine.contactBook.findByNumbers([phone], app.guard);
    const own = found.find((contact) => markerOf(contact) === operation.personId && contact.id !== contactId);
    await (own === undefined ? createAnew(app, former) : takeFound(app, former, own));
    if (former.contact !== undefined) await joinOwnLists(app, former);
    one.next = former.next;
    one.abandoned = former.abandoned;
    one.accountId = former.accountId;
  } catch (error) {
    await endByRefusal(app, one, error);
  }
}

/** What an earlier worker made, on all lists by that, or adopted, and died before it was on them. */
async function takeFound(app: Application, former: Case, own: Contact): Promise<void> {
  const { contactId, lists } = former.link!;
  const holder = (await fetchHolders(app.engine, [own.id])).get(own.id);
  former.abandoned = contactId;
  if (holder === undefined) former.next = linkTo(former, own.id, true, lists);
  else {
    former.contact = own;
    noteMemberships(app.run, former, own, holder);
    former.next = linkTo(former, own.id, false, membershipsOf(former));
  }
}

/** A contact that somebody made by hand meanwhile stands in for the former one: it has to be on the same lists. */
async function joinOwnLists({ engine, guard }: Application, one: Case): Promise<void> {
  if (one.next === undefined) return;
  const standing = new Set(one.contact!.lists.map(({ id }) => id));
  for (const [key, { id, name }] of Object.entries(one.link!.lists)) {
    if (one.next.lists[key] !== undefined) continue;
    if (!standing.has(id)) await engine.contactBook.changeMembers(id, [one.next.contactId], [], guard);
    one.next = { ...one.next, lists: { ...one.next.lists, [key]: { id, name } } };
  }
}
