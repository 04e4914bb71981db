import { readSnapshot, resourcesOf, siteConfig, theResource, VARIANTS, type Variant } from './snapshot.ts';

const STORAGE = 'Microsoft.Storage/storageAccounts';
const VAULT = 'Microsoft.KeyVault/vaults';
const SITE = 'Microsoft.Web/sites';
const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices';
const CONTAINER = 'Microsoft.Storage/storageAccounts/blobServices/containers';
const COMPONENT = 'Microsoft.Insights/components';
const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';
const NSG = 'Microsoft.Network/networkSecurityGroups';

/** One rule of a baseline: its ids in CIS Microsoft Azure Foundations 5.0 and in PSRule for Azure, and what it wants. */
type Rule = readonly [ids: string, says: string, type: string, wanted: object];

const EVERYWHERE: readonly Rule[] = [
  ['CIS 9.3.1.3, Azure.Storage.LocalAuth', 'no shared key opens the account', STORAGE, { allowSharedKeyAccess: false }],
  ['CIS 9.3.3.1', 'identities are asked for first', STORAGE, { defaultToOAuthAuthentication: true }],
  [
    'CIS 9.3.4, Azure.Storage.SecureTransfer',
    'storage is spoken to over TLS',
    STORAGE,
    { supportsHttpsTrafficOnly: true },
  ],
  ['CIS 9.3.5', 'services of Azure that are trusted get in', STORAGE, { networkAcls: { bypass: 'AzureServices' } }],
  ['CIS 9.3.6, Azure.Storage.MinTLS', 'with TLS 1.2 at least', STORAGE, { minimumTlsVersion: 'TLS1_2' }],
  ['CIS 9.3.7', 'nothing is replicated to another tenant', STORAGE, { allowCrossTenantReplication: false }],
  [
    'CIS 9.3.8, Azure.Storage.BlobPublicAccess',
    'nothing is open to everybody',
    STORAGE,
    { allowBlobPublicAccess: false },
  ],
  ['Azure.Storage.BlobAccessType', 'nor is the container of packages', CONTAINER, { publicAccess: 'None' }],
  [
    'CIS 9.2.1, Azure.Storage.SoftDelete',
    'deleted packages can be brought back',
    BLOBS,
    { deleteRetentionPolicy: { enabled: true, days: 14 } },
  ],
  [
    'CIS 9.2.2, Azure.Storage.ContainerSoftDelete',
    'and so can containers',
    BLOBS,
    { containerDeleteRetentionPolicy: { enabled: true, days: 14 } },
  ],
  ['', 'what is stored is encrypted twice', STORAGE, { encryption: { requireInfrastructureEncryption: true } }],
  [
    'CIS 8.3.5, Azure.KeyVault.PurgeProtect',
    'nobody can purge a secret',
    VAULT,
    { enablePurgeProtection: true, enableSoftDelete: true, softDeleteRetentionInDays: 90 },
  ],
  ['CIS 8.3.6, Azure.KeyVault.RBAC', 'the vault is opened by roles', VAULT, { enableRbacAuthorization: true }],
  [
    '',
    'no template, machine or disk takes secrets',
    VAULT,
    { enabledForDeployment: false, enabledForDiskEncryption: false, enabledForTemplateDeployment: false },
  ],
  ['Azure.AppService.UseHTTPS', 'the app is spoken to over TLS', SITE, { httpsOnly: true }],
  [
    'Azure.AppService.MinTLS',
    'with TLS 1.2 at least, its deployment too',
    SITE,
    { siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2' } },
  ],
  ['Azure.AppService.HTTP2', 'and HTTP/2', SITE, { siteConfig: { http20Enabled: true } }],
  ['Azure.AppService.RemoteDebug', 'nobody debugs it', SITE, { siteConfig: { remoteDebuggingEnabled: false } }],
  ['', 'no page of another origin calls it', SITE, { siteConfig: { cors: { allowedOrigins: [] } } }],
  ['Azure.AppService.ARRAffinity', 'no cookie ties a caller to an instance', SITE, { clientAffinityEnabled: false }],
  ['CIS 6.1.3.1, Azure.AppInsights.Workspace', 'logs lie in a workspace', COMPONENT, { IngestionMode: 'LogAnalytics' }],
  ['Azure.AppInsights.LocalAuth', 'no key writes them', COMPONENT, { DisableLocalAuth: true }],
  ['', 'nor reads or writes the workspace', WORKSPACE, { features: { disableLocalAuth: true } }],
];

const PRIVATE: readonly Rule[] = [
  ['CIS 9.3.2.2', 'the internet does not reach storage', STORAGE, { publicNetworkAccess: 'Disabled' }],
  [
    'CIS 9.3.2.3, Azure.Storage.Firewall',
    'nor does anybody unnamed',
    STORAGE,
    { networkAcls: { defaultAction: 'Deny' } },
  ],
  ['CIS 8.3.7', 'the internet does not reach the vault', VAULT, { publicNetworkAccess: 'Disabled' }],
  ['Azure.KeyVault.Firewall', 'nor does anybody unnamed', VAULT, { networkAcls: { defaultAction: 'Deny' } }],
  ['', 'the internet does not reach the app', SITE, { publicNetworkAccess: 'Disabled' }],
];

/** The runtime, the scale and FTP are not a matter of siteConfig there: https://github.com/Azure/terraform-azurerm-avm-res-web-site/pull/345 */
const REJECTED_BY_FLEX = [
  'alwaysOn',
  'ftpsState',
  'functionAppScaleLimit',
  'functionsRuntimeScaleMonitoringEnabled',
  'linuxFxVersion',
  'minimumElasticInstanceCount',
  'netFrameworkVersion',
  'nodeVersion',
  'preWarmedInstanceCount',
  'use32BitWorkerProcess',
  'windowsFxVersion',
];

const named = (rules: readonly Rule[]) =>
  rules.map(([ids, says, ...rest]) => [ids === '' ? 'ours' : ids, says, ...rest] as const);

function findings(variant: Variant, type: string, wanted: object): void {
  const found = resourcesOf(variant, type);

  expect(found.length).toBeGreaterThan(0);
  for (const { properties } of found) expect(properties).toMatchObject(wanted);
}

describe.each(VARIANTS)('the security baseline: %s.bicepparam', (variant) => {
  it.each(named(EVERYWHERE))('%s: %s', (_ids, _says, type, wanted) => findings(variant, type, wanted));

  it('Azure.AppService.ManagedIdentity: the app has one identity, user-assigned, and its package is read by it', () => {
    const { identity, properties } = theResource(variant, SITE);
    const own = theResource(variant, 'Microsoft.ManagedIdentity/userAssignedIdentities').id;

    expect(identity).toEqual({ type: 'UserAssigned', userAssignedIdentities: { [own]: {} } });
    expect(properties['functionAppConfig']).toMatchObject({
      deployment: {
        storage: {
          type: 'blobContainer',
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: own },
        },
      },
    });
  });

  it('CIS 6.1.1.4, Azure.KeyVault.Logs: whoever opened the vault is written down', () => {
    const vault = theResource(variant, VAULT);
    const logs = resourcesOf(variant, 'Microsoft.Insights/diagnosticSettings').filter(({ id }) =>
      id.startsWith(`${vault.id}/`),
    );

    expect(logs.map(({ properties }) => properties['logs'])).toEqual([[{ categoryGroup: 'audit', enabled: true }]]);
  });

  it('writes down what was written and deleted in storage, and the log of the platform', () => {
    const logs = resourcesOf(variant, 'Microsoft.Insights/diagnosticSettings');
    const categories = (part: string) =>
      logs
        .filter(({ id }) => id.includes(part))
        .flatMap(({ properties }) => properties['logs'] as readonly { readonly category: string }[])
        .map(({ category }) => category);

    for (const part of ['blobServices', 'queueServices', 'tableServices']) {
      expect(categories(`/${part}/`)).toEqual(expect.arrayContaining(['StorageWrite', 'StorageDelete']));
    }
    expect(categories('/sites/')).toEqual(['FunctionAppLogs']);
  });

  it('sends every log to the one workspace', () => {
    const workspace = theResource(variant, WORKSPACE).id;
    const logs = resourcesOf(variant, 'Microsoft.Insights/diagnosticSettings');

    expect(new Set(logs.map(({ properties }) => properties['workspaceId']))).toEqual(new Set([workspace]));
    expect(theResource(variant, COMPONENT).properties['WorkspaceResourceId']).toBe(workspace);
  });

  it('is compiled without a word of complaint', () => {
    expect(readSnapshot(variant).diagnostics).toEqual([]);
  });
});

