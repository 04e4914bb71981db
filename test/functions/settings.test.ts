import { readFileSync } from 'node:fs';
import { SETTING_NAMES } from '../../src/functions/setting-names.ts';
import { configLocation, parseSettings, type Settings } from '../../src/functions/settings.ts';
import type { Environment, SettingProblem } from '../../src/functions/setting-rules.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const SECRET = 'canary-secret-that-never-shows-anywhere';

const LAPTOP: Environment = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  ENTRA_TENANT_ID: TENANT,
  ENTRA_CLIENT_ID: CLIENT,
  ENTRA_CLIENT_SECRET: 'a',
  MESSAGEMEDIA_API_KEY: 'b',
  MESSAGEMEDIA_API_SECRET: 'c',
  PSEUDONYM_KEY: 'd'.repeat(32),
};

const AZURE: Environment = {
  AzureWebJobsStorage__queueServiceUri: 'https://example.queue.core.windows.net/',
  AzureWebJobsStorage__tableServiceUri: 'https://example.table.core.windows.net/',
  AzureWebJobsStorage__blobServiceUri: 'https://example.blob.core.windows.net/',
  ENTRA_TENANT_ID: 'contoso.onmicrosoft.com',
  ENTRA_CLIENT_ID: CLIENT,
  KEY_VAULT_URI: 'https://example.vault.azure.net/',
};

function settingsOf(env: Environment): Settings {
  const reading = parseSettings(env);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.settings;
}

function problemsOf(env: Environment): readonly SettingProblem[] {
  const reading = parseSettings(env);
  return reading.ok ? [] : reading.problems;
}

function without(env: Environment, name: string): Environment {
  return { ...env, [name]: undefined };
}

