import type { DirectoryEntry } from '../../src/core/people/person.ts';
import type { DirectoryPage } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { anOrgContact, COMMON_ATTRIBUTES, orgContactId } from '../support/outside-people.ts';
import { mobile, userId, users } from '../support/story-people.ts';

const STREAM = 'orgContacts';

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: users(2), pageSize: 2 });
    scope = aScope();
    for (let n = 1; n <= 3; n += 1) tenant.admin.orgContacts.create(anOrgContact(n));
  });

  afterEach(() => tenant.stop());

  const pagesOf = (link?: string, select = COMMON_ATTRIBUTES): Promise<DirectoryPage[]> =>
    allOf(tenant.directory.deltaPages({ stream: STREAM, select, ...(link === undefined ? {} : { link }) }, scope));
  const entriesOf = async (link?: string, select = COMMON_ATTRIBUTES): Promise<DirectoryEntry[]> =>
    (await pagesOf(link, select)).flatMap(({ entries }) => entries);
  const endOfChain = async (): Promise<string> => (await pagesOf()).at(-1)?.deltaLink ?? '';

  describe('deltaPages of organisational contacts', () => {
    it('shows everybody, by the attributes of the configuration', async () => {
      const entries = await entriesOf();

      expect(entries.map(({ id }) => id).toSorted()).toEqual([orgContactId(1), orgContactId(2), orgContactId(3)]);
      expect(entries.find(({ id }) => id === orgContactId(1))).toEqual({
        id: orgContactId(1),
        kind: 'orgContact',
        attributes: {
          displayName: 'Partner 1',
          givenName: 'Partner',
          surname: '1',
          mail: 'partner.1@example.org',
          companyName: 'Fabrikam',
          department: 'Sales',
          officeLocation: 'Level 3',
          city: 'Perth',
          state: 'WA',
          country: 'Australia',
          streetAddress: '1 Example Street',
          postalCode: '6000',
          mobilePhone: mobile(1),
          businessPhones: ['(02) 5550 0001'],
          faxNumber: '(02) 5550 0002',
        },
      });
    });

    it('shows what was selected, and nothing else that stands beside it', async () => {
      const [entry] = await entriesOf(undefined, ['mobilePhone', 'city']);

      expect(Object.keys(entry?.attributes ?? {}).toSorted()).toEqual(['city', 'mobilePhone']);
    });

    it('shows only what changed since a delta link', async () => {
      const link = await endOfChain();
      tenant.admin.orgContacts.update(orgContactId(1), { phones: [{ type: 'business', number: '(02) 5550 0009' }] });
      tenant.admin.orgContacts.update(orgContactId(2), { department: null });
      tenant.admin.orgContacts.update(orgContactId(3), { addresses: [] });

      const entries = await entriesOf(link);

      expect(new Map(entries.map(({ id, attributes }) => [id, attributes]))).toEqual(
        new Map([
          [orgContactId(1), { mobilePhone: null, faxNumber: null, businessPhones: ['(02) 5550 0009'] }],
          [orgContactId(2), { department: null }],
          [
            orgContactId(3),
            { officeLocation: null, city: null, state: null, country: null, streetAddress: null, postalCode: null },
          ],
        ]),
      );
    });

    it('shows who was deleted', async () => {
      const link = await endOfChain();
      tenant.admin.orgContacts.hardDelete(orgContactId(2));

      expect(await entriesOf(link)).toEqual([
        { id: orgContactId(2), kind: 'orgContact', removed: 'deleted', attributes: {} },
      ]);
    });

    it('goes on over empty pages, and asks for a resync when its link is refused', async () => {
      tenant.admin.options.emptyPages = 0.5;
      const pages = await pagesOf();
      expect(pages.flatMap(({ entries }) => entries)).toHaveLength(3);
      tenant.admin.expireTokens('gone');

      expect((await failureOf(pagesOf(pages.at(-1)?.deltaLink))).failure).toBe('resync');
    });

    it('takes no link of another stream, and no other stream takes its own', async () => {
      const own = await endOfChain();
      const [ofUsers] = (await allOf(tenant.directory.deltaPages({ select: ['mail'] }, scope))).slice(-1);
      const asked = tenant.calls();

      expect((await failureOf(pagesOf(ofUsers?.deltaLink))).failure).toBe('unexpected-answer');
      const mixedUp = allOf(tenant.directory.deltaPages({ link: own, select: ['mail'] }, scope));
      expect((await failureOf(mixedUp)).failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(asked);
    });

    it('gives no page out that leads to another host', async () => {
      tenant.admin.options.wrongHostNextLink = 'elsewhere.example.com';

      expect((await failureOf(pagesOf())).failure).toBe('unexpected-answer');
    });

    it('needs a permission of its own, and names it', async () => {
      tenant.admin.dropRole('OrgContact.Read.All');

      for (const call of [pagesOf(), tenant.directory.check(scope, STREAM)]) {
        const error = await failureOf(call);
        expect([error.failure, error.detail.access]).toEqual(['access-denied', 'permission-missing']);
        expect(error.message).toContain('OrgContact.Read.All');
      }
      await tenant.directory.check(scope);
    });

    it('needs no other', async () => {
      for (const role of ['User.Read.All', 'GroupMember.Read.All', 'Contacts.Read']) tenant.admin.dropRole(role);

      await tenant.directory.check(scope, STREAM);

      expect(await entriesOf()).toHaveLength(3);
    });
  });

  describe('readPeople of users and organisational contacts', () => {
    const read = (ids: readonly string[]) =>
      tenant.directory.readPeople(ids, ['displayName', 'mobilePhone', 'city'], scope, ['users', STREAM]);

    it('finds people of both kinds, and leaves out whom neither knows', async () => {
      tenant.admin.orgContacts.hardDelete(orgContactId(2));

      const people = await read([userId(1), orgContactId(1), orgContactId(2), userId(99)]);

      expect([...people.keys()]).toEqual([userId(1), orgContactId(1)]);
      expect(people.get(orgContactId(1))).toEqual({
        id: orgContactId(1),
        kind: 'orgContact',
        attributes: { displayName: 'Partner 1', mobilePhone: mobile(1), city: 'Perth' },
      });
      expect(people.get(userId(1))?.kind).toBe('user');
    });

    it('asks for contacts only when somebody was not among the users', async () => {
      await read([userId(1), userId(2)]);
      expect(tenant.calls()).toBe(1);

      await read([userId(1), orgContactId(1)]);

      expect(tenant.calls()).toBe(3);
    });

    it('looks for nobody but users unless it is told to', async () => {
      const people = await tenant.directory.readPeople([userId(1), orgContactId(1)], ['mail'], scope);

      expect([...people.keys()]).toEqual([userId(1)]);
    });

    it('names a missing permission instead of finding nobody', async () => {
      tenant.admin.dropRole('OrgContact.Read.All');

      const error = await failureOf(read([orgContactId(1)]));

      expect(error.failure).toBe('access-denied');
      expect(error.message).toContain('OrgContact.Read.All');
    });
  });
});
