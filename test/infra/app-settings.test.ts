import { parseSyncConfig } from '../../src/core/config/parse.ts';
import { LOCAL_SECRETS, SETTING_NAMES } from '../../src/functions/setting-names.ts';
import { parseSettings } from '../../src/functions/settings.ts';
import { appSettings, readSnapshot, resourcesOf, siteConfig, textsIn, VARIANTS } from './snapshot.ts';

/** Flex Consumption refuses these, or they break it: its runtime stands in functionAppConfig. */
const FORBIDDEN = [
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_WORKER_RUNTIME_VERSION',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_CONTENTSHARE',
  'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'ENABLE_ORYX_BUILD',
  'WEBSITE_NODE_DEFAULT_VERSION',
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT',
  'WEBSITE_TIME_ZONE',
  'TZ',
  'AzureWebJobsStorage',
];

/** Settings of ours that the template leaves to their defaults, each because its default is what Azure needs. */
const DEFAULTED = [
  // SYNC_CONFIG_JSON wins over it.
  'SYNC_CONFIG_FILE',
  // The challenge of a real vault is always verified.
  'KEY_VAULT_VERIFY_CHALLENGE',
  // Set where MessageMedia asks for a pace, and where webhooks are used.
  'MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND',
  'PUBLIC_BASE_URL',
];
const LEFT_TO_THE_VAULT = [...Object.values(LOCAL_SECRETS), 'AzureWebJobsStorage'];

/** What Azure would put in place of an expression. */
const DEPLOYED: Readonly<Record<string, string>> = {
  AzureWebJobsStorage__clientId: 'aaaaaaaa-0000-4000-8000-000000000002',
  AzureWebJobsStorage__blobServiceUri: 'https://account.blob.core.windows.net/',
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.windows.net/',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net/',
  AZURE_CLIENT_ID: 'aaaaaaaa-0000-4000-8000-000000000002',
  KEY_VAULT_URI: 'https://vault.vault.azure.net/',
  ENTRA_CLIENT_ID: 'aaaaaaaa-0000-4000-8000-000000000002',
  ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
  GRAPH_BASE_URL: 'https://graph.microsoft.com',
};

describe.each(VARIANTS)('app settings: %s.bicepparam', (variant) => {
  const settings = appSettings(variant);
  const isExpression = (text: string) => text.startsWith('[');
  // The platform tells the app that its authentication is on.
  const isAuthenticating = siteConfig(variant, 'authsettingsV2') !== undefined;
  const deployed = { ...settings, ...DEPLOYED, ...(isAuthenticating ? { WEBSITE_AUTH_ENABLED: 'True' } : {}) };

  it('have every setting of the app, or leave it to its default on purpose', () => {
    const open = SETTING_NAMES.filter((name) => !(name in settings));

    expect(open.toSorted()).toEqual([...DEFAULTED, ...LEFT_TO_THE_VAULT].toSorted());
  });

  it.each(['managed-identity', 'client-secret'])('are accepted by the app with ENTRA_AUTH %s', (auth) => {
    expect(parseSettings({ ...deployed, ENTRA_AUTH: auth })).toMatchObject({ ok: true });
  });

  it('are accepted by the app with the app registration that trusts the identity', () => {
    const entra = { ENTRA_AUTH: 'federated', ENTRA_CLIENT_ID: 'aaaaaaaa-0000-4000-8000-000000000009' };

    expect(parseSettings({ ...deployed, ...entra })).toMatchObject({ ok: true });
  });

  it('leave to Azure only what this test knows', () => {
    const left = Object.entries(settings).filter(([, value]) => isExpression(value));

    expect(
      left
        .map(([name]) => name)
        .filter((name) => !(name in DEPLOYED))
        .toSorted(),
    ).toEqual(['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', 'APPLICATIONINSIGHTS_CONNECTION_STRING']);
  });

  it.each(FORBIDDEN)('do not have what Flex Consumption forbids: %s', (name) => {
    expect(settings).not.toHaveProperty(name);
  });

  it('speak to storage as the identity, by its addresses', () => {
    expect(settings).toMatchObject({
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: expect.stringContaining('.clientId]'),
      AzureWebJobsStorage__blobServiceUri: expect.stringContaining('.primaryEndpoints.blob]'),
    });
  });

  it('believe the roles of the platform where it authenticates, and nowhere else', () => {
    expect(settings['TRUST_EASY_AUTH']).toBe(String(isAuthenticating));
  });

  it('hold the configuration that is shipped: it can be used, and its first plan is approved by somebody', () => {
    const reading = parseSyncConfig(settings['SYNC_CONFIG_JSON']!, 'infra/sync.config.jsonc');

    expect(reading).toMatchObject({ ok: true, config: { protection: { firstRun: 'approve' } } });
  });
});

describe.each(VARIANTS)('secrets: %s.bicepparam', (variant) => {
  // Functions that answer keys, and what keys look like. The connection string of Application Insights is none:
  // its component takes nothing without an identity.
  const SECRET =
    /listKeys|listAccountSas|listSecrets|AccountKey=|SharedAccessSignature|sig=|InstrumentationKey|password/i;

  it('are in no setting, no output and no property', () => {
    const { predictedResources, outputs } = readSnapshot(variant);

    expect(textsIn([predictedResources, outputs]).filter(([, text]) => SECRET.test(text))).toEqual([]);
    expect(Object.keys(appSettings(variant)).filter((name) => LEFT_TO_THE_VAULT.includes(name))).toEqual([]);
  });

  it('are not made by the template', () => {
    expect(resourcesOf(variant, 'Microsoft.KeyVault/vaults/secrets')).toEqual([]);
  });

  it('have no place among the outputs: names, addresses and ids', () => {
    expect(Object.keys(readSnapshot(variant).outputs).toSorted()).toEqual([
      'ENTRA_AUTH',
      'ENTRA_AUTHORITY_HOST',
      'ENTRA_TENANT_ID',
      'FUNCTION_APP_NAME',
      'FUNCTION_APP_URL',
      'GRAPH_BASE_URL',
      'IDENTITY_CLIENT_ID',
      'IDENTITY_PRINCIPAL_ID',
      'KEY_VAULT_NAME',
      'KEY_VAULT_URI',
    ]);
  });
});

describe.each(VARIANTS)('storage: %s.bicepparam', (variant) => {
  const namesOf = (type: string) =>
    resourcesOf(variant, `Microsoft.Storage/storageAccounts/${type}`).map(({ name }) => name.split('/').at(-1)!);

  it('has the queues before the first message, and the tables before the first row', () => {
    expect(namesOf('queueServices/queues').toSorted()).toEqual([
      'sync-batches',
      'sync-batches-poison',
      'sync-runs',
      'sync-runs-poison',
    ]);
    expect(namesOf('tableServices/tables').toSorted()).toEqual([
      'syncconsent',
      'syncparts',
      'syncpeople',
      'syncruns',
      'syncstate',
    ]);
  });
});