describe('parseSettings', () => {
  it('reads a laptop with secrets in its settings and fills in every default', () => {
    expect(settingsOf(LAPTOP)).toEqual({
      storage: { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
      config: { file: 'sync.config.json' },
      tick: '0 */5 * * * *',
      lanes: 4,
      entra: {
        tenantId: TENANT,
        clientId: CLIENT,
        auth: 'client-secret',
        authorityHost: 'https://login.microsoftonline.com',
      },
      graph: { baseUrl: 'https://graph.microsoft.com' },
      messageMedia: { baseUrl: 'https://api.messagemedia.com', auth: 'basic', maxConcurrency: 16 },
      localSecrets: {
        'entra-client-secret': 'a',
        'messagemedia-api-key': 'b',
        'messagemedia-api-secret': 'c',
        'pseudonym-key': 'd'.repeat(32),
      },
    });
  });

  it('reads an app in Azure with a vault and an identity', () => {
    const settings = settingsOf({ ...AZURE, AZURE_CLIENT_ID: TENANT });

    expect(settings).toMatchObject({
      storage: {
        kind: 'identity',
        queueServiceUri: 'https://example.queue.core.windows.net',
        tableServiceUri: 'https://example.table.core.windows.net',
        clientId: TENANT,
      },
      keyVault: { uri: 'https://example.vault.azure.net', verifyChallenge: true },
      azureClientId: TENANT,
    });
    expect(settings.localSecrets).toBeUndefined();
  });

  it('prefers the identity that storage names for itself, and needs none', () => {
    const named = { ...AZURE, AzureWebJobsStorage__clientId: CLIENT, AZURE_CLIENT_ID: TENANT };

    expect(settingsOf(named).storage).toMatchObject({ clientId: CLIENT });
    expect(settingsOf(AZURE).storage).not.toHaveProperty('clientId');
  });

  it('reads every setting that has another value than its default', () => {
    const settings = settingsOf({
      ...LAPTOP,
      SYNC_CONFIG_JSON: '{}',
      SYNC_TICK: '0 */10 * * * *',
      SYNC_LANES: '32',
      ENTRA_AUTH: 'client-secret',
      ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us/',
      GRAPH_BASE_URL: 'https://graph.microsoft.us/',
      MESSAGEMEDIA_BASE_URL: 'https://au.app.api.sinch.com/',
      MESSAGEMEDIA_AUTH: 'hmac',
      MESSAGEMEDIA_MAX_CONCURRENCY: '4',
      MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND: '2.5',
      TRUST_EASY_AUTH: 'false',
    });

    expect(settings).toMatchObject({
      config: { json: '{}' },
      tick: '0 */10 * * * *',
      lanes: 32,
      entra: { authorityHost: 'https://login.microsoftonline.us' },
      graph: { baseUrl: 'https://graph.microsoft.us' },
      messageMedia: {
        baseUrl: 'https://au.app.api.sinch.com',
        auth: 'hmac',
        maxConcurrency: 4,
        maxRequestsPerSecond: 2.5,
      },
    });
  });

  it.each(['True', 'true', ' TRUE '])('lets App Service authentication be trusted where it is on (%j)', (enabled) => {
    expect(problemsOf({ ...LAPTOP, TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: enabled })).toEqual([]);
  });

  it.each([undefined, '', 'False', '1', 'yes'])('does not where it is off (%j), and says so', (enabled) => {
    const env = { ...LAPTOP, TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: enabled };

    expect(problemsOf(env)).toEqual([
      { name: 'TRUST_EASY_AUTH', found: 'true', expected: expect.stringContaining('WEBSITE_AUTH_ENABLED') as string },
    ]);
  });

  it.each([
    ['http://127.0.0.1:41741/msi/token', 'http://127.0.0.1:41741'],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('knows from %j where a managed identity signs in: %j', (IDENTITY_ENDPOINT, expected) => {
    expect(settingsOf({ ...AZURE, IDENTITY_ENDPOINT }).identityOrigin).toBe(expected);
  });

  it('takes a blank setting for one that is not set', () => {
    expect(parseSettings({ ...LAPTOP, KEY_VAULT_URI: ' ', SYNC_LANES: '', PUBLIC_BASE_URL: '' })).toEqual(
      parseSettings(LAPTOP),
    );
  });

  it('leaves the settings of Azure and of the system alone', () => {
    expect(problemsOf({ ...LAPTOP, WEBSITE_SITE_NAME: 'x', PATH: '/bin', FUNCTIONS_WORKER_RUNTIME: 'node' })).toEqual(
      [],
    );
  });

  it('answers every problem at once, in the order of the documentation', () => {
    expect(problemsOf({ SYNC_LANES: '0', SYNC_LANE: '4' }).map(({ name }) => name)).toEqual([
      'AzureWebJobsStorage',
      'SYNC_LANES',
      'ENTRA_TENANT_ID',
      'ENTRA_CLIENT_ID',
      'ENTRA_CLIENT_SECRET',
      'MESSAGEMEDIA_API_KEY',
      'MESSAGEMEDIA_API_SECRET',
      'PSEUDONYM_KEY',
      'SYNC_LANE',
    ]);
  });

  it.each([
    ['SYNC_LANES', '33', /whole number from 1 to 32/],
    ['SYNC_LANES', '1.5', /whole number/],
    ['SYNC_TICK', '0 6 31 2 *', /never fire/],
    ['MESSAGEMEDIA_MAX_CONCURRENCY', 'many', /whole number/],
    ['MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND', '0', /number from 0.1/],
    ['GRAPH_BASE_URL', 'http://graph.microsoft.com', /https address/],
    ['GRAPH_BASE_URL', 'https://graph.microsoft.com/v1.0', /without path/],
    ['GRAPH_BASE_URL', 'graph.microsoft.com', /https address/],
    ['ENTRA_AUTH', 'certificate', /^client-secret or managed-identity or federated$/],
    ['MESSAGEMEDIA_AUTH', 'digest', /^basic or hmac$/],
    ['TRUST_EASY_AUTH', 'true', /authentication of App Service is off/],
    ['TRUST_EASY_AUTH', 'yes', /^true or false$/],
    ['KEY_VAULT_VERIFY_CHALLENGE', 'no', /true or false/],
    ['KEY_VAULT_VERIFY_CHALLENGE', 'false', /simulated vault/],
  ])('refuses %s = %s and shows it', (name, found, expected) => {
    expect(problemsOf({ ...LAPTOP, [name]: found })).toEqual([
      { name, found, expected: expect.stringMatching(expected) as string },
    ]);
  });

  it.each([
    ['ENTRA_TENANT_ID', 'common', /the tenant/],
    ['ENTRA_TENANT_ID', SECRET, /the tenant/],
    ['ENTRA_CLIENT_ID', SECRET, /a GUID/],
    ['AZURE_CLIENT_ID', SECRET, /a GUID/],
    ['AzureWebJobsStorage', SECRET, /connection string/],
    ['PSEUDONYM_KEY', 'canary', /at least 32 characters/],
    ['MESSAGEMEDIA_WEBHOOK_SECRET', 'canary of the webhook', /32 to 200 visible ASCII/],
    ['GRAPH_BASE_URL', `https://user:${SECRET}@graph.microsoft.com`, /credentials/],
    ['MESSAGEMEDIA_BASE_URL', `https://api.messagemedia.com/?key=${SECRET}`, /without path, query/],
  ])('refuses %s and does not show its value', (name, value, expected) => {
    const problems = problemsOf({ ...LAPTOP, [name]: value });

    expect(problems).toEqual([{ name, expected: expect.stringMatching(expected) as string }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it.each(['SYNC_CONFIG', 'ENTRA_TENANT', 'GRAPH_URL', 'MESSAGEMEDIA_API_KEYS', 'KEY_VAULT_URL'])(
    'refuses %s, which is no setting, and never shows its value',
    (name) => {
      const problems = problemsOf({ ...LAPTOP, [name]: SECRET });

      expect(problems).toEqual([
        { name, expected: expect.stringContaining('no setting') as string, nearest: expect.any(String) as string },
      ]);
      expect(JSON.stringify(problems)).not.toContain(SECRET);
    },
  );

  it.each([
    ['ENTRA_CLIENT_SECRETS', 'ENTRA_CLIENT_SECRET'],
    ['KEY_VAULT_URL', 'KEY_VAULT_URI'],
    ['MESSAGEMEDIA_MAX_CONCURENCY', 'MESSAGEMEDIA_MAX_CONCURRENCY'],
  ])('suggests for %s the name %s', (name, nearest) => {
    expect(problemsOf({ ...LAPTOP, [name]: 'x' })).toMatchObject([{ name, nearest }]);
  });

  it('has no suggestion for a name that resembles none', () => {
    expect(problemsOf({ ...LAPTOP, SYNC_OF_SOMETHING_ELSE_ENTIRELY: 'x' })[0]).not.toHaveProperty('nearest');
  });

  it('takes the address of the webhook, plain http only on this computer, and wants its secret with it', () => {
    const withSecret = { ...LAPTOP, MESSAGEMEDIA_WEBHOOK_SECRET: 'w'.repeat(32) };

    expect(problemsOf({ ...LAPTOP, PUBLIC_BASE_URL: 'https://app.example.com' })).toEqual([
      { name: 'MESSAGEMEDIA_WEBHOOK_SECRET', expected: expect.stringContaining('this secret') as string },
    ]);
    for (const found of ['http://app.example.com', 'https://app.example.com/api', 'app.example.com'])
      expect(problemsOf({ ...withSecret, PUBLIC_BASE_URL: found })).toEqual([
        { name: 'PUBLIC_BASE_URL', found, expected: expect.stringContaining('https address') as string },
      ]);
    expect(problemsOf({ ...withSecret, PUBLIC_BASE_URL: 'http://localhost:7071' })).toEqual([]);
    expect(parseSettings({ ...withSecret, PUBLIC_BASE_URL: 'https://app.example.com/' })).toMatchObject({
      settings: { publicBaseUrl: 'https://app.example.com' },
    });
    expect(parseSettings(LAPTOP)).not.toHaveProperty('settings.publicBaseUrl');
  });

  it.each(['ENTRA_CLIENT_SECRET', 'MESSAGEMEDIA_API_KEY', 'MESSAGEMEDIA_API_SECRET', 'PSEUDONYM_KEY'])(
    'wants %s where there is no vault, and nowhere else',
    (name) => {
      expect(problemsOf(without(LAPTOP, name))).toEqual([
        { name, expected: 'this secret, or KEY_VAULT_URI of the vault that has it' },
      ]);
      expect(problemsOf({ ...AZURE, [name]: SECRET.padEnd(40, 'x') })).toEqual([
        { name, expected: expect.stringContaining('comes from the vault') as string },
      ]);
    },
  );

  it.each([LAPTOP, AZURE])('lets a managed identity sign in, with no secret', (env) => {
    const { entra, localSecrets } = settingsOf({
      ...without(env, 'ENTRA_CLIENT_SECRET'),
      ENTRA_AUTH: 'managed-identity',
    });

    expect(entra).toMatchObject({ auth: 'managed-identity', clientId: CLIENT });
    expect(localSecrets ?? {}).not.toHaveProperty('entra-client-secret');
  });

  it.each([LAPTOP, AZURE])('lets an app registration sign in that trusts a managed identity, with no secret', (env) => {
    const federated = { ...without(env, 'ENTRA_CLIENT_SECRET'), ENTRA_AUTH: 'federated', AZURE_CLIENT_ID: TENANT };

    expect(settingsOf(federated)).toMatchObject({
      entra: { auth: 'federated', clientId: CLIENT },
      azureClientId: TENANT,
    });
  });

  it.each([
    [undefined, 'AZURE_CLIENT_ID', 'managed identity that the app registration trusts'],
    [CLIENT.toUpperCase(), 'ENTRA_CLIENT_ID', 'of the app registration: AZURE_CLIENT_ID is the managed identity'],
  ])('wants to know the trusted identity, apart from the app (%s)', (AZURE_CLIENT_ID, name, expected) => {
    expect(problemsOf({ ...AZURE, ENTRA_AUTH: 'federated', AZURE_CLIENT_ID })).toEqual([
      { name, expected: expect.stringContaining(expected) as string },
    ]);
  });

  it.each([
    ['https://localhost:7445', true],
    ['https://127.0.0.1:7445', true],
    ['https://[::1]:7445', true],
    ['https://localhost.example.com', false],
    ['https://example.vault.azure.net', false],
  ])('leaves the challenge of %s unverified: %s', (uri, accepted) => {
    const env = { ...AZURE, KEY_VAULT_URI: uri, KEY_VAULT_VERIFY_CHALLENGE: 'false' };

    expect(problemsOf(env).map(({ name }) => name)).toEqual(accepted ? [] : ['KEY_VAULT_VERIFY_CHALLENGE']);
  });

  it('hands the unverified challenge of a simulated vault on', () => {
    const env = { ...AZURE, KEY_VAULT_URI: 'https://localhost:7445', KEY_VAULT_VERIFY_CHALLENGE: 'false' };

    expect(settingsOf(env).keyVault).toEqual({ uri: 'https://localhost:7445', verifyChallenge: false });
  });

  it('wants storage by connection string or by identity, whole and not both', () => {
    const both = { ...AZURE, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

    expect(problemsOf(without(LAPTOP, 'AzureWebJobsStorage')).map(({ name }) => name)).toEqual(['AzureWebJobsStorage']);
    expect(problemsOf(without(AZURE, 'AzureWebJobsStorage__tableServiceUri')).map(({ name }) => name)).toEqual([
      'AzureWebJobsStorage__tableServiceUri',
    ]);
    expect(problemsOf(both)).toHaveLength(3);
  });

  it('shortens long values', () => {
    expect(problemsOf({ ...LAPTOP, SYNC_TICK: 'x'.repeat(100) })[0]?.found).toBe(`${'x'.repeat(60)}…`);
  });
});

describe('configLocation', () => {
  it.each([
    [{}, { file: 'sync.config.json' }],
    [{ SYNC_CONFIG_FILE: 'other.jsonc' }, { file: 'other.jsonc' }],
    [{ SYNC_CONFIG_FILE: 'other.jsonc', SYNC_CONFIG_JSON: '{}' }, { json: '{}' }],
  ])('of %j is %j', (env, location) => {
    expect(configLocation(env)).toEqual(location);
  });
});

describe('local.settings.sample.json', () => {
  const { Values: values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
    readonly Values: Readonly<Record<string, string>>;
  };

  // Nothing that a laptop with the simulators sets: Azure's identity and vault, and what has no default worth showing.
  const NOT_ON_A_LAPTOP = [
    'AzureWebJobsStorage__queueServiceUri',
    'AzureWebJobsStorage__tableServiceUri',
    'AzureWebJobsStorage__blobServiceUri',
    'AzureWebJobsStorage__credential',
    'AzureWebJobsStorage__clientId',
    'AZURE_CLIENT_ID',
    'KEY_VAULT_URI',
    'KEY_VAULT_VERIFY_CHALLENGE',
    'SYNC_CONFIG_JSON',
    'MESSAGEMEDIA_MAX_REQUESTS_PER_SECOND',
  ];

  // The host's own and Node's, not ours.
  const FOREIGN = ['FUNCTIONS_WORKER_RUNTIME', 'NODE_EXTRA_CA_CERTS'];

  it('has exactly the settings of a laptop', () => {
    expect(new Set([...Object.keys(values), ...NOT_ON_A_LAPTOP])).toEqual(new Set([...SETTING_NAMES, ...FOREIGN]));
  });

  it('is valid as it stands and names a file that exists', () => {
    expect(problemsOf(values)).toEqual([]);
    expect(readFileSync(values['SYNC_CONFIG_FILE'] as string, 'utf8')).toContain('"sync"');
  });

  it('points at the simulators only', () => {
    const addresses = Object.values(values).filter((value) => value.startsWith('https:'));

    expect(new Set(addresses)).toEqual(new Set(['https://localhost:7443', 'https://localhost:7444']));
  });
});
