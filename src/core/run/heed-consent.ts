import { heedOptOuts, optOutsOf } from '../consent/contact-channels.ts';
import type { Contact, ContactWrite } from '../people/contact.ts';
import type { ContactBook } from '../ports.ts';
import { enterFound, readConsents } from './consent-ledger.ts';
import type { Engine } from './engine.ts';
import type { RunRow } from './run-row.ts';

/**
 * The engine with an account that heeds the ledger of consent, whoever calls it and why: a number that opted out is
 * written as unsubscribed only, and a number that a contact shows as unsubscribed enters the ledger before the contact
 * is looked at. Every run works through it; a dry one writes nothing, and leaves what it finds to the next.
 */
export function heedConsent(engine: Engine, { dryRun }: Pick<RunRow, 'dryRun'>): Engine {
  return dryRun ? engine : { ...engine, contactBook: heedingBook(engine) };
}

function heedingBook(engine: Engine): ContactBook {
  const book = engine.contactBook;
  const noted = new Set<string>();

  /** What we unsubscribed ourselves is no word of the number's owner. */
  async function note(contacts: readonly Contact[], write?: ContactWrite): Promise<void> {
    const own = new Set(
      write?.channels?.filter((one) => one.subscriptionState !== undefined).map((one) => one.channelId),
    );
    const now = engine.clock.now();
    const found = contacts.flatMap((contact) => optOutsOf(contact, now)).filter(({ phone }) => !own.has(phone));
    const fresh = found.filter(({ phone }) => !noted.has(phone));
    if (fresh.length === 0) return;
    const count = await enterFound(engine, fresh);
    for (const { phone } of fresh) noted.add(phone);
    if (count > 0) engine.log.event('consent.noted', { source: 'contact', optOuts: count });
  }

  async function optedOut(phones: readonly string[]): Promise<(phone: string) => boolean> {
    if (phones.length === 0) return () => false;
    const consents = await readConsents(
      engine,
      phones.map((phone) => engine.digest.pseudonym(phone)),
    );
    return (phone) => consents.has(engine.digest.pseudonym(phone));
  }

  async function heed(write: ContactWrite): Promise<ContactWrite> {
    const { channels } = write;
    if (channels === undefined) return write;
    return { ...write, channels: heedOptOuts(channels, await optedOut(channels.map(({ channelId }) => channelId))) };
  }

  return {
    ...book,
    async findByNumbers(numbers, scope) {
      const contacts = await book.findByNumbers(numbers, scope);
      await note(contacts);
      return contacts;
    },
    async readContacts(ids, scope) {
      const contacts = await book.readContacts(ids, scope);
      await note(contacts);
      return contacts;
    },
    async *contactPages(from, scope) {
      for await (const page of book.contactPages(from, scope)) {
        await note(page.contacts);
        yield page;
      }
    },
    async createContact(contact, scope) {
      const write = await heed(contact);
      const made = await book.createContact(write, scope);
      await note([made], write);
      return made;
    },
    async updateContact(id, contact, scope) {
      const write = await heed(contact);
      const changed = await book.updateContact(id, write, scope);
      await note([changed], write);
      return changed;
    },
  };
}
