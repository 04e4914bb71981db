import type { Link } from '../plan/link.ts';
import { applyEach, endByError } from './end-case.ts';
import { endCase, isOpen } from './apply-case.ts';
import { hasUnwritableChannel, writableChannels } from './merge-channels.ts';
import type { Application, Case } from './apply-case.ts';
import { applyMembers } from './apply-members.ts';

async function unsubscribe(app: Application, one: Case): Promise<void> {
  const { contact, link, member } = one;
  if (contact === undefined) return;
  if (hasUnwritableChannel(contact)) {
    one.flaw = { outcome: 'rejected', reason: 'contact-conflict' };
    return;
  }
  const channels = writableChannels(contact).map((channel) =>
    // Also the number that somebody put in place of ours: it is the leaver's contact all the same.
    channel.channelId === link!.phone || channel.channelId === member.drift?.phone
      ? { ...channel, subscriptionState: 'UNSUBSCRIBED' as const }
      : channel,
  );
  await app.engine.contactBook.updateContact(contact.id, { native: {}, channels }, app.guard);
}

async function removeOne(app: Application, one: Case): Promise<void> {
  const { action } = one.operation;
  try {
    if (action === 'delete') await app.engine.contactBook.deleteContact(one.link!.contactId, app.guard);
    if (action === 'unsubscribe') await unsubscribe(app, one);
    if (action !== 'delete') one.next = one.link;
  } catch (error) {
    endByError(one, error);
  }
}

/** Leavers: off the managed lists, unsubscribed or deleted, as the configuration says for the cause. */
export async function applyRemovals(app: Application, cases: readonly Case[]): Promise<void> {
  const { engine, guard } = app;
  const toRead = cases.flatMap(({ operation, link }) =>
    operation.action === 'unsubscribe' && link !== undefined ? [link.contactId] : [],
  );
  if (toRead.length > 0) {
    const contacts = new Map(
      (await engine.contactBook.readContacts(toRead, guard)).map((contact) => [contact.id, contact]),
    );
    for (const one of cases) one.contact = contacts.get(one.link?.contactId ?? '');
  }
  await applyEach(app, cases, (one) => removeOne(app, one));
  const kept = cases.filter((one) => isOpen(one) && one.operation.action !== 'delete');
  await applyMembers(app, kept);
  for (const one of kept) if (isOpen(one) && one.flaw === undefined) one.next = markLeft(app, one);
  for (const one of cases) if (one.link === undefined) endCase(one, { outcome: 'unchanged' });
}

function markLeft(app: Application, one: Case): Link {
  const { cause, action } = one.operation;
  return { ...one.next!, left: { cause: cause!, action: action!, at: app.engine.clock.now() } };
}
