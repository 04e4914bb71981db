import { planGrants, surplusRoles, type GrantRequest, type GrantState } from '../../scripts/infra/grant-plan.ts';

const REQUEST: GrantRequest = {
  auth: 'managed-identity',
  identityPrincipalId: 'identity',
  tenantId: 'tenant',
  authorityHost: 'https://login.microsoftonline.com/',
  roles: [{ name: 'User.Read.All', why: 'reads people' }],
};
const STATE: GrantState = {
  callerId: 'identity',
  graph: {
    id: 'graph',
    appRoles: [
      { id: 'role-1', value: 'User.Read.All' },
      { id: 'role-2', value: 'Mail.Send' },
    ],
  },
  assignedRoleIds: [],
  federatedSubjects: [],
  apiRoles: [],
  secrets: [],
  deletedSecrets: [],
};

describe('planGrants', () => {
  it('wants nothing when everything is there', () => {
    const there = { ...STATE, assignedRoleIds: ['role-1'], secrets: ['pseudonym-key'] };

    expect(planGrants(REQUEST, there)).toEqual([]);
  });

  it('refuses to go on when the cloud does not have a permission', () => {
    const request = { ...REQUEST, roles: [{ name: 'User-Phone.ReadWrite.All', why: 'writes phones' }] };

    expect(() => planGrants(request, STATE)).toThrow('no application permission User-Phone.ReadWrite.All');
  });

  it('grants the larger permission only where the cloud does not have the smaller one', () => {
    const wanted = { name: 'User.ReadUpdate.All', why: 'writes people', elsewhere: 'User.ReadWrite.All' };
    const smaller = { id: 'role-3', value: 'User.ReadUpdate.All' };
    const larger = { id: 'role-4', value: 'User.ReadWrite.All' };
    const granted = (...appRoles: GrantState['graph']['appRoles']) =>
      planGrants({ ...REQUEST, roles: [wanted] }, { ...STATE, graph: { id: 'graph', appRoles } }).flatMap((step) =>
        step.kind === 'assign-role' ? [step.role.value] : [],
      );

    expect(granted(larger, smaller)).toEqual(['User.ReadUpdate.All']);
    expect(granted(larger)).toEqual(['User.ReadWrite.All']);
  });

  it('makes no pseudonym key where one is, or was', () => {
    const kinds = (state: Partial<GrantState>) => planGrants(REQUEST, { ...STATE, ...state }).map(({ kind }) => kind);

    expect(kinds({})).toContain('create-pseudonym-key');
    expect(kinds({ secrets: ['pseudonym-key'] })).not.toContain('create-pseudonym-key');
    expect(kinds({ deletedSecrets: ['pseudonym-key'] })).not.toContain('create-pseudonym-key');
  });

  it.each([
    ['https://login.microsoftonline.com/', 'api://AzureADTokenExchange'],
    ['https://login.microsoftonline.us/', 'api://AzureADTokenExchangeUSGov'],
    ['https://login.chinacloudapi.cn/', 'api://AzureADTokenExchangeChina'],
    ['https://login.partner.microsoftonline.cn/', 'api://AzureADTokenExchangeChina'],
  ])('names the receiver of tokens by the cloud: %s', (authorityHost, audience) => {
    const steps = planGrants({ ...REQUEST, auth: 'federated', clientId: 'client', authorityHost }, STATE);

    expect(steps).toContainEqual({
      kind: 'trust-identity',
      credential: {
        name: 'entra-sync',
        issuer: `${authorityHost}tenant/v2.0`,
        subject: 'identity',
        audiences: [audience],
      },
    });
  });
});

describe('surplusRoles', () => {
  it('are those that are granted and not needed', () => {
    expect(surplusRoles(REQUEST, { ...STATE, assignedRoleIds: ['role-1', 'role-2'] })).toEqual([
      { id: 'role-2', value: 'Mail.Send' },
    ]);
  });

  it('counts the larger permission as needed only where it stands in for the smaller one', () => {
    const roles = [{ name: 'User.ReadUpdate.All', why: 'writes people', elsewhere: 'User.ReadWrite.All' }];
    const larger = { id: 'role-4', value: 'User.ReadWrite.All' };
    const surplus = (...appRoles: GrantState['graph']['appRoles']) =>
      surplusRoles(
        { ...REQUEST, roles },
        { ...STATE, graph: { id: 'graph', appRoles }, assignedRoleIds: ['role-3', 'role-4'] },
      );

    expect(surplus(larger)).toEqual([]);
    expect(surplus(larger, { id: 'role-3', value: 'User.ReadUpdate.All' })).toEqual([larger]);
  });
});
