import type { Client } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { graphClient, readChain, someUsers, startTenant } from './tenant.ts';

const START = '/users/delta?$select=id,department,manager';

describe('managers', () => {
  const users = someUsers(3);
  const [first, second, third] = users.map(({ id }) => id) as [string, string, string];
  let tenant: EntraGraph;
  let client: Client;

  beforeEach(async () => {
    tenant = await startTenant({ users });
    client = graphClient(tenant);
    tenant.admin.setManager(first, second);
  });
  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  const reference = (id: string) => ({ '@odata.type': '#microsoft.graph.user', id });
  const round = async (link: string) => (await readChain(client, link)).entries;

  it('are shown in a first chain that selects them, with no more than the id', async () => {
    const entries = await round(START);

    expect(entries.find(({ id }) => id === first)).toEqual({ id: first, 'manager@delta': [reference(second)] });
    expect(entries.find(({ id }) => id === second)).toEqual({ id: second });
    expect(await round('/users/delta?$select=id,department')).not.toContainEqual(
      expect.objectContaining({ id: first, 'manager@delta': expect.anything() }),
    );
  });

  it.each([true, false])('are shown in a later round when they changed, and only then (sparse: %s)', async (sparse) => {
    tenant.admin.options.sparse = sparse;
    const { deltaLink } = await readChain(client, START);
    tenant.admin.updateUser(first, { department: 'HR' });
    tenant.admin.setManager(second, third);
    tenant.admin.setManager(second, first);

    const entries = await round(deltaLink);

    expect(entries.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: first, department: 'HR' },
      { id: second, 'manager@delta': [reference(first)] },
    ]);
  });

  it('are shown as removed, beside the new one if there is one', async () => {
    const { deltaLink } = await readChain(client, START);
    const gone = { ...reference(second), '@removed': { reason: 'deleted' } };
    tenant.admin.setManager(first, third);
    expect(await round(deltaLink)).toEqual([{ id: first, 'manager@delta': [gone, reference(third)] }]);

    tenant.admin.setManager(first, undefined);

    expect(await round(deltaLink)).toEqual([{ id: first, 'manager@delta': [gone] }]);
  });

  it('are not news to a chain that does not select them', async () => {
    const { deltaLink } = await readChain(client, '/users/delta?$select=id,department');
    tenant.admin.setManager(first, third);

    expect(await round(deltaLink)).toEqual([]);
  });

  it('are expanded when a user is read, but cannot be selected', async () => {
    const read = (query: string) => client.api(`/users/${first}${query}`).get();

    expect(await read('?$select=id&$expand=manager($select=id)')).toMatchObject({ manager: reference(second) });
    expect(await client.api(`/users/${second}?$expand=manager($select=id)`).get()).not.toHaveProperty('manager');
    await expect(read('?$select=id,manager')).rejects.toMatchObject({ statusCode: 400 });
    await expect(read('?$expand=memberOf($select=id)')).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('organisational contacts', () => {
  const CONTACT = '00000000-0000-4000-9000-000000000001';
  let tenant: EntraGraph;
  let client: Client;

  beforeEach(async () => {
    tenant = await startTenant({ roles: ['OrgContact.Read.All'] });
    client = graphClient(tenant);
    tenant.admin.orgContacts.create({ id: CONTACT, displayName: 'Partner', phones: [{ type: 'mobile', number: '1' }] });
  });
  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  it('have a chain of their own', async () => {
    const { entries, deltaLink, pages } = await readChain(client, '/contacts/delta?$select=displayName,mail');
    tenant.admin.orgContacts.update(CONTACT, { mail: 'partner@example.org' });

    expect(entries).toEqual([{ id: CONTACT, displayName: 'Partner' }]);
    expect(pages[0]).toMatchObject({ '@odata.context': `${tenant.origin}/v1.0/$metadata#contacts(displayName,mail)` });
    expect(deltaLink).toContain('/v1.0/contacts/delta?$deltatoken=');
    expect((await readChain(client, deltaLink)).entries).toEqual([{ id: CONTACT, mail: 'partner@example.org' }]);
  });

  it('are read by id, with null for what was never set', async () => {
    expect(await client.api(`/contacts/${CONTACT}?$select=id,phones,addresses,mail`).get()).toMatchObject({
      id: CONTACT,
      phones: [{ type: 'mobile', number: '1' }],
      addresses: [],
      mail: null,
    });
    tenant.admin.orgContacts.hardDelete(CONTACT);

    const refused = client.api(`/contacts/${CONTACT}`).get();

    await expect(refused).rejects.toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound' });
  });

  it('have no properties of users', async () => {
    const refused = client.api('/contacts/delta?$select=mobilePhone').get();

    await expect(refused).rejects.toMatchObject({
      statusCode: 400,
      message: "Could not find a property named 'mobilePhone' on type 'microsoft.graph.orgContact'.",
    });
    expect(() => tenant.admin.orgContacts.create({ mobilePhone: '1' })).toThrow(
      'A contact has no property "mobilePhone"',
    );
  });
});
