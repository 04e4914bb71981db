import type { z } from 'zod';
import { AppSettings, LOCAL_SECRETS, SETTING_NAMES, type SecretName } from './setting-names.ts';
import { settingProblem, settingRules, type Environment, type SettingProblem } from './setting-rules.ts';

const ConfigSettings = AppSettings.pick({ SYNC_CONFIG_FILE: true, SYNC_CONFIG_JSON: true });

/** Where the sync configuration stands: a file of the app, or the text itself. */
export type ConfigLocation = { readonly file: string } | { readonly json: string };

export type StorageSetting =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      /** The user-assigned managed identity; absent means the system-assigned one. */
      readonly clientId?: string;
    };

/** All app settings, checked and typed. Addresses are origins without a trailing slash. */
export interface Settings {
  readonly storage: StorageSetting;
  readonly config: ConfigLocation;
  /** NCRONTAB of the timer. */
  readonly tick: string;
  readonly lanes: number;
  readonly entra: {
    readonly tenantId: string;
    /** Of the app registration; with `managed-identity` of the identity itself. */
    readonly clientId: string;
    readonly auth: 'client-secret' | 'managed-identity' | 'federated';
    readonly authorityHost: string;
  };
  readonly graph: { readonly baseUrl: string };
  readonly messageMedia: {
    readonly baseUrl: string;
    readonly auth: 'basic' | 'hmac';
    readonly maxConcurrency: number;
    readonly maxRequestsPerSecond?: number;
  };
  /** Exactly one of keyVault and localSecrets is there. */
  readonly keyVault?: { readonly uri: string; readonly verifyChallenge: boolean };
  readonly localSecrets?: Readonly<Partial<Record<SecretName, string>>>;
  readonly azureClientId?: string;
  /** Where MessageMedia calls the app; without it there is no webhook. */
  readonly publicBaseUrl?: string;
  /** Where App Service lets a managed identity sign in; the platform sets it. */
  readonly identityOrigin?: string;
}

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** Reads all app settings, or answers every problem at once. A blank setting counts as not set; no secret is ever shown. */
export function parseSettings(env: Environment): SettingsReading {
  const given = withoutBlanks(env);
  const reading = AppSettings.safeParse(given);
  const issues = reading.success ? [] : reading.error.issues;
  const problems = [
    ...issues.map((issue) => settingProblem(given, String(issue.path[0]), issue.message)),
    ...settingRules(given),
  ];
  if (reading.success && problems.length === 0) return { ok: true, settings: toSettings(reading.data, given) };
  return { ok: false, problems: inTableOrder(problems) };
}

/** Where the sync configuration is, whatever else is wrong with the settings. The inline text wins. */
export function configLocation(env: Environment): ConfigLocation {
  return locationOf(ConfigSettings.parse(withoutBlanks(env)));
}

function locationOf({
  SYNC_CONFIG_FILE: file,
  SYNC_CONFIG_JSON: json,
}: z.infer<typeof ConfigSettings>): ConfigLocation {
  return json === undefined ? { file } : { json };
}

function toSettings(values: AppSettings, env: Environment): Settings {
  const identityEndpoint = env['IDENTITY_ENDPOINT'] ?? '';
  const {
    MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND: perSecond,
    AZURE_CLIENT_ID: azureClientId,
    PUBLIC_BASE_URL: publicBaseUrl,
  } = values;
  return {
    storage: storageOf(values),
    config: locationOf(values),
    tick: values.SYNC_TICK,
    lanes: values.SYNC_LANES,
    entra: {
      tenantId: values.ENTRA_TENANT_ID,
      clientId: values.ENTRA_CLIENT_ID,
      auth: values.ENTRA_AUTH,
      authorityHost: values.ENTRA_AUTHORITY_HOST,
    },
    graph: { baseUrl: values.GRAPH_BASE_URL },
    messageMedia: {
      baseUrl: values.MESSAGEMEDIA_BASE_URL,
      auth: values.MESSAGEMEDIA_AUTH,
      maxConcurrency: values.MESSAGEMEDIA_MAX_CONCURRENCY,
      ...(perSecond === undefined ? {} : { maxRequestsPerSecond: perSecond }),
    },
    ...secretsOf(values),
    ...(azureClientId === undefined ? {} : { azureClientId }),
    ...(publicBaseUrl === undefined ? {} : { publicBaseUrl }),
    ...(URL.canParse(identityEndpoint) ? { identityOrigin: new URL(identityEndpoint).origin } : {}),
  };
}

function storageOf(values: AppSettings): StorageSetting {
  const { AzureWebJobsStorage: connectionString } = values;
  if (connectionString !== undefined) return { kind: 'connection-string', connectionString };
  const clientId = values.AzureWebJobsStorage__clientId ?? values.AZURE_CLIENT_ID;
  return {
    kind: 'identity',
    // The rules see to it that both are there when there is no connection string.
    queueServiceUri: values.AzureWebJobsStorage__queueServiceUri as string,
    tableServiceUri: values.AzureWebJobsStorage__tableServiceUri as string,
    ...(clientId === undefined ? {} : { clientId }),
  };
}

function secretsOf(values: AppSettings): Pick<Settings, 'keyVault' | 'localSecrets'> {
  const { KEY_VAULT_URI: uri, KEY_VAULT_VERIFY_CHALLENGE: verify } = values;
  if (uri !== undefined) return { keyVault: { uri, verifyChallenge: verify === 'true' } };
  const secrets = Object.entries(LOCAL_SECRETS).map(([name, setting]) => [name, values[setting]] as const);
  return { localSecrets: Object.fromEntries(secrets.filter(([, value]) => value !== undefined)) };
}

function withoutBlanks(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

function inTableOrder(problems: readonly SettingProblem[]): readonly SettingProblem[] {
  const names: readonly string[] = SETTING_NAMES;
  const rank = ({ name }: SettingProblem): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return problems.toSorted((left, right) => rank(left) - rank(right));
}