describe('the security baseline of private.bicepparam alone', () => {
  it.each(named(PRIVATE))('%s: %s', (_ids, _says, type, wanted) => findings('private', type, wanted));

  it('CIS 9.3.2.1, CIS 8.3.8: every service of storage, the vault and the app have a private endpoint', () => {
    const endpoints = resourcesOf('private', 'Microsoft.Network/privateEndpoints').map(({ properties }) => {
      const [connection] = properties['privateLinkServiceConnections'] as readonly {
        readonly properties: { readonly groupIds: readonly string[]; readonly privateLinkServiceId: string };
      }[];
      return [connection!.properties.groupIds.join(), connection!.properties.privateLinkServiceId] as const;
    });

    const [storage, vault, site] = [STORAGE, VAULT, SITE].map((type) => theResource('private', type).id);
    expect(new Map(endpoints)).toEqual(
      new Map([
        ['blob', storage],
        ['queue', storage],
        ['table', storage],
        ['vault', vault],
        ['sites', site],
      ]),
    );
  });

  it('gives each endpoint a zone that the network resolves', () => {
    const count = (type: string) => resourcesOf('private', `Microsoft.Network/${type}`).length;

    expect(count('privateDnsZones')).toBe(5);
    expect(count('privateDnsZones/virtualNetworkLinks')).toBe(5);
    expect(count('privateEndpoints/privateDnsZoneGroups')).toBe(5);
  });

  it('Azure.VNET.UseNSGs: each subnet has rules, and only the network itself reaches the endpoints', () => {
    const { properties } = theResource('private', 'Microsoft.Network/virtualNetworks');
    const subnets = properties['subnets'] as readonly { readonly properties: Readonly<Record<string, unknown>> }[];
    const rules = resourcesOf('private', NSG).flatMap(
      (group) =>
        (group.properties['securityRules'] ?? []) as readonly { readonly properties: Record<string, unknown> }[],
    );

    expect(subnets.map((subnet) => subnet.properties['networkSecurityGroup'])).toEqual([
      { id: expect.stringContaining('-app') },
      { id: expect.stringContaining('-endpoints') },
    ]);
    expect(rules.map((rule) => [rule.properties['access'], rule.properties['sourceAddressPrefix']])).toEqual([
      ['Allow', 'VirtualNetwork'],
      ['Deny', '*'],
    ]);
  });

  it('hands the subnet of the app to Flex Consumption', () => {
    const { properties } = theResource('private', 'Microsoft.Network/virtualNetworks');

    expect(JSON.stringify(properties['subnets'])).toContain('"serviceName":"Microsoft.App/environments"');
  });

  it('CIS 9.3.9: the storage account, with the evidence of opt-outs, is locked against deletion', () => {
    const lock = theResource('private', 'Microsoft.Authorization/locks');

    expect(lock.properties['level']).toBe('CanNotDelete');
    expect(lock.id).toContain('/storageAccounts/');
  });

  it('CIS 9.3.11, Azure.Storage.UseReplication: what is stored survives the loss of a region', () => {
    expect(theResource('private', STORAGE).sku).toEqual({ name: 'Standard_GZRS' });
  });
});

