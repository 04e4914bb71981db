import { flowOf } from '../config/sync-config.ts';
import { phoneInstead } from '../plan/drift.ts';
import type { Link } from '../plan/link.ts';
import { applyEach, endByError } from './end-case.ts';
import { endCase, isOpen } from './apply-case.ts';
import { hasUnwritableChannel, writableChannels } from './merge-channels.ts';
import type { Application, Case } from './apply-case.ts';
import { applyMembers } from './apply-members.ts';
import { fetchPeople } from './person-rows.ts';
import { findStrays } from './strays.ts';

async function unsubscribe(app: Application, one: Case): Promise<void> {
  const { contact, link, member } = one;
  if (contact === undefined) return;
  if (hasUnwritableChannel(contact)) {
    one.flaw = { outcome: 'rejected', reason: 'contact-conflict' };
    return;
  }
  const strays = await findStrays(app.engine, one);
  // Also the number that somebody put in place of ours: it is the leaver's contact all the same.
  const instead = flowOf(app.run.config) === 'push' ? undefined : phoneInstead(contact, link!);
  const theirs = new Set([link!.phone, member.drift?.phone, instead, ...strays.map(({ phone }) => phone)]);
  const channels = writableChannels(contact).map((channel) =>
    theirs.has(channel.channelId) ? { ...channel, subscriptionState: 'UNSUBSCRIBED' as const } : channel,
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

/** Whoever took a leaver's contact over half-way, and leaves: the contact is theirs first, if it is not in use again. */
async function meetFormerOwners({ engine }: Application, cases: readonly Case[]): Promise<void> {
  const taking = cases.filter(({ operation }) => operation.formerOwner !== undefined);
  if (taking.length === 0) return;
  const rows = await fetchPeople(
    engine,
    taking.map(({ operation }) => operation.formerOwner!),
  );
  for (const one of taking) {
    const owner = rows.get(one.operation.formerOwner!);
    if (owner?.link?.contactId !== one.link?.contactId) continue;
    if (owner?.link?.left === undefined) endCase(one, { outcome: 'skipped', reason: 'contact-conflict' });
    else one.formerOwner = owner;
  }
}

/** Leavers: off the managed lists, unsubscribed or deleted, as the configuration says for the cause. */
export async function applyRemovals(app: Application, cases: readonly Case[]): Promise<void> {
  const { engine, guard } = app;
  await meetFormerOwners(app, cases);
  const toRead = cases.flatMap(({ operation, link }) =>
    operation.action === 'unsubscribe' && link !== undefined ? [link.contactId] : [],
  );
  if (toRead.length > 0) {
    const contacts = new Map(
      (await engine.contactBook.readContacts(toRead, guard)).map((contact) => [contact.id, contact]),
    );
    for (const one of cases) one.contact = contacts.get(one.link?.contactId ?? '');
  }
  await applyEach(app, cases.filter(isOpen), (one) => removeOne(app, one));
  const kept = cases.filter((one) => isOpen(one) && one.operation.action !== 'delete');
  await applyMembers(app, kept);
  for (const one of kept) if (isOpen(one) && one.flaw === undefined) one.next = markLeft(app, one);
  for (const one of cases) if (one.link === undefined) endCase(one, { outcome: 'unchanged' });
}

function markLeft(app: Application, one: Case): Link {
  const { cause, action } = one.operation;
  return { ...one.next!, left: { cause: cause!, action: action!, at: app.engine.clock.now() } };
}
