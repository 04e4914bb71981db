import type { DirectoryPage } from '../../src/core/ports.ts';
import { DIRECTORY_IMPLEMENTATIONS } from '../support/directory-implementations.ts';
import type { DirectoryImplementation } from '../support/directory-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { users } from '../support/story-people.ts';

const SELECT = ['displayName', 'department', 'mobilePhone'];
const DAY_MS = 24 * 60 * 60 * 1000;

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

  describe('deltaPages in trouble', () => {
    it.each(['syncStateNotFound', 'gone', 'badlyFormed'] as const)(
      'asks for a resync when a stored link is refused: %s',
      async (mode) => {
        const link = await endOfChain();
        tenant.admin.expireTokens(mode);

        const error = await failureOf(pagesOf(link));

        expect([error.neighbour, error.failure]).toEqual(['graph', 'resync']);
        expect(idsOf(await pagesOf())).toEqual(everybody(5));
      },
    );

    it('asks for a resync in the midst of a chain', async () => {
      const chain = tenant.directory.deltaPages({ select: SELECT }, scope);
      await chain.next();
      tenant.admin.expireTokens('gone');

      expect((await failureOf(chain.next())).failure).toBe('resync');
    });

    it('keeps a link for seven days, and asks for a resync after that', async () => {
      const link = await endOfChain();
      tenant.admin.advanceClock(7 * DAY_MS - 60_000);
      expect(await pagesOf(link)).toHaveLength(1);

      tenant.admin.advanceClock(120_000);

      expect((await failureOf(pagesOf(link))).failure).toBe('resync');
    });

    it.each<[string, (origin: string) => string]>([
      ['another host', () => 'https://elsewhere.example.com/v1.0/users/delta?$deltatoken=x'],
      ['another stream', (origin) => `${origin}/v1.0/groups/delta?$deltatoken=x`],
      ['nowhere', () => 'not a link'],
    ])('does not follow a stored link to %s', async (_what, link) => {
      const error = await failureOf(pagesOf(link(tenant.origin)));

      expect(error.failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(0);
    });

    it('gives no page out that leads to another host', async () => {
      tenant.admin.options.wrongHostNextLink = 'elsewhere.example.com';

      expect((await failureOf(pagesOf())).failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(1);
    });

    it('does not go in circles', async () => {
      tenant.admin.options.nextLinkLoop = true;

      expect((await failureOf(pagesOf())).failure).toBe('unexpected-answer');
      expect(tenant.calls()).toBe(2);
    });

    it('does not take a wrong question for an unusable link', async () => {
      const chain = tenant.directory.deltaPages({ select: ['noSuchProperty'] }, scope);

      expect((await failureOf(chain.next())).failure).toBe('invalid');
    });

    it('stops when the permission is taken away in the midst of a chain, until it is given back', async () => {
      const chain = tenant.directory.deltaPages({ select: SELECT }, scope);
      const { value: first } = await chain.next();
      tenant.revoke();

      const error = await failureOf(chain.next());

      expect([error.neighbour, error.failure, error.detail.status]).toEqual(['graph', 'access-denied', 403]);
      tenant.restorePermission();
      expect(idsOf([first as DirectoryPage, ...(await pagesOf((first as DirectoryPage).nextLink))])).toEqual(
        everybody(5),
      );
    });
  });
});
