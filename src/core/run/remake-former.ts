import { markerOf } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import { fetchHolders, noteMemberships } from './adoption-notes.ts';
import type { Application, Case } from './apply-case.ts';
import { createAnew, linkTo, membershipsOf } from './apply-contact.ts';
import { endByRefusal } from './end-case.ts';
import { hasUnwritableChannel, mergeChannels } from './merge-channels.ts';
import { fetchClaims } from './person-rows.ts';

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
    // Or died, or had to wait, before it deleted the contact that was given up.
    if (found.some(({ id }) => id === contactId)) await app.engine.contactBook.deleteContact(contactId, app.guard);
    await (own === undefined ? createAnew(app, former) : takeFound(app, former, own));
    if (former.contact !== undefined) await joinOwnLists(app, former);
    one.next = former.next;
    one.abandoned = former.abandoned;
    one.accountId = former.accountId;
  } catch (error) {
    await endByRefusal(app, one, error);
  }
  tryAgain(one);
}

/** Without what they had before, nobody waits for the new number alone: the person is due again by themselves. */
function tryAgain(one: Case): void {
  if (one.next === undefined) one.ending = { outcome: 'skipped', reason: 'duplicate-phone' };
}

/** What an earlier worker made, on all lists by that, or adopted, and died before it was on them. */
async function takeFound(app: Application, former: Case, own: Contact): Promise<void> {
  const { contactId, lists } = former.link!;
  const holder = (await fetchHolders(app.engine, [own.id])).get(own.id);
  former.abandoned = contactId;
  if (holder === undefined) former.next = linkTo(app, former, own.id, true, lists);
  else {
    former.contact = own;
    noteMemberships(app.run, former, own, holder);
    former.next = linkTo(app, former, own.id, false, membershipsOf(former));
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

/**
 * The contact let go of its number for one that somebody else keeps: it gets the former one back, as far as that is
 * still the person's. Never throws for what concerns only this person.
 */
export async function takeNumberBack(app: Application, one: Case): Promise<void> {
  const { engine, guard } = app;
  const { released: _over, ...link } = one.link!;
  try {
    const claim = (await fetchClaims(engine, [link.phoneKey])).get(link.phoneKey);
    if (claim !== undefined && claim.personId !== one.operation.personId) return;
    const [contact] = await engine.contactBook.readContacts([link.contactId], guard);
    if (contact === undefined || hasUnwritableChannel(contact)) return;
    const tried = (one.member.pending?.tried ?? []).map(({ phone }) => phone);
    const others = new Set([one.operation.phone!, ...tried].filter((phone) => phone !== link.phone));
    const unchanged = { formerWhatsApp: undefined, whatsApp: undefined };
    const channels = mergeChannels(contact, { phone: link.phone, formerPhones: others, ...unchanged });
    if (channels !== undefined) await engine.contactBook.updateContact(contact.id, { native: {}, channels }, guard);
    one.next = link;
  } catch (error) {
    await endByRefusal(app, one, error);
  }
  tryAgain(one);
}
