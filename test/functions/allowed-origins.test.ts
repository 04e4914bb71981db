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

  it('know the other name of the authority in China', () => {
    const entra = { authorityHost: 'https://login.chinacloudapi.cn' } as Settings['entra'];

    expect(allowedOrigins(settings({ entra }), STORAGE).directory).toEqual([
      'https://login.chinacloudapi.cn',
      'https://login.partner.microsoftonline.cn',
    ]);
  });
});
