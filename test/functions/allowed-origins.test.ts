import { allowedOrigins } from '../../src/functions/allowed-origins.ts';
import type { Settings } from '../../src/functions/settings.ts';

const STORAGE = {
  tableServiceUri: 'https://name.table.core.windows.net',
  queueServiceUri: 'https://name.queue.core.windows.net',
};
const METADATA_SERVICE = 'http://169.254.169.254';
const IDENTITY = 'http://127.0.0.1:41741';
const AUTHORITY = 'https://login.microsoftonline.com';

function settings(changes: Partial<Settings> = {}): Settings {
  return {
    entra: { authorityHost: AUTHORITY },
    graph: { baseUrl: 'https://graph.microsoft.com' },
    messageMedia: { baseUrl: 'https://api.messagemedia.com' },
    ...changes,
  } as Settings;
}

describe('allowedOrigins', () => {
  it('are for each the hosts it has business with, and no other', () => {
    const keyVault = { uri: 'https://name.vault.azure.net', verifyChallenge: true };

    expect(allowedOrigins(settings({ keyVault, identityOrigin: IDENTITY }), STORAGE)).toEqual({
      directory: [AUTHORITY],
      vault: ['https://name.vault.azure.net', AUTHORITY, METADATA_SERVICE, IDENTITY],
      storage: [STORAGE.tableServiceUri, STORAGE.queueServiceUri, AUTHORITY, METADATA_SERVICE, IDENTITY],
    });
  });

  it('hold no vault where there is none', () => {
    expect(allowedOrigins(settings(), STORAGE).vault).toEqual([]);
  });

  it.each([
    ['client-secret', [AUTHORITY]],
    ['managed-identity', [METADATA_SERVICE, IDENTITY]],
    ['federated', [AUTHORITY, METADATA_SERVICE, IDENTITY]],
  ] as const)('are for the sign-in with %s those who take part in it', (auth, directory) => {
    const entra = { authorityHost: AUTHORITY, auth } as Settings['entra'];

    expect(allowedOrigins(settings({ entra, identityOrigin: IDENTITY }), STORAGE).directory).toEqual(directory);
  });

  it.each([
    ['http://localhost:42356', true],
    ['http://[::1]:42356', true],
    ['http://169.254.129.3:8081', true],
    ['http://172.16.0.9:8081', true],
    ['https://identity.example', true],
    ['http://identity.example', false],
    ['http://203.0.113.9:8081', false],
    ['http://127.0.0.1.example', false],
  ])('have an identity sign in at %s: %p', (identityOrigin, isAllowed) => {
    expect(allowedOrigins(settings({ identityOrigin }), STORAGE).storage.includes(identityOrigin)).toBe(isAllowed);
  });

  it('know the other name of the authority in China', () => {
    const entra = { authorityHost: 'https://login.chinacloudapi.cn' } as Settings['entra'];

    expect(allowedOrigins(settings({ entra }), STORAGE).directory).toEqual([
      'https://login.chinacloudapi.cn',
      'https://login.partner.microsoftonline.cn',
    ]);
  });
});
