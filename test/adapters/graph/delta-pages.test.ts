import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { allOf, anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, pagesOf, SELECT } from './tenant-under-test.ts';

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant({ pageSize: 2 });
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

function addPeople(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    tenant.admin.createUser({ displayName: `Person ${index}`, department: 'Sales' }),
  );
}

function graphRequests() {
  return tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
}

describe('deltaPages', () => {
  it('follows a chain to its end and leaves nobody out', async () => {
    const ids = addPeople(5);

    const pages = await pagesOf(directory, scope);

    const read = pages.flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(read.toSorted()).toEqual(ids.toSorted());
    expect(
      pages.slice(0, -1).every(({ nextLink, deltaLink }) => nextLink !== undefined && deltaLink === undefined),
    ).toBe(true);
    expect(pages.at(-1)).toMatchObject({ deltaLink: expect.stringContaining('$deltatoken=') });
    expect(scope.attempts).toBe(pages.length);
    expect(tenant.unexpected).toEqual([]);
  });

  it('goes on over empty pages', async () => {
    addPeople(6);
    tenant.admin.options.emptyPages = 0.5;

    const pages = await pagesOf(directory, scope);

    expect(pages.flatMap(({ entries }) => entries)).toHaveLength(6);
  });

  it('asks for a page only when it is wanted', async () => {
    addPeople(5);

    for await (const page of directory.deltaPages({ select: SELECT }, scope)) {
      expect(page.nextLink).toBeDefined();
      break;
    }

    expect(graphRequests()).toHaveLength(1);
  });

  it('takes a chain up again from a stored link, and sees what changed since', async () => {
    const [first = ''] = addPeople(1);
    const [baseline] = (await pagesOf(directory, scope)).slice(-1);
    tenant.admin.updateUser(first, { mobilePhone: null, department: 'Support' });

    const [page] = await pagesOf(directory, scope, baseline?.deltaLink);

    expect(page?.entries).toMatchObject([{ id: first, attributes: { department: 'Support' } }]);
    expect(page?.entries[0]?.attributes).not.toHaveProperty('id');
  });

  it('tells cleared values from those that were not mentioned', async () => {
    const id = tenant.admin.createUser({ displayName: 'Ada Example', mobilePhone: '+61491570156' });
    const [baseline] = (await pagesOf(directory, scope)).slice(-1);
    tenant.admin.updateUser(id, { mobilePhone: null });

    const [page] = await pagesOf(directory, scope, baseline?.deltaLink);

    expect(page?.entries[0]?.attributes).toEqual({ mobilePhone: null });
  });

  it('tells people who can be restored from those who cannot', async () => {
    const [soft = '', hard = ''] = addPeople(2);
    const [baseline] = (await pagesOf(directory, scope)).slice(-1);
    tenant.admin.softDelete(soft);
    tenant.admin.softDelete(hard);
    tenant.admin.hardDelete(hard);

    const pages = await pagesOf(directory, scope, baseline?.deltaLink);

    const removed = new Map(pages.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry.removed])));
    expect(removed.get(soft)).toBe('changed');
    expect(removed.get(hard)).toBe('deleted');
  });

  it('selects what it is told to, and the id', async () => {
    addPeople(1);

    await pagesOf(directory, scope);

    expect(graphRequests()[0]?.query).toBe(`$select=id,${SELECT.join(',')}`);
  });

  it('replays a stored link to the letter', async () => {
    addPeople(3);
    const [first] = await pagesOf(directory, scope);
    tenant.requests.splice(0);

    await pagesOf(directory, scope, first?.nextLink);

    expect(`${tenant.origin}${graphRequests()[0]?.path}?${graphRequests()[0]?.query}`).toBe(first?.nextLink);
  });

  it.each([
    ['syncStateNotFound', 'syncStateNotFound'],
    ['gone', 'resyncRequired'],
    ['badlyFormed', 'BadRequest'],
  ] as const)('asks for a resync when the token is refused: %s', async (mode, neighbourCode) => {
    addPeople(1);
    const [baseline] = (await pagesOf(directory, scope)).slice(-1);
    tenant.admin.expireTokens(mode);

    const error = await failureOf(pagesOf(directory, scope, baseline?.deltaLink));

    expect(error.failure).toBe('resync');
    expect(error.detail.neighbourCode).toBe(neighbourCode);
  });

  it('asks for a resync in the midst of a chain too', async () => {
    addPeople(5);
    const reading = directory.deltaPages({ select: SELECT }, scope);
    await reading.next();
    tenant.admin.expireTokens('gone');

    expect((await failureOf(reading.next())).failure).toBe('resync');
  });

  it('does not take a wrong question for an expired token', async () => {
    const error = await failureOf(allOf(directory.deltaPages({ select: ['noSuchProperty'] }, scope)));

    expect(error.failure).toBe('invalid');
  });

  it.each<[string, (origin: string) => string]>([
    ['another host', () => 'https://graph.example.com/v1.0/users/delta?$deltatoken=x'],
    ['another port', () => 'https://localhost:1/v1.0/users/delta?$deltatoken=x'],
    ['no encryption', (origin) => `${origin.replace('https', 'http')}/v1.0/users/delta?$deltatoken=x`],
    ['another stream', (origin) => `${origin}/v1.0/groups/delta?$deltatoken=x`],
    ['a person', (origin) => `${origin}/v1.0/users/1`],
    ['a host hidden behind a name', (origin) => `${origin.replace('://', '://user@')}/v1.0/users/delta`],
    ['a host that only looks like ours', (origin) => `${origin}@graph.example.com/v1.0/users/delta`],
    ['nonsense', () => 'not a link'],
  ])('does not follow a stored link to %s', async (_what, link) => {
    const error = await failureOf(pagesOf(directory, scope, link(tenant.origin)));

    expect(error.failure).toBe('unexpected-answer');
    expect(tenant.requests).toEqual([]);
    expect(scope.attempts).toBe(0);
  });

  it('gives no page out that leads to another host', async () => {
    addPeople(5);
    tenant.admin.options.wrongHostNextLink = 'graph.example.com';

    const error = await failureOf(directory.deltaPages({ select: SELECT }, scope).next());

    expect(error.failure).toBe('unexpected-answer');
    expect(graphRequests()).toHaveLength(1);
  });

  it('does not go in circles', async () => {
    addPeople(9);
    tenant.admin.options.nextLinkLoop = true;

    const error = await failureOf(pagesOf(directory, scope));

    expect(error.failure).toBe('unexpected-answer');
    expect(graphRequests()).toHaveLength(2);
  });
});
