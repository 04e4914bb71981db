import { markerOf } from '../people/matching.ts';
import { phoneInstead } from '../plan/drift.ts';
import type { Link, Membership } from '../plan/link.ts';
import { contactChanges } from '../plan/operation.ts';
import { beginAdoption, fetchHolders, forgetAdoption } from './adoption-notes.ts';
import { readConsents } from './consent-ledger.ts';
import { isEmptyWrite } from './contact-fields.ts';
import { endCase, takenOver } from './apply-case.ts';
import { changesTo, valuesAfter, wantedLists } from './contact-write.ts';
import type { Application, Case } from './apply-case.ts';
import { endByRefusal, isFailure } from './end-case.ts';
import { existingLists } from './existing-lists.ts';
import { giveUpContact, noteMerging } from './give-up-contact.ts';
import { matchFound } from './look-around.ts';
import { makeContact } from './make-contact.ts';
import { hasUnwritableChannel, keptOldChannel, takesChannelAway } from './merge-channels.ts';
import { fetchPeople } from './person-rows.ts';
import { memoryAfter } from './write-directory.ts';

/** The link to the person's contact after the operation. */
export function linkTo(app: Application, one: Case, contactId: string, created: boolean, lists: Link['lists']): Link {
  const { phone, phoneKey } = one.operation;
  const memory = memoryAfter(app, one);
  const link = { contactId, created, phone: phone!, phoneKey: phoneKey!, fields: valuesAfter(one), lists };
  return memory === undefined ? link : { ...link, memory };
}

/** Makes the person's contact, the first time or because it is gone. */
export async function createAnew(app: Application, one: Case, mayStand = false): Promise<void> {
  const { run } = app;
  let made: Awaited<ReturnType<typeof makeContact>>;
  try {
    made = await makeContact(app, one, mayStand);
  } catch (error) {
    if (isFailure(error, 'conflict')) return resolveConflict(app, one, true);
    throw error;
  }
  const { contact, write } = made;
  const joined = new Set(write.lists);
  const kept = Object.entries(one.link?.lists ?? {}).filter(([, { id }]) => joined.has(id));
  const lists: Record<string, Membership> = Object.fromEntries(kept);
  for (const { key, id, name } of existingLists(run, wantedLists(one.operation)))
    if (joined.has(id)) lists[key] = { id, name };
  if (one.link !== undefined && one.link.contactId !== contact.id) one.abandoned = one.link.contactId;
  one.next = linkTo(app, one, contact.id, true, lists);
  one.accountId = contact.accountId;
}

/** A refusal to make or renumber a contact because the number is taken: look who has it, and decide as planning would. */
async function resolveConflict(app: Application, one: Case, isOwnGone: boolean): Promise<void> {
  const { engine, guard } = app;
  const { personId, phone } = one.operation;
  const found = await engine.contactBook.findByNumbers([phone!], guard);
  const owners = await fetchPeople(
    engine,
    found.map(markerOf).filter((marker) => marker !== undefined),
  );
  const match = matchFound(personId, phone!, found, owners);
  if (match.kind === 'none') return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
  if (match.kind === 'refuse') {
    return endCase(one, { outcome: 'skipped', reason: match.reason });
  }
  const { contact } = match;
  const owner = match.kind === 'take-over' ? owners.get(match.formerOwner) : undefined;
  // Somebody who has a contact keeps it: only planning gives them another one.
  const isAnother = one.link !== undefined && contact.id !== one.link.contactId && match.kind !== 'link';
  if (isAnother && !isOwnGone) return endCase(one, { outcome: 'skipped', reason: 'contact-conflict' });
  // Planned as what differs from another contact, which is gone: on this one everything is to be written.
  const isUnplanned = one.operation.contactId !== undefined && one.operation.contactId !== contact.id;
  one.isReplaced = isAnother || (isUnplanned && match.kind !== 'link');
  // Planned for another contact: of this one nobody asked whether it knows that its number opted out.
  const isOptedOut = (await readConsents(engine, [one.operation.phoneKey!])).size > 0;
  if (isOptedOut) one.operation = { ...one.operation, optedOut: true };
  one.contact = contact;
  one.formerOwner = owner?.link?.contactId === contact.id ? owner : undefined;
  const holder = (await fetchHolders(engine, [contact.id])).get(contact.id);
  const isMade = match.kind === 'link' && holder === undefined;
  if (isMade || (holder !== undefined && holder.personId === owner?.person.id))
    return patchContact(app, one, contact.id, isMade || one.formerOwner?.link?.created === true, true);
  if (!(await beginAdoption(app, one, contact, holder)))
    return endCase(one, { outcome: 'skipped', reason: 'contact-conflict' });
  try {
    await patchContact(app, one, contact.id, false, true);
  } catch (error) {
    const isUntouched = holder?.personId !== personId && isFailure(error, 'conflict', 'invalid');
    if (isUntouched) await forgetAdoption(engine, contact.id, personId);
    throw error;
  }
}

/** Deletes the contact that we created and makes it anew with the number; what people added by hand comes along. */
async function remakeContact(app: Application, one: Case): Promise<void> {
  await giveUpContact(app, one);
  if (one.ending === undefined) await createAnew(app, one);
}

/**
 * The contact cannot lose a number where PATCH keeps old channels. The person's own is made anew; of others only one
 * that we created makes room, a leaver's or one that nobody noted: as many times as there are such contacts.
 */
async function makeRoom(app: Application, one: Case, contactId: string, created: boolean): Promise<void> {
  if (one.link?.contactId === contactId) return remakeContact(app, one);
  if (!created) return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
  await app.engine.contactBook.deleteContact(contactId, app.guard);
  await createAnew(app, one);
}

