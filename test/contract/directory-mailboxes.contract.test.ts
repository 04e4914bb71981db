import type { DirectoryEntry } from '../../src/core/people/person.ts';
import type { DirectoryPage, MailboxFolder } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aMailboxContact, COMMON_ATTRIBUTES } from '../support/outside-people.ts';
import { mobile, userId, users } from '../support/story-people.ts';

const OWNER = userId(1);
const UPN = 'person.1@example.com';

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;
  let folderId: string;
  let stream: MailboxFolder;

  beforeEach(async () => {
    tenant = await start({ users: users(3), pageSize: 2 });
    scope = aScope();
    tenant.admin.mailboxes.open(OWNER);
    folderId = tenant.admin.mailboxes.createFolder(OWNER, 'Suppliers');
    stream = { mailbox: OWNER, folder: 'Suppliers' };
  });

  afterEach(() => tenant.stop());

  const addContacts = (count: number): string[] =>
    Array.from({ length: count }, (_, index) =>
      tenant.admin.mailboxes.createContact(folderId, aMailboxContact(index + 1)),
    );
  const pagesOf = (from: MailboxFolder, link?: string, select = COMMON_ATTRIBUTES): Promise<DirectoryPage[]> =>
    allOf(tenant.directory.deltaPages({ stream: from, select, ...(link === undefined ? {} : { link }) }, scope));
  const entriesOf = async (from: MailboxFolder, link?: string): Promise<DirectoryEntry[]> =>
    (await pagesOf(from, link)).flatMap(({ entries }) => entries);
  const endOfChain = async (): Promise<string> => (await pagesOf(stream)).at(-1)?.deltaLink ?? '';
  const idsOf = async (from: MailboxFolder): Promise<string[]> =>
    (await entriesOf(from)).map(({ id }) => id).toSorted();

  describe('deltaPages of a folder', () => {
    it('shows its contacts, by the attributes of the configuration', async () => {
      addContacts(1);

      const [entry] = await entriesOf(stream);

      expect(entry).toEqual({
        id: expect.stringMatching(/^mailbox-[0-9a-f]{16}-[\w-]+$/),
        kind: 'mailboxContact',
        attributes: {
          displayName: 'Supplier 1',
          givenName: 'Supplier',
          surname: '1',
          mail: 'supplier.1@example.net',
          companyName: 'Northwind',
          department: 'Support',
          jobTitle: 'Buyer',
          city: 'Leeds',
          state: null,
          country: 'United Kingdom',
          streetAddress: null,
          postalCode: 'LS1 1AA',
          mobilePhone: mobile(1),
          businessPhones: ['(02) 5550 0003'],
        },
      });
    });

    it('shows all of a large folder, and nobody of another one', async () => {
      addContacts(450);
      tenant.admin.mailboxes.createContact(tenant.admin.mailboxes.createFolder(OWNER, 'Friends'), aMailboxContact(451));

      const pages = await pagesOf(stream);

      expect(new Set(pages.flatMap(({ entries }) => entries.map(({ id }) => id))).size).toBe(450);
      expect(pages).toHaveLength(3);
    });

    it('finds the folder by its name in any spelling of case, by its id, and by its id inside another folder', async () => {
      addContacts(2);
      const inside = tenant.admin.mailboxes.createFolder(OWNER, 'Abroad', folderId);
      tenant.admin.mailboxes.createContact(inside, aMailboxContact(3));
      for (let n = 1; n <= 120; n += 1) tenant.admin.mailboxes.createFolder(OWNER, `Other ${n}`);
      const last = tenant.admin.mailboxes.createFolder(OWNER, 'Last of all');

      const expected = await idsOf(stream);

      expect(expected).toHaveLength(2);
      expect(await idsOf({ mailbox: OWNER, folder: ' suppliers ' })).toEqual(expected);
      expect(await idsOf({ mailbox: OWNER, folder: folderId })).toEqual(expected);
      expect(await idsOf({ mailbox: OWNER, folder: inside })).toHaveLength(1);
      expect(await idsOf({ mailbox: OWNER, folder: 'last of all' })).toEqual([]);
      expect(await idsOf({ mailbox: OWNER, folder: last })).toEqual([]);
    });

    it('finds the folder that every mailbox has, by either of its names and by its id', async () => {
      const own = tenant.admin.mailboxes.open(userId(2), 'Kontakte');
      tenant.admin.mailboxes.createContact(own, aMailboxContact(1));

      for (const folder of ['Contacts', 'kontakte', own]) {
        expect(await idsOf({ mailbox: userId(2), folder })).toHaveLength(1);
      }
    });

    it('looks the folder up once, and then only reads', async () => {
      addContacts(1);

      await endOfChain();
      await endOfChain();

      expect(tenant.calls()).toBe(3);
      expect(scope.attempts).toBe(3);
    });

    it('gives a contact the same id, however the mailbox and the folder are named, and whatever it is renamed to', async () => {
      addContacts(2);
      const before = await idsOf(stream);
      tenant.admin.mailboxes.renameFolder(folderId, 'Partners');

      expect(await idsOf({ mailbox: UPN, folder: 'Partners' })).toEqual(before);
      expect(await idsOf({ mailbox: UPN.toUpperCase(), folder: folderId })).toEqual(before);
    });

    it('tells contacts apart whose ids differ in case only', async () => {
      for (const id of ['AAkA/x+y==', 'AAkA/X+y==']) {
        tenant.admin.mailboxes.createContact(folderId, { ...aMailboxContact(1), id });
      }

      const ids = await idsOf(stream);

      expect(new Set(ids).size).toBe(2);
      expect((await tenant.directory.readPeople(ids, ['surname'], scope, [stream])).size).toBe(2);
    });

    it('shows only what changed since a delta link, and who is gone, deleted or moved', async () => {
      const [changed = '', deleted = '', moved = ''] = addContacts(3);
      const before = await entriesOf(stream);
      const idOf = (n: number) => before.find(({ attributes }) => attributes['surname'] === String(n))?.id;
      const link = await endOfChain();
      tenant.admin.mailboxes.updateContact(changed, { emailAddresses: [], mobilePhone: null });
      tenant.admin.mailboxes.deleteContact(deleted);
      tenant.admin.mailboxes.moveContact(moved, tenant.admin.mailboxes.createFolder(OWNER, 'Friends'));

      const entries = await entriesOf(stream, link);

      expect(new Map(entries.map((entry) => [entry.id, entry.removed ?? entry.attributes]))).toEqual(
        new Map<unknown, unknown>([
          [idOf(1), { mail: null, mobilePhone: null }],
          [idOf(2), 'deleted'],
          [idOf(3), 'deleted'],
        ]),
      );
    });

    it('knows a contact again that was moved away and back', async () => {
      const [contact = ''] = addContacts(1);
      const before = await idsOf(stream);
      const elsewhere = tenant.admin.mailboxes.createFolder(OWNER, 'Friends');
      tenant.admin.mailboxes.moveContact(contact, elsewhere);
      expect(await idsOf(stream)).toEqual([]);

      tenant.admin.mailboxes.moveContact(contact, folderId);

      expect(await idsOf(stream)).toEqual(before);
      expect(await idsOf({ mailbox: OWNER, folder: 'Friends' })).toEqual([]);
    });
  });

  describe('readPeople of every kind', () => {
    const read = (ids: readonly string[]) =>
      tenant.directory.readPeople(ids, ['displayName', 'mobilePhone', 'city'], scope, ['users', 'orgContacts', stream]);

    it('finds each in its own place, mailbox and directory never in one batch', async () => {
      addContacts(25);
      const ids = await idsOf(stream);
      const asked = tenant.calls();

      const people = await read([userId(1), ...ids]);

      expect([...people.keys()].toSorted()).toEqual([userId(1), ...ids].toSorted());
      expect(people.get(ids[0] ?? '')).toEqual({
        id: ids[0],
        kind: 'mailboxContact',
        attributes: { displayName: expect.any(String), mobilePhone: expect.any(String), city: 'Leeds' },
      });
      expect(tenant.calls() - asked).toBe(3);
    });

    it('leaves out who was deleted, or moved to another folder', async () => {
      const [deleted = '', moved = ''] = addContacts(3);
      const ids = await idsOf(stream);
      tenant.admin.mailboxes.deleteContact(deleted);
      tenant.admin.mailboxes.moveContact(moved, tenant.admin.mailboxes.createFolder(OWNER, 'Friends'));

      expect((await read(ids)).size).toBe(1);
    });

    it('does not take a folder that was deleted for one that is empty', async () => {
      addContacts(2);
      const ids = await idsOf(stream);
      tenant.admin.mailboxes.deleteFolder(folderId);

      expect((await failureOf(read(ids))).failure).toBe('not-found');
    });

    it('looks no folder up when nobody could be in one', async () => {
      await read([userId(1)]);

      expect(tenant.calls()).toBe(1);
    });

    it('leaves out contacts of a folder that is not among the streams', async () => {
      addContacts(1);
      const ids = await idsOf(stream);
      tenant.admin.mailboxes.createFolder(OWNER, 'Friends');
      const asked = tenant.calls();

      const others = { mailbox: OWNER, folder: 'Friends' };
      const people = await tenant.directory.readPeople(ids, ['city'], scope, ['users', others]);

      expect(people.size).toBe(0);
      // The folder had to be looked up; its contacts had not.
      expect(tenant.calls() - asked).toBe(1);
    });

    it('names a missing permission instead of finding nobody', async () => {
      addContacts(1);
      const ids = await idsOf(stream);
      tenant.admin.dropRole('Contacts.Read');

      expect((await failureOf(read(ids))).failure).toBe('access-denied');
    });
  });
});
