import type { CallScope, DirectoryPage } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { aUser, mobile, userId, users } from '../support/story-people.ts';

const SELECT = ['displayName', 'department', 'mobilePhone', 'businessPhones', 'accountEnabled'];

const idsOf = (pages: readonly DirectoryPage[]): string[] =>
  pages.flatMap(({ entries }) => entries.map(({ id }) => id)).toSorted();
const everybody = (count: number): string[] => users(count).map(({ id }) => id);

describe.each(DIRECTORY_IMPLEMENTATIONS)('Directory %s', (_name, start) => {
  let tenant: DirectoryImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    tenant = await start({ users: users(5), pageSize: 2 });
    scope = aScope();
  });

  afterEach(() => tenant.stop());

  const pagesOf = (link?: string): Promise<DirectoryPage[]> =>
    allOf(tenant.directory.deltaPages({ select: SELECT, ...(link === undefined ? {} : { link }) }, scope));
  const endOfChain = async (): Promise<string> => (await pagesOf()).at(-1)?.deltaLink ?? '';

  describe('deltaPages', () => {
    it('shows everybody, page by page, and ends with the page that has the delta link', async () => {
      const pages = await pagesOf();

      expect(idsOf(pages)).toEqual(everybody(5));
      expect(pages.map(({ nextLink, deltaLink }) => [typeof nextLink, typeof deltaLink])).toEqual([
        ['string', 'undefined'],
        ['string', 'undefined'],
        ['undefined', 'string'],
      ]);
    });

    it('asks the scope once for each page', async () => {
      const pages = await pagesOf();

      expect(scope.attempts).toBe(pages.length);
      expect(tenant.calls()).toBe(pages.length);
    });

    it('asks for a page only when it is wanted', async () => {
      await tenant.directory.deltaPages({ select: SELECT }, scope).next();

      expect(tenant.calls()).toBe(1);
    });

    it('shows what was selected and was ever set, and nothing else', async () => {
      const [page] = await pagesOf();

      expect(page?.entries[0]?.attributes).toEqual({
        displayName: expect.stringContaining('Person'),
        department: expect.any(String),
        mobilePhone: expect.any(String),
        businessPhones: [],
        accountEnabled: true,
      });
    });

    it('goes on over empty pages', async () => {
      tenant.admin.options.emptyPages = 0.5;

      expect(idsOf(await pagesOf())).toEqual(everybody(5));
    });

    it('shows the rest of a chain from a stored next link', async () => {
      const [first, ...rest] = await pagesOf();

      const again = await pagesOf(first?.nextLink);

      expect(idsOf(again)).toEqual(idsOf(rest));
    });

    it('shows only what changed since a delta link: new values, cleared ones as null, the others not at all', async () => {
      const link = await endOfChain();
      tenant.admin.updateUser(userId(1), { department: 'HR', mobilePhone: null });

      const pages = await pagesOf(link);

      expect(pages.flatMap(({ entries }) => entries)).toEqual([
        { id: userId(1), kind: 'user', attributes: { department: 'HR', mobilePhone: null } },
      ]);
    });

    it('shows nobody when nothing changed, and gives a link for the next round', async () => {
      const [page, ...more] = await pagesOf(await endOfChain());

      expect(page).toEqual({ entries: [], deltaLink: expect.any(String) });
      expect(more).toEqual([]);
    });

    it('shows the same round again from the same delta link', async () => {
      const link = await endOfChain();
      tenant.admin.updateUser(userId(1), { department: 'HR' });
      const first = await pagesOf(link);

      expect(idsOf(await pagesOf(link))).toEqual(idsOf(first));
    });

    it('shows joiners whole', async () => {
      const link = await endOfChain();
      tenant.admin.createUser(aUser(6));

      const [page] = await pagesOf(link);

      expect(page?.entries).toMatchObject([{ id: userId(6), attributes: { mobilePhone: mobile(6) } }]);
    });

    it('tells people who can be restored from those who cannot, and shows the restored again', async () => {
      const link = await endOfChain();
      tenant.admin.softDelete(userId(1));
      tenant.admin.hardDelete(userId(2));
      tenant.admin.softDelete(userId(3));
      tenant.admin.restore(userId(3));

      const pages = await pagesOf(link);

      const shown = new Map(pages.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry.removed])));
      expect(shown).toEqual(
        new Map([
          [userId(1), 'changed'],
          [userId(2), 'deleted'],
          [userId(3), undefined],
        ]),
      );
    });

    it.each(['none', 'soft', 'all'] as const)('shows tombstones in a first chain: %s', async (tombstones) => {
      tenant.admin.options.initialTombstones = tombstones;
      tenant.admin.softDelete(userId(1));
      tenant.admin.hardDelete(userId(2));

      const entries = (await pagesOf()).flatMap((page) => page.entries);

      const removed = entries.flatMap((entry) => entry.removed ?? []).toSorted();
      expect(removed).toEqual({ none: [], soft: ['changed'], all: ['changed', 'deleted'] }[tombstones]);
    });

    it('shows changes made during the chain in it or in the next round, never in neither', async () => {
      for (const where of ['same-chain', 'next-round', 'both'] as const) {
        tenant.admin.options.midChainChanges = where;
        const pages: DirectoryPage[] = [];
        for await (const page of tenant.directory.deltaPages({ select: SELECT }, scope)) {
          if (pages.length === 0) tenant.admin.updateUser(userId(1), { department: `Moved ${where}` });
          pages.push(page);
        }
        const nextRound = await pagesOf(pages.at(-1)?.deltaLink);

        const values = [...pages, ...nextRound].flatMap(({ entries }) =>
          entries.map(({ attributes }) => attributes['department']),
        );
        expect(values).toContain(`Moved ${where}`);
      }
    });

    it('shows people twice, in pieces or whole, as the service likes', async () => {
      const link = await endOfChain();
      Object.assign(tenant.admin.options, { duplicates: 1, splitEntries: true, sparse: false });
      tenant.admin.updateUser(userId(1), { department: 'HR' });
      tenant.admin.updateUser(userId(1), { department: 'IT' });
      tenant.admin.updateUser(userId(2), { displayName: 'Renamed' });

      const entries = (await pagesOf(link)).flatMap((page) => page.entries);

      const departments = entries
        .filter(({ id }) => id === userId(1))
        .map(({ attributes }) => attributes['department']);
      expect(new Set(departments)).toEqual(new Set(['HR', 'IT']));
      expect(departments.length).toBeGreaterThan(2);
      expect(entries.find(({ id }) => id === userId(2))?.attributes).toHaveProperty('department');
    });

    it('leaves out whom a slow replica does not show, until it does', async () => {
      tenant.admin.hide(userId(3));
      const link = await endOfChain();

      tenant.admin.show(userId(3));

      expect(idsOf(await pagesOf(link))).toEqual([userId(3)]);
    });
  });

  describe('readPeople', () => {
    const read = (ids: readonly string[]) => tenant.directory.readPeople(ids, SELECT, scope);

    it('reads people by id, with null for what was never set', async () => {
      tenant.admin.createUser({ id: userId(6), displayName: 'Person 6' });

      const people = await read([userId(1), userId(6)]);

      expect(people.get(userId(1))?.attributes).toMatchObject({ displayName: 'Person 1', mobilePhone: mobile(1) });
      expect(people.get(userId(6))).toEqual({
        id: userId(6),
        kind: 'user',
        attributes: {
          displayName: 'Person 6',
          department: null,
          mobilePhone: null,
          businessPhones: [],
          accountEnabled: true,
        },
      });
    });

    it('leaves out whom the directory does not know, or has deleted', async () => {
      tenant.admin.softDelete(userId(1));
      tenant.admin.hardDelete(userId(2));

      const people = await read([userId(1), userId(2), userId(3), userId(99)]);

      expect([...people.keys()]).toEqual([userId(3)]);
    });

    it('finds whom a slow replica leaves out of the chain', async () => {
      tenant.admin.hide(userId(3));

      expect([...(await read([userId(3)])).keys()]).toEqual([userId(3)]);
    });

    it('reads any number of people, each id once, 20 a call', async () => {
      for (let n = 6; n <= 41; n += 1) tenant.admin.createUser(aUser(n));

      const people = await read([...everybody(41), userId(1)]);

      expect([...people.keys()].toSorted()).toEqual(everybody(41));
      expect(scope.attempts).toBe(3);
      expect(tenant.calls()).toBe(3);
    });

    it('asks nothing when nobody is wanted', async () => {
      expect((await read([])).size).toBe(0);
      expect(scope.attempts).toBe(0);
    });

    it('names a missing permission instead of finding nobody', async () => {
      tenant.revoke();

      expect((await failureOf(read([userId(1)]))).failure).toBe('access-denied');
    });
  });

  describe('check', () => {
    it('is one call', async () => {
      await tenant.directory.check(scope);

      expect(scope.attempts).toBe(1);
      expect(tenant.calls()).toBe(1);
    });

    it('names a missing permission', async () => {
      tenant.revoke();

      expect((await failureOf(tenant.directory.check(scope))).failure).toBe('access-denied');
    });
  });

  describe('a scope that forbids', () => {
    const ended = new Error('the claim has ended');
    const closed: CallScope = { beforeAttempt: () => Promise.reject(ended) };

    it('keeps every call from being made', async () => {
      await expect(tenant.directory.deltaPages({ select: SELECT }, closed).next()).rejects.toBe(ended);
      await expect(tenant.directory.readPeople([userId(1)], SELECT, closed)).rejects.toBe(ended);
      await expect(tenant.directory.check(closed)).rejects.toBe(ended);

      expect(tenant.calls()).toBe(0);
    });
  });
});
