import { markerOf } from '../people/matching.ts';
import type { Contact, ContactWrite } from '../people/contact.ts';
import { fetchHolders } from './adoption-notes.ts';
import type { Application, Case } from './apply-case.ts';
import { newContact } from './contact-write.ts';
import { isFailure } from './end-case.ts';
import { withoutGone } from './find-lost.ts';

/** The contact with the person's marker and number, if it was made for them: one that was adopted is noted as such. */
async function findMade({ engine, guard }: Application, { operation }: Case): Promise<Contact | undefined> {
  const found = await engine.contactBook.findByNumbers([operation.phone!], guard);
  const own = found.find((candidate) => markerOf(candidate) === operation.personId);
  if (own === undefined) return undefined;
  return (await fetchHolders(engine, [own.id])).has(own.id) ? undefined : own;
}

/** A lost answer is looked for before a second try: the contact may have been made. `mayStand`: or by an earlier worker. */
async function createOnce(app: Application, one: Case, write: ContactWrite, mayStand: boolean): Promise<Contact> {
  const { contactBook } = app.engine;
  const standing = mayStand ? await findMade(app, one) : undefined;
  if (standing !== undefined) return standing;
  try {
    return await contactBook.createContact(write, app.guard);
  } catch (error) {
    if (!isFailure(error, 'answer-lost')) throw error;
    return (await findMade(app, one)) ?? (await contactBook.createContact(write, app.guard));
  }
}

/** What it was to keep may be gone by now: then it is made without that. Answers what it was made with, too. */
export async function makeContact(
  app: Application,
  one: Case,
  mayStand: boolean,
): Promise<{ readonly contact: Contact; readonly write: ContactWrite }> {
  const write = newContact(app.run, one);
  try {
    return { write, contact: await createOnce(app, one, write, mayStand) };
  } catch (error) {
    const rest = isFailure(error, 'invalid') && one.link !== undefined ? await withoutGone(app, write) : undefined;
    if (rest === undefined) throw error;
    return { write: rest, contact: await createOnce(app, one, rest, mayStand) };
  }
}
