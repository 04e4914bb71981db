import { resourcesOf, theResource, VARIANTS } from './snapshot.ts';

const ROLES: Readonly<Record<string, string>> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': 'Key Vault Secrets Officer',
};
const ASSIGNMENT = 'Microsoft.Authorization/roleAssignments';

describe.each(VARIANTS)('roles: %s.bicepparam', (variant) => {
  const assignments = resourcesOf(variant, ASSIGNMENT).map(({ id, name, properties }) => ({
    name,
    role: ROLES[String(properties['roleDefinitionId']).split('/').at(-1)!],
    principal: String(properties['principalId']),
    on: id.split(`/providers/${ASSIGNMENT}`)[0],
  }));
  const identity = theResource(variant, 'Microsoft.ManagedIdentity/userAssignedIdentities');
  const rolesOn = (type: string, isApp: boolean) =>
    assignments
      .filter(({ on, principal }) => on === theResource(variant, type).id && principal.includes(identity.id) === isApp)
      .map(({ role }) => role);

  it('are exactly these, each on one resource', () => {
    expect(assignments).toHaveLength(6);
    expect(rolesOn('Microsoft.Storage/storageAccounts', true)).toEqual([
      'Storage Blob Data Owner',
      'Storage Queue Data Contributor',
      'Storage Table Data Contributor',
    ]);
    expect(rolesOn('Microsoft.KeyVault/vaults', true)).toEqual(['Key Vault Secrets User']);
    expect(rolesOn('Microsoft.Insights/components', true)).toEqual(['Monitoring Metrics Publisher']);
    expect(rolesOn('Microsoft.KeyVault/vaults', false)).toEqual(['Key Vault Secrets Officer']);
  });

  it('have names that stay the same, so that a second deployment changes nothing', () => {
    const names = assignments.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name))).toEqual([]);
  });

  it('let nobody of the control plane in: no Owner, no Contributor', () => {
    expect(assignments.filter(({ role }) => role === undefined || /^(?:Owner|Contributor)$/.test(role))).toEqual([]);
  });
});
