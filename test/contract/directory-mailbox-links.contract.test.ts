import type { DirectoryEntry } from '../../src/core/people/person.ts';
import type { DirectoryPage, MailboxFolder } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aMailboxContact, COMMON_ATTRIBUTES } from '../support/outside-people.ts';
import { userId, users } from '../support/story-people.ts';

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

  describe('deltaPages of a folder in trouble', () => {
    it('takes links that name the mailbox by its object id', async () => {
      addContacts(3);
      const named = { mailbox: UPN, folder: 'Suppliers' };
      tenant.admin.options.mailboxLinks = 'by-id';
      const [first] = await pagesOf(named);

      expect(first?.deltaLink).toContain(`users('${OWNER}')`);
      expect(await pagesOf(named, first?.deltaLink)).toHaveLength(1);
    });

    it('takes no link of another stream', async () => {
      const [ofUsers] = (await allOf(tenant.directory.deltaPages({ select: ['mail'] }, scope))).slice(-1);
      const own = await endOfChain();
      const asked = tenant.calls();
      const links = [
        ofUsers?.deltaLink,
        own.replace('/contacts/', '/messages/'),
        own.replace(tenant.origin, 'https://elsewhere.example.com'),
        own.replace(OWNER, 'somebody.else@example.com'),
        'not a link',
      ];

      for (const link of links) {
        expect((await failureOf(pagesOf(stream, link))).failure).toBe('unexpected-answer');
      }
      expect(tenant.calls()).toBe(asked);
    });

    it('asks for a resync instead of following a link of another folder', async () => {
      tenant.admin.mailboxes.createFolder(OWNER, 'Friends');
      const [ofOther] = (await pagesOf({ mailbox: OWNER, folder: 'Friends' })).slice(-1);
      await endOfChain();
      const asked = tenant.calls();

      expect((await failureOf(pagesOf(stream, ofOther?.deltaLink))).failure).toBe('resync');
      expect(tenant.calls()).toBe(asked);
    });

    it('asks for a resync when the folder was replaced by another one of its name', async () => {
      const [contact = ''] = addContacts(1);
      const link = await endOfChain();
      tenant.admin.mailboxes.deleteContact(contact);
      tenant.admin.mailboxes.deleteFolder(folderId);
      const again = tenant.admin.mailboxes.createFolder(OWNER, 'Suppliers');
      tenant.admin.mailboxes.createContact(again, aMailboxContact(7));

      expect((await failureOf(pagesOf(stream, link))).failure).toBe('resync');
      expect((await failureOf(pagesOf(stream, link))).failure).toBe('resync');
      expect((await entriesOf(stream)).map(({ attributes }) => attributes['surname'])).toEqual(['7']);
    });

    it('tells a folder that was deleted since', async () => {
      const link = await endOfChain();
      tenant.admin.mailboxes.deleteFolder(folderId);

      const error = await failureOf(pagesOf(stream, link));

      expect(error.failure).toBe('not-found');
      expect(error.message).toContain('no contact folder');
    });

    it('keeps a link for longer than seven days, but asks for a resync once Outlook has forgotten it', async () => {
      tenant.admin.options.mailboxGenerations = 3;
      const link = await endOfChain();
      tenant.admin.advanceClock(30 * 24 * 60 * 60 * 1000);
      expect(await pagesOf(stream, link)).toHaveLength(1);
      for (let round = 0; round < 3; round += 1) await endOfChain();

      const error = await failureOf(pagesOf(stream, link));

      expect([error.failure, error.detail.neighbourCode]).toEqual(['resync', 'SyncStateNotFound']);
    });

    it('tells a folder and a mailbox that are not there', async () => {
      const errors = [
        await failureOf(pagesOf({ mailbox: OWNER, folder: 'Nobody' })),
        await failureOf(pagesOf({ mailbox: OWNER, folder: `AAMkA${'x'.repeat(60)}` })),
        await failureOf(pagesOf({ mailbox: userId(2), folder: 'Suppliers' })),
        await failureOf(pagesOf({ mailbox: 'nobody@example.com', folder: 'Suppliers' })),
      ];

      expect(errors.map(({ failure }) => failure)).toEqual(Array(4).fill('not-found'));
      expect(errors.map(({ message }) => /no contact folder|no such mailbox/.exec(message)?.[0])).toEqual([
        'no contact folder',
        'no contact folder',
        'no such mailbox',
        'no such mailbox',
      ]);
      for (const { message } of errors) {
        expect(message).toContain('people.mailboxContacts');
        expect(message).not.toMatch(/@|Suppliers|Nobody/);
      }
    });

    it('needs a permission of its own, and names it', async () => {
      tenant.admin.dropRole('Contacts.Read');

      for (const call of [pagesOf(stream), tenant.directory.check(scope, stream)]) {
        const error = await failureOf(call);
        expect([error.failure, error.detail.neighbourCode]).toEqual(['access-denied', 'ErrorAccessDenied']);
        expect(error.message).toContain('Contacts.Read');
      }
      await tenant.directory.check(scope);
      await tenant.directory.check(scope, 'orgContacts');
    });

    it('needs no other', async () => {
      addContacts(1);
      for (const role of ['User.Read.All', 'OrgContact.Read.All', 'GroupMember.Read.All']) tenant.admin.dropRole(role);

      await tenant.directory.check(scope, stream);

      expect(await entriesOf(stream)).toHaveLength(1);
    });

    it('tells a mailbox that policies keep from the app', async () => {
      tenant.admin.mailboxes.restrictTo([userId(2)]);

      const error = await failureOf(pagesOf(stream));

      expect([error.failure, error.detail.access]).toEqual(['access-denied', 'policy-blocked']);
      expect(error.message).toContain('access policy');
    });
  });
});
