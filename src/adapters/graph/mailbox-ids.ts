import { createHash } from 'node:crypto';

/** A Prefer header. Outlook's ids change with every move unless each single request asks for those that do not. */
export const IMMUTABLE_IDS = 'IdType="ImmutableId"';

// Outlook's ids tell case apart and may hold `/`, `+` and `=`, which row keys and addresses of ours cannot.
const PERSON_ID = /^mailbox-([0-9a-f]{16})-([\w-]+)$/;

/**
 * The id of a mailbox contact as a person: the same for as long as the contact stays in its folder, however mailbox
 * and folder are named. Safe in row keys and addresses.
 */
export function personIdOf(folderId: string, contactId: string): string {
  return `mailbox-${folderMark(folderId)}-${Buffer.from(contactId).toString('base64url')}`;
}

/** Whether an id is that of a mailbox contact. */
export function isMailboxPerson(personId: string): boolean {
  return PERSON_ID.test(personId);
}

/** Whether an id is that of a contact that is, or was, in the folder. */
export function isOfFolder(personId: string, folderId: string): boolean {
  return PERSON_ID.exec(personId)?.[1] === folderMark(folderId);
}

/** Outlook's id of the contact. */
export function contactIdOf(personId: string): string {
  return Buffer.from(PERSON_ID.exec(personId)?.[2] ?? '', 'base64url').toString();
}

// 64 bits are plenty to tell the folders of one configuration apart, and keep the whole id short enough for the
// 255 characters of the custom field that marks a contact.
function folderMark(folderId: string): string {
  return createHash('sha256').update(folderId).digest('hex').slice(0, 16);
}
