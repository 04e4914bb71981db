import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { Directory, GroupMember } from '../../../src/core/ports.ts';
import { allOf, anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { userId, users } from '../../support/story-people.ts';
import { aDirectory, aTenant } from './tenant-under-test.ts';

const ROLES = ['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'];
const GROUP = '77777777-0000-4000-8000-000000000001';
const MEMBERS = { path: /\/members$/ };

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant({ roles: ROLES, users: users(3) });
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
  tenant.admin.groups.create({ id: GROUP });
  for (const n of [1, 2, 3]) tenant.admin.groups.addMember(GROUP, userId(n));
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
  expect(tenant.unexpected).toEqual([]);
});

const graphRequests = () => tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
const read = async (transitive = false, id = GROUP): Promise<GroupMember[]> =>
  (await allOf(directory.groupMembers({ id, transitive }, scope))).flat();

describe('groupMembers', () => {
  it.each([
    [false, 'members'],
    [true, 'transitiveMembers'],
  ])('asks plainly: no cast, no count, no index that lags (transitive: %s)', async (transitive, segment) => {
    await read(transitive);

    expect(graphRequests().map(({ path, query }) => [path, query])).toEqual([
      [`/v1.0/groups/${GROUP}/${segment}`, '$select=id&$top=999'],
    ]);
  });

  it('asks what kind of group it is only when it showed nobody', async () => {
    const { groups } = tenant.admin;
    const empty = groups.create();

    expect(await read(false, empty)).toEqual([]);

    expect(graphRequests().map(({ path }) => path)).toEqual([`/v1.0/groups/${empty}/members`, '/v1.0/$batch']);
    expect(graphRequests()[1]?.body).toContain(`/groups/${empty}?$select=id,visibility`);
  });

  it('asks for the kinds of nested groups 20 a call', async () => {
    for (let n = 0; n < 21; n += 1) tenant.admin.groups.addMember(GROUP, tenant.admin.groups.create());

    expect(await read(true)).toHaveLength(24);

    expect(graphRequests().map(({ path }) => path.split('/').at(-1))).toEqual([
      'transitiveMembers',
      '$batch',
      '$batch',
    ]);
  });

  it('waits as it is told, and reads on where it was', async () => {
    tenant.faults.add({ match: MEMBERS, times: 1, do: { status: 429, retryAfter: 7 } });
    tenant.faults.add({ match: MEMBERS, times: 1, do: 'drop' });

    expect(await read()).toHaveLength(3);

    expect(clock.slept).toHaveLength(2);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(7000);
    expect(scope.attempts).toBe(3);
  });

  it.each<[string, object | 'html']>([
    ['no list', { members: [] }],
    ['a member without an id', { value: [{ '@odata.type': '#microsoft.graph.user' }] }],
    ['a next link that is none', { value: [], '@odata.nextLink': 7 }],
    ['a page of a gateway', 'html'],
  ])('does not believe an answer with %s', async (_what, body) => {
    tenant.faults.add({ match: MEMBERS, do: { status: 200, body } });

    expect((await failureOf(read())).failure).toBe('unexpected-answer');
  });

  it.each<[string, (origin: string) => string]>([
    ['another group', (origin) => `${origin}/v1.0/groups/somebody-elses/members?$skiptoken=x`],
    ['the members of nested groups', (origin) => `${origin}/v1.0/groups/${GROUP}/transitiveMembers?$skiptoken=x`],
    ['something below', (origin) => `${origin}/v1.0/groups/${GROUP}/members/more?$skiptoken=x`],
    ['users', (origin) => `${origin}/v1.0/users?$skiptoken=x`],
    ['no encryption', (origin) => `${origin.replace('https', 'http')}/v1.0/groups/${GROUP}/members?$skiptoken=x`],
    ['a host hidden behind a name', (origin) => `${origin}@graph.example.com/v1.0/groups/${GROUP}/members`],
    ['a broken encoding', (origin) => `${origin}/v1.0/groups/%E0%A4%A/members`],
    ['nonsense', () => 'not a link'],
  ])('does not follow a next link to %s', async (_what, link) => {
    const body = { value: [], '@odata.nextLink': link(tenant.origin) };
    tenant.faults.add({ match: MEMBERS, do: { status: 200, body } });

    const error = await failureOf(read());

    expect(error.failure).toBe('unexpected-answer');
    expect(error.message).toContain('no token was sent');
    expect(graphRequests()).toHaveLength(1);
  });

  it('follows a next link that writes the key of the group in brackets', async () => {
    const link = `${tenant.origin}/v1.0/groups('${GROUP.toUpperCase()}')/members?$skiptoken=x`;
    const first = { value: [{ '@odata.type': '#microsoft.graph.device', id: 'd' }], '@odata.nextLink': link };
    const last = { value: [{ '@odata.type': '#microsoft.graph.user', id: 'u' }] };
    const fault = { times: 1, match: { path: /members$/ } };
    tenant.faults.add({ ...fault, do: { status: 200, body: first } });
    tenant.faults.add({ ...fault, do: { status: 200, body: last } });

    expect(await read()).toEqual([
      { id: 'd', kind: 'other' },
      { id: 'u', kind: 'user' },
    ]);
  });

  it('does not take any other 404 for a group that is gone', async () => {
    const body = { error: { code: 'BadRequest', message: 'Resource not found for the segment.' } };
    tenant.faults.add({ match: MEMBERS, do: { status: 404, body } });

    expect((await failureOf(read())).failure).toBe('unexpected-answer');
  });

  it('does not believe a group that does not say whether it hides its members', async () => {
    const empty = tenant.admin.groups.create();
    const item = { id: '0', status: 200, body: { id: empty } };
    tenant.faults.add({ match: { path: /batch$/ }, do: { status: 200, body: { responses: [item] } } });

    expect((await failureOf(read(false, empty))).failure).toBe('unexpected-answer');
  });

  it('does not mind a nested group that goes away before its kind is asked for', async () => {
    const nested = tenant.admin.groups.create();
    tenant.admin.groups.addMember(GROUP, nested);
    const reading = directory.groupMembers({ id: GROUP, transitive: true }, scope);
    await reading.next();
    tenant.admin.groups.remove(nested);

    expect((await reading.next()).done).toBe(true);
  });

  it('says nothing of who is in the group, or which one it is, when it fails', async () => {
    tenant.faults.add({ match: MEMBERS, do: { status: 403, body: { error: { code: 'canary', message: userId(1) } } } });

    const error = await failureOf(read());

    expect(error.message.length).toBeLessThanOrEqual(200);
    expect(error.message).not.toContain(userId(1));
  });
});
