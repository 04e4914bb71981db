import { ResponseType } from '@microsoft/microsoft-graph-client';
import type { Client } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { GRAPH_SCOPE, credentialFor, graphClient, someUsers, startTenant } from './tenant.ts';

interface BatchAnswer {
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Readonly<Record<string, unknown>>;
  }[];
}

describe('users and batches', () => {
  const users = someUsers(25);
  const [first, second] = users.map((user) => user.id) as [string, string];
  let tenant: EntraGraph;
  let client: Client;

  beforeAll(async () => {
    tenant = await startTenant({ users });
    client = graphClient(tenant);
  });
  afterEach(() => tenant.faults.clear());
  afterAll(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  const batch = (requests: readonly object[]): Promise<BatchAnswer> => client.api('/$batch').post({ requests });
  const reads = (ids: readonly string[]): object[] =>
    ids.map((id, index) => ({ id: String(index), method: 'GET', url: `/users/${id}?$select=id,displayName` }));

  describe('GET /users/{id}', () => {
    it('shows what was never set as null, unlike delta', async () => {
      const user = (await client.api(`/users/${first}?$select=id,displayName,mobilePhone,otherMails`).get()) as object;

      expect(user).toEqual({
        '@odata.context': `${tenant.origin}/v1.0/$metadata#users(id,displayName,mobilePhone,otherMails)/$entity`,
        id: first,
        displayName: 'user 0',
        mobilePhone: null,
        otherMails: [],
      });
    });

    it('takes a user principal name, in any case', async () => {
      const user = (await client.api('/users/USER.1@example.com').get()) as { id: string };

      expect(user.id).toBe(second);
    });

    it('does not know people who are deleted or never were', async () => {
      const id = tenant.admin.createUser({ displayName: 'leaver', userPrincipalName: 'leaver@example.com' });
      tenant.admin.softDelete(id);

      for (const key of [id, 'leaver@example.com', '00000000-0000-4000-8000-ffffffffffff']) {
        const refused = client.api(`/users/${key}`).get();
        await expect(refused).rejects.toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound' });
      }
    });

    it('answers with the headers that support asks for', async () => {
      const response = (await client.api(`/users/${first}`).responseType(ResponseType.RAW).get()) as Response;

      expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get('client-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get('content-type')).toContain('odata.metadata=minimal');
      expect(Date.parse(response.headers.get('date') ?? '')).not.toBeNaN();
    });

    it('is recorded as unexpected when the simulator has no such route', async () => {
      await expect(client.api('/me').get()).rejects.toMatchObject({ statusCode: 404 });

      expect(tenant.unexpected).toContain('GET /v1.0/me');
    });
  });

  describe('POST /$batch', () => {
    it('answers each item by its id, in an order of its own', async () => {
      const ids = users.slice(0, 20).map((user) => user.id);

      const { responses } = await batch(reads(ids));

      expect(responses.map((response) => response.id)).not.toEqual(ids.map((_, index) => String(index)));
      for (const response of responses) expect(response.body?.['id']).toBe(ids[Number(response.id)]);
    });

    it('answers an unknown person with 404 among the others', async () => {
      const { responses } = await batch(reads([first, 'nobody']));

      const byId = responses.toSorted((a, b) => a.id.localeCompare(b.id));
      expect(byId.map((response) => response.status)).toEqual([200, 404]);
      expect(byId[1]?.body).toMatchObject({ error: { code: 'Request_ResourceNotFound' } });
    });

    it('lets a fault hit one item alone', async () => {
      const fault = tenant.faults.add({ match: { path: new RegExp(second) }, do: { status: 429, retryAfter: 7 } });

      const { responses } = await batch(reads([first, second]));

      const byId = responses.toSorted((a, b) => a.id.localeCompare(b.id));
      expect(byId.map((response) => response.status)).toEqual([200, 429]);
      expect(byId[1]?.headers['Retry-After']).toBe('7');
      expect(fault.fired).toBe(1);
    });

    it('fails what depends on a failure', async () => {
      const { responses } = await batch([
        { id: 'a', method: 'GET', url: '/users/nobody' },
        { id: 'b', method: 'GET', url: `/users/${first}`, dependsOn: ['a'] },
      ]);

      expect(responses.find((response) => response.id === 'b')?.status).toBe(424);
    });

    it('answers a batch in a batch with 400', async () => {
      const { responses } = await batch([
        { id: 'a', method: 'POST', url: '/$batch', headers: { 'content-type': 'application/json' }, body: {} },
      ]);

      expect(responses[0]?.status).toBe(400);
    });

    it.each([
      ['no items', []],
      ['more than 20 items', reads(users.slice(0, 21).map((user) => user.id))],
      [
        'ids that differ in case only',
        [
          { id: 'a', method: 'GET', url: '/users/x' },
          { id: 'A', method: 'GET', url: '/users/y' },
        ],
      ],
      ['an item without url', [{ id: 'a', method: 'GET' }]],
      ['an absolute url', [{ id: 'a', method: 'GET', url: 'https://localhost/v1.0/users/x' }]],
      ['a body without Content-Type', [{ id: 'a', method: 'PATCH', url: '/users/x', body: {} }]],
    ])('refuses %s as a whole', async (_case, requests) => {
      await expect(batch(requests)).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
    });
  });

  describe('faults', () => {
    it('look like Graph refusing', async () => {
      tenant.faults.add({ match: { path: /users/ }, times: 1, do: { status: 503, retryAfter: 3 } });

      const { token } = await credentialFor(tenant).getToken(GRAPH_SCOPE);
      const response = await fetch(`${tenant.origin}/v1.0/users/${first}`, {
        headers: { authorization: `Bearer ${token}` },
      });

      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('3');
      expect(await response.json()).toMatchObject({ error: { code: 'serviceNotAvailable' } });
    });
  });
});
