import { nearest } from '../core/config/nearest.ts';
import { LOOPBACK_HOSTS } from './setting-values.ts';
import { LOCAL_SECRETS, OWN_PREFIXES, SETTING_NAMES, shownValue } from './setting-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One wrong setting. `found` is absent where the value is missing, a secret, or could be one. */
export interface SettingProblem {
  readonly name: string;
  readonly found?: string;
  readonly expected: string;
  readonly nearest?: string;
}

const STORAGE_BY_IDENTITY = ['queueServiceUri', 'tableServiceUri', 'blobServiceUri'].map(
  (part) => `AzureWebJobsStorage__${part}`,
);

/** What no single setting shows: unknown names, and settings that exclude or need each other. Blank settings are not in `env`. */
export function settingRules(env: Environment): readonly SettingProblem[] {
  return [
    ...unknownNames(env),
    ...storageRules(env),
    ...secretRules(env),
    ...federationRules(env),
    ...challengeRules(env),
    ...authenticationRules(env),
  ];
}

/** A problem about a setting's value, with as much of the value as may be shown. */
export function settingProblem(env: Environment, name: string, expected: string): SettingProblem {
  const found = shownValue(name, env[name]);
  return found === undefined ? { name, expected } : { name, found, expected };
}

function unknownNames(env: Environment): readonly SettingProblem[] {
  const known: readonly string[] = SETTING_NAMES;
  return Object.keys(env)
    .filter((name) => OWN_PREFIXES.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .map((name) => {
      const suggestion = nearest(name, SETTING_NAMES);
      const expected = 'nothing: there is no setting of this name';
      return suggestion === undefined ? { name, expected } : { name, expected, nearest: suggestion };
    });
}

function storageRules(env: Environment): readonly SettingProblem[] {
  const given = STORAGE_BY_IDENTITY.filter((name) => env[name] !== undefined);
  if (env['AzureWebJobsStorage'] !== undefined)
    return given.map((name) =>
      settingProblem(env, name, 'nothing: AzureWebJobsStorage has a connection string already'),
    );
  if (given.length === 0)
    return [
      {
        name: 'AzureWebJobsStorage',
        expected: `a storage connection string, or ${STORAGE_BY_IDENTITY.join(', ')} for an identity`,
      },
    ];
  const missing = STORAGE_BY_IDENTITY.filter((name) => env[name] === undefined);
  return missing.map((name) => ({ name, expected: 'the address of this service of the storage account' }));
}

function secretRules(env: Environment): readonly SettingProblem[] {
  const names = Object.values(LOCAL_SECRETS);
  const isNeeded = (name: string): boolean => {
    if (name === LOCAL_SECRETS['messagemedia-webhook-secret']) return env['PUBLIC_BASE_URL'] !== undefined;
    return name !== LOCAL_SECRETS['entra-client-secret'] || usesClientSecret(env);
  };
  if (env['KEY_VAULT_URI'] !== undefined)
    return names
      .filter((name) => env[name] !== undefined)
      .map((name) => ({ name, expected: 'nothing: with KEY_VAULT_URI set, this secret comes from the vault' }));
  return names
    .filter((name) => env[name] === undefined && isNeeded(name))
    .map((name) => ({ name, expected: 'this secret, or KEY_VAULT_URI of the vault that has it' }));
}

function usesClientSecret(env: Environment): boolean {
  const { ENTRA_AUTH: auth = 'client-secret' } = env;
  return auth !== 'managed-identity' && auth !== 'federated';
}

/** An app registration trusts one managed identity of its own choice, which is somebody else than the app. */
function federationRules(env: Environment): readonly SettingProblem[] {
  const { ENTRA_AUTH: auth, AZURE_CLIENT_ID: identity, ENTRA_CLIENT_ID: app } = env;
  if (auth !== 'federated') return [];
  if (identity === undefined) {
    const expected = 'the client id of the managed identity that the app registration trusts';
    return [{ name: 'AZURE_CLIENT_ID', expected: `${expected}: ENTRA_AUTH is federated` }];
  }
  if (identity.toLowerCase() !== app?.toLowerCase()) return [];
  const expected = 'the client id of the app registration: AZURE_CLIENT_ID is the managed identity that it trusts';
  return [{ name: 'ENTRA_CLIENT_ID', expected }];
}

function challengeRules(env: Environment): readonly SettingProblem[] {
  const name = 'KEY_VAULT_VERIFY_CHALLENGE';
  const uri = env['KEY_VAULT_URI'] ?? '';
  if (env[name] !== 'false' || (URL.canParse(uri) && LOOPBACK_HOSTS.includes(new URL(uri).hostname))) return [];
  return [settingProblem(env, name, 'true: only a simulated vault on localhost may leave its challenge unverified')];
}

/** Whether roles are believed: they are wanted, and App Service's authentication is on, so that it alone sets the header of the caller. */
export function trustsEasyAuth(env: Environment): boolean {
  return env['TRUST_EASY_AUTH'] === 'true' && env['WEBSITE_AUTH_ENABLED']?.trim().toLowerCase() === 'true';
}

function authenticationRules(env: Environment): readonly SettingProblem[] {
  const name = 'TRUST_EASY_AUTH';
  if (env[name] !== 'true' || trustsEasyAuth(env)) return [];
  const expected = 'false: the authentication of App Service is off (WEBSITE_AUTH_ENABLED is not True)';
  return [settingProblem(env, name, `${expected}, so anybody could send its header`)];
}
