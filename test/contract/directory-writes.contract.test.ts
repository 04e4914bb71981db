import type { Attributes } from '../../src/core/people/person.ts';
import type { PersonUpdate } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const SELECT = ['displayName', 'department', 'mobilePhone', 'businessPhones', 'onPremisesExtensionAttributes'];
const PHONE = '+61 491 570 006';
const EXTENSION = `extension_${'0'.repeat(32)}_optOut`;

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: users(5), pageSize: 200 });
    scope = aScope();
  });

  afterEach(() => tenant.stop());

  const update = (n: number, changes: Attributes): Promise<PersonUpdate> =>
    tenant.directory.updatePerson(userId(n), changes, scope);
  const read = async (n: number): Promise<Attributes | undefined> =>
    (await tenant.directory.readPeople([userId(n)], SELECT, scope)).get(userId(n))?.attributes;
  const refusalsOf = ({ refused }: PersonUpdate) =>
    refused.map(({ attributes, error }) => [attributes, error.failure] as const);

  describe('updatePerson', () => {
    it('writes what is given and leaves the rest alone', async () => {
      const result = await update(1, { department: 'Support', mobilePhone: PHONE });

      expect(result).toEqual({ written: ['mobilePhone', 'department'], refused: [] });
      expect(await read(1)).toMatchObject({ displayName: 'Person 1', department: 'Support', mobilePhone: PHONE });
    });

    it('needs one call for phones and one for all others', async () => {
      await update(1, { mobilePhone: PHONE, businessPhones: [PHONE], department: 'Support', jobTitle: 'Baker' });

      expect([scope.attempts, tenant.calls()]).toEqual([2, 2]);
    });

    it('calls nobody when there is nothing to write', async () => {
      expect(await update(1, {})).toEqual({ written: [], refused: [] });
      expect(scope.attempts).toBe(0);
    });

    it.each<[Attributes, Attributes]>([
      [{ department: null }, { department: null }],
      [{ mobilePhone: null }, { mobilePhone: null }],
      [{ businessPhones: null }, { businessPhones: [] }],
      [{ businessPhones: [] }, { businessPhones: [] }],
    ])('clears by %j', async (changes, shown) => {
      await update(1, { department: 'Support', mobilePhone: PHONE, businessPhones: [PHONE] });

      await update(1, changes);

      expect(await read(1)).toMatchObject(shown);
    });

    it('writes one extension attribute and leaves its neighbours', async () => {
      await update(1, { onPremisesExtensionAttributes: { extensionAttribute1: 'one' } });
      await update(1, { onPremisesExtensionAttributes: { extensionAttribute2: 'two' } });

      expect(await read(1)).toMatchObject({
        onPremisesExtensionAttributes: { extensionAttribute1: 'one', extensionAttribute2: 'two' },
      });
    });

    it('shows what was written as a change, once', async () => {
      const linkAfter = async (link?: string) => {
        const from = { select: SELECT, ...(link === undefined ? {} : { link }) };
        const pages = await allOf(tenant.directory.deltaPages(from, scope));
        return { entries: pages.flatMap(({ entries }) => entries), link: pages.at(-1)?.deltaLink ?? '' };
      };
      const before = await linkAfter();
      await update(1, { department: 'Support' });

      const first = await linkAfter(before.link);
      const second = await linkAfter(first.link);

      expect(first.entries).toMatchObject([{ id: userId(1), attributes: { department: 'Support' } }]);
      expect(second.entries).toEqual([]);
    });

    it('shows it late, and the old value before it, when the directory takes its time', async () => {
      Object.assign(tenant.admin.options, { writeDelayMs: 480_000, writeShowsOldFirst: true });
      const seen = async (link: string) => {
        const pages = await allOf(tenant.directory.deltaPages({ link, select: SELECT }, scope));
        const departments = pages.flatMap(({ entries }) => entries.map(({ attributes }) => attributes['department']));
        return { departments, link: pages.at(-1)?.deltaLink ?? '' };
      };
      const [page] = await allOf(tenant.directory.deltaPages({ select: SELECT }, scope));
      await update(1, { department: 'HR' });

      const first = await seen(page?.deltaLink ?? '');
      const second = await seen(first.link);
      tenant.admin.advanceClock(480_000);
      const third = await seen(second.link);

      expect([first.departments, second.departments, third.departments]).toEqual([['Sales'], [], ['HR']]);
    });

    it('refuses people who are mastered on-premises', async () => {
      tenant.admin.createUser(aUser(6, { onPremisesSyncEnabled: true }));

      const result = await update(6, { department: 'Support', mobilePhone: PHONE });

      expect(result.written).toEqual([]);
      expect(refusalsOf(result)).toEqual([
        [['mobilePhone'], 'on-premises'],
        [['department'], 'on-premises'],
      ]);
    });

    it('refuses extension attributes of people who were synchronised once, and writes the rest', async () => {
      tenant.admin.createUser(aUser(6, { onPremisesSyncEnabled: false }));

      expect(refusalsOf(await update(6, { onPremisesExtensionAttributes: { extensionAttribute1: 'x' } }))).toEqual([
        [['onPremisesExtensionAttributes'], 'on-premises'],
      ]);
      expect((await update(6, { department: 'Support' })).written).toEqual(['department']);
    });

    it('writes a directory extension of people who are synchronised', async () => {
      tenant.admin.createUser(aUser(6, { onPremisesSyncEnabled: true }));

      expect((await update(6, { [EXTENSION]: 'true' })).written).toEqual([EXTENSION]);
    });

    it('refuses the phones of privileged people, and writes the rest', async () => {
      tenant.admin.setPrivileged(userId(1), true);

      const result = await update(1, { department: 'Support', mobilePhone: PHONE });

      expect(result.written).toEqual(['department']);
      expect(refusalsOf(result)).toEqual([[['mobilePhone'], 'privileged']]);
      expect(await read(1)).toMatchObject({ department: 'Support', mobilePhone: mobile(1) });
    });

    it('refuses who is not there', async () => {
      tenant.admin.softDelete(userId(1));

      expect(refusalsOf(await update(1, { department: 'Support' }))).toEqual([[['department'], 'not-found']]);
      expect(refusalsOf(await update(99, { department: 'Support' }))).toEqual([[['department'], 'not-found']]);
    });

    it('refuses values that cannot be, without a call, and writes the rest', async () => {
      const result = await update(1, {
        department: 'x'.repeat(65),
        displayName: null,
        accountEnabled: false,
        businessPhones: [PHONE, PHONE],
        jobTitle: 'Baker',
      });

      expect(result.written).toEqual(['jobTitle']);
      expect(result.refused[0]?.error.detail.fields).toEqual([
        { name: 'department', code: 'too-long', limit: 64 },
        { name: 'displayName', code: 'required' },
        { name: 'accountEnabled', code: 'not-writable' },
        { name: 'businessPhones', code: 'one-number-only' },
      ]);
      expect(tenant.calls()).toBe(1);
    });

    it.each([
      ['User-Phone.ReadWrite.All', { mobilePhone: PHONE }],
      ['User.ReadUpdate.All', { department: 'Support' }],
    ])('ends with the missing permission %s', async (role, changes) => {
      tenant.admin.dropRole('User.ReadUpdate.All');
      tenant.admin.dropRole(role);
      tenant.admin.expireAccessTokens();

      const error = await failureOf(update(1, changes));

      expect([error.failure, error.detail.access]).toEqual(['access-denied', 'permission-missing']);
      expect(error.message).toContain(role);
    });

    it('writes phones with the permission for phones alone', async () => {
      tenant.admin.dropRole('User.ReadUpdate.All');
      tenant.admin.expireAccessTokens();

      expect((await update(1, { mobilePhone: PHONE, businessPhones: [PHONE] })).refused).toEqual([]);
      expect((await failureOf(update(1, { mobilePhone: PHONE, department: 'Support' }))).failure).toBe('access-denied');
    });

    it('takes a second writing of the same as done', async () => {
      const changes = { department: 'Support', mobilePhone: PHONE };

      expect(await update(1, changes)).toEqual(await update(1, changes));
    });
  });

  describe('checkWriting', () => {
    const check = (...attributes: string[]) => tenant.directory.checkWriting(attributes);

    it('is content with the permissions that the attributes need, and writes nothing', async () => {
      await check('mobilePhone', 'department');
      tenant.admin.dropRole('User.ReadUpdate.All');
      tenant.admin.expireAccessTokens();
      await check('mobilePhone', 'businessPhones[0]');
      await check();

      expect(tenant.calls()).toBe(0);
    });

    it('names what is missing', async () => {
      tenant.admin.dropRole('User.ReadUpdate.All');
      tenant.admin.dropRole('User-Phone.ReadWrite.All');
      tenant.admin.expireAccessTokens();

      const error = await failureOf(check('mobilePhone', 'department'));

      expect(error.detail.access).toBe('permission-missing');
      expect(error.message).toContain('User-Phone.ReadWrite.All and User.ReadUpdate.All');
    });
  });
});
