import type { Client } from '@microsoft/microsoft-graph-client';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { graphClient, someUsers, startTenant } from './tenant.ts';

interface Member {
  readonly '@odata.type'?: string;
  readonly id: string;
  readonly displayName?: string | null;
}
interface MemberPage {
  readonly value: readonly Member[];
  readonly '@odata.nextLink'?: string;
}

const ROLES = ['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'];

describe('groups', () => {
  const users = someUsers(250);
  const idAt = (index: number): string => users[index]?.id ?? '';
  let tenant: EntraGraph;
  let client: Client;

  beforeEach(async () => {
    tenant = await startTenant({ users, roles: ROLES });
    client = graphClient(tenant);
  });
  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  const groupOf = (...memberIds: readonly string[]): string => {
    const id = tenant.admin.groups.create();
    for (const memberId of memberIds) tenant.admin.groups.addMember(id, memberId);
    return id;
  };
  const members = (id: string, rest = '/members?$select=id'): Promise<MemberPage> =>
    client.api(`/groups/${id}${rest}`).get() as Promise<MemberPage>;

  describe('GET /groups/{id}', () => {
    it('says who may see the members', async () => {
      const hidden = tenant.admin.groups.create({ displayName: 'On-call', visibility: 'HiddenMembership' });

      expect(await client.api(`/groups/${hidden}?$select=id,visibility`).get()).toEqual({
        '@odata.context': `${tenant.origin}/v1.0/$metadata#groups(id,visibility)/$entity`,
        id: hidden,
        visibility: 'HiddenMembership',
      });
      expect(await client.api(`/groups/${groupOf()}`).get()).toMatchObject({
        displayName: 'A group',
        visibility: null,
      });
    });
  });

  describe('GET /groups/{id}/members', () => {
    it('shows 100 at a time unless it is asked for more, and says where it goes on', async () => {
      const group = groupOf(...users.map(({ id }) => id));

      const [first, all] = [await members(group), await members(group, '/members?$select=id&$top=999')];
      const next = (await client.api(first['@odata.nextLink'] ?? '').get()) as MemberPage;

      expect([first.value.length, next.value.length, all.value.length]).toEqual([100, 100, 250]);
      expect(first['@odata.nextLink']).toContain(`/v1.0/groups/${group}/members?$select=id&$skiptoken=`);
      expect(all['@odata.nextLink']).toBeUndefined();
      expect(first.value[0]).toEqual({ '@odata.type': '#microsoft.graph.user', id: idAt(0) });
    });

    it.each(['0', '1000', 'x'])('refuses a page of %s', async (top) => {
      const refused = members(groupOf(), `/members?$top=${top}`);

      await expect(refused).rejects.toMatchObject({
        statusCode: 400,
        message: `Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`,
      });
    });

    it('forgets where it was after ten minutes', async () => {
      const next = (await members(groupOf(idAt(0), idAt(1)), '/members?$top=1'))['@odata.nextLink'] ?? '';
      await client.api(next).get();
      tenant.admin.advanceClock(10 * 60_000 + 1000);

      const refused = client.api(next).get();

      await expect(refused).rejects.toMatchObject({ statusCode: 400, code: 'Directory_ExpiredPageToken' });
    });

    it('leaves service principals out, and shows devices', async () => {
      const group = groupOf();
      tenant.admin.groups.addMember(group, 'a-device', 'device');
      tenant.admin.groups.addMember(group, 'a-principal', 'servicePrincipal');

      expect((await members(group)).value).toEqual([{ '@odata.type': '#microsoft.graph.device', id: 'a-device' }]);
    });

    it('shows users without their properties to an app that may not read them', async () => {
      const group = groupOf(idAt(0));
      const shown = async () => (await members(group, '/members?$select=id,displayName')).value[0];
      expect((await shown())?.displayName).toBe('user 0');
      tenant.admin.dropRole('User.Read.All');

      expect(await shown()).toEqual({ '@odata.type': '#microsoft.graph.user', id: idAt(0), displayName: null });
    });

    it('hides members from an app that may not see them: all of each, or all but the id', async () => {
      const hidden = tenant.admin.groups.create({ visibility: 'HiddenMembership' });
      tenant.admin.groups.addMember(hidden, idAt(0));
      expect((await members(hidden)).value).toHaveLength(1);
      tenant.admin.dropRole('Member.Read.Hidden');

      expect((await members(hidden)).value).toEqual([]);
      tenant.admin.options.hiddenMembers = 'without-type';
      expect((await members(hidden)).value).toEqual([{ id: idAt(0) }]);
    });

    it('knows no group that was removed, and no member either', async () => {
      const inner = groupOf(idAt(0));
      const outer = groupOf(inner, idAt(1));
      tenant.admin.groups.remove(inner);

      await expect(members(inner)).rejects.toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound' });
      expect((await members(outer)).value.map(({ id }) => id)).toEqual([idAt(1)]);
    });

    it('follows who joins, leaves, is deleted and comes back', async () => {
      const group = groupOf(idAt(0), idAt(1));
      tenant.admin.groups.removeMember(group, idAt(0));
      tenant.admin.softDelete(idAt(1));
      expect((await members(group)).value).toEqual([]);

      tenant.admin.restore(idAt(1));

      expect((await members(group)).value.map(({ id }) => id)).toEqual([idAt(1)]);
    });
  });

  describe('GET /groups/{id}/transitiveMembers', () => {
    it('shows everybody in nested groups once, and comes to an end when they go in circles', async () => {
      const inner = groupOf(idAt(0), idAt(1));
      const outer = groupOf(idAt(1), inner);
      tenant.admin.groups.addMember(inner, outer);

      const { value } = await members(outer, '/transitiveMembers?$select=id');

      expect(value.map(({ id }) => id).toSorted()).toEqual([idAt(0), idAt(1), inner, outer].toSorted());
    });
  });

  it('cannot be edited into what no directory holds', () => {
    const { groups } = tenant.admin;
    const group = groupOf();

    expect(() => groups.addMember(group, 'nobody')).toThrow('There is no nobody to add');
    expect(() => groups.addMember('no-group', idAt(0))).toThrow('no group no-group');
    expect(() => groups.removeMember(group, idAt(0))).toThrow('is not in the group');
    expect(() => groups.create({ id: group })).toThrow('exists already');
  });
});