async function patchContact(
  app: Application,
  one: Case,
  contactId: string,
  created: boolean,
  fromConflict = false,
): Promise<void> {
  const { engine, run, guard } = app;
  const write = changesTo(run, one);
  if (write.channels !== undefined && one.contact !== undefined && hasUnwritableChannel(one.contact)) {
    return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
  }
  const isKnown = app.channelsMerge && (one.link !== undefined || created);
  if (isKnown && takesChannelAway(one.contact, write)) return makeRoom(app, one, contactId, created);
  if (!isEmptyWrite(write)) {
    try {
      const answer = await engine.contactBook.updateContact(contactId, write, guard);
      one.accountId = answer.accountId;
      if (keptOldChannel(write, answer)) {
        await noteMerging(engine);
        return await makeRoom(app, one, contactId, created);
      }
    } catch (error) {
      if (isFailure(error, 'not-found')) return replaceGone(app, one, contactId);
      if (isFailure(error, 'conflict') && write.channels !== undefined && !fromConflict)
        return resolveConflict(app, one, false);
      throw error;
    }
  }
  const own = one.isReplaced ? {} : one.link?.lists;
  const inherited = { ...membershipsOf(one), ...(takenOver(one)?.lists ?? own) };
  if (one.link !== undefined && one.link.contactId !== contactId) one.abandoned = one.link.contactId;
  one.next = linkTo(app, one, contactId, created, inherited);
}

/** Somebody deleted the contact by hand. A leaver's that was to be taken over is not missed by somebody who has their own. */
async function replaceGone(app: Application, one: Case, contactId: string): Promise<void> {
  const { link, formerOwner } = one;
  if (link === undefined || contactId === link.contactId || formerOwner?.link?.contactId !== contactId)
    return createAnew(app, one, mayBeMade(app, one));
  // As if it had been deleted to make room: nothing of it is taken over.
  one.formerOwner = { ...formerOwner, link: { ...formerOwner.link, created: true } };
  [one.contact] = await app.engine.contactBook.readContacts([link.contactId], app.guard);
  if (one.contact === undefined) return createAnew(app, one, mayBeMade(app, one));
  return patchContact(app, one, link.contactId, link.created);
}

/** Whether an earlier try may have made the contact that takes the place of one that is gone: the link does not say. */
function mayBeMade({ isRepeat }: Application, { link, member }: Case): boolean {
  return link !== undefined && (isRepeat || member.pending?.tried !== undefined);
}

export function membershipsOf({ operation }: Pick<Case, 'operation'>): Link['lists'] {
  return Object.fromEntries((operation.memberOf ?? []).map(({ key, ...membership }) => [key, membership]));
}

/** Whether the contact has to be read first: channels, custom fields and the marker are written as the merged set. */
export function needsContact({ operation, link, formerOwner, unnoted }: Case): boolean {
  if (unnoted !== undefined) return false;
  if (link === undefined && operation.contactId === undefined && formerOwner === undefined) return false;
  if (operation.kind === 'adopt' || formerOwner !== undefined || operation.doubt) return true;
  return contactChanges(operation).some(
    ({ field }) => field === 'phone' || field === 'whatsapp' || field.startsWith('custom:'),
  );
}

/** The contact that the operation is about, when there is one. */
export function contactIdOf(one: Case): string | undefined {
  const { operation, link, unnoted } = one;
  return unnoted?.id ?? takenOver(one)?.contactId ?? link?.contactId ?? operation.contactId;
}

/** Somebody who has a contact gets a leaver's number: the leaver's contact, made by us, makes room for it. */
async function removeLeaversContact(app: Application, one: Case): Promise<void> {
  const left = one.formerOwner?.link;
  if (left === undefined || takenOver(one) !== undefined) return;
  await app.engine.contactBook.deleteContact(left.contactId, app.guard);
}

/** Somebody gave the leaver's contact another number: it is left to that number, and whoever gets the leaver's has none yet. */
function isAnotherNumbers(one: Case): boolean {
  if (one.link !== undefined || one.unnoted !== undefined || takenOver(one) === undefined) return false;
  const { contact, operation } = one;
  if (contact === undefined || !contact.channels.some(({ type }) => type === 'SMS')) return false;
  return phoneInstead(contact, { phone: operation.phone! }) !== undefined;
}

/** Brings one person's contact to what is wanted, memberships apart. Never throws for what concerns only this person. */
export async function applyContact(app: Application, one: Case): Promise<void> {
  try {
    await removeLeaversContact(app, one);
    if (isAnotherNumbers(one)) {
      one.formerOwner = undefined;
      one.contact = undefined;
      return await createAnew(app, one);
    }
    const contactId = contactIdOf(one);
    const isGone = contactId !== undefined && needsContact(one) && one.contact === undefined;
    const isGivenUp = one.link?.carry !== undefined && one.unnoted === undefined;
    // Given up by a worker that may have died before it deleted the contact.
    if (isGivenUp) return await remakeContact(app, one);
    if (contactId === undefined) return await createAnew(app, one);
    if (isGone) return await replaceGone(app, one, contactId);
    one.contact = one.unnoted ?? one.contact;
    // Found with our marker and nowhere noted as adopted: an earlier worker made it.
    const isUnnotedCreation = one.unnoted !== undefined && one.unnotedHolder === undefined;
    const created = takenOver(one)?.created ?? (isUnnotedCreation || one.link?.created === true);
    await patchContact(app, one, contactId, created);
  } catch (error) {
    await endByRefusal(app, one, error);
  }
}
