import { GraphError } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { READING_ROLES } from '../../../local/entra-graph/roles.ts';
import { graphClient, someUsers, startTenant } from './tenant.ts';

const GROUP = '77777777-0000-4000-8000-000000000001';
const HIDDEN = '77777777-0000-4000-8000-000000000002';
const CONTACT = '00000000-0000-4000-9000-000000000001';

/** Each call, with the one role that it stands and falls with. */
const CALLS: readonly (readonly [string, string])[] = [
  ['/users/delta?$select=id', 'User.Read.All'],
  ['/users/{user}', 'User.Read.All'],
  ['/groups/delta', 'GroupMember.Read.All'],
  ['/groups/{group}', 'GroupMember.Read.All'],
  ['/groups/{group}/members?$select=id', 'GroupMember.Read.All'],
  ['/groups/{group}/transitiveMembers?$select=id', 'GroupMember.Read.All'],
  ['/contacts/delta', 'OrgContact.Read.All'],
  ['/contacts/{contact}', 'OrgContact.Read.All'],
  ['/users/{user}/contactFolders', 'Contacts.Read'],
  ['/users/{user}/contactFolders/{folder}', 'Contacts.Read'],
  ['/users/{user}/contactFolders/{folder}/contacts/delta', 'Contacts.Read'],
];

describe('application roles', () => {
  const [user = { id: '' }] = someUsers(1);
  let tenant: EntraGraph;
  let folderId: string;

  beforeAll(async () => {
    tenant = await startTenant({ users: [user], roles: READING_ROLES });
    tenant.admin.groups.create({ id: GROUP });
    tenant.admin.groups.create({ id: HIDDEN, visibility: 'HiddenMembership' });
    tenant.admin.groups.addMember(HIDDEN, user.id);
    tenant.admin.orgContacts.create({ id: CONTACT });
    tenant.admin.mailboxes.open(user.id);
    folderId = tenant.admin.mailboxes.createFolder(user.id, 'Suppliers');
  });
  afterEach(() => {
    for (const role of READING_ROLES) tenant.admin.grantRole(role);
  });
  afterAll(async () => {
    expect([tenant.failures, tenant.unexpected]).toEqual([[], []]);
    await tenant.close();
  });

  const answerOf = async (path: string): Promise<unknown> => {
    const filled = path
      .replace('{user}', user.id)
      .replace('{group}', GROUP)
      .replace('{contact}', CONTACT)
      .replace('{folder}', encodeURIComponent(folderId));
    try {
      await graphClient(tenant).api(filled).get();
      return 200;
    } catch (error) {
      return error instanceof GraphError ? [error.statusCode, error.code] : error;
    }
  };

  it.each(READING_ROLES)('%s breaks exactly the calls that need it when it is taken away', async (role) => {
    tenant.admin.dropRole(role);

    const answers = [];
    for (const [path] of CALLS) answers.push([path, await answerOf(path)]);

    const refusal = role === 'Contacts.Read' ? 'ErrorAccessDenied' : 'Authorization_RequestDenied';
    expect(answers).toEqual(CALLS.map(([path, needed]) => [path, needed === role ? [403, refusal] : 200]));
  });

  it('hides who is in a hidden group without Member.Read.Hidden, and refuses nothing', async () => {
    const shown = async (): Promise<number> => {
      const page = (await graphClient(tenant).api(`/groups/${HIDDEN}/members`).get()) as { value: unknown[] };
      return page.value.length;
    };
    expect(await shown()).toBe(1);

    tenant.admin.dropRole('Member.Read.Hidden');

    expect(await shown()).toBe(0);
  });

  it('are enough when a greater one was given', async () => {
    const greater = await startTenant({ users: [user], roles: ['Directory.Read.All', 'Contacts.ReadWrite'] });
    const client = graphClient(greater);
    greater.admin.mailboxes.open(user.id);
    greater.admin.groups.create({ id: GROUP });

    for (const path of [
      '/users/delta',
      '/contacts/delta',
      `/groups/${GROUP}/members`,
      `/users/${user.id}/contactFolders`,
    ]) {
      await expect(client.api(path).get()).resolves.toBeDefined();
    }
    await greater.close();
  });
});
