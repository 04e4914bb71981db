import { endCase } from './apply-case.ts';
import { changesTo } from './contact-write.ts';
import type { Application, Case } from './apply-case.ts';
import { nativeValues } from './contact-fields.ts';
import { endByRefusal, isFailure } from './end-case.ts';
import type { Engine } from './engine.ts';
import { hasUnwritableChannel, keptOldChannel, writableChannels } from './merge-channels.ts';
import { personRow } from './person-rows.ts';
import { changeState } from './state-row.ts';

/** Deletes the person's contact to free its number. What is to survive is stored first: a crash must not lose it. */
export async function giveUpContact(app: Application, one: Case): Promise<void> {
  const { engine, guard } = app;
  const { link } = one;
  if (link === undefined || !link.created) return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
  if (link.carry === undefined) {
    const contact = one.contact ?? (await engine.contactBook.readContacts([link.contactId], guard))[0];
    // What cannot be written back would be lost with the contact.
    if (contact !== undefined && hasUnwritableChannel(contact)) {
      return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
    }
    const ours = new Set(Object.values(link.lists).map((list) => list.id));
    const carry = {
      native: contact === undefined ? {} : nativeValues(contact),
      channels: (contact === undefined ? [] : writableChannels(contact)).filter(
        ({ type, channelId }) => type !== 'SMS' || (channelId !== link.phone && channelId !== one.operation.strayPhone),
      ),
      lists: (contact?.lists ?? []).map((list) => list.id).filter((id) => !ours.has(id)),
      customFields: (contact?.customFields ?? []).map(({ id, value }) => ({ id, value })),
    };
    one.link = { ...link, carry };
    const row = personRow(one.person, one.link);
    const [etag] = await engine.tables.people.write(engine.config.name, [{ kind: 'replace', row, etag: one.etag! }]);
    one.etag = etag;
  }
  await engine.contactBook.deleteContact(link.contactId, guard);
}

/** From now on a number changes by making the contact anew. */
export async function noteMerging(engine: Engine): Promise<void> {
  await changeState(engine, (state) => ({ ...state, channelsMerge: true }));
}

/**
 * The first half of a ring of hand-overs: the contact gets its new number before that is free, or, where MessageMedia
 * refuses that, is given up. The claim on the new number comes in the second half, when its holder has let go.
 */
export async function releaseNumber(app: Application, one: Case): Promise<void> {
  try {
    if (!(await tryNewNumber(app, one))) await giveUpContact(app, one);
  } catch (error) {
    await endByRefusal(app, one, error);
  }
}

async function tryNewNumber(app: Application, one: Case): Promise<boolean> {
  const { engine, run, guard } = app;
  const link = one.link!;
  if (app.channelsMerge || one.contact === undefined || hasUnwritableChannel(one.contact)) return false;
  try {
    const write = changesTo(run, one);
    const answer = await engine.contactBook.updateContact(link.contactId, write, guard);
    one.accountId = answer.accountId;
    if (keptOldChannel(write, answer)) {
      await noteMerging(engine);
      return false;
    }
  } catch (error) {
    if (!isFailure(error, 'conflict', 'not-found')) throw error;
    return false;
  }
  one.next = { ...link, released: true };
  return true;
}