describe.each(VARIANTS)('the function app: %s.bicepparam', (variant) => {
  it('runs Node 24 on Flex Consumption, Linux', () => {
    const plan = theResource(variant, 'Microsoft.Web/serverfarms');
    const site = theResource(variant, SITE);

    expect([plan.sku, plan.properties['reserved']]).toEqual([{ tier: 'FlexConsumption', name: 'FC1' }, true]);
    expect(site.kind).toBe('functionapp,linux');
    expect(site.properties['functionAppConfig']).toMatchObject({ runtime: { name: 'node', version: '24' } });
  });

  it.each(REJECTED_BY_FLEX)('does not have what Flex Consumption rejects (ARM error 51021): siteConfig.%s', (name) => {
    expect(theResource(variant, SITE).properties['siteConfig']).not.toHaveProperty(name);
  });

  it('has no switch for publishing by password: Flex Consumption knows no such publishing', () => {
    const { predictedResources } = readSnapshot(variant);

    expect(predictedResources.filter(({ type }) => type.endsWith('basicPublishingCredentialsPolicies'))).toEqual([]);
  });

  it('has a name by which no other app on the storage account is taken for it', () => {
    expect(theResource(variant, SITE).name.length).toBeLessThanOrEqual(32);
  });

  it('is found by azd', () => {
    expect(theResource(variant, SITE).tags).toMatchObject({ 'azd-service-name': 'app', 'azd-env-name': 'production' });
  });

  it('has its network off where it is public, and only there', () => {
    const { properties } = theResource(variant, SITE);

    // In a network, Flex Consumption sends everything through it: there is no setting for that.
    expect(properties['publicNetworkAccess']).toBe(variant === 'main' ? 'Enabled' : 'Disabled');
    expect(properties['virtualNetworkSubnetId'] === null).toBe(variant === 'main');
  });
});

describe('the authentication of the platform', () => {
  const settings = siteConfig('private', 'authsettingsV2')!;

  it('is there where a registration stands for the API, and only there', () => {
    expect(siteConfig('main', 'authsettingsV2')).toBeUndefined();
    expect(settings['platform']).toEqual({ enabled: true });
  });

  it('lets nobody in without a token, except at the liveness and the webhook', () => {
    expect(settings['globalValidation']).toEqual({
      requireAuthentication: true,
      unauthenticatedClientAction: 'Return401',
      excludedPaths: ['/api/health', '/api/webhooks/messagemedia'],
    });
    expect(settings['httpSettings']).toEqual({ requireHttps: true });
  });

  it('takes tokens of the tenant that were made for the API, and keeps none', () => {
    expect(settings['identityProviders']).toMatchObject({
      azureActiveDirectory: {
        registration: {
          clientId: 'bbbbbbbb-0000-4000-8000-000000000003',
          // The sign-in host of the cloud, then the tenant.
          openIdIssuer: expect.stringMatching(/\/v2\.0'.*loginEndpoint, '11111111-2222-4333-8444-555555555555'/),
        },
        validation: {
          allowedAudiences: ['bbbbbbbb-0000-4000-8000-000000000003', 'api://bbbbbbbb-0000-4000-8000-000000000003'],
        },
      },
    });
    expect(settings['login']).toEqual({ tokenStore: { enabled: false } });
  });
});
