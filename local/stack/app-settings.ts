/** Who the local tenant, app and account are. Invented; local.settings.sample.json holds the same values. */
export const LOCAL_IDENTITY = {
  tenantId: '11111111-2222-4333-8444-555555555555',
  clientId: '66666666-7777-4888-8999-aaaaaaaaaaaa',
  clientSecret: 'simulated-client-secret',
  identityClientId: '99999999-aaaa-4bbb-8ccc-dddddddddddd',
  apiKey: 'simulated-api-key',
  apiSecret: 'simulated-api-secret',
  webhookSecret: 'simulated-webhook-secret-for-a-laptop-only',
  pseudonymKey: 'simulated-pseudonym-key-for-a-laptop-only',
} as const;

/** The secrets of the vault, by their names there. */
export const VAULT_SECRETS: Readonly<Record<string, string>> = {
  'entra-client-secret': LOCAL_IDENTITY.clientSecret,
  'messagemedia-api-key': LOCAL_IDENTITY.apiKey,
  'messagemedia-api-secret': LOCAL_IDENTITY.apiSecret,
  'messagemedia-webhook-secret': LOCAL_IDENTITY.webhookSecret,
  'pseudonym-key': LOCAL_IDENTITY.pseudonymKey,
};

export const ENTRA_AUTHS = ['client-secret', 'managed-identity', 'federated'] as const;
export type EntraAuth = (typeof ENTRA_AUTHS)[number];

/** The settings with which the app signs in to Graph in this way, as the templates in infra/ make them. */
export function signInSettings(auth: EntraAuth): Record<string, string> {
  const { clientId, identityClientId } = LOCAL_IDENTITY;
  return {
    ENTRA_AUTH: auth,
    ENTRA_CLIENT_ID: auth === 'managed-identity' ? identityClientId : clientId,
    AZURE_CLIENT_ID: identityClientId,
  };
}

/** Where the app finds its simulated neighbours, in this process or in another. */
export interface NeighbourAddresses {
  readonly entraOrigin: string;
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly messageMediaOrigin: string;
  readonly keyVaultOrigin: string;
  /** PEM file of the certificate that all of them show. */
  readonly caFile: string;
}

/** The `sync` object of a configuration, in any form the app reads. */
export type SyncSection = Readonly<Record<string, unknown>>;

/** The sync configuration: the object itself, or a file beside host.json. */
export type StackConfig = { readonly sync: SyncSection } | { readonly file: string };

// Far away, so that a tick comes only when a test or a command asks for it.
const YEARLY_TICK = '0 0 0 1 1 *';

/** The app settings of a functions host on the local stack: a vault with a managed identity, as in Azure. */
export function localAppSettings(
  addresses: NeighbourAddresses,
  connectionString: string,
  config: StackConfig,
): Record<string, string> {
  return {
    AzureWebJobsStorage: connectionString,
    NODE_EXTRA_CA_CERTS: addresses.caFile,
    ...('file' in config
      ? { SYNC_CONFIG_FILE: config.file }
      : { SYNC_CONFIG_JSON: JSON.stringify({ sync: config.sync }) }),
    SYNC_TICK: YEARLY_TICK,
    ENTRA_TENANT_ID: LOCAL_IDENTITY.tenantId,
    ENTRA_CLIENT_ID: LOCAL_IDENTITY.clientId,
    ENTRA_AUTHORITY_HOST: addresses.entraOrigin,
    GRAPH_BASE_URL: addresses.entraOrigin,
    MESSAGEMEDIA_BASE_URL: addresses.messageMediaOrigin,
    KEY_VAULT_URI: addresses.keyVaultOrigin,
    KEY_VAULT_VERIFY_CHALLENGE: 'false',
    IDENTITY_ENDPOINT: addresses.identityEndpoint,
    IDENTITY_HEADER: addresses.identityHeader,
  };
}
