import type { Client } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { credentialFor, GRAPH_SCOPE, graphClient, someUsers, startTenant } from './tenant.ts';
import type { Page } from './tenant.ts';

const IMMUTABLE = 'IdType="ImmutableId"';

describe('mailboxes', () => {
  const users = someUsers(2);
  const [owner, other] = users.map(({ id }) => id) as [string, string];
  let tenant: EntraGraph;
  let client: Client;
  let folderId: string;
  let base: string;

  beforeEach(async () => {
    tenant = await startTenant({ users, roles: ['Contacts.Read'] });
    client = graphClient(tenant);
    tenant.admin.mailboxes.open(owner);
    folderId = tenant.admin.mailboxes.createFolder(owner, 'Suppliers');
    base = `/users/${owner}/contactFolders/${encodeURIComponent(folderId)}/contacts`;
  });
  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  const get = (path: string, prefer = IMMUTABLE) => client.api(path).header('Prefer', prefer).get();
  const page = (path: string, prefer = IMMUTABLE): Promise<Page> => get(path, prefer) as Promise<Page>;
  const add = (count = 1): string[] =>
    Array.from({ length: count }, (_, n) =>
      tenant.admin.mailboxes.createContact(folderId, { displayName: `Supplier ${n}`, mobilePhone: '1' }),
    );

  it('have folders, of which those in the one that every mailbox has are listed, ten at a time', async () => {
    for (let n = 0; n < 12; n += 1) tenant.admin.mailboxes.createFolder(owner, `Folder ${n}`);
    const inner = tenant.admin.mailboxes.createFolder(owner, 'Inside', folderId);

    const first = (await page(`/users/${owner}/contactFolders`)) as Page & { readonly '@odata.nextLink': string };
    const next = await page(first['@odata.nextLink']);

    expect([first.value.length, next.value.length]).toEqual([10, 3]);
    expect(first.value.slice(0, 2).map(({ displayName }) => displayName)).toEqual(['Suppliers', 'Folder 0']);
    expect(await get(`/users/${owner}/contactFolders/${encodeURIComponent(inner)}`)).toMatchObject({
      displayName: 'Inside',
      parentFolderId: folderId,
    });
  });

  it('have a folder that is in no list, and is found by a name of its own in every language', async () => {
    const id = tenant.admin.mailboxes.open(other, 'Kontakte');

    expect((await page(`/users/${other}/contactFolders`)).value).toEqual([]);
    expect(await get(`/users/${other}/contactFolders/contacts`)).toMatchObject({ id, displayName: 'Kontakte' });
    expect((await page(`/users/${other}/contactFolders/contacts/contacts/delta`)).value).toEqual([]);
  });

  it('show ten contacts a page unless they are asked for more', async () => {
    add(25);

    expect((await page(`${base}/delta`)).value).toHaveLength(10);
    expect((await page(`${base}/delta`, `${IMMUTABLE}, odata.maxpagesize=20`)).value).toHaveLength(20);
  });

  it('have ids that change with every move, and immutable ones for who asks for them', async () => {
    const [contact = ''] = add();
    const ordinary = async () => (await page(`${base}/delta`, 'odata.maxpagesize=5')).value[0]?.id ?? '';
    const before = await ordinary();
    expect(before).not.toBe(contact);
    expect((await page(`${base}/delta`)).value[0]?.id).toBe(contact);
    const elsewhere = tenant.admin.mailboxes.createFolder(owner, 'Friends');
    tenant.admin.mailboxes.moveContact(contact, elsewhere);
    tenant.admin.mailboxes.moveContact(contact, folderId);

    const after = await ordinary();

    expect(after).not.toBe(before);
    for (const id of [after, contact]) {
      expect(await get(`${base}/${encodeURIComponent(id)}?$select=displayName`)).toMatchObject({ id: contact });
    }
  });

  it('say that a contact was deleted, whatever took it away, and are silent about what nobody selected', async () => {
    const [kept = '', deleted = '', moved = ''] = add(3);
    const { '@odata.deltaLink': link = '' } = await page(`${base}/delta?$select=displayName`);
    tenant.admin.mailboxes.updateContact(kept, { mobilePhone: '2' });
    tenant.admin.mailboxes.deleteContact(deleted);
    tenant.admin.mailboxes.moveContact(moved, tenant.admin.mailboxes.createFolder(owner, 'Friends'));

    const { value } = await page(link);

    expect(new Map(value.map((entry) => [entry.id, entry['@removed']]))).toEqual(
      new Map([
        [deleted, { reason: 'deleted' }],
        [moved, { reason: 'deleted' }],
      ]),
    );
  });

  it('find a contact in whichever folder it is, and say in which', async () => {
    const [contact = ''] = add();
    const elsewhere = tenant.admin.mailboxes.createFolder(owner, 'Friends');
    tenant.admin.mailboxes.moveContact(contact, elsewhere);

    const found = await get(`${base}/${encodeURIComponent(contact)}?$select=parentFolderId,mobilePhone,homePhones`);

    expect(found).toMatchObject({ parentFolderId: elsewhere, mobilePhone: '1', homePhones: [] });
  });

  it('remember only their newest tokens, of whatever age', async () => {
    tenant.admin.options.mailboxGenerations = 2;
    const { '@odata.deltaLink': link = '' } = await page(`${base}/delta`);
    tenant.admin.advanceClock(60 * 24 * 60 * 60 * 1000);
    await page(link);
    await page(`${base}/delta`);

    await expect(page(link)).rejects.toMatchObject({ statusCode: 410, code: 'SyncStateNotFound' });
  });

  it('take no token of another folder', async () => {
    const elsewhere = tenant.admin.mailboxes.createFolder(owner, 'Friends');
    const { '@odata.deltaLink': link = '' } = await page(`${base}/delta`);

    const mixedUp = page(link.replace(encodeURIComponent(folderId), encodeURIComponent(elsewhere)));

    await expect(mixedUp).rejects.toMatchObject({ statusCode: 410, code: 'SyncStateNotFound' });
  });

  it('are refused when there is none, when it is unknown, or out of reach', async () => {
    const folders = (key: string) => get(`/users/${key}/contactFolders`);

    await expect(folders(other)).rejects.toMatchObject({ statusCode: 404, code: 'MailboxNotEnabledForRESTAPI' });
    await expect(folders('nobody@example.com')).rejects.toMatchObject({ statusCode: 404, code: 'ErrorInvalidUser' });
    await expect(get(`${base}/unknown`)).rejects.toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound' });
    tenant.admin.mailboxes.restrictTo([other]);
    await expect(folders(owner)).rejects.toMatchObject({ statusCode: 403, message: 'Access to OData is disabled.' });
    tenant.admin.mailboxes.restrictTo(undefined);
    tenant.admin.mailboxes.deleteFolder(folderId);
    await expect(page(`${base}/delta`)).rejects.toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound' });
  });

  it.each(['/messages/delta', '/contacts', '/contacts/1/photo'])('have no %s here', async (path) => {
    const folder = base.replace(/\/contacts$/, '');

    await expect(get(`${folder}${path}`)).rejects.toMatchObject({ statusCode: 404, code: 'BadRequest' });
    expect(tenant.unexpected).toHaveLength(1);
  });

  describe('and their limits', () => {
    // Long enough for calls that were sent together to overlap, however busy the machine is.
    const SLOW_MS = 1500;
    let token: string;

    beforeEach(async () => {
      ({ token } = await credentialFor(tenant).getToken(GRAPH_SCOPE));
    });

    const call = (path = `/v1.0${base}/delta`, body?: object): Promise<Response> =>
      fetch(`${tenant.origin}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const statuses = async (calls: readonly Promise<Response>[]): Promise<number[]> =>
      (await Promise.all(calls)).map(({ status }) => status).toSorted((a, b) => a - b);

    it('bear four calls at a time, and refuse the fifth', async () => {
      tenant.admin.options.mailboxDelayMs = SLOW_MS;

      expect(await statuses(Array.from({ length: 6 }, () => call()))).toEqual([200, 200, 200, 200, 429, 429]);
      expect(await statuses([call()])).toEqual([200]);
    });

    it('count a batch as the four that Graph runs at a time, and leave other mailboxes alone', async () => {
      tenant.admin.mailboxes.open(other);
      tenant.admin.options.mailboxDelayMs = SLOW_MS;
      const requests = Array.from({ length: 20 }, (_, n) => ({ id: String(n), method: 'GET', url: `${base}/${n}` }));
      const batch = call('/v1.0/$batch', { requests });
      while (!tenant.requests.some(({ path }) => path === '/v1.0/$batch')) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }

      const refused = await call();

      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({
        error: { code: 'ApplicationThrottled', message: 'Application is over its MailboxConcurrency limit.' },
      });
      expect((await call(`/v1.0/users/${other}/contactFolders`)).status).toBe(200);
      expect((await batch).status).toBe(200);
    });

    it('bear so many calls in ten minutes', async () => {
      tenant.admin.options.mailboxRequests = 2;
      expect(await statuses([call(), call(), call()])).toEqual([200, 200, 429]);
      const refused = await call();
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);

      tenant.admin.advanceClock(10 * 60_000);

      expect(await statuses([call()])).toEqual([200]);
    });
  });
});
