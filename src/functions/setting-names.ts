import { z } from 'zod';
import { choice, guid, httpsOrigin, numberBetween, publicOrigin, schedule, tenant } from './setting-values.ts';
import { DEFAULT_TICK } from './tick-schedule.ts';

const CONNECTION_STRING = /(?:^|;)\s*(?:UseDevelopmentStorage|AccountName|SharedAccessSignature|QueueEndpoint)\s*=/i;
const STORAGE_WORDS = 'a storage connection string, for example UseDevelopmentStorage=true';

// Shorter keys could be guessed, and with the key every number from its pseudonym.
const MIN_PSEUDONYM_KEY = 32;

/** Every app setting of ours: what its text has to be, and what it means when it is not set. */
export const AppSettings = z.object({
  AzureWebJobsStorage: z.string().regex(CONNECTION_STRING, { error: STORAGE_WORDS }).optional(),
  AzureWebJobsStorage__queueServiceUri: httpsOrigin('https://account.queue.core.windows.net').optional(),
  AzureWebJobsStorage__tableServiceUri: httpsOrigin('https://account.table.core.windows.net').optional(),
  AzureWebJobsStorage__blobServiceUri: httpsOrigin('https://account.blob.core.windows.net').optional(),
  AzureWebJobsStorage__credential: choice(['managedidentity']).optional(),
  AzureWebJobsStorage__clientId: guid('the client id of a managed identity').optional(),
  SYNC_CONFIG_FILE: z.string().default('sync.config.json'),
  SYNC_CONFIG_JSON: z.string().optional(),
  SYNC_TICK: schedule().default(DEFAULT_TICK),
  SYNC_LANES: numberBetween(1, 32, 'whole number').default(4),
  ENTRA_TENANT_ID: tenant(),
  ENTRA_CLIENT_ID: guid('the client id of the app registration, or of the managed identity that signs in itself'),
  ENTRA_AUTH: choice(['client-secret', 'managed-identity', 'federated']).default('client-secret'),
  AZURE_CLIENT_ID: guid('the client id of a managed identity').optional(),
  ENTRA_AUTHORITY_HOST: httpsOrigin('https://login.microsoftonline.com').default('https://login.microsoftonline.com'),
  GRAPH_BASE_URL: httpsOrigin('https://graph.microsoft.com').default('https://graph.microsoft.com'),
  MESSAGEMEDIA_BASE_URL: httpsOrigin('https://api.messagemedia.com').default('https://api.messagemedia.com'),
  MESSAGEMEDIA_AUTH: choice(['basic', 'hmac']).default('basic'),
  MESSAGEMEDIA_MAX_CONCURRENCY: numberBetween(1, 256, 'whole number').default(16),
  MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND: numberBetween(0.1, 1000, 'number').optional(),
  KEY_VAULT_URI: httpsOrigin('https://name.vault.azure.net').optional(),
  KEY_VAULT_VERIFY_CHALLENGE: choice(['true', 'false']).default('true'),
  ENTRA_CLIENT_SECRET: z.string().optional(),
  MESSAGEMEDIA_API_KEY: z.string().optional(),
  MESSAGEMEDIA_API_SECRET: z.string().optional(),
  MESSAGEMEDIA_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{32,200}$/, { error: 'a secret of 32 to 200 visible ASCII characters' })
    .optional(),
  PSEUDONYM_KEY: z
    .string()
    .min(MIN_PSEUDONYM_KEY, { error: `a secret of at least ${MIN_PSEUDONYM_KEY} characters` })
    .optional(),
  PUBLIC_BASE_URL: publicOrigin('https://app.azurewebsites.net').optional(),
  TRUST_EASY_AUTH: choice(['true', 'false']).default('false'),
});
export type AppSettings = z.infer<typeof AppSettings>;
export type SettingName = keyof AppSettings;

export const SETTING_NAMES = Object.keys(AppSettings.shape) as readonly SettingName[];

/** Names that begin like this are ours alone: a name that is not in the table is a mistake. */
export const OWN_PREFIXES = ['SYNC_', 'ENTRA_', 'GRAPH_', 'MESSAGEMEDIA_', 'KEY_VAULT_'];

/** The secrets that a laptop without a vault keeps in its settings, by their names in the vault. */
export const LOCAL_SECRETS = {
  'entra-client-secret': 'ENTRA_CLIENT_SECRET',
  'messagemedia-api-key': 'MESSAGEMEDIA_API_KEY',
  'messagemedia-api-secret': 'MESSAGEMEDIA_API_SECRET',
  'messagemedia-webhook-secret': 'MESSAGEMEDIA_WEBHOOK_SECRET',
  'pseudonym-key': 'PSEUDONYM_KEY',
} as const satisfies Record<string, SettingName>;
export type SecretName = keyof typeof LOCAL_SECRETS;

// An id field is where a secret is pasted by mistake, a connection string has the account's key in it.
const NEVER_SHOWN: readonly string[] = [
  ...Object.values(LOCAL_SECRETS),
  'AzureWebJobsStorage',
  'AzureWebJobsStorage__clientId',
  'AZURE_CLIENT_ID',
  'ENTRA_TENANT_ID',
  'ENTRA_CLIENT_ID',
];

const MAX_SHOWN = 60;

/** What a problem may tell of a setting's value; undefined where it could be, or could carry, a secret. */
export function shownValue(name: string, value: string | undefined): string | undefined {
  if (value === undefined || NEVER_SHOWN.includes(name) || /[@?#]/.test(value)) return undefined;
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
}
