import { GraphError } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { credentialFor, GRAPH_SCOPE, graphClient, readChain, someUsers, startTenant } from './tenant.ts';

const PHONE = '+61 491 570 006';
const EXTENSION = `extension_${'a'.repeat(32)}_optOut`;
const [ADA = { id: '' }, GRACE = { id: '' }] = someUsers(2);

type Body = Readonly<Record<string, unknown>>;

let tenant: EntraGraph;

beforeEach(async () => {
  tenant = await startTenant({ users: someUsers(2), roles: ['User.Read.All', 'User.ReadWrite.All'] });
});
afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

/** The status, with code and message of a refusal. */
async function answerOf(call: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    await call;
    return [204];
  } catch (error) {
    return error instanceof GraphError ? [error.statusCode, error.code, error.message] : [error];
  }
}
const patch = (body: Body, id: string = ADA.id) => answerOf(graphClient(tenant).api(`/users/${id}`).patch(body));
const read = (select: string, id: string = ADA.id) =>
  graphClient(tenant).api(`/users/${id}?$select=${select}`).get() as Promise<Body>;
const DENIED = [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'];

describe('PATCH /users/{id}', () => {
  it('changes the properties that are given, by id or UPN', async () => {
    expect(await patch({ department: 'HR', mobilePhone: PHONE })).toEqual([204]);
    expect(await patch({ jobTitle: 'Baker' }, 'user.0@example.com')).toEqual([204]);

    expect(await read('displayName,department,mobilePhone,jobTitle')).toMatchObject({
      displayName: 'user 0',
      department: 'HR',
      mobilePhone: PHONE,
      jobTitle: 'Baker',
    });
  });

  it.each<[Body, readonly unknown[]]>([
    [
      { mobilePhone: '' },
      [400, 'Request_BadRequest', "Invalid value specified for property 'mobilePhone' of resource 'User'."],
    ],
    [
      { mobilePhone: '1'.repeat(65) },
      [400, 'Request_BadRequest', 'The mobilePhone should be between 1 and 64 characters.'],
    ],
    [
      { businessPhones: ['1', '2'] },
      [400, 'Request_BadRequest', "Only one value can be set for property 'businessPhones' of resource 'User'."],
    ],
    [
      { displayName: null },
      [400, 'Request_BadRequest', "A value is required for property 'displayName' of resource 'User'."],
    ],
    [
      { onPremisesExtensionAttributes: { extensionAttribute1: 'x'.repeat(1025) } },
      [400, 'Request_BadRequest', 'The onPremisesExtensionAttributes should be between 1 and 1024 characters.'],
    ],
    [{ employeeHireDate: '2026-01-01T00:00:00Z' }, DENIED],
  ])('refuses %j, and all that came with it', async (body, answer) => {
    expect(await patch({ department: 'HR', ...body })).toEqual(answer);

    expect(await read('department')).toMatchObject({ department: null });
    expect(tenant.unexpected).toEqual([]);
  });

  it('refuses a body that is no object, and a person who is not there', async () => {
    expect((await patch([] as unknown as Body)).slice(0, 2)).toEqual([400, 'Request_BadRequest']);
    expect((await patch({ department: 'HR' }, 'nobody')).slice(0, 2)).toEqual([404, 'Request_ResourceNotFound']);
  });

  it("refuses what belongs to a directory on-premises, but not what is the cloud's", async () => {
    tenant.admin.updateUser(ADA.id, { onPremisesSyncEnabled: true });
    tenant.admin.updateUser(GRACE.id, { onPremisesSyncEnabled: false });

    expect(await patch({ department: 'HR' })).toEqual([
      400,
      'Request_BadRequest',
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    ]);
    expect(await patch({ usageLocation: 'AU', [EXTENSION]: 'yes' })).toEqual([204]);
    expect((await patch({ onPremisesExtensionAttributes: { extensionAttribute1: 'x' } }, GRACE.id))[0]).toBe(400);
    expect(await patch({ department: 'HR' }, GRACE.id)).toEqual([204]);
  });

  it('keeps the phones of privileged people, and nothing else of theirs, from every app', async () => {
    tenant.admin.setPrivileged(ADA.id, true);

    expect([await patch({ mobilePhone: PHONE }), await patch({ department: 'HR' })]).toEqual([DENIED, [204]]);

    tenant.admin.setPrivileged(ADA.id, false);
    expect(await patch({ mobilePhone: PHONE })).toEqual([204]);
  });

  it('keeps the parts that are not mentioned of extension attributes, and clears those of the organisation', async () => {
    await patch({
      onPremisesExtensionAttributes: { extensionAttribute1: 'one' },
      employeeOrgData: { costCenter: 'C' },
    });
    await patch({ onPremisesExtensionAttributes: { extensionAttribute2: 'two' }, employeeOrgData: { division: 'D' } });

    expect(await read('onPremisesExtensionAttributes,employeeOrgData')).toMatchObject({
      onPremisesExtensionAttributes: { extensionAttribute1: 'one', extensionAttribute2: 'two' },
      employeeOrgData: { division: 'D' },
    });
    expect((await read('employeeOrgData'))['employeeOrgData']).not.toHaveProperty('costCenter');
  });

  it('can be an item of a batch', async () => {
    const item = { id: '1', method: 'PATCH', url: `/users/${ADA.id}`, body: { department: 'HR' } };
    const headers = { 'Content-Type': 'application/json' };

    const answer = (await graphClient(tenant)
      .api('/$batch')
      .post({ requests: [{ ...item, headers }] })) as Body;

    expect(answer['responses']).toMatchObject([{ id: '1', status: 204 }]);
    expect(await read('department')).toMatchObject({ department: 'HR' });
  });
});

describe('the permissions to write', () => {
  const both = { mobilePhone: PHONE, department: 'HR' };

  it.each<[string, readonly number[]]>([
    ['User.Read.All', [403, 403, 403]],
    ['User-Phone.ReadWrite.All', [204, 403, 403]],
    ['User.ReadUpdate.All', [204, 204, 204]],
    ['User.ReadWrite.All', [204, 204, 204]],
    ['Directory.ReadWrite.All', [204, 204, 204]],
    ['Directory.Read.All', [403, 403, 403]],
  ])('%s: phones, another attribute, both together: %j', async (role, statuses) => {
    tenant.admin.dropRole('User.ReadWrite.All');
    tenant.admin.grantRole(role);

    const answers = [await patch({ mobilePhone: PHONE }), await patch({ department: 'HR' }), await patch(both)];

    expect(answers.map(([status]) => status)).toEqual(statuses);
  });
});

describe('other writes to users', () => {
  it('are refused and noted: nobody is made, disabled or deleted', async () => {
    const client = graphClient(tenant);

    expect(await answerOf(client.api('/users').post({ displayName: 'New' }))).toEqual(DENIED);
    expect(await answerOf(client.api(`/users/${ADA.id}`).delete())).toEqual(DENIED);
    expect(await patch({ accountEnabled: false })).toEqual(DENIED);
    expect(await patch({ userPrincipalName: 'new@example.com' })).toEqual(DENIED);

    expect(tenant.unexpected).toEqual([
      'POST /v1.0/users',
      `DELETE /v1.0/users/${ADA.id}`,
      'PATCH of accountEnabled',
      'PATCH of userPrincipalName',
    ]);
    expect(tenant.admin.users()).toHaveLength(2);
  });
});

describe('how a write becomes visible', () => {
  const departments = async (link: string) => {
    const { entries, deltaLink } = await readChain(graphClient(tenant), link);
    return { seen: entries.map((entry) => entry['department'] ?? null), deltaLink };
  };
  const baseline = async () => (await readChain(graphClient(tenant), '/users/delta?$select=department')).deltaLink;

  it('is at once in the changes, and only when it changed something', async () => {
    const link = await baseline();
    await patch({ department: 'HR' });
    const first = await departments(link);
    await patch({ department: 'HR' });

    const second = await departments(first.deltaLink);

    expect([first.seen, second.seen]).toEqual([['HR'], []]);
  });

  it('can be late in the changes, and in a first chain, while a read by id knows it', async () => {
    tenant.admin.options.writeDelayMs = 60_000;
    const link = await baseline();
    await patch({ department: 'HR' });

    const early = await departments(link);
    expect([early.seen, await read('department')]).toEqual([[], expect.objectContaining({ department: 'HR' })]);
    expect((await departments('/users/delta?$select=department')).seen).toEqual([null, null]);

    tenant.admin.advanceClock(60_000);
    expect((await departments(early.deltaLink)).seen).toEqual(['HR']);
    expect((await departments('/users/delta?$select=department')).seen).toEqual(expect.arrayContaining(['HR', null]));
  });

  it('can show the old value once more before', async () => {
    Object.assign(tenant.admin.options, { writeDelayMs: 60_000, writeShowsOldFirst: true });
    tenant.admin.updateUser(ADA.id, { department: 'Sales' });
    const link = await baseline();
    await patch({ department: 'HR' });

    const early = await departments(link);
    tenant.admin.advanceClock(60_000);
    const late = await departments(early.deltaLink);

    expect([early.seen, late.seen]).toEqual([['Sales'], ['HR']]);
  });

  it('can be late in reads by id, too', async () => {
    tenant.admin.options.writeReadDelayMs = 30_000;
    await patch({ department: 'HR' });
    expect(await read('department')).toMatchObject({ department: null });

    tenant.admin.advanceClock(30_000);

    expect(await read('department')).toMatchObject({ department: 'HR' });
  });

  it('ends with what somebody else wrote since', async () => {
    tenant.admin.options.writeDelayMs = 60_000;
    const link = await baseline();
    await patch({ department: 'HR' });
    tenant.admin.updateUser(ADA.id, { department: 'Support' });

    const early = await departments(link);
    tenant.admin.advanceClock(60_000);

    expect([early.seen, (await departments(early.deltaLink)).seen]).toEqual([['Support'], []]);
  });

  it('shows two late writes as the last one, and nothing of somebody who is gone', async () => {
    tenant.admin.options.writeDelayMs = 60_000;
    const link = await baseline();
    await patch({ department: 'HR' });
    await patch({ department: 'IT' });
    await patch({ department: 'IT' }, GRACE.id);
    tenant.admin.softDelete(GRACE.id);
    tenant.admin.advanceClock(60_000);

    const { entries } = await readChain(graphClient(tenant), link);

    expect(entries.find(({ id }) => id === ADA.id)).toMatchObject({ department: 'IT' });
    expect(entries.find(({ id }) => id === GRACE.id)).toEqual({ id: GRACE.id, '@removed': { reason: 'changed' } });
  });
});

describe('the limit of writes', () => {
  it('is told of when it is near, and refuses what is above it until time has passed', async () => {
    tenant.admin.options.writeLimit = { writes: 2, windowMs: 10_000 };
    const { token } = await credentialFor(tenant).getToken(GRAPH_SCOPE);
    // The client would wait and try again.
    const write = async (department: string) => {
      const response = await fetch(`${tenant.origin}/v1.0/users/${ADA.id}`, {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ department }),
      });
      const told = ['x-ms-throttle-limit-percentage', 'Retry-After', 'x-ms-throttle-information'];
      return [response.status, ...told.map((name) => response.headers.get(name))];
    };

    expect(await write('one')).toEqual([204, null, null, null]);
    expect(await write('two')).toEqual([204, '1.0', null, null]);
    expect(await write('three')).toEqual([429, '1.5', '10', 'WriteLimitExceeded']);
    tenant.admin.advanceClock(20_000);
    expect(await write('four')).toEqual([204, null, null, null]);
  });
});
