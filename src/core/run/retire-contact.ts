import type { Contact } from '../people/contact.ts';
import { MARKER_TAG, markerOf } from '../people/matching.ts';
import { takenOver } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';

/**
 * A person who took over another contact leaves their former one behind: ours is deleted, an adopted one goes back
 * to whoever made it, off the lists we put it on.
 */
export async function retireContact(app: Application, one: Case): Promise<void> {
  if (leavesContactBehind(one)) await retire(app, one);
  one.isRetired = true;
}

/** Whether the person's former contact stays behind when the link moves on: nobody would know of it any more. */
export function leavesContactBehind(one: Case): boolean {
  const isMoved = one.link !== undefined && one.abandoned !== undefined && takenOver(one) !== undefined;
  return isMoved && !one.isRetired;
}

async function retire(app: Application, one: Case): Promise<void> {
  const link = one.link!;
  const abandoned = one.abandoned!;
  const { contactBook } = app.engine;
  if (link.created) return contactBook.deleteContact(abandoned, app.guard);
  const [contact] = await contactBook.readContacts([abandoned], app.guard);
  if (contact === undefined) return;
  // A list that was deleted by hand refuses every change.
  const standing = new Set(contact.lists.map(({ id }) => id));
  for (const { id, byHand } of Object.values(link.lists)) {
    if (byHand !== true && standing.has(id)) await contactBook.changeMembers(id, [], [abandoned], app.guard);
  }
  await removeMarker(app, contact);
}

/** Without the marker the contact belongs to nobody: whoever gets its number may adopt it. */
async function removeMarker({ engine, guard }: Application, contact: Contact): Promise<void> {
  if (markerOf(contact) === undefined) return;
  const customFields = contact.customFields.map(({ id, mergeTag, value }) => ({
    id,
    value: mergeTag === MARKER_TAG ? '' : value,
  }));
  await engine.contactBook.updateContact(contact.id, { native: {}, customFields }, guard);
}
