import type { Client } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { Page } from './tenant.ts';
import { graphClient, readChain, someUsers, startTenant } from './tenant.ts';

const START = '/users/delta?$select=displayName,department,mobilePhone,accountEnabled';
const DAY_MS = 86_400_000;

describe('users/delta', () => {
  const users = someUsers(10);
  const [first, second, third] = users.map((user) => user.id) as [string, string, string];
  let tenant: EntraGraph;
  let client: Client;

  beforeEach(async () => {
    tenant = await startTenant({ users, pageSize: 4 });
    client = graphClient(tenant);
  });
  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  const ids = (entries: readonly { readonly id: string }[]): string[] => entries.map((entry) => entry.id);
  const everybody = users.map((user) => user.id);

  describe('first chain', () => {
    it('shows everybody once over pages with a next link or, at the end, a delta link', async () => {
      const { pages, entries } = await readChain(client, START);

      expect(pages.map((page) => page.value.length)).toEqual([4, 4, 2]);
      expect(pages.map((page) => '@odata.nextLink' in page)).toEqual([true, true, false]);
      expect(pages.map((page) => '@odata.deltaLink' in page)).toEqual([false, false, true]);
      expect(ids(entries).toSorted()).toEqual(everybody);
    });

    it('ends at once when there is nobody', async () => {
      const empty = await startTenant();

      const { pages } = await readChain(graphClient(empty), START);

      expect(pages.map((page) => page.value)).toEqual([[]]);
      await empty.close();
    });

    it('mentions what is selected and was ever set: cleared is null, never set is absent', async () => {
      tenant.admin.updateUser(first, { department: 'Sales', mobilePhone: '0491 570 156' });
      tenant.admin.updateUser(first, { mobilePhone: null });

      const { entries } = await readChain(client, START);

      expect(entries.find((entry) => entry.id === first)).toEqual({
        id: first,
        displayName: 'user 0',
        accountEnabled: true,
        department: 'Sales',
        mobilePhone: null,
      });
      expect(entries.find((entry) => entry.id === second)).toEqual({
        id: second,
        displayName: 'user 1',
        accountEnabled: true,
      });
    });

    it('shows the default properties when nothing is selected', async () => {
      const { entries } = await readChain(client, '/users/delta');

      expect(Object.keys(entries[0] ?? {}).toSorted()).toEqual([
        'businessPhones',
        'displayName',
        'id',
        'userPrincipalName',
      ]);
    });

    it.each([
      ['none', []],
      ['soft', [{ id: first, '@removed': { reason: 'changed' } }]],
      [
        'all',
        [
          { id: first, '@removed': { reason: 'changed' } },
          { id: second, '@removed': { reason: 'deleted' } },
        ],
      ],
    ] as const)('shows earlier removals as asked: %s', async (initialTombstones, expected) => {
      tenant.admin.options.initialTombstones = initialTombstones;
      tenant.admin.softDelete(first);
      tenant.admin.hardDelete(second);

      const { entries } = await readChain(client, START);

      const removals = entries.filter((entry) => '@removed' in entry);
      expect(removals.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(expected);
      expect(entries).toHaveLength(8 + expected.length);
    });

    it('is narrowed by ids, and by nothing else', async () => {
      const { entries } = await readChain(client, `/users/delta?$filter=id eq '${first}' or id eq '${third}'`);

      expect(ids(entries)).toEqual([first, third]);
      await expect(client.api("/users/delta?$filter=department eq 'Sales'").get()).rejects.toMatchObject({
        code: 'Request_UnsupportedQuery',
      });
    });

    it.each([
      [
        'a name that users do not have',
        'phoneNumber',
        "Could not find a property named 'phoneNumber' on type 'microsoft.graph.user'.",
      ],
      [
        'a name outside the main store',
        'mailboxSettings',
        'Invalid Request: $select is not supported for these properties',
      ],
      ['a part of a property', 'onPremisesExtensionAttributes/extensionAttribute1', 'Could not find a property named'],
    ])('refuses to select %s', async (_case, name, message) => {
      const refused = client.api(`/users/delta?$select=id,${name}`).get();

      await expect(refused).rejects.toMatchObject({
        statusCode: 400,
        code: 'Request_BadRequest',
        message: expect.stringContaining(message),
      });
    });

    it('leaves out people a slow replica hides, who come with the next round after that', async () => {
      tenant.admin.hide(first);
      const initial = await readChain(client, START);
      const byId = (await client.api(`/users/${first}`).get()) as { id: string };
      tenant.admin.show(first);
      const next = await readChain(client, initial.deltaLink);

      expect(ids(initial.entries)).not.toContain(first);
      expect(byId.id).toBe(first);
      expect(next.entries).toEqual([{ id: first, displayName: 'user 0', accountEnabled: true }]);
    });
  });

  describe('later rounds', () => {
    it('are empty but bring a new link when nothing has changed', async () => {
      const initial = await readChain(client, START);

      const next = await readChain(client, initial.deltaLink);

      expect(next.entries).toEqual([]);
      expect(next.deltaLink).not.toBe(initial.deltaLink);
    });

    it('show a changed person with the changed selected properties only', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.updateUser(first, { department: 'Sales', city: 'Melbourne' });
      tenant.admin.updateUser(first, { mobilePhone: '0491 570 156', department: 'Support' });
      tenant.admin.updateUser(second, { city: 'Melbourne' });
      tenant.admin.updateUser(third, { displayName: 'user 2' });

      const { entries } = await readChain(client, deltaLink);

      expect(entries).toEqual([{ id: first, department: 'Support', mobilePhone: '0491 570 156' }]);
    });

    it('show a changed person whole when entries are not sparse, unless the client prefers minimal ones', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.options.sparse = false;
      tenant.admin.updateUser(first, { department: null, mobilePhone: '0491 570 156' });

      const whole = await readChain(client, deltaLink);
      const minimal = (await client.api(deltaLink).header('Prefer', 'return=minimal').get()) as Page;

      expect(whole.entries).toEqual([
        { id: first, displayName: 'user 0', accountEnabled: true, mobilePhone: '0491 570 156' },
      ]);
      expect(minimal.value).toEqual([{ id: first, mobilePhone: '0491 570 156' }]);
    });

    it('show removals by their kind, newcomers and restored people whole', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.softDelete(first);
      tenant.admin.hardDelete(second);
      tenant.admin.softDelete(third);
      tenant.admin.restore(third);
      const newcomer = tenant.admin.createUser({ displayName: 'newcomer' });

      const { entries } = await readChain(client, deltaLink);

      expect(entries).toEqual([
        { id: first, '@removed': { reason: 'changed' } },
        { id: second, '@removed': { reason: 'deleted' } },
        { id: third, displayName: 'user 2', accountEnabled: true },
        { id: newcomer, displayName: 'newcomer', accountEnabled: true },
      ]);
    });

    it('show every change on its own when entries are split', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.options.splitEntries = true;
      tenant.admin.updateUser(first, { department: 'Sales' });
      tenant.admin.updateUser(first, { department: 'Support' });

      const { entries } = await readChain(client, deltaLink);

      expect(entries).toEqual([
        { id: first, department: 'Sales' },
        { id: first, department: 'Support' },
      ]);
    });

    it('come again from the same link, with what is newer added', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.updateUser(first, { department: 'Sales' });
      const once = await readChain(client, deltaLink);
      tenant.admin.updateUser(second, { department: 'Sales' });

      const twice = await readChain(client, deltaLink);

      expect(ids(once.entries)).toEqual([first]);
      expect(ids(twice.entries)).toEqual([first, second]);
    });

    it('start from now with $deltatoken=latest', async () => {
      const latest = await readChain(client, `${START}&$deltatoken=latest`);
      tenant.admin.updateUser(first, { department: 'Sales' });

      const next = await readChain(client, latest.deltaLink);

      expect(latest.entries).toEqual([]);
      expect(ids(next.entries)).toEqual([first]);
    });
  });

  describe('paging', () => {
    it('puts empty pages with a next link between the others', async () => {
      tenant.admin.options.emptyPages = 0.6;

      const { pages, entries } = await readChain(client, START);

      expect(pages.filter((page) => page.value.length === 0).length).toBeGreaterThan(0);
      expect(ids(entries).toSorted()).toEqual(everybody);
    });

    it('repeats people on the next page', async () => {
      tenant.admin.options.duplicates = 1;

      const { entries } = await readChain(client, START);

      expect(entries.length).toBe(18);
      expect(new Set(ids(entries)).size).toBe(10);
    });

    it.each([
      ['same-chain', 11, 0],
      ['next-round', 10, 1],
      ['both', 11, 1],
    ] as const)('shows changes made between two pages: %s', async (midChainChanges, inChain, inNextRound) => {
      tenant.admin.options.midChainChanges = midChainChanges;

      const initial = await readChain(client, START, (page) => {
        if (page === 1) tenant.admin.createUser({ displayName: 'late' });
      });
      const next = await readChain(client, initial.deltaLink);

      expect(initial.entries).toHaveLength(inChain);
      expect(next.entries).toHaveLength(inNextRound);
    });

    it('gives the same page for the same next link', async () => {
      const page = (await client.api(START).get()) as Page;
      const link = page['@odata.nextLink'] ?? '';

      const once = (await client.api(link).get()) as Page;
      const twice = (await client.api(link).get()) as Page;

      expect(twice.value).toEqual(once.value);
    });

    it('carries nothing but the token in its links, and takes nothing besides it', async () => {
      const page = (await client.api(START).get()) as Page;
      const link = new URL(page['@odata.nextLink'] ?? '');

      expect([...link.searchParams.keys()]).toEqual(['$skiptoken']);
      expect(link.href.length).toBeGreaterThan(1200);
      await expect(client.api(`${link.href}&$select=id`).get()).rejects.toMatchObject({ statusCode: 400 });
      await expect(client.api(`${link.href}&$deltatoken=x`).get()).rejects.toMatchObject({
        message: "Invalid request: Both skiptoken and deltatoken can't be in the same request.",
      });
    });

    it('can send next links to a foreign host or round in circles', async () => {
      tenant.admin.options.wrongHostNextLink = 'graph.example.com';
      const astray = (await client.api(START).get()) as Page;
      tenant.admin.options.wrongHostNextLink = undefined;
      const honest = (await client.api(START).get()) as Page;
      tenant.admin.options.nextLinkLoop = true;
      const looping = (await client.api(honest['@odata.nextLink'] ?? '').get()) as Page;

      expect(new URL(astray['@odata.nextLink'] ?? '').host).toBe('graph.example.com');
      expect(looping['@odata.nextLink']).toBe(honest['@odata.nextLink']);
    });
  });

  describe('unusable tokens', () => {
    it.each([
      ['syncStateNotFound', { statusCode: 400, code: 'syncStateNotFound' }],
      ['gone', { statusCode: 410, code: 'resyncRequired' }],
      ['badlyFormed', { statusCode: 400, code: 'BadRequest', message: 'Badly formed token.' }],
    ] as const)('are refused after 7 days and when made to expire: %s', async (mode, expected) => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.options.expiry = mode;

      tenant.admin.advanceClock(7 * DAY_MS - 60_000);
      await expect(client.api(deltaLink).get()).resolves.toBeDefined();
      tenant.admin.advanceClock(120_000);
      await expect(client.api(deltaLink).get()).rejects.toMatchObject(expected);

      const renewed = await readChain(client, START);
      tenant.admin.expireTokens(mode);
      await expect(client.api(renewed.deltaLink).get()).rejects.toMatchObject(expected);
    });

    it('come with a Location that starts a chain without a selection, when they are gone', async () => {
      const { deltaLink } = await readChain(client, START);
      tenant.admin.expireTokens('gone');

      const refused = (await client
        .api(deltaLink)
        .get()
        .catch((error: unknown) => error)) as { headers: Headers };
      const location = refused.headers.get('location') ?? '';
      const restarted = await readChain(client, location);

      expect(location).toBe(`${tenant.origin}/v1.0/users/delta?$deltatoken=`);
      expect(ids(restarted.entries).toSorted()).toEqual(everybody);
    });

    it.each([
      ['garbage', () => 'garbage'],
      ['a token that was tampered with', (token: string) => `x${token}`],
    ])('include %s', async (_case, spoil) => {
      const { deltaLink } = await readChain(client, START);
      const token = new URL(deltaLink).searchParams.get('$deltatoken') ?? '';

      const refused = client.api(`/users/delta?$deltatoken=${spoil(token)}`).get();

      await expect(refused).rejects.toMatchObject({ statusCode: 400, message: 'Badly formed token.' });
    });

    it('end a chain that takes longer than 30 days', async () => {
      tenant.admin.options.emptyPages = 1;
      let link = ((await client.api(START).get()) as Page)['@odata.nextLink'] ?? '';
      for (let week = 1; week <= 4; week += 1) {
        tenant.admin.advanceClock(6.5 * DAY_MS);
        link = ((await client.api(link).get()) as Page)['@odata.nextLink'] ?? '';
      }

      tenant.admin.advanceClock(6.5 * DAY_MS);

      await expect(client.api(link).get()).rejects.toMatchObject({
        statusCode: 400,
        message: 'Sync must reach steady state within 30 days.',
      });
    });

    it('are not noticed when they belong to another stream: nothing seems to have changed', async () => {
      tenant.admin.grantRole('GroupMember.Read.All');
      const groups = await readChain(graphClient(tenant), '/groups/delta');
      tenant.admin.updateUser(first, { department: 'Sales' });

      const mixedUp = await readChain(client, groups.deltaLink.replace('/groups/', '/users/'));

      expect(mixedUp.entries).toEqual([]);
      expect(mixedUp.deltaLink).toContain('/users/delta?$deltatoken=');
    });
  });
});
